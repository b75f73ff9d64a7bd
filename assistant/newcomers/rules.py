"""What a reply to a new customer must keep to, whoever drafts it: few questions, none twice, no competitor.

Pure. Prices are the fact check's: no tool has one for new work.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.conversation.embedded.slots import plain
from assistant.newcomers.facts import Lead
from assistant.newcomers.questions import MOST_QUESTIONS, WORDS, questions_in

COMPETITORS = (
    "dpaschoal", "bosch car service", "autozone", "midas", "norauto", "jet oil", "pit stop skol", "moura facil",
    "carglass", "porto seguro auto center", "centro automotivo porto", "precision auto center", "high torque",
    "mecanizou", "karhub", "doutor lubrifica", "stop car", "caoa", "sorana", "caraigatas", "caraiga", "autostar",
)  # fmt: skip
"""Chains and dealers around; the shop adds its own in the settings."""


@dataclass(frozen=True)
class BrokenRule:
    """A rule that a draft breaks, in words that a responder may act on."""

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text


def objections(draft: str, lead: Lead | None, competitors: Sequence[str] = ()) -> Iterator[BrokenRule]:
    """The rules that a draft breaks; those about questions only for a new customer."""
    words = plain(draft)
    named = [
        name
        for name in (*COMPETITORS, *map(plain, competitors))
        if name and re.search(rf"\b{re.escape(name)}\b", words)
    ]
    if named:
        yield BrokenRule("competitor", f"Não cite outra empresa ({', '.join(named)}).")
    if lead is None:
        return
    asked = questions_in(draft)
    if max(len(asked), draft.count("?")) > MOST_QUESTIONS:
        yield BrokenRule("too_many_questions", f"No máximo {MOST_QUESTIONS} perguntas por mensagem.")
    again = [question for question in asked if question in lead.asked or lead.knows(question)]
    if again:
        known = ", ".join(WORDS[question] for question in again)
        yield BrokenRule("asked_twice", f"Não pergunte de novo o que já foi perguntado ou dito: {known}.")
