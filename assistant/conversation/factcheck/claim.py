"""What all claims have in common: where they stand in the draft, and how they ask the evidence.

A claim found in a trusted text is a fact: the same finders read drafts and the shop's own texts, and `teach` adds what
such a text states to the evidence. So whatever form a text may use, a draft may use it too.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from assistant.conversation.factcheck.evidence import Evidence, Moment
from assistant.conversation.factcheck.kinds import Kind


class Topic(StrEnum):
    """What the words around a date or a time are about."""

    READY = "ready"
    """When the car is finished: only a forecast may say so."""
    PARTS = "parts"
    """When a part arrives."""
    HOURS = "hours"
    """When the shop is open."""
    EVENT = "event"
    """Something that happened or was done."""
    NONE = "none"


@dataclass(frozen=True)
class Setting:
    """The surroundings of a claim in the draft."""

    topic: Topic
    sentence: str
    """The whole sentence, plain."""
    before: str
    """The sentence up to the claim."""
    after: str
    """The sentence from the claim's end."""
    asks: bool
    names_order: bool
    """Whether the sentence itself names an order, a plate or a vehicle."""
    today: date

    def admits(self, moment: Moment, evidence: Evidence) -> bool:
        """Whether `moment` may be what the claim means, by what the sentence is about."""
        if evidence.shop:
            return self.topic is Topic.HOURS or (self.topic is Topic.NONE and not self.names_order)
        coming = moment.first is None or moment.first >= self.today
        if self.topic is Topic.READY and coming:
            return moment.is_forecast and not moment.is_about_parts
        return True


@dataclass(frozen=True)
class Claim(ABC):
    """One statement at `start`–`end` of the draft."""

    kind: ClassVar[Kind]

    start: int
    end: int
    fragment: str

    @property
    @abstractmethod
    def key(self) -> Hashable:
        """Equal for two claims that state the same, whatever their wording."""

    @abstractmethod
    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        """Whether `evidence` states this."""

    def teach(self, evidence: Evidence) -> None:  # noqa: B027 - most kinds of trusted statement need no remembering
        """Add what this says to `evidence`; called for trusted texts only."""

    def neutral(self, setting: Setting) -> bool:
        """Whether these words state nothing here (a greeting, a condition)."""
        return False
