"""The calendar in Portuguese: spans of days, months, weekdays, and how far back "14 meses" reaches.

Plain functions over dates; nothing here knows of drafts or evidence.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = (
    "janeiro", "fevereiro", "marco", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)  # fmt: skip
WEEKDAYS = ("segunda", "terca", "quarta", "quinta", "sexta", "sabado", "domingo")
YEARS_BACK, YEARS_AHEAD = 20, 2


class Days(NamedTuple):
    """A span of days, both ends included."""

    first: date
    last: date

    def covers(self, first: date, last: date) -> bool:
        """Whether all of `first`–`last` lies in this span."""
        return self.first <= first and last <= self.last


def one(day: date) -> Days:
    """The span of a single day."""
    return Days(day, day)


def month_number(word: str) -> int | None:
    """1–12 of a month's name or its first three letters, None for another word."""
    return next((at for at, name in enumerate(MONTHS, 1) if word == name or word == name[:3]), None)


def real_day(year: int, month: int, day: int) -> Days | None:
    """The day as a span; None when the calendar has no such day."""
    try:
        return one(date(year, month, day))
    except ValueError:
        return None


def month_span(year: int, month: int) -> Days:
    """The whole of a month."""
    return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def years_around(today: date) -> Iterator[int]:
    """The years a date without one may be of, for a car's history."""
    return iter(range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1))


def week_of(today: date, ahead: int) -> Days:
    """Monday to Sunday of this week (0), the next (1), the last (-1)."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
    return Days(monday, monday + timedelta(days=6))


def month_of(today: date, ahead: int) -> Days:
    """The whole month `ahead` months from today's."""
    return month_span(*_year_and_month(today, ahead))


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    year, month = _year_and_month(day, months)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _year_and_month(day: date, ahead: int) -> tuple[int, int]:
    years, month = divmod(day.month - 1 + ahead, 12)
    return day.year + years, month + 1
