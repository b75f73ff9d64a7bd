"""When a visit can begin: the grid of the opening hours, less what is taken, and which free slots fit a wish best.

Pure: no database, no clock of its own. A visit counts for the slot in which it begins; one without a time, or outside
the grid, takes nobody's place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from integrations.brazil import local, local_day
from integrations.settings import SHOP_ZONE
from integrations.workshop.opening import OpeningHours

NOON = time(12)
MORNING, AFTERNOON = time(9), time(14)
"""What "in the morning" and "in the afternoon" are nearest to."""


@dataclass(frozen=True)
class BookingRules:
    """What the shop sets about visits."""

    slot: timedelta = timedelta(minutes=60)
    capacity: int = 2
    """Visits that may begin in one slot."""
    days: int = 14
    """How far ahead a visit may be booked."""
    lead: timedelta = timedelta(hours=2)
    """Least time between asking and the visit."""


class DayPart(StrEnum):
    """Half of a working day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"

    @property
    def other(self) -> "DayPart":
        return DayPart.AFTERNOON if self is DayPart.MORNING else DayPart.MORNING

    def holds(self, at: datetime) -> bool:
        return (at.time() < NOON) is (self is DayPart.MORNING)


@dataclass(frozen=True)
class Wanted:
    """When somebody wants to come; what is None does not matter to them."""

    day: date | None = None
    from_day: date | None = None
    part: DayPart | None = None
    at: time | None = None

    def allows(self, slot: datetime) -> bool:
        """Whether `slot` lies on a day and in a part that is wanted."""
        on_day = self.day is None or slot.date() == self.day
        late_enough = self.from_day is None or slot.date() >= self.from_day
        return on_day and late_enough and (self.part is None or self.part.holds(slot))

    def target(self, first: datetime) -> datetime:
        """The moment to be near to, when nothing fits; `first` is the first free slot."""
        hour = self.at or {None: NOON, DayPart.MORNING: MORNING, DayPart.AFTERNOON: AFTERNOON}[self.part]
        return datetime.combine(self.day or self.from_day or first.date(), hour, SHOP_ZONE)


def starts_on(hours: OpeningHours, day: date, rules: BookingRules) -> Iterator[datetime]:
    """When visits can begin on a day: whole slots between opening, lunch and closing."""
    for start, end in _stretches(hours, day):
        at = start
        while at + rules.slot <= end:
            yield at
            at += rules.slot


def last_day(now: datetime, rules: BookingRules) -> date:
    """The last day that may be booked."""
    return local_day(now) + timedelta(days=rules.days)


def free_among(
    hours: OpeningHours, booked: Iterable[datetime], now: datetime, rules: BookingRules
) -> Sequence[datetime]:
    """Every slot with a place left, from the lead time to the last day, in order."""
    days = [local_day(now) + timedelta(days=ahead) for ahead in range(rules.days + 1)]
    grid = [start for day in days for start in starts_on(hours, day, rules)]
    taken = Counter(slot for each in booked if (slot := slot_of(each, grid, rules)) is not None)
    return [start for start in grid if start >= local(now) + rules.lead and taken[start] < rules.capacity]


def slot_of(moment: datetime, grid: Iterable[datetime], rules: BookingRules) -> datetime | None:
    """The slot of the grid in which a moment lies."""
    return next((start for start in grid if start <= moment < start + rules.slot), None)


def best(free: Sequence[datetime], wanted: Wanted, most: int) -> tuple[Sequence[datetime], bool]:
    """At most so many slots for a wish, in order, and whether they are what was wanted or only near to it."""
    fitting = [slot for slot in free if wanted.allows(slot)]
    exact = [slot for slot in fitting if wanted.at in (None, slot.time())]
    if exact:
        return _spread(exact, most), True
    same_day = [slot for slot in free if slot.date() == wanted.day]
    near = fitting or same_day or free
    return sorted(nearest(near, wanted.target(near[0]))[:most]) if near else [], False


def nearest(free: Iterable[datetime], moment: datetime) -> list[datetime]:
    """The slots by distance from a moment, the later of two equally near ones first."""
    return sorted(free, key=lambda slot: (abs(slot - moment), slot < moment))


def _spread(slots: Sequence[datetime], most: int) -> list[datetime]:
    """Slots that differ: the first of each half day, then the earliest of the others."""
    halves = {(slot.date(), slot.time() < NOON): slot for slot in reversed(slots)}
    first = sorted(halves.values())
    others = [slot for slot in slots if slot not in first]
    return sorted([*first, *others][:most])


def _stretches(hours: OpeningHours, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The working hours of a day without lunch."""
    span, lunch = hours.on(day), hours.lunch
    if span is None:
        return
    if lunch is None or lunch.end <= span.start or lunch.start >= span.end:
        yield _moment(day, span.start), _moment(day, span.end)
        return
    yield _moment(day, span.start), _moment(day, lunch.start)
    yield _moment(day, lunch.end), _moment(day, span.end)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHOP_ZONE)
