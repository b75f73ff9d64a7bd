"""Booked visits: what is taken, whose they are, and writing one down so that two customers cannot share a last place.

Whoever books or moves holds the day (an advisory lock of the transaction) while it looks and writes. A visit that
cannot be had is refused with an exception before anything is written. Takes a session, never commits. Rows that the
shop's own application writes count like ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.brazil import local, local_day
from integrations.settings import SHOP_ZONE
from integrations.workshop.customers import login_of
from integrations.workshop.models import Appointment, Customer, Vehicle
from integrations.workshop.opening import OpeningHours
from integrations.workshop.slots import BookingRules, free_among, last_day
from integrations.workshop.stages import plain_key

log = structlog.get_logger(__name__)

LOCK = 720_119
"""First key of the advisory lock of a day: arbitrary, ours. The second is the day."""
OVER = frozenset({"cancelado", "cancelada", "concluido", "concluida"})
"""Statuses of a visit that takes no place any more."""
AT_ONCE = timedelta(0)


class VisitStatus(StrEnum):
    """The statuses that we write."""

    REQUESTED = "pendente"
    CONFIRMED = "confirmado"
    CANCELLED = "cancelado"


class SlotTaken(Exception):
    """There is no such slot, or its last place is taken."""


class VisitChanged(Exception):
    """The visit is not what it was: moved, cancelled, done, or booked already."""


@dataclass(frozen=True)
class Visitor:
    """Whose visits are meant: the profiles of a phone, that phone, or where there is none the conversation."""

    customer_ids: tuple[UUID, ...]
    phone: str | None
    conversation_id: int | None


@dataclass(frozen=True)
class Visit:
    """A visit to come with its vehicle. `at` is a day where nobody noted a time."""

    row: Appointment
    car: Vehicle | None

    @property
    def at(self) -> datetime | date | None:
        return _at(self.row.appointment_date, self.row.appointment_time)

    @property
    def confirmed(self) -> bool:
        return plain_key(self.row.status) == VisitStatus.CONFIRMED


async def free_slots(
    session: AsyncSession, hours: OpeningHours, now: datetime, rules: BookingRules
) -> Sequence[datetime]:
    """Every moment at which a visit may begin, in order."""
    booked = await _booked(session, local_day(now), last_day(now, rules))
    return free_among(hours, booked, now, rules)


async def visits_of(session: AsyncSession, visitor: Visitor, now: datetime) -> list[Visit]:
    """Their visits that are still to come, earliest first."""
    today = local_day(now)
    query = select(Appointment).where(_belongs_to(visitor), Appointment.appointment_date >= today)
    by_time = query.order_by(Appointment.appointment_date, Appointment.appointment_time, Appointment.id)
    rows = [row for row in await session.scalars(by_time) if _to_come(row, now)]
    ids = {row.vehicle_id for row in rows if row.vehicle_id}
    cars = {car.id: car for car in await session.scalars(select(Vehicle).where(Vehicle.id.in_(ids)))} if ids else {}
    return [Visit(row, cars.get(row.vehicle_id) if row.vehicle_id else None) for row in rows]


async def book(
    session: AsyncSession, visit: Appointment, hours: OpeningHours, now: datetime, rules: BookingRules
) -> None:
    """Write a new visit down; raises `SlotTaken`."""
    await _hold_place(session, _moment_of(visit), hours, now, rules)
    session.add(visit)
    await session.flush()
    log.info("visit.booked", visit=str(visit.id), status=visit.status)


async def move(
    session: AsyncSession,
    visit_id: UUID,
    was: datetime | date,
    to: datetime,
    hours: OpeningHours,
    now: datetime,
    rules: BookingRules,
) -> None:
    """Give a visit another time, which keeps its status; raises `VisitChanged` or `SlotTaken`."""
    row = await _unchanged(session, visit_id, was, now)
    await _hold_place(session, to, hours, now, rules)
    row.appointment_date, row.appointment_time = local_day(to), local(to).time()
    await session.flush()
    log.info("visit.moved", visit=str(row.id))


async def cancel(session: AsyncSession, visit_id: UUID, was: datetime | date, now: datetime) -> None:
    """Cancel a visit; raises `VisitChanged`."""
    row = await _unchanged(session, visit_id, was, now)
    row.status = VisitStatus.CANCELLED
    await session.flush()
    log.info("visit.cancelled", visit=str(row.id))


async def login_of_customer(session: AsyncSession, customer_id: UUID) -> UUID | None:
    """The login by which the shop's application knows a customer."""
    return await session.scalar(select(Customer.user_id).where(Customer.id == customer_id))


async def _hold_place(
    session: AsyncSession, at: datetime, hours: OpeningHours, now: datetime, rules: BookingRules
) -> None:
    """Hold the day until the transaction ends and see that the slot has a place."""
    day = local_day(at)
    await session.execute(select(func.pg_advisory_xact_lock(LOCK, day.toordinal())))
    booked = await _booked(session, day, day)
    # Whoever was offered a slot in time may still take it a little later.
    soon = BookingRules(rules.slot, rules.capacity, rules.days, AT_ONCE)
    if local(at) not in free_among(hours, booked, now, soon):
        raise SlotTaken


async def _unchanged(session: AsyncSession, visit_id: UUID, was: datetime | date, now: datetime) -> Appointment:
    query = select(Appointment).where(Appointment.id == visit_id).with_for_update()
    row = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if row is None or not _to_come(row, now) or _at(row.appointment_date, row.appointment_time) != was:
        raise VisitChanged
    return row


async def _booked(session: AsyncSession, first: date, last: date) -> list[datetime]:
    """When the visits begin that take a place on these days."""
    columns = select(Appointment.appointment_date, Appointment.appointment_time, Appointment.status)
    found = await session.execute(columns.where(Appointment.appointment_date.between(first, last)))
    return [
        datetime.combine(day, at, SHOP_ZONE)
        for day, at, status in found
        if day and at and plain_key(status) not in OVER
    ]


def _belongs_to(visitor: Visitor) -> ColumnElement[bool]:
    """Whose a visit is: its customer's, else its login's, else its phone's, else its conversation's."""
    ours: list[ColumnElement[bool]] = [false()]
    unowned = Appointment.customer_id.is_(None)
    if visitor.customer_ids:
        ours.append(Appointment.customer_id.in_(visitor.customer_ids))
        ours.append(and_(unowned, login_of(visitor.customer_ids, Appointment)))
    nobodys = and_(unowned, Appointment.user_id.is_(None))
    if visitor.phone:
        ours.append(and_(nobodys, func.normal_phone(Appointment.contact_phone) == visitor.phone))
    elif visitor.conversation_id is not None:
        here = Appointment.conversation_id == visitor.conversation_id
        ours.append(and_(nobodys, Appointment.contact_phone.is_(None), here))
    return or_(*ours)


def _to_come(row: Appointment, now: datetime) -> bool:
    if row.appointment_date is None or plain_key(row.status) in OVER:
        return False
    at = _at(row.appointment_date, row.appointment_time)
    return at > local(now) if isinstance(at, datetime) else row.appointment_date >= local_day(now)


def _at(day: date | None, at: time | None) -> datetime | date | None:
    return datetime.combine(day, at, SHOP_ZONE) if day is not None and at is not None else day


def _moment_of(visit: Appointment) -> datetime:
    at = _at(visit.appointment_date, visit.appointment_time)
    if not isinstance(at, datetime):
        raise ValueError("a visit is booked for a day and a time")
    return at
