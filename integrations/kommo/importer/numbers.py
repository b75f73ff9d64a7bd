"""The next OS number: one more than the largest of the form `OS-1050`.

The shop's application counts by itself and asks nobody, so a number can only be taken under the lock of the import,
looked up through an index. How that application counts is not known: the form of its demo data is assumed.
"""

from sqlalchemy import Integer, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.workshop.models import Order

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('autoprime import'))")
"""Imports are short and follow one another, so that two of them never see the same number, phone or plate free."""


async def next_order_number(session: AsyncSession) -> str:
    """`OS-1051`; the caller holds the lock until its transaction ends."""
    largest = await session.scalar(select(func.max(func.order_number(Order.numero_os, type_=Integer))))
    return f"OS-{(largest or 0) + 1:04d}"
