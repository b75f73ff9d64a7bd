"""Spans of time: `há 14 meses`, `em 3 dias`, `daqui a 2 horas`, `26 horas atrás`, and bare ones (`90 dias`, `48h`).

A distance from now holds when a source's moment lies that far away, as people round: "há 14 meses" is true until the
15th month is full. A bare length must be given by a source as a length.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from assistant.conversation.factcheck.calendar import Days, add_months
from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import Evidence, Length, Moment, Unit
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.numbers import NUMBER, value
from assistant.conversation.factcheck.reading import MASK, Reading, plain

UNITS: dict[str, Unit] = {
    r"min(?:uto|utinho)?s?": Unit.MINUTE,
    r"hor(?:a|inha)s?|hr?s?": Unit.HOUR,
    r"dias? ut(?:il|eis)": Unit.WORKDAY,
    r"dias?": Unit.DAY,
    r"semanas?": Unit.WEEK,
    r"mes|meses": Unit.MONTH,
    r"anos?": Unit.YEAR,
}
BACK = r"\b(?:ha|faz(?:em|ia)?|tem|atras de|nos ultimos|nas ultimas|os ultimos|as ultimas|ultimos|ultimas)"
AHEAD = (
    r"\b(?:ainda tem|"
    r"daqui(?: a| ha| uns)?|dentro de|em(?: ate)?|nos proximos|nas proximas|proximos|proximas|faltam?|em torno de|"
    r"ate|mais|no maximo)"
)
ABOUT = (
    r"(?:(?:mais de|menos de|cerca de|quase|pouco mais de|aproximadamente|uns|umas|mais ou menos|so|apenas|ate)\s+)*"
)
DISTANCE = re.compile(
    rf"(?:(?P<back>{BACK})\s+|(?P<ahead>{AHEAD})\s+)?{ABOUT}(?P<count>{NUMBER}|\d+(?=h))\s*"
    rf"(?P<unit>{'|'.join(UNITS)})\b(?P<half>\s+e\s+mei[oa]\b)?(?P<ago>\s+(?:atras|antes|desde)\b)?(?P<later>\s+depois\b)?"
    r"(?P<of>\s+de garantia\b)?"
)
ONE_MOMENT = re.compile(r"(?:so |mais |apenas )*um min\w*")
CLOCK_BEFORE = re.compile(rf"\b(?:as|das|pelas|ate a|de \d{{1,2}}h? a)\s*$|{MASK}[\s,]*$")
"""Also right after a date, which is masked by then."""
MINUTES = {Unit.MINUTE: 1, Unit.HOUR: 60, Unit.DAY: 1440, Unit.WEEK: 10080}
MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


class Direction(StrEnum):
    """Whether a span is counted back from now, ahead, or is only a length."""

    BACK = "back"
    AHEAD = "ahead"
    LENGTH = "length"


@dataclass(frozen=True)
class DistanceClaim(Claim):
    """So much time from now, or so much time."""

    kind: ClassVar[Kind] = Kind.DURATION
    length: Length
    direction: Direction
    now: datetime

    @property
    def key(self) -> Hashable:
        return comparable(self.length), self.direction

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if self.direction is not Direction.BACK and comparable(self.length) in map(comparable, evidence.lengths):
            return True
        if self.direction is Direction.LENGTH:
            return False
        return any(self._reaches(moment) and setting.admits(moment, evidence) for moment in evidence.moments)

    def neutral(self, setting: Setting) -> bool:
        return self.direction is Direction.LENGTH and bool(ONE_MOMENT.fullmatch(plain(self.fragment)))

    def teach(self, evidence: Evidence) -> None:
        evidence.lengths.add(self.length)

    def _reaches(self, moment: Moment) -> bool:
        sign = -1 if self.direction is Direction.BACK else 1
        if moment.instant is not None and self._far(moment.instant, sign):
            return True
        days = days_away(self.length, sign, self.now.date())
        return (
            days is not None
            and moment.first is not None
            and moment.last is not None
            and days.covers(moment.first, moment.last)
        )

    def _far(self, instant: datetime, sign: int) -> bool:
        """Hours by the clock: a half short of the count up to a whole over it; days are counted on the calendar."""
        unit = MINUTES.get(self.length.unit)
        if unit is None or self.length.unit in (Unit.WEEK, Unit.DAY):
            return False
        away = Decimal((instant - self.now).total_seconds()) / 60 / unit * sign
        return self.length.units - Decimal("0.5") <= away < self.length.units + 1


def comparable(length: Length) -> tuple[Decimal, str]:
    """24 hours are a day and 12 months a year; 90 days are not three months."""
    if length.unit in MINUTES:
        return length.units * MINUTES[length.unit], "minutes"
    if length.unit in MONTHS:
        return length.units * MONTHS[length.unit], "months"
    return length.units, length.unit


def days_away(length: Length, sign: int, today: date) -> Days | None:
    """The days that are said to be `length` away in the direction of `sign`; None for hours and minutes."""
    count = int(length.units)
    if count > 1200:
        return None
    if length.unit is Unit.DAY:
        return _ordered(today + timedelta(days=sign * count), today + timedelta(days=sign * count))
    if length.unit is Unit.WORKDAY:
        return _ordered(_workday(today, sign, count), _workday(today, sign, count) + timedelta(days=2 * sign))
    if length.unit is Unit.WEEK:
        return _ordered(today + timedelta(days=sign * (7 * count - 3)), today + timedelta(days=sign * (7 * count + 6)))
    if length.unit in MONTHS:
        months, over = count * MONTHS[length.unit], MONTHS[length.unit]
        near = add_months(today, sign * months) - timedelta(days=sign * 15 * (1 if over == 1 else 2))
        return _ordered(near, add_months(today, sign * (months + over)) - timedelta(days=sign))
    return None


def find(reading: Reading, now: datetime) -> Iterator[DistanceClaim]:
    """Every span of time in `reading`; `17h` and `às 14 horas` are times of day and left alone."""
    for match in DISTANCE.finditer(reading.plain):
        direction = _direction(match)
        if _is_clock(match, direction, reading.plain[: match.start("count")]):
            continue
        count = value(match["count"]) + (Decimal("0.5") if match["half"] else 0)
        fragment = reading.text[match.start() : match.end()]
        yield DistanceClaim(match.start(), match.end(), fragment, Length(count, _unit(match["unit"])), direction, now)


def _direction(match: re.Match[str]) -> Direction:
    if match["of"]:
        # "tem 90 dias de garantia" counts nothing back from now.
        return Direction.LENGTH
    if match["back"] or match["ago"]:
        return Direction.BACK
    return Direction.AHEAD if match["ahead"] or match["later"] else Direction.LENGTH


def _is_clock(match: re.Match[str], direction: Direction, before: str) -> bool:
    if _unit(match["unit"]) is not Unit.HOUR or value(match["count"]) > 24:
        return False
    if CLOCK_BEFORE.search(before):
        return True
    short = not match["unit"].startswith("hor")
    ambiguous = direction is Direction.LENGTH or match["ahead"] in ("ate", "mais")
    return short and ambiguous and not (value(match["count"]) == 24 and not match["ahead"])


def _unit(word: str) -> Unit:
    return next(unit for pattern, unit in UNITS.items() if re.fullmatch(pattern, word))


def _ordered(one: date, other: date) -> Days:
    return Days(min(one, other), max(one, other))


def _workday(today: date, sign: int, count: int) -> date:
    day = today
    while count > 0:
        day += timedelta(days=sign)
        count -= day.weekday() < 5
    return day
