"""Which order a statement is about: the orders, plates and vehicles named around it.

A sentence that names none goes on about what the text named last. "O Gol e o Jetta" is about both, so what is said must
hold for both; a vehicle with several orders leaves them as alternatives, of which one must hold all of the sentence.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.conversation.factcheck.claim import Claim
from assistant.conversation.factcheck.evidence import Evidence
from assistant.conversation.factcheck.identifiers import OrderClaim, PlateClaim, PlateEndClaim
from assistant.conversation.factcheck.money import AmountClaim
from assistant.conversation.factcheck.naming import named_records
from assistant.conversation.factcheck.quantities import NumberClaim
from assistant.conversation.factcheck.reading import Reading, Sentence
from assistant.conversation.factcheck.sources import Sources
from assistant.conversation.factcheck.vehicles import BRANDS, VehicleClaim

Alternatives = tuple[Evidence, ...]
_FILLER = (
    rf"(?:\b(?:o|a|os|as|do|da|no|na|ao|seu|sua|de|placas?|ordem|ordens|outro|outra|{'|'.join(BRANDS)})\b[\s,()*]*)*"
)
JOINED = re.compile(rf"[\s()]*(?:,|\be\b|\bou\b|\btambem\b|/)[\s,()]*(?:\be\b\s*)?{_FILLER}")
APPOSED = re.compile(rf"[\s()\[\],:•·|–—-]*(?:\bcom\b\s*)?{_FILLER}(?:referente ao?\s*)?(?:\d{{2,4}}[\s(,-]*)?")
PLATED = re.compile(r"[\s,(-]*(?:d[ae] |com )?placas?[\s:]*|\s+(?:foi|era|é) [ao] (?:ordem )?")
"""Before a name of what was named before it: "o A3, placa …" is one car, "a do Polo foi a OS-…" one order."""
CONTRAST = re.compile(
    r"(?:,|\be\b)?\s*\b(?:mas|porem|ja|enquanto|e)\s+(?:o|a|no|na|do|da)\s+(?:seu |sua |outr[oa] )?[^.]{0,12}$"
)
HISTORY = re.compile(
    r"\b(?:ultima visita|ultim[oa] servico|visitas?|anterior|anteriores|da ultima vez|historico|servicos? passados?"
    r"|ja fizemos|ja fez|tambem (?:consta|temos|fizemos))\b"
)
WITH = re.compile(
    r"(?:\be\b|[,\n])\s*(?P<own>(?:(?!\be\b|[,\n]).)*)\bcom (?:[oa]|seu|sua|[oa] seu|[oa] sua)\s*(?:vw |audi )?$"
)
BOTH = re.compile(r"\b(?:[dn]?os dois|[dn]?as duas|ambos|ambas|todos eles|todos os (?:seus )?(?:carros|veiculos))\b")
ALL_TOGETHER = re.compile(r"\b(?:somando|somados|ao todo|no total|total|os dois|juntos)\b")
OF = re.compile(r" (?:d[oa]|pel[oa]|n[oa]|para [oa])(?: seu| sua)? (?:vw |audi )?")
IDENTITY = (OrderClaim, PlateClaim, PlateEndClaim, VehicleClaim)


@dataclass(frozen=True)
class Scope:
    """What one claim is about. Every group must support it, by any one of its records."""

    groups: tuple[Alternatives, ...]
    named: bool
    """Whether the claim's own sentence names it."""


@dataclass(frozen=True)
class Group:
    """A stretch of a sentence about one set of orders."""

    start: int
    groups: tuple[Alternatives, ...]


