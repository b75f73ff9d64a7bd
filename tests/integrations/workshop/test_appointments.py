"""Visits on a real database: whose they are, and that a last place goes to one of many who ask at once."""

import asyncio
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest

from integrations.database import Sessions, transaction
from integrations.settings import SHOP_ZONE
from integrations.workshop.appointments import (
    SlotTaken,
    VisitChanged,
    Visitor,
    book,
    cancel,
    free_slots,
    move,
    visits_of,
)
from integrations.workshop.models import Appointment, Customer
from integrations.workshop.opening import OpeningHours, Span
from integrations.workshop.slots import BookingRules

HOURS = OpeningHours(Span(time(8), time(18)), Span(time(8), time(12)), Span(time(12), time(13)))
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=SHOP_ZONE)
NINE = datetime(2026, 11, 24, 9, tzinfo=SHOP_ZONE)
TEN = NINE + timedelta(hours=1)
RULES = BookingRules(capacity=2)
PHONE = "5511987654321"


def visit(at: datetime = NINE, **columns: object) -> Appointment:
    given: dict[str, object] = {"appointment_date": at.date(), "appointment_time": at.time(), "status": "confirmado"}
    return Appointment(**(given | columns))


async def written(sessions: Sessions, row: Appointment) -> UUID:
    async with transaction(sessions) as session:
        session.add(row)
    return row.id


async def booked(sessions: Sessions, row: Appointment) -> bool:
    """Whether it could be booked."""
    try:
        async with transaction(sessions) as session:
            await book(session, row, HOURS, NOW, RULES)
    except SlotTaken:
        return False
    return True


async def theirs(sessions: Sessions, visitor: Visitor) -> list[datetime | date | None]:
    async with transaction(sessions) as session:
        return [each.at for each in await visits_of(session, visitor, NOW)]


async def free(sessions: Sessions) -> list[datetime]:
    async with transaction(sessions) as session:
        return list(await free_slots(session, HOURS, NOW, RULES))


async def test_ten_at_once_get_two_places(sessions: Sessions) -> None:
    results = await asyncio.gather(*(booked(sessions, visit()) for _ in range(10)))
    assert sorted(results) == [False] * 8 + [True] * 2
    assert NINE not in await free(sessions)
    assert TEN in await free(sessions)


async def test_two_moves_to_the_last_place(sessions: Sessions) -> None:
    await written(sessions, visit(TEN))
    ids = [await written(sessions, visit()) for _ in range(2)]

    async def moved(visit_id: UUID) -> bool:
        try:
            async with transaction(sessions) as session:
                await move(session, visit_id, NINE, TEN, HOURS, NOW, RULES)
        except SlotTaken:
            return False
        return True

    assert sorted(await asyncio.gather(*map(moved, ids))) == [False, True]
    assert NINE in await free(sessions)


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("pendente", True), ("confirmado", True), (None, True), ("em_andamento", True),
        ("cancelado", False), ("Concluído", False), ("CANCELADA", False),
    ],
)  # fmt: skip
async def test_which_statuses_take_a_place(sessions: Sessions, status: str | None, counts: bool) -> None:
    for _ in range(2):
        await written(sessions, visit(status=status))
    assert (NINE not in await free(sessions)) is counts
    assert await booked(sessions, visit()) is not counts


@pytest.mark.parametrize(
    "at",
    [NINE.replace(hour=12), NINE.replace(hour=18), NINE.replace(minute=30), NINE.replace(day=29), NINE.replace(day=22),
     NINE.replace(month=12, day=25), NINE.replace(month=12, day=24)],
    ids=["lunch", "after closing", "off the grid", "sunday", "past", "holiday", "too far"],
)  # fmt: skip
async def test_what_is_no_slot_is_refused_and_nothing_is_written(sessions: Sessions, at: datetime) -> None:
    assert not await booked(sessions, visit(at, contact_phone=PHONE))
    assert await theirs(sessions, Visitor((), PHONE, None)) == []


async def test_an_offered_slot_may_be_taken_after_its_lead_time(sessions: Sessions) -> None:
    soon = NOW.replace(hour=8)
    assert soon not in await free(sessions)
    assert await booked(sessions, visit(soon))


async def test_whose_a_visit_is(sessions: Sessions) -> None:
    login = uuid4()
    async with transaction(sessions) as session:
        rita, ana = Customer(full_name="Rita", user_id=login), Customer(full_name="Ana", phone=PHONE)
        session.add_all([rita, ana])
    hours = [NINE.replace(hour=hour) for hour in (8, 9, 10, 11, 13, 14)]
    by_customer, by_login, by_phone, by_chat, anas, nobodys = hours
    await written(sessions, visit(by_customer, customer_id=rita.id))
    await written(sessions, visit(by_login, user_id=login))
    await written(sessions, visit(by_phone, contact_phone="11 98765-4321"))
    await written(sessions, visit(by_chat, conversation_id=7))
    await written(sessions, visit(anas, customer_id=ana.id, contact_phone=PHONE, conversation_id=7))
    await written(sessions, visit(nobodys))
    assert await theirs(sessions, Visitor((rita.id,), None, None)) == [by_customer, by_login]
    assert await theirs(sessions, Visitor((), PHONE, 7)) == [by_phone]
    assert await theirs(sessions, Visitor((), None, 7)) == [by_chat]
    assert await theirs(sessions, Visitor((), None, None)) == []


async def test_only_what_is_to_come_is_told(sessions: Sessions) -> None:
    await written(sessions, visit(NOW - timedelta(hours=1), contact_phone=PHONE))
    await written(sessions, visit(NINE, contact_phone=PHONE, status="cancelado"))
    await written(sessions, visit(TEN, contact_phone=PHONE, appointment_time=None))
    assert await theirs(sessions, Visitor((), PHONE, None)) == [TEN.date()]


async def test_what_changed_meanwhile_is_neither_moved_nor_cancelled(sessions: Sessions) -> None:
    visit_id = await written(sessions, visit(TEN, contact_phone=PHONE))
    with pytest.raises(VisitChanged):
        async with transaction(sessions) as session:
            await cancel(session, visit_id, NINE, NOW)
    with pytest.raises(VisitChanged):
        async with transaction(sessions) as session:
            await move(session, visit_id, NINE, TEN, HOURS, NOW, RULES)
    async with transaction(sessions) as session:
        await cancel(session, visit_id, TEN, NOW)
    with pytest.raises(VisitChanged):
        async with transaction(sessions) as session:
            await cancel(session, visit_id, TEN, NOW)
