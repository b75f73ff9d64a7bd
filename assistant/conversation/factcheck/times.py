"""Times of day: `14h30`, `14:30`, `17h`, `às 17`, `5 da tarde`, `meio-dia`, and parts of a day (`amanhã de manhã`).

A time that is written right beside a date must come from a moment of that date.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import time
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting, Topic
from assistant.conversation.factcheck.dates import DateClaim
from assistant.conversation.factcheck.evidence import Evidence, Moment
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.numbers import BELOW_HUNDRED, value
from assistant.conversation.factcheck.reading import Reading

HOUR = rf"(?:\d{{1,2}}|{BELOW_HUNDRED})"
MINUTES = rf"(?:\s+e\s+(?P<minutes>meia\b|{BELOW_HUNDRED}|\d{{1,2}}(?!\d)))?"
OF_DAY = r"(?P<of>\s*(?:horas?\s+)?d[ae]\s+(?:manha|tarde|noite|madrugada))"
WITH_MINUTES = re.compile(
    r"(?<![\w:.,/])(?P<hour>\d{1,2})(?:h|:|hs)(?P<minutes>[0-5]\d)(?:\s?(?:hs?|hrs|min))?(?!\d|:\d)"
)
WHOLE = re.compile(rf"(?<![\w:.,/])(?P<hour>\d{{1,2}})\s?(?:hs?|hrs|horas?)\b(?P<of>{OF_DAY.replace('P<of>', ':')})?")
HALF_DAY = re.compile(r"(?<![\w:.,/])(?P<hour>\d{1,2})(?::(?P<minutes>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?")
SPOKEN = re.compile(rf"(?<![\w:.,/])(?P<hour>{HOUR})(?:\s*h(?:oras?)?)?{MINUTES}{OF_DAY}\b")
AT = re.compile(
    rf"\b(?P<at>as|a las|(?:ate|desde|apos|antes d|depois d|volta d|partir d|pel|perto d|entre)\s?as|[dn]as)\s+"
    rf"(?P<hour>{HOUR})\b(?P<unit>\s*horas?\b)?{MINUTES}(?!\s*[%/x-])"
)
BARE_SPAN = re.compile(r"\bde (?P<hour>\d{1,2}) a (?:las )?(?P<until>\d{1,2})(?=\s*(?:[.;!)\n]|,\s|$|y\b))")
NOON = re.compile(r"\bmei[oa][ -](?P<noon>dia|noite)\b(?P<half>\s+e\s+meia\b)?")
NOUN_AFTER = re.compile(
    r"\s+(?!e\b|ou\b|as\b|a\b|ate\b|da\b|de\b|do\b|em\b|no\b|na\b|para\b|pra\b|com\b|hoje|amanha|horas)[a-z]"
)
PART = re.compile(
    r"\b(?:(?:de|pela|a|na|da|toda a|no(?:ite)?) (?P<part>manha|tarde|noite)|(?P<early>cedo|cedinho)"
    r"|(?:fim|final) d[ao] (?P<late>dia|tarde|manha|noite))\b"
)
ENDS = re.compile(r"(?:\bate(?: as| a)?|\bfech\w+(?: \w+){0,2}? as|(?:\d|h|dia|horas)\s*(?:as|a|-|ate(?: as| a)?))\s*$")
BEGINS = re.compile(
    r"(?:(?<!depois )\bdas|\ba partir d[ae]s?|\bdesde(?: as)?"
    r"|\b(?:re)?abr\w+(?: \w+){0,2} as|\bvolta\w*(?: \w+){0,2} as)\s*$"
)
LUNCH_FIELD, LUNCH_NEAR = "lunch", 30
PARTS = {"manha": (5, 12), "cedo": (5, 11), "tarde": (12, 19), "dia": (15, 20), "noite": (18, 24)}


@dataclass(frozen=True)
class TimeClaim(Claim):
    """A time of day; "às 5" may be morning or afternoon."""

    kind: ClassVar[Kind] = Kind.TIME
    meanings: frozenset[time]
    day: DateClaim | None = None
    """The date written right beside it."""
    weekdays: frozenset[int] = frozenset()
    """The weekdays of the nearest date of its sentence: which day's opening hours these would be."""
    edge: str = ""
    """Words of the fields that may give it where it begins or ends something; empty otherwise."""

    @property
    def key(self) -> Hashable:
        return self.meanings

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        meant = [moment for moment in evidence.moments if self._means(moment) and setting.admits(moment, evidence)]
        if evidence.shop:
            meant = [moment for moment in meant if not moment.path or self._fits_hours(moment, evidence, setting)]
        open_on = frozenset(moment.weekday for moment in meant if moment.weekday is not None)
        others = [moment for moment in meant if moment.weekday is None]
        if evidence.shop and self.weekdays:
            others = [moment for moment in others if moment.first is None or moment.first.weekday() in self.weekdays]
        return bool(others) or bool(open_on and self.weekdays <= open_on)

    def repeats(self, said: Hashable) -> bool:
        return isinstance(said, frozenset) and self.meanings <= said

    def teach(self, evidence: Evidence) -> None:
        evidence.moments.extend(Moment(None, None, at, None, ()) for at in self.meanings)

    def _fits_hours(self, moment: Moment, evidence: Evidence, setting: Setting) -> bool:
        """Opening is not closing, and lunch is told as lunch, or as the gap between two spans."""
        name = moment.path[-1]
        if LUNCH_FIELD in name and "almoc" not in setting.sentence:
            return _tells_the_gap(evidence, setting)
        if LUNCH_FIELD not in name and "almoc" in setting.before[-LUNCH_NEAR:]:
            return False
        return not self.edge or bool(re.search(self.edge, name))

    def _means(self, moment: Moment) -> bool:
        if moment.at is None or moment.at.replace(second=0, microsecond=0, tzinfo=None) not in self.meanings:
            return False
        return self.day is None or not self.day.meanings or moment.first is None or self.day.means(moment)


