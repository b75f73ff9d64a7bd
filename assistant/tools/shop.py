"""The tool about the shop itself: address, telephone, opening hours, services and holidays ahead.

The same for every speaker, also an unknown one; names no price.
"""

from datetime import date, datetime, time

from assistant.tools.toolbox import Arguments, Result


class DayHours(Result):
    """Opening hours of a weekday (`segunda-feira`); both times None when closed."""

    weekday: str
    opens: time | None
    closes: time | None


class HolidayAhead(Result):
    """A day in the coming weeks on which the shop is closed."""

    on: date
    name: str


class Unit(Result):
    """A place of the shop."""

    name: str
    phone: str | None
    address: str | None


class ShopInfo(Result):
    """The shop's profile. Times are the shop's local time."""

    name: str | None
    address: str | None
    phone: str | None
    units: tuple[Unit, ...]
    """All places when there are several, the main one included; empty when there is one."""
    hours: tuple[DayHours, ...]
    """Monday to Sunday; empty when the shop has not told its hours."""
    lunch_starts: time | None
    lunch_ends: time | None
    open_now: bool
    at_lunch: bool
    closes_at: datetime | None
    """Today's closing time when open now."""
    next_opening: datetime | None
    """When it opens next, if closed now."""
    services: tuple[str, ...]
    holidays: tuple[HolidayAhead, ...]
    payment_ways: str
    warranty_days: int


class ShopInfoArguments(Arguments):
    """Takes nothing."""
