"""Tools about visits to the shop: free slots, and the speaker's own visits to come. Looking up only.

Whose visits those are comes from `ToolContext`: no argument names a person. What books, moves or cancels is proposed by
`visits.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from assistant.tools.orders import own_orders
from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Arguments, Result, ToolContext
from integrations.brazil import clock, day, local_day, weekday
from integrations.contact import normal_plate, written_plate
from integrations.workshop.appointments import Visit, Visitor, visits_of
from integrations.workshop.appointments import free_slots as free_in_shop
from integrations.workshop.customers import vehicles_of
from integrations.workshop.models import Vehicle
from integrations.workshop.opening import OpeningHours
from integrations.workshop.orders import UNNAMED, vehicle_name
from integrations.workshop.shop import shop_profile
from integrations.workshop.slots import BookingRules, DayPart, Wanted, best, last_day

MOST_OFFERED = 3


class DayState(StrEnum):
    """What becomes of the day that was asked for."""

    FREE = "free"
    FULL = "full"
    CLOSED = "closed"
    PAST = "past"
    TOO_FAR = "too_far"


class FreeSlot(Result):
    """A moment at which a visit may begin."""

    slot_at: datetime


class FreeSlots(Result):
    """Slots to choose from, earliest first."""

    offers: ClassVar[bool] = True

    slots: tuple[FreeSlot, ...]
    """At most three; empty when nothing is free, or the shop has not told its hours."""
    as_asked: bool
    """False when nothing free fits the question: these are the nearest to it."""
    day_is: DayState | None
    """About the day that was asked for."""
    last_slot_day: date
    """Later days cannot be booked yet."""


class BookedVisit(Result):
    """A visit of the speaker that is still to come."""

    booked_for: datetime | date
    """Its moment; only the day where nobody noted a time."""
    vehicle: str | None
    plate: str | None
    confirmed: bool
    """False while the shop has not confirmed it."""


class MyVisits(Result):
    """The speaker's visits to come, earliest first."""

    visits: tuple[BookedVisit, ...]


class FreeSlotsArguments(Arguments):
    on_day: date | None = Field(None, description="The one day the customer wants, e.g. 2026-11-26.")
    from_day: date | None = Field(None, description="The first of several days, for 'semana que vem': its Monday.")
    part: DayPart | None = Field(None, description="morning or afternoon.")
    at: time | None = Field(None, description="The time of day the customer named, e.g. 10:00.")


class MyVisitsArguments(Arguments):
    """Takes nothing."""


@dataclass(frozen=True)
class OwnCar:
    """A car of the speaker; `row` is None where only an order names it."""

    vehicle: str
    plate: str | None
    row: Vehicle | None

    @property
    def label(self) -> str:
        return f"{self.vehicle} ({self.plate})" if self.plate else self.vehicle


async def free_slots(terms: ShopTerms, context: ToolContext, arguments: FreeSlotsArguments) -> FreeSlots:
    """Up to three free slots for a visit to the shop, near to what the customer asked for.

    Call it when the customer wants to bring the car, book or move a visit. Offer exactly these slots, copied with
    weekday, date and time, and no other. Once the customer has chosen one, call `propose_visit`.
    """
    hours = (await shop_profile(context.session)).hours
    rules = terms.booking
    free = await free_in_shop(context.session, hours, context.now, rules)
    wanted = Wanted(arguments.on_day, arguments.from_day, arguments.part, arguments.at)
    found, as_asked = best(free, wanted, MOST_OFFERED)
    return FreeSlots(
        slots=tuple(FreeSlot(slot_at=slot) for slot in found),
        as_asked=as_asked,
        day_is=_day_state(arguments.on_day, hours, free, context.now, rules) if arguments.on_day else None,
        last_slot_day=last_day(context.now, rules),
    )


async def my_visits(context: ToolContext, arguments: MyVisitsArguments) -> MyVisits:
    """The visits to the shop that the customer has booked and that are still to come.

    Call it when the customer asks when their visit is, or wants to move or cancel it. A visit that is not `confirmed`
    is a request: say that the shop still has to confirm it.
    """
    return MyVisits(visits=tuple(booked_visit(visit) for visit in await own_visits(context)))


async def own_visits(context: ToolContext) -> list[Visit]:
    """The speaker's visits to come: the only ones any tool sees."""
    return await visits_of(context.session, visitor(context), context.now)


def visitor(context: ToolContext) -> Visitor:
    """Whose visits the speaker's are."""
    return Visitor(context.speaker.customer_ids, context.speaker.phone, context.conversation_id)


async def own_cars(context: ToolContext) -> Sequence[OwnCar]:
    """The speaker's vehicles, then those that only their open orders name."""
    cars = [
        OwnCar(vehicle_name(row), written_plate(row.plate), row)
        for row in await vehicles_of(context.session, context.speaker.customer_ids)
    ]
    keys = {normal_plate(car.plate) for car in cars}
    for order in await own_orders(context):
        named = order.plate or order.vehicle != UNNAMED
        if order.stage.is_open and named and (order.plate is None or normal_plate(order.plate) not in keys):
            cars.append(OwnCar(order.vehicle, order.plate, order.car))
            keys.add(normal_plate(order.plate))
    return cars


def booked_visit(visit: Visit) -> BookedVisit:
    """What a customer may know about their visit."""
    assert visit.at is not None
    return BookedVisit(
        booked_for=visit.at,
        vehicle=vehicle_name(visit.car) if visit.car else None,
        plate=written_plate(visit.car.plate) if visit.car else None,
        confirmed=visit.confirmed,
    )


def visit_words(at: datetime | date) -> str:
    """`quinta-feira, 26/11/2026, às 10h`: always with weekday and date, so that nobody comes on the wrong day."""
    words = f"{weekday(at)}, {day(at)}"
    return f"{words}, às {clock(at)}" if isinstance(at, datetime) else words


def _day_state(
    asked: date, hours: OpeningHours, free: Sequence[datetime], now: datetime, rules: BookingRules
) -> DayState:
    if asked < local_day(now):
        return DayState.PAST
    if asked > last_day(now, rules):
        return DayState.TOO_FAR
    if hours.on(asked) is None:
        return DayState.CLOSED
    return DayState.FREE if any(slot.date() == asked for slot in free) else DayState.FULL
