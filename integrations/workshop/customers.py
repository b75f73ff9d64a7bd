"""Customers and their vehicles, found by the phone they write from.

Phones are compared in normal form only. A plate or a name finds nobody here: neither is a secret.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.workshop.models import Appointment, Customer, Order, Vehicle


async def customers_with_phone(session: AsyncSession, phone: str | None) -> Sequence[Customer]:
    """The profiles whose phone has this normal form, oldest first: several when a family shares one."""
    if phone is None:
        return ()
    query = select(Customer).where(func.normal_phone(Customer.phone) == phone)
    return (await session.scalars(query.order_by(Customer.created_at, Customer.id))).all()


async def vehicles_of(session: AsyncSession, customer_ids: Sequence[UUID]) -> Sequence[Vehicle]:
    """The vehicles of these customers that are still theirs (`is_active` is not false), oldest first."""
    if not customer_ids:
        return ()
    theirs = or_(Vehicle.customer_id.in_(customer_ids), Vehicle.customer_id.is_(None) & login_of(customer_ids, Vehicle))
    query = select(Vehicle).where(theirs, Vehicle.is_active.is_not(False))
    return (await session.scalars(query.order_by(Vehicle.created_at, Vehicle.id))).all()


def login_of(customer_ids: Sequence[UUID], table: type[Vehicle | Order | Appointment]) -> ColumnElement[bool]:
    """Whether a row's `user_id`, the shop application's login, is that of one of these customers."""
    logins = select(Customer.user_id).where(Customer.id.in_(customer_ids))
    return table.user_id.in_(logins)


async def full_names_of(session: AsyncSession, customer_ids: Sequence[UUID]) -> Sequence[str]:
    """The full names of these customers."""
    query = select(Customer.full_name).where(Customer.id.in_(customer_ids), Customer.full_name.is_not(None))
    return [name for name in await session.scalars(query) if name]


async def names_of_others(
    session: AsyncSession, full: Collection[str], first: Collection[str], customer_ids: Sequence[UUID]
) -> Sequence[str]:
    """Which of these are names of somebody else: `full` as `name_key` gives them, `first` names alone.

    Says only that such a customer exists; for keeping a name out of a text, never for telling anything.
    """
    key, typed = func.name_key(Customer.full_name), func.name_key(Order.client_name)
    others = Customer.id.not_in(customer_ids)
    foreign = or_(Order.customer_id.is_(None), Order.customer_id.not_in(customer_ids))
    found: set[str] = set()
    if full:
        query = union(select(key).where(key.in_(full), others), select(typed).where(typed.in_(full), foreign))
        found |= set(await session.scalars(query))
    if first:
        called = func.split_part(key, " ", 1)
        found |= set(await session.scalars(select(called).where(called.in_(first), others)))
    return sorted(found)
