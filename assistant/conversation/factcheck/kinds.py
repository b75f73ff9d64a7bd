"""What the fact check can object to, and how it says so.

The explanation of a complaint is Portuguese because its reader is the language model that has to write the reply again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of statement that need a source."""

    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    ORDER = "order"
    PLATE = "plate"
    VEHICLE = "vehicle"
    STAGE = "stage"
    WORK = "work"
    PERCENTAGE = "percentage"
    INSTALMENTS = "instalments"
    CONTACT = "contact"
    NUMBER = "number"
    PROMISE = "promise"
    NAME = "name"


@dataclass(frozen=True)
class Complaint:
    """One statement without a source: the words of the draft and what to do about them."""

    kind: Kind
    fragment: str
    explanation: str

    def __str__(self) -> str:
        return self.explanation


def as_instruction(complaints: Sequence[Complaint]) -> str:
    """All complaints as one text for the responder that wrote the draft; empty without complaints."""
    return "\n".join(f"- {complaint.explanation}" for complaint in complaints)
