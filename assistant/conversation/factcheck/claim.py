"""What all claims have in common: where they stand in the draft, and how they ask the evidence.

A claim found in a trusted text is a fact: the same finders read drafts and the shop's own texts, and `teach` adds what
such a text states to the evidence. So whatever form a text may use, a draft may use it too.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from assistant.conversation.factcheck.evidence import BOOKED_FIELD, Evidence, Moment
from assistant.conversation.factcheck.kinds import Kind

FUTURE_TENSE = re.compile(
    r"\b(?:fica|ficam|ficara|ficarao|vai|vao|deve|devem|estara|estarao|sera|serao|sai|saira|previs\w*"
    r"|prazo(?! d[ea] garantia))\b"
)
NOT_A_VISIT = re.compile(
    r"\b(?:re)?abr(?:e|em|imos|ir|iremos|indo)\b|\bfech\w+|\bfunciona\w*|\bexpediente|\balmoco|\bferiado"
    r"|(?<!por )\bvolta\w*|\bretorn\w*|\brespond\w*|\blig(?:a|am|amos|ar|aremos|ara|arao|ue)\b|\bpront[oa]s?\b"
    r"|\bentreg\w*|\bconclu\w*|\btermin\w*|\bfinaliz\w*|\bliberad\w*|\bretira\w*|\bbuscar?\b|\bprevis\w*"
)
"""Somebody opens, comes back, calls, or the car is ready: what no slot and no booked visit says."""
PAST_TENSE = re.compile(r"\b(?:ficou|ficaram|foi|foram|terminamos|concluimos|liberamos|finalizamos|chegou|chegaram)\b")
SOON = re.compile(r"\b(?:deve|devem|vai|vao) (?:ficar|sair|estar|chegar|ser)(?: \w+){0,2}\s*$")
"""Right before a date: the date is ahead, and expected."""
PICK_UP = re.compile(r"\bpodem? (?:vir |ir )?(?:retira|busca|pega)r?\b")
"""An invitation; that the car is ready is a claim of its own (`stages.py`), and the shop's hours are true of it."""
AS_BOOKED = re.compile(
    r"\b(?:visita|agendamento|horario)(?: \w+){0,2}? (?:esta|ficou|e|foi)(?: \w+)?(?= n[oa]\b| para\b| em\b)"
)
""" "Sua visita está na terça": of a visit that is booked, not of one that may be."""
WARRANTY = ("warranty",)
BUT = re.compile(r"\bmas\b|\bporem\b")
DISCLAIMED = re.compile(
    r"\bnao (?:\w+ ){0,3}(?:garantir|prometer) (?:um |uma |o |a )?$"
    r"|\bnao (?:consigo|conseguimos|posso|podemos|tenho como|temos como|da para|da pra) (?:te |lhe |me )?"
    r"(?:garantir|prometer|confirmar|afirmar|assegurar|dizer)(?: (?!mas\b|porem\b|so\b|e\b|antes\b"
    r"|ate\b)[\w/]+){0,5} ?$"
)


class Topic(StrEnum):
    """What the words around a date or a time are about."""

    READY = "ready"
    """When the car is finished: only a forecast may say so."""
    EXPECTED = "expected"
    """When something is expected: the car or a part."""
    PARTS = "parts"
    """When a part arrives."""
    OPEN = "open"
    """When the shop is open: nothing of an order says so."""
    HOURS = "hours"
    """When somebody is there, comes back or answers."""
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

    fields: tuple[str, ...] = ()
    """Words of the fields that a date must come from here (`topics.py`)."""
    beside: tuple["Claim", ...] = ()
    """All claims of the sentence."""
    earlier: tuple["Claim", ...] = ()
    """Those of the sentence before."""
    following: str = ""
    """The sentence after this one."""

    def admits(self, moment: Moment, evidence: Evidence) -> bool:
        """Whether `moment` may be what the claim means, by what the sentence is about."""
        dated_by_shop = evidence.shop and moment.first is not None
        held_to_fields = dated_by_shop or any(self.is_of_fields(each) for each in evidence.moments)
        if self.fields and held_to_fields and not self.is_of_fields(moment):
            return False
        if moment.is_visit:
            if AS_BOOKED.search(self.before) and moment.path[-1] != BOOKED_FIELD:
                return False
            return self.topic is not Topic.PARTS and not NOT_A_VISIT.search(self.own_clause)
        if evidence.shop:
            return self.about_hours
        if self.fields == WARRANTY and moment.path and self.is_of_fields(moment):
            return True
        if self.topic is Topic.OPEN:
            return False
        if SOON.search(self.before) and not (self._is_coming(moment) and (moment.is_forecast or not moment.path)):
            return False
        if not (self._is_coming(moment) or FUTURE_TENSE.search(self.before)):
            return True
        if self.topic is Topic.EXPECTED:
            return moment.is_forecast
        if self.topic is Topic.READY:
            return moment.is_forecast and not moment.is_about_parts
        return self.topic is not Topic.PARTS or moment.is_about_parts

    @property
    def own_clause(self) -> str:
        """The words around the claim up to a "mas" on either side."""
        return f"{BUT.split(self.before)[-1]} {BUT.split(self.after)[0]}"

    @property
    def disclaimed(self) -> bool:
        """Whether the words before the claim say that this cannot be promised."""
        return bool(DISCLAIMED.search(self.before))

    @property
    def about_hours(self) -> bool:
        """Whether the sentence may be about the shop's hours, so that the shop's days and times count."""
        if self.topic is Topic.NONE:
            return not self.names_order
        picks_up = self.topic is Topic.READY and PICK_UP.search(self.before)
        return self.topic in (Topic.OPEN, Topic.HOURS) or bool(picks_up)

    def is_of_fields(self, moment: Moment) -> bool:
        """Whether `moment` comes from a field of the meaning that the words beside the claim have."""
        return not moment.path or any(word in name for name in moment.path for word in self.fields)

    def _is_coming(self, moment: Moment) -> bool:
        if moment.first is None or moment.first > self.today:
            return True
        return moment.first == self.today and not PAST_TENSE.search(self.before)


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

    def repeats(self, said: Hashable) -> bool:
        """Whether this says no more than a claim whose key is `said`."""
        return self.key == said

    def teach(self, evidence: Evidence) -> None:  # noqa: B027 - most kinds of trusted statement need no remembering
        """Add what this says to `evidence`; called for trusted texts only."""

    def neutral(self, setting: Setting) -> bool:
        """Whether these words state nothing here (a greeting, a condition)."""
        return False