class Scopes:
    """Reads a draft from top to bottom and tells for each claim what it is about."""

    def __init__(self, reading: Reading, claims: Sequence[Claim], sources: Sources) -> None:
        self._reading = reading
        self._claims = claims
        self._sources = sources
        self._current: tuple[Alternatives, ...] = (tuple(sources.records),)

    def sentences(self) -> Iterator[tuple[Sentence, list[tuple[Claim, Scope]]]]:
        """Each sentence with its claims and their scopes."""
        for sentence in self._reading.sentences:
            first, last = (bisect_left(self._claims, at, key=_start) for at in (sentence.start, sentence.end))
            yield sentence, self._scoped(sentence, list(self._claims[first:last]))

    def _scoped(self, sentence: Sentence, claims: list[Claim]) -> list[tuple[Claim, Scope]]:
        groups = self._groups(claims)
        if not groups:
            about = self._both(sentence) or self._described(sentence) or self._widened(sentence)
            return [(claim, Scope(about, named=False)) for claim in claims]
        inherited = Scope(self._current, named=True)
        groups = [Group(group.start, self._narrowed(sentence, group.groups)) for group in groups]
        scoped = [(claim, self._of(claim, groups, inherited)) for claim in claims]
        self._current = groups[-1].groups
        return scoped

    def _of(self, claim: Claim, groups: list[Group], inherited: Scope) -> Scope:
        """The last group that begins before the claim; before the first, that one, unless a contrast lies between."""
        begun = [group for group in groups if group.start <= claim.start]
        coming = next((group for group in groups if group.start > claim.start), None)
        if coming and (self._is_of(claim, coming) or (begun and self._is_with(claim, begun[-1], coming))):
            return Scope(coming.groups, named=True)
        if (car := self._just_before(claim)) is not None:
            here = [record for group in begun[-1:] for records in group.groups for record in records]
            return Scope((tuple(record for record in car if record in here) or car,), named=True)
        if begun:
            return Scope(begun[-1].groups, named=True)
        between = self._reading.plain[claim.end : groups[0].start]
        if ":" in between and ALL_TOGETHER.search(self._reading.plain[: claim.start].split("\n")[-1]):
            return Scope((tuple(self._sources.records),), named=False)
        return inherited if CONTRAST.search(between) else Scope(groups[0].groups, named=True)

    def _is_of(self, claim: Claim, coming: Group) -> bool:
        """ "R$ 3.710,00 do Q5 e R$ 3.890,00 do Golf": an amount is of what is named right after it."""
        return isinstance(claim, AmountClaim) and bool(OF.fullmatch(self._reading.plain[claim.end : coming.start]))

    def _just_before(self, claim: Claim) -> Alternatives | None:
        """ "VW Up 2018 e VW Gol 2008": a year is of the one car before it."""
        if not isinstance(claim, NumberClaim):
            return None
        cars = [each for each in self._claims if isinstance(each, VehicleClaim) and each.end <= claim.start]
        if not cars or self._reading.plain[cars[-1].end : claim.start].strip(" ("):
            return None
        return tuple(record for record in self._sources.records if _names(cars[-1], record))

    def _is_with(self, claim: Claim, last: Group, coming: Group) -> bool:
        """ "Terça com o Tiguan e sexta (18/12) com o Up": the day of what is named after it."""
        own = WITH.search(self._reading.plain[last.start : coming.start])
        return own is not None and claim.start >= last.start + own.start("own")

    def _groups(self, claims: list[Claim]) -> list[Group]:
        found: list[Group] = []
        before: Claim | None = None
        for claim in claims:
            if isinstance(claim, IDENTITY) and not self._only_shop(claim):
                found = self._with(found, before, claim)
                before = claim
        return found

    def _with(self, found: list[Group], before: Claim | None, claim: Claim) -> list[Group]:
        """Narrow the last group by one more name of it, join a further vehicle to it, or begin a new one.

        A name in apposition to one of another order ("A3 (plate of the Polo)") changes nothing: it finds no support.
        """
        records = tuple(record for record in self._sources.records if _names(claim, record))
        if not found or before is None:
            return [Group(claim.start, (records,))]
        *earlier, last = found
        common = tuple(record for record in last.groups[-1] if record in records)
        if common:
            return [*earlier, Group(last.start, (*last.groups[:-1], common))]
        gap = self._reading.plain[before.end : claim.start]
        if type(claim) is not type(before) and PLATED.fullmatch(self._reading.text[before.end : claim.start].lower()):
            return found
        if JOINED.fullmatch(gap) and (type(before) is type(claim) or gap.strip(" ,()")):
            return [*earlier, Group(last.start, (*last.groups, records))]
        if APPOSED.fullmatch(gap) and type(before) is not type(claim):
            return found
        return [*found, Group(claim.start, (records,))]

    def _only_shop(self, claim: Claim) -> bool:
        known = any(_names(claim, record) for record in self._sources.records)
        return not known and (_names(claim, self._sources.shop) or _names(claim, self._sources.profile))

    def _both(self, sentence: Sentence) -> tuple[Alternatives, ...]:
        """ "Os dois ficam prontos": each of the vehicles, whichever of its orders."""
        if not BOTH.search(self._reading.plain[sentence.start : sentence.end]):
            return ()
        plates = {frozenset(record.plates) for record in self._sources.records}
        return tuple(
            tuple(record for record in self._sources.records if record.plates == own)
            for own in sorted(plates, key=sorted)
        )

    def _described(self, sentence: Sentence) -> tuple[Alternatives, ...]:
        """ "A bateria custou": the one order whose texts have a word that no other order's have."""
        said = named_records(self._reading.plain[sentence.start : sentence.end], self._sources.records)
        named = tuple(record for record in said if any(record in group for group in self._current))
        return (named,) if len(self._current) == 1 and named and len(self._current[0]) > 1 else ()

    def _narrowed(self, sentence: Sentence, groups: tuple[Alternatives, ...]) -> tuple[Alternatives, ...]:
        """Of a vehicle's orders, those of which the sentence names a work or a part."""
        said = named_records(self._reading.plain[sentence.start : sentence.end], self._sources.records)
        return tuple(tuple(record for record in group if record in said) or group for group in groups)

    def _widened(self, sentence: Sentence) -> tuple[Alternatives, ...]:
        """Talk of an earlier visit is about the other orders of the same vehicle too."""
        if not HISTORY.search(self._reading.plain[sentence.start : sentence.end]):
            return self._current
        return tuple(self._same_vehicles(group) for group in self._current)

    def _same_vehicles(self, group: Alternatives) -> Alternatives:
        plates = {plate for record in group for plate in record.plates}
        return tuple(record for record in self._sources.records if record in group or record.plates & plates)


def _start(claim: Claim) -> int:
    return claim.start


def _names(claim: Claim, record: Evidence) -> bool:
    if isinstance(claim, OrderClaim):
        return claim.number in record.orders
    if isinstance(claim, PlateClaim):
        return claim.plate in record.plates
    if isinstance(claim, PlateEndClaim):
        return any(plate.endswith(claim.end_digits) for plate in record.plates)
    return isinstance(claim, VehicleClaim) and claim.model in record.vehicles
