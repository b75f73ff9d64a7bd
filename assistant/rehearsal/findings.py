"""What the database holds of a dialogue: compared with what it should, and with what it held before.

Reads with the given session and never commits. Tables are named only where the metadata knows them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.decisions.models import Proposal
from assistant.handoffs.models import Handoff
from assistant.problem import Problem
from assistant.rehearsal.dialogue import Expected, Query
from integrations.contact import normal_phone
from integrations.database import Base
from integrations.kommo.chats.models import Outbox, OutboxKind
from integrations.workshop.models import Customer, Order, OrderItem, Vehicle

NOT_EMPTY = "set"
"""As a wanted value: any but none."""
WATCHED = ("status", "valor_orcado", "valor_aprovado", "data_aprovacao", "motivo_recusa", "data_previsao_entrega")
"""What must not change of an order that a dialogue does not name."""

Orders = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Difference:
    """Something that is not as expected."""

    expected: str
    found: str


async def orders_now(session: AsyncSession) -> Orders:
    """All orders by number, with what is watched."""
    rows = (await session.execute(select(Order))).scalars().all()
    return {row.numero_os: {name: getattr(row, name) for name in WATCHED} for row in rows}


async def differences(session: AsyncSession, expected: Expected, before: Orders) -> list[Difference]:
    """Where the database is not as expected; `before`: the orders as the shop last left them."""
    found = [
        *await _orders(session, expected.orders, before),
        *await _items(session, expected.items),
        *await _figures(session, expected),
        *await _counts(session, expected.counts),
    ]
    for query in expected.sql:
        found += await _rows(session, query)
    return found


async def _orders(session: AsyncSession, wanted: Orders, before: Orders) -> list[Difference]:
    rows = {row.numero_os: row for row in (await session.execute(select(Order))).scalars()}
    found: list[Difference] = []
    for number, fields in wanted.items():
        if number not in rows:
            found.append(Difference(f"order {number}", "no such order"))
            continue
        for name, value in fields.items():
            found += _compared(f"{number}.{name}", value, getattr(rows[number], name))
    for number, kept in before.items():
        if number not in wanted and number in rows:
            for name, value in kept.items():
                found += _compared(f"{number}.{name} unchanged:", value, getattr(rows[number], name))
    return found


async def _items(session: AsyncSession, wanted: Mapping[str, Mapping[str, str]]) -> list[Difference]:
    query = select(Order.numero_os, OrderItem.descricao, OrderItem.status).join(
        Order, Order.id == OrderItem.ordem_servico_id
    )
    statuses = {(number, text): status for number, text, status in (await session.execute(query)).all()}
    return [
        difference
        for number, items in wanted.items()
        for name, status in items.items()
        for difference in _compared(f"{number}, {name}", status, statuses.get((number, name), "no such item"))
    ]


async def _figures(session: AsyncSession, expected: Expected) -> list[Difference]:
    """Proposals, hand-overs and tasks."""
    found: list[Difference] = []
    if expected.proposals is not None:
        states = (await session.execute(select(Proposal.state).order_by(Proposal.id))).scalars().all()
        found += _compared("proposals", list(expected.proposals), list(states))
    if expected.handoffs is not None:
        reasons = (await session.execute(select(Handoff.reason).distinct())).scalars().all()
        found += _compared("hand-overs", sorted(expected.handoffs), sorted(reasons))
    if expected.tasks is not None:
        query = select(func.count()).select_from(Outbox).where(Outbox.kind == OutboxKind.TASK)
        found += _compared("tasks", expected.tasks, await session.scalar(query))
    return found


async def _counts(session: AsyncSession, wanted: Mapping[str, int]) -> list[Difference]:
    found: list[Difference] = []
    for name, count in wanted.items():
        if name not in Base.metadata.tables:
            raise Problem(f"There is no table {name!r} to count.")
        query = select(func.count()).select_from(Base.metadata.tables[name])
        found += _compared(f"rows in {name}", count, await session.scalar(query))
    return found


async def _rows(session: AsyncSession, query: Query) -> list[Difference]:
    rows = (await session.execute(text(query.sql.replace(":", r"\:")))).all()
    found = [[_plain(value) for value in row] for row in rows]
    wanted = [[_plain(value) for value in row] for row in query.rows]
    return [] if found == wanted else [Difference(f"{query.sql}: {wanted}", str(found))]


def _compared(what: str, wanted: Any, found: Any) -> list[Difference]:
    same = found is not None if wanted == NOT_EMPTY else _plain(wanted) == _plain(found)
    return [] if same else [Difference(f"{what} = {wanted}", str(found))]


def _plain(value: Any) -> Any:
    """Numbers as they are worth, moments as they are written, so that YAML and PostgreSQL can be compared."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value)).normalize()
    return value.isoformat() if isinstance(value, date | datetime | time) else value


async def of_others(session: AsyncSession, phones: Sequence[str | None]) -> set[str]:
    """Plates, OS numbers, phones and full names that belong to none of these phones."""
    mine = {normal for phone in phones if (normal := normal_phone(phone))}
    customers = (await session.execute(select(Customer))).scalars().all()
    own = {customer.id for customer in customers if normal_phone(customer.phone) in mine}
    strange = {one for customer in customers if customer.id not in own for one in (customer.full_name, customer.phone)}
    cars = (await session.execute(select(Vehicle))).scalars().all()
    strange |= {car.plate for car in cars if car.customer_id not in own}
    for order in (await session.execute(select(Order))).scalars():
        if order.customer_id not in own and normal_phone(order.client_phone) not in mine:
            strange |= {order.numero_os, order.plate}
    kept = {car.plate for car in cars if car.customer_id in own}
    return {one for one in strange if one} - kept
