"""Customers and their vehicles, found by the phone they write from.

Phones are compared in normal form only. A plate or a name finds nobody here: neither is a secret.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
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
