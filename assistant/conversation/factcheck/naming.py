"""Which lines of an order a text names: "as pastilhas" is the "Jogo de pastilhas" when no other line has any.

A line is named by its whole description, by a word that no other line of the same order has, or by what it is where
another line is only of it ("amortecedor" beside "coxim do amortecedor").
"""

import re
from collections.abc import Sequence

from assistant.conversation.factcheck.evidence import Evidence, Part
from assistant.conversation.factcheck.vocabulary import words

ENDING = re.compile(r"(?<=...)(?:oes|aes|ao|ns|is|es|[selm])$")
"""What differs between one and many: amortecedor(es), coxi(m|ns), revis(ão|ões)."""
ORDINARY = frozenset(
    ENDING.sub("", word)
    for word in words(
        "troca jogo para com conjunto completo completa novo nova servico peca par reparo substituicao original de"
    )
)
"""Words that say nothing of which line is meant."""
SHORTEST = 4
HEAD = re.compile(r"(?<!\bdo )(?<!\bda )(?<!\bde )(?<!\bdos )(?<!\bdas )\b[a-z]{4,}")
"""A word that is not said of another: not the "amortecedor" of "coxim do amortecedor"."""


def named_parts(text: str, parts: Sequence[Part]) -> list[Part]:
    """The parts that `text` (plain) names."""
    said, found = _words(text), []
    rest = text
    for part in parts:
        rest = rest.replace(part.words, " ") if part.words in text else rest
    heads = {ENDING.sub("", word) for word in HEAD.findall(rest)}
    for part in parts:
        others = [other.words for other in parts if other.words != part.words]
        own = _words(part.words) - ORDINARY
        only = own - {word for other in others for word in _words(other)}
        head = {_head(part.words)} - {_head(other) for other in others} - ORDINARY
        if part.words in text or said & only or heads & own & head:
            found.append(part)
    return found


def touched_parts(text: str, parts: Sequence[Part]) -> list[Part]:
    """The parts of which `text` has any word that says something: one of them is meant, whichever."""
    said = _words(text) - ORDINARY
    return [part for part in parts if said & _words(part.words)]


def named_records(text: str, records: Sequence[Evidence]) -> list[Evidence]:
    """The orders of which `text` names a work or a part that no other order has."""
    said = {word for word in _words(text) if len(word) > SHORTEST}
    work = [_words(" ".join(record.described)) for record in records]
    own = [has | _words(" ".join(record.problems)) for has, record in zip(work, records, strict=True)]
    return [
        record
        for at, record in enumerate(records)
        if said & (own[at] - ORDINARY - {word for other, has in enumerate(work) if other != at for word in has})
    ]


def last_named(text: str, parts: Sequence[Part]) -> list[Part]:
    """The parts named last in `text`, which are what the words after them are about."""
    ends = {text.rfind(part.words) + len(part.words): part for part in parts if part.words and part.words in text}
    if ends:
        # Written out whole: a word inside it ("troca dos amortecedores") names no other line.
        rest = text[max(ends) :]
        return last_named(rest, parts) or [ends[max(ends)]]
    for word in reversed(re.findall(r"[a-z]+", text)):
        if found := named_parts(word, parts):
            return found
    return named_parts(text, parts)


def _words(text: str) -> set[str]:
    return {ENDING.sub("", word) for word in re.findall(r"[a-z]+", text) if len(word) >= SHORTEST}


def _head(description: str) -> str:
    """What a line is: the first word that says which, "coxim" of a "coxim do amortecedor"."""
    words = (ENDING.sub("", word) for word in re.findall(r"[a-z]+", description) if len(word) >= SHORTEST)
    return next((word for word in words if word not in ORDINARY), "")
