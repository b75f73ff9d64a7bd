"""The tool about the shop itself: address, telephone, opening hours, services and holidays ahead.

The same for every speaker, also an unknown one; names no price.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Arguments, Result, ToolContext
from integrations.brazil import local_day, weekday
from integrations.workshop.models import Company
from integrations.workshop.opening import OpeningHours
from integrations.workshop.shop import blank_is_none, shop_profile

MONDAY = date(2024, 1, 1)
"""Any Monday: weekdays are named by it."""


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
    """False during lunch, on holidays, and when the hours are not known."""
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


async def shop_info(terms: ShopTerms, context: ToolContext, arguments: ShopInfoArguments) -> ShopInfo:
    """The shop itself: name, address, phone, opening hours, services, holidays, days of warranty, ways to pay.

    Call it for questions about where the shop is, whether it is open and when it opens next, what it does and which
    payment it takes. It names no price: prices of new work are the consultant's to give.
    """
    profile, now = await shop_profile(context.session), context.now
    hours, main = profile.hours, profile.units[0] if profile.units else None
    return ShopInfo(
        name=profile.name,
        address=blank_is_none(main.endereco) if main else None,
        phone=profile.phone,
        units=_units(profile.units),
        hours=_week(hours),
        lunch_starts=hours.lunch.start if hours.lunch else None,
        lunch_ends=hours.lunch.end if hours.lunch else None,
        open_now=hours.is_open(now),
        at_lunch=hours.at_lunch(now),
        closes_at=hours.closes_at(now),
        next_opening=hours.next_opening(now),
        services=tuple(profile.services),
        holidays=tuple(HolidayAhead(on=day, name=name) for day, name in hours.closed_days(local_day(now))),
        payment_ways=terms.payment_ways,
        warranty_days=terms.warranty_days,
    )


def _week(hours: OpeningHours) -> tuple[DayHours, ...]:
    if hours.weekday is None and hours.saturday is None:
        return ()
    spans = [(weekday(MONDAY + timedelta(days=number)), hours.usual(number)) for number in range(7)]
    return tuple(
        DayHours(weekday=name, opens=span.start if span else None, closes=span.end if span else None)
        for name, span in spans
    )


def _units(companies: Sequence[Company]) -> tuple[Unit, ...]:
    if len(companies) < 2:
        return ()
    return tuple(
        Unit(name=unit.nome, phone=blank_is_none(unit.telefone), address=blank_is_none(unit.endereco))
        for unit in companies
    )
