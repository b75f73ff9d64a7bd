"""Writing down what a customer decided about a quote: order and items change together, for one version of the quote.

The version names everything the customer was told. A quote that has changed since is refused with `QuoteChanged`, and
nothing is written. Takes a session, never commits.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.workshop.models import Order, OrderItem
from integrations.workshop.payments import ZERO, told
from integrations.workshop.quotes import Decision, decision_on, item_total, items_of, quote_total

log = structlog.get_logger(__name__)

LONGEST_REASON = 500


class Verdict(StrEnum):
    """What a customer decides about a quote."""

    APPROVE = "approve"
    APPROVE_PART = "approve_part"
    REFUSE = "refuse"


class QuoteChanged(Exception):
    """The quote is not the one that was decided on, or it has been decided meanwhile."""


@dataclass(frozen=True)
class QuoteVerdict:
    """A decision on one version of one quote. `approved` are item ids; empty unless `APPROVE_PART`."""

    order_id: UUID
    version: str
    verdict: Verdict
    approved: frozenset[UUID] = frozenset()
    reason: str | None = None


def quote_version(order: Order, items: Sequence[OrderItem]) -> str:
    """A fingerprint of what a quote says: amounts, items and where the decision stands."""
    said = [
        str(order.id),
        str(quote_total(order, items)),
        decision_on(order, items).value,
        sorted([str(item.id), item.descricao, str(item.quantidade), str(item_total(item))] for item in items),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:32]


def part_total(order: Order, items: Sequence[OrderItem], approved: Collection[UUID]) -> Decimal | None:
    """What the approved items cost together; None when that cannot be said.

    It cannot when a price is open, or when the quote's total is not the sum of its items: a consultant gave a discount
    on the whole, and only they can say what is left of it.
    """
    totals = {item.id: item_total(item) for item in items}
    known = [total for total in totals.values() if total is not None]
    if len(known) < len(totals) or sum(known, ZERO) != quote_total(order, items):
        return None
    return sum((total for item_id, total in totals.items() if item_id in approved and total is not None), ZERO)


async def decide_quote(session: AsyncSession, verdict: QuoteVerdict, now: datetime) -> Order:
    """Write the decision down; raises `QuoteChanged`."""
    query = select(Order).where(Order.id == verdict.order_id).with_for_update()
    order = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if order is None:
        raise QuoteChanged
    # The items are locked too: the shop's application changes them without touching the order.
    locked = select(OrderItem.id).where(OrderItem.ordem_servico_id == order.id).with_for_update()
    await session.execute(locked)
    items = (await items_of(session, [order.id])).get(order.id, ())
    if decision_on(order, items) is not Decision.AWAITING or quote_version(order, items) != verdict.version:
        raise QuoteChanged
    match verdict.verdict:
        case Verdict.REFUSE:
            _refuse(order, items, verdict.reason)
        case Verdict.APPROVE:
            _approve(order, items, {item.id for item in items}, quote_total(order, items), now)
        case Verdict.APPROVE_PART:
            _approve(order, items, verdict.approved, part_total(order, items, verdict.approved), now)
    order.updated_at = now
    await session.flush()
    log.info("quote.decided", order=str(order.id), verdict=verdict.verdict)
    return order


def _approve(
    order: Order, items: Sequence[OrderItem], approved: Collection[UUID], total: Decimal | None, now: datetime
) -> None:
    if told(total) is None:
        raise QuoteChanged
    for item in items:
        item.status = "aprovado" if item.id in approved else "recusado"
    whole = all(item.id in approved for item in items)
    order.status = "aprovado" if whole else "parcial"
    order.valor_aprovado, order.data_aprovacao = total, now


def _refuse(order: Order, items: Sequence[OrderItem], reason: str | None) -> None:
    for item in items:
        item.status = "recusado"
    order.status, order.motivo_recusa = "recusado", (reason or "")[:LONGEST_REASON] or None
