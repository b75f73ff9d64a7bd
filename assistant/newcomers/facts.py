"""What may be known of a new customer, and what we may ask: closed sets, and the record of one conversation.

Pure data. Values are what the customer said, never what anybody concludes of prices or dates.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum


class Fact(StrEnum):
    """Something that a new customer tells."""

    NAME = "name"
    PLATE = "plate"
    MODEL = "model"
    SYMPTOM = "symptom"
    URGENCY = "urgency"
    ORIGIN = "origin"


class JobSize(StrEnum):
    """Up to 2 hours, 2 to 8, or more."""

    QUICK = "quick"
    MEDIUM = "medium"
    PROJECT = "project"


class Warmth(StrEnum):
    """How close the lead is to coming."""

    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


class Question(StrEnum):
    """What a new customer may be asked, each once."""

    NAME = "name"
    CAR = "car"
    SYMPTOM = "symptom"
    URGENCY = "urgency"
    ORIGIN = "origin"


ANSWERED_BY: Mapping[Question, tuple[Fact, ...]] = {
    Question.NAME: (Fact.NAME,),
    Question.CAR: (Fact.PLATE, Fact.MODEL),
    Question.SYMPTOM: (Fact.SYMPTOM,),
    Question.URGENCY: (Fact.URGENCY,),
    Question.ORIGIN: (Fact.ORIGIN,),
}
"""Which facts make a question needless: one of them is enough."""

ESSENTIAL = (Fact.PLATE, Fact.MODEL, Fact.SYMPTOM)
"""What a consultant needs; when it changes after the hand-over, they are told again."""


@dataclass(frozen=True)
class Lead:
    """What is known of a new customer so far in this conversation."""

    facts: Mapping[Fact, str] = field(default_factory=dict)
    asked: Set[Question] = frozenset()
    claims: bool = False
    """Says to be a customer under another number. Nothing is told before staff have linked the contact."""
    handed: Mapping[Fact, str] | None = None
    """The essential facts that the consultant was told; None before that."""
    size: JobSize | None = None
    warmth: Warmth | None = None

    @property
    def car(self) -> str | None:
        """Model and plate as they were told."""
        return " ".join(self.facts[fact] for fact in (Fact.MODEL, Fact.PLATE) if fact in self.facts) or None

    @property
    def enough(self) -> bool:
        """Whether a consultant can begin: the symptom and the car are known."""
        return Fact.SYMPTOM in self.facts and self.car is not None

    @property
    def essentials(self) -> Mapping[Fact, str]:
        return {fact: self.facts[fact] for fact in ESSENTIAL if fact in self.facts}

    def knows(self, question: Question) -> bool:
        """Whether the answer to a question is known."""
        return any(fact in self.facts for fact in ANSWERED_BY[question])

    def open_questions(self) -> list[Question]:
        """What is not known and was not asked yet, the most needed first."""
        return [question for question in Question if question not in self.asked and not self.knows(question)]
