"""How well messages are understood, on the held-out set: totals only, because nobody may tune on its cases.

The baseline is the plainest classifier there is, word counts and naive Bayes, fitted on the same examples.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from assistant.conversation.embedded import understanding
from assistant.conversation.embedded.evaluate import Case, evaluate
from assistant.conversation.embedded.intents import Intent
from tests.benchmarks.figures import Table
from tests.benchmarks.options import Options

HELD_OUT = Path(__file__).parent.parent / "evals" / "intents.jsonl"
EXAMPLES = Path(understanding.__file__).with_name("examples.jsonl")
NEVER_MISSED = (Intent.TENTATIVA_ABUSO, Intent.OPT_OUT)


async def run(_server: str, _options: Options) -> None:
    """Evaluate and print the totals."""
    lines = [line for line in HELD_OUT.read_text(encoding="utf-8").splitlines() if line.strip()]
    cases = [Case.model_validate_json(line) for line in lines]
    figures = evaluate(lines)
    plain_accuracy, plain_seconds = plain(cases)
    accuracy, seconds = _number(figures, "intent_accuracy"), _number(figures, "seconds")
    table = Table(f"Intents: {len(cases)} held-out messages", ("", "service", "word counts", "ratio", "target"))
    table.add("accuracy", f"{accuracy:.4f}", f"{plain_accuracy:.4f}", f"{accuracy / plain_accuracy:.2f}", ">= 0.95")
    table.add("coverage", f"{_number(figures, 'coverage'):.4f}", "", "", ">= 0.90")
    table.add("accuracy when sure", f"{_number(figures, 'accuracy_when_sure'):.4f}", "", "", ">= 0.98")
    table.add("plate accuracy", f"{_number(figures, 'plate_accuracy'):.4f}", "", "", "")
    for intent in NEVER_MISSED:
        table.add(f"recall of {intent.value}", f"{_recall(figures, intent):.4f}", "", "", ">= 0.95")
    each, plain_each = seconds * 1000 / len(cases), plain_seconds * 1000 / len(cases)
    table.add("ms a message", f"{each:.3f}", f"{plain_each:.3f}", f"{each / plain_each:.1f}", "")
    table.show()


def plain(cases: Sequence[Case]) -> tuple[float, float]:
    """Accuracy of the baseline, and its seconds for all cases, one at a time."""
    examples = [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines() if line.strip()]
    counter, bayes = CountVectorizer(), MultinomialNB()
    bayes.fit(counter.fit_transform([row["text"] for row in examples]), [row["intent"] for row in examples])
    started = perf_counter()
    right = sum(bayes.predict(counter.transform([case.text]))[0] in case.intents for case in cases)
    return right / len(cases), perf_counter() - started


def _number(figures: Mapping[str, object], name: str) -> float:
    value = figures[name]
    assert isinstance(value, int | float)
    return float(value)


def _recall(figures: Mapping[str, object], intent: Intent) -> float:
    per_intent = figures["per_intent"]
    assert isinstance(per_intent, Mapping)
    return float(per_intent[intent.value]["recall"])
