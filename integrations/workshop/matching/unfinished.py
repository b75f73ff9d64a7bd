"""The orders that are not finished and that a lead may be about already.

Old orders have no customer: they are found by the plate and the phone that stand in them as text.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.contact import normal_phone, normal_plate, written_plate
from integrations.workshop.matching.candidates import MOST_EACH
from integrations.workshop.matching.cars import LIKELY
from integrations.workshop.matching.shapes import CustomerMatch, OpenOrder, Reason, ReasonKind, Speaks, Wanted
from integrations.workshop.models import Order
from integrations.workshop.stages import stage_of

MOST_LIKELY = 5
"""Customers whose orders are looked up."""


async def open_orders(
    session: AsyncSession, wanted: Wanted, customers: Sequence[CustomerMatch]
) -> tuple[OpenOrder, ...]:
    """Unfinished orders of likely customers, of the plate and of the phones, newest first."""
    likely = [match.customer_id for match in customers if match.certain or match.score >= LIKELY]
    plate = normal_plate(wanted.plate)
    questions: list[tuple[ColumnElement[bool], bool]] = [
        *((Order.customer_id == customer_id, True) for customer_id in likely[:MOST_LIKELY]),
        *((func.normal_phone(Order.client_phone) == phone, True) for phone in wanted.phones),
        (func.normal_plate(Order.plate) == plate, plate is not None),
    ]
    newest = [
        select(Order.id).where(condition).order_by(Order.created_at.desc(), Order.id.desc()).limit(MOST_EACH).subquery()
        for condition, asked in questions
        if asked
    ]
    if not newest:
        return ()
    query = select(Order).where(or_(*(Order.id.in_(select(part.c.id)) for part in newest)))
    rows = await session.scalars(query.order_by(Order.created_at.desc(), Order.id.desc()))
    return tuple(_open_order(wanted, row, likely) for row in rows if stage_of(row.status, row.posicao_patio).is_open)


def _open_order(wanted: Wanted, row: Order, likely: Sequence[UUID]) -> OpenOrder:
    plate = normal_plate(row.plate)
    reasons = []
    if row.customer_id in likely:
        reasons.append(Reason(ReasonKind.OF_CUSTOMER, "A OS é deste cliente."))
    if plate is not None and plate == normal_plate(wanted.plate):
        reasons.append(Reason(ReasonKind.SAME_PLATE, f"A placa da OS é a mesma: {row.plate}."))
    if normal_phone(row.client_phone) in wanted.phones:
        reasons.append(Reason(ReasonKind.SAME_PHONE, "O telefone da OS é o mesmo."))
    if plate and wanted.plate and plate != normal_plate(wanted.plate):
        text = f"A OS é de outra placa: {written_plate(row.plate)}."
        reasons.append(Reason(ReasonKind.OTHER_PLATE, text, Speaks.AGAINST))
    return OpenOrder(
        row.id,
        row.numero_os,
        row.status,
        row.plate,
        row.vehicle,
        row.client_name,
        row.customer_id,
        row.vehicle_id,
        row.data_entrada or row.created_at,
        tuple(reasons),
    )
