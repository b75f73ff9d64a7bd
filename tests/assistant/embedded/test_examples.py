"""The data file: every intent well covered, nothing under two labels, nothing shared with the development set."""

from collections import Counter, defaultdict

from assistant.conversation.embedded.courtesy import strip_courtesy
from assistant.conversation.embedded.evaluate import Case
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.text import normalise
from assistant.conversation.embedded.training import read_examples
from assistant.conversation.embedded.understanding import HERE

EXAMPLES = read_examples(HERE / "examples.jsonl")
AMBIGUOUS_ALONE = {"xjoia", "boa", "xemoji", "xemoji xemoji", "xdinheiro ?", "xraiva"}
"""Emojis and a word that fairly stand under two intents."""


def test_every_intent_has_many_examples() -> None:
    counts = Counter(example.intent for example in EXAMPLES)
    assert set(counts) == set(Intent)
    assert min(counts.values()) >= 150


def test_no_message_stands_under_two_intents() -> None:
    intents = defaultdict(set)
    for example in EXAMPLES:
        intents[normalise(example.text)].add(example.intent)
    assert {text for text, found in intents.items() if len(found) > 1} - AMBIGUOUS_ALONE == set()


def test_the_development_set_is_apart(dev_cases: list[Case]) -> None:
    known = {strip_courtesy(normalise(example.text)) for example in EXAMPLES}
    assert [case.text for case in dev_cases if strip_courtesy(normalise(case.text)) in known] == []
