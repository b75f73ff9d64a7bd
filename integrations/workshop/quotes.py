"""Quotes: the items of orders, what a sent quote adds up to and what the customer decided.

A quote counts as sent when `data_orcamento` is set; before that its prices are nobody's business outside the shop.
Reading only; the cost and margin columns are not mapped and cannot be selected.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.workshop.models import Order, OrderItem
from integrations.workshop.payments import ZERO, told
from integrations.workshop.stages import Stage, plain_key, stage_of


class ItemKind(StrEnum):
    """What a line of a quote is."""

    SERVICE = "service"
    PART = "part"
    OTHER = "other"


class ItemStatus(StrEnum):
    """What the customer decided about a line."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class Decision(StrEnum):
    """What the customer decided about a whole quote."""

    AWAITING = "awaiting"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly_approved"
    REFUSED = "refused"


KINDS = {"servico": ItemKind.SERVICE, "mao_de_obra": ItemKind.SERVICE, "peca": ItemKind.PART}
STATUSES = {"aprovado": ItemStatus.APPROVED, "recusado": ItemStatus.REFUSED}


async def items_of(session: AsyncSession, order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[OrderItem]]:
    """The items of these orders, in the order they were written."""
    query = select(OrderItem).where(OrderItem.ordem_servico_id.in_(order_ids))
    found: dict[UUID, list[OrderItem]] = {}
    for item in await session.scalars(query.order_by(OrderItem.created_at, OrderItem.descricao, OrderItem.id)):
        found.setdefault(item.ordem_servico_id, []).append(item)
    return found


def item_kind(item: OrderItem) -> ItemKind:
    """Service (labour included), part, or other for a word nobody foresaw."""
    return KINDS.get(plain_key(item.tipo), ItemKind.OTHER)


def item_status(item: OrderItem) -> ItemStatus:
    """Pending unless the shop wrote that it was approved or refused."""
    return STATUSES.get(plain_key(item.status), ItemStatus.PENDING)


def item_total(item: OrderItem) -> Decimal | None:
    """The line's total, worked out from the unit price when nobody typed it."""
    if total := told(item.valor_total):
        return total
    unit = told(item.valor_unitario)
    return None if unit is None else (unit * Decimal(item.quantidade or 1)).quantize(ZERO)


def quote_total(order: Order, items: Sequence[OrderItem]) -> Decimal | None:
    """What was quoted: `valor_orcado`, else the sum of the items; None before the quote was sent."""
    if order.data_orcamento is None:
        return None
    return told(order.valor_orcado) or told(sum((item_total(item) or ZERO for item in items), ZERO))


def decision_on(order: Order, items: Sequence[OrderItem]) -> Decision:
    """What the customer decided, from the order's status first and its items second."""
    stage, decided = stage_of(order.status, order.posicao_patio), {item_status(item) for item in items}
    if stage in (Stage.REFUSED, Stage.CANCELLED) or decided == {ItemStatus.REFUSED}:
        return Decision.REFUSED
    if order.data_aprovacao is None and stage in (Stage.DIAGNOSIS, Stage.QUOTING, Stage.AWAITING_APPROVAL):
        return Decision.AWAITING
    if plain_key(order.status) == "parcial" or {ItemStatus.APPROVED, ItemStatus.REFUSED} <= decided:
        return Decision.PARTLY_APPROVED
    approved = order.data_aprovacao is not None or ItemStatus.APPROVED in decided or stage is not Stage.OTHER
    return Decision.APPROVED if approved else Decision.AWAITING