@dataclass(frozen=True)
class PartOfDayClaim(Claim):
    """ "De manhã", "no fim do dia": a statement only where it is about when something will be ready or arrive."""

    kind: ClassVar[Kind] = Kind.TIME
    first: int
    last: int

    @property
    def key(self) -> Hashable:
        return self.first, self.last

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return any(
            moment.at is not None and self.first <= moment.at.hour < self.last and setting.admits(moment, evidence)
            for moment in evidence.moments
        )

    def neutral(self, setting: Setting) -> bool:
        return setting.topic not in (Topic.READY, Topic.PARTS)


def find(reading: Reading) -> Iterator[TimeClaim]:
    """Every time of day in `reading`, the longest form where several match."""
    matches = [
        match
        for pattern in (HALF_DAY, WITH_MINUTES, WHOLE, SPOKEN, NOON, AT)
        for match in pattern.finditer(reading.plain)
    ]
    yield from _bare_spans(reading)
    end = -1
    for match in sorted(matches, key=lambda found: (_start(found), -found.end())):
        if _start(match) < end or (match.re is AT and not _is_time(match, reading)):
            continue
        meanings = _meanings(match)
        if meanings:
            end = match.end()
            start = _start(match)
            fragment, edge = reading.text[start:end], _edge(reading.plain[:start])
            yield TimeClaim(start, end, fragment, meanings, edge=edge)


def _bare_spans(reading: Reading) -> Iterator[TimeClaim]:
    """ "Sábados de 8 a 13": both ends, where nothing counted follows."""
    for match in BARE_SPAN.finditer(reading.plain):
        for name, edge in (("hour", "open|start|abre"), ("until", "clos|end|fecha")):
            start, end = match.span(name)
            if int(match[name]) < 24:
                yield TimeClaim(start, end, match[name], frozenset({time(int(match[name]))}), edge=edge)


def find_parts(reading: Reading) -> Iterator[PartOfDayClaim]:
    """Every part of a day in `reading`."""
    for match in PART.finditer(reading.plain):
        word = match["part"] or match["late"] or "cedo"
        first, last = PARTS.get(word, PARTS["cedo"])
        yield PartOfDayClaim(match.start(), match.end(), reading.text[match.start() : match.end()], first, last)


def _tells_the_gap(evidence: Evidence, setting: Setting) -> bool:
    """Whether the sentence names both ends of lunch: "das 8h às 12h e das 13h às 18h"."""
    ends = [each.at for each in evidence.moments if each.path and LUNCH_FIELD in each.path[-1] and each.at]
    return len(ends) > 1 and all(re.search(rf"\b{at.hour}(?:h|:|\b)", setting.sentence) for at in ends)


def _edge(before: str) -> str:
    if ENDS.search(before):
        return "clos|end|fecha"
    return "open|start|abre" if BEGINS.search(before) else ""


def _start(match: re.Match[str]) -> int:
    return match.start("hour") if "hour" in match.re.groupindex else match.start()


def _is_time(match: re.Match[str], reading: Reading) -> bool:
    """ "às 5" is a time; "as 5 peças" is not: the accent decides, else what follows."""
    accented = reading.text[match.start("at") : match.end("at")].lower()
    if accented in ("às", "ás") or match["unit"] or match["minutes"]:
        return True
    return match["at"] != "nas" and NOUN_AFTER.match(reading.plain, match.end()) is None


def _meanings(match: re.Match[str]) -> frozenset[time]:
    groups = match.groupdict()
    if noon := groups.get("noon"):
        return frozenset({time(12 if noon == "dia" else 0, 30 if groups.get("half") else 0)})
    hour, minute = int(value(match["hour"])), _minute(groups.get("minutes"))
    if match.re is HALF_DAY:
        hour = hour % 12 + (12 if groups["half"] == "p" else 0)
    if hour > 24 or minute > 59:
        return frozenset()
    return frozenset(time(each % 24, minute) for each in _hours(hour, groups.get("of"), match.re is AT))


def _minute(written: str | None) -> int:
    if not written:
        return 0
    return 30 if written == "meia" else int(value(written))


def _hours(hour: int, part: str | None, bare: bool) -> tuple[int, ...]:
    if part and hour <= 12:
        late = part.endswith("tarde") or part.endswith("noite")
        return ((hour % 12 + (0 if part.endswith("noite") and hour == 12 else 12)) if late else hour % 12,)
    return (hour, hour + 12) if bare and 0 < hour < 12 else (hour,)
