"""When the shop is open: weekdays, Saturday, lunch break, Sundays and public holidays.

Hours come from `oficina_config`, days of the shop's own from `shop_day`; holidays are the national ones and those of
the state of São Paulo. Pure: no
database, no clock of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from holidays import country_holidays

from integrations.brazil import local
from integrations.settings import SHOP_ZONE
from integrations.workshop.models import ShopConfig
from integrations.workshop.preference_models import ShopDay

SATURDAY, SUNDAY = 5, 6
LOOK_AHEAD = 30


@dataclass(frozen=True)
class Span:
    """A stretch of one day, its end excluded; local times."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True)
class OwnDay:
    """A day that the shop has set apart. No hours: closed."""

    name: str
    hours: Span | None


@dataclass(frozen=True)
class OpeningHours:
    """The shop's week. None means closed."""

    weekday: Span | None
    saturday: Span | None
    lunch: Span | None
    days: Mapping[date, OwnDay] = field(default_factory=dict)
    """Days that the shop has set apart; they stand before weekday and public holiday."""

    def usual(self, weekday: int) -> Span | None:
        """The hours of a weekday (0 = Monday), holidays aside."""
        if weekday == SUNDAY:
            return None
        return self.saturday if weekday == SATURDAY else self.weekday

    def on(self, day: date) -> Span | None:
        """The hours of a calendar day."""
        if day in self.days:
            return self.days[day].hours
        return None if holiday_name(day) else self.usual(day.weekday())

    def closed_days(self, today: date) -> list[tuple[date, str]]:
        """Days off of the next thirty, Sundays aside, each with its name: public holidays and the shop's own."""
        days = [today + timedelta(days=ahead) for ahead in range(LOOK_AHEAD + 1)]
        names = [(day, self.days[day].name if day in self.days else holiday_name(day)) for day in days]
        return [(day, name) for day, name in names if name and day.weekday() != SUNDAY and self.on(day) is None]

    def at_lunch(self, now: datetime) -> bool:
        """Whether the shop is closed just for lunch."""
        moment, hours = local(now), self.on(local(now).date())
        lunch = self.lunch
        return bool(hours and lunch and hours.holds(moment.time()) and lunch.holds(moment.time()))

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there now."""
        hours = self.on(local(now).date())
        return hours is not None and hours.holds(local(now).time()) and not self.at_lunch(now)

    def closes_at(self, now: datetime) -> datetime | None:
        """Today's end of work, when open now."""
        hours = self.on(local(now).date()) if self.is_open(now) else None
        return datetime.combine(local(now).date(), hours.end, SHOP_ZONE) if hours else None

    def next_opening(self, now: datetime) -> datetime | None:
        """When it opens next; None when open now, or when no hours are known."""
        if self.is_open(now):
            return None
        days = (local(now).date() + timedelta(days=ahead) for ahead in range(LOOK_AHEAD))
        openings = (moment for day in days for moment in self._openings(day) if moment > now)
        return next(openings, None)

    def _openings(self, day: date) -> list[datetime]:
        hours = self.on(day)
        if hours is None:
            return []
        starts = [hours.start] + ([self.lunch.end] if self.lunch and hours.holds(self.lunch.end) else [])
        return [datetime.combine(day, start, SHOP_ZONE) for start in sorted(starts)]


def opening_hours(config: ShopConfig | None, days: Iterable[ShopDay] = ()) -> OpeningHours:
    """The hours the shop told; what is missing or makes no sense counts as closed."""
    own = {day.day: OwnDay(day.name, _span(day.opens, day.closes)) for day in days}
    if config is None:
        return OpeningHours(None, None, None, own)
    return OpeningHours(
        weekday=_span(config.horario_entrada, config.horario_saida_semana),
        saturday=_span(config.horario_entrada, config.horario_saida_sabado),
        lunch=_span(config.horario_almoco_inicio, config.horario_almoco_fim),
        days=own,
    )


def holiday_name(day: date) -> str | None:
    """The public holiday on that day, in Portuguese."""
    return _holidays(day.year).get(day)


@lru_cache(maxsize=8)
def _holidays(year: int) -> dict[date, str]:
    return dict(country_holidays("BR", subdiv="SP", years=year, language="pt_BR"))


def _span(start: time | None, end: time | None) -> Span | None:
    return Span(start, end) if start is not None and end is not None and start < end else None
