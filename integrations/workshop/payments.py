"""What orders cost, what was paid and what is open, in R$.

The shop's application fills its amount columns with 0 until somebody types a price, so 0 means "not told" here.
Reading only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.workshop.models import Order, Payment
from integrations.workshop.stages import Stage, stage_of

ZERO = Decimal("0.00")


class TotalKind(StrEnum):
    """What a total rests on: `final` and `approved` are owed, `quoted` is only an offer."""

    FINAL = "final"
    APPROVED = "approved"
    QUOTED = "quoted"


class PaymentMethod(StrEnum):
    """How somebody paid; the value is the word customers use."""

    PIX = "pix"
    CARD = "cartão"
    CASH = "dinheiro"
    BOLETO = "boleto"


METHODS = {"cartao": PaymentMethod.CARD, **{method.value: method for method in PaymentMethod}}
"""From the words of the table to the words of customers."""


@dataclass(frozen=True)
class Account:
    """The money of one order."""

    total: Decimal | None
    kind: TotalKind | None
    paid: Decimal
    balance: Decimal | None
    """Never negative. None when nothing is owed yet, or when nobody recorded how a delivered order was paid."""


async def payments_of(session: AsyncSession, order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Payment]]:
    """Money received for these orders, oldest first; expected payments are left out."""
    query = select(Payment).where(Payment.ordem_servico_id.in_(order_ids), Payment.paid_at.is_not(None))
    received: dict[UUID, list[Payment]] = {}
    for payment in await session.scalars(query.order_by(Payment.paid_at, Payment.id)):
        received.setdefault(payment.ordem_servico_id, []).append(payment)
    return received


def told(amount: Decimal | None) -> Decimal | None:
    """The amount, or None when it was never typed."""
    return amount if amount is not None and amount > 0 else None


def account_of(order: Order, payments: Sequence[Payment], quoted: Decimal | None) -> Account:
    """The account of an order: `valor_final`, else `valor_aprovado`, else the quote that was sent.

    A refused or cancelled order owes only what has a final amount. Delivered orders from before payments were
    recorded have none, which does not make them debts.
    """
    stage = stage_of(order.status, order.posicao_patio)
    total, kind = _total(order, stage, quoted)
    paid = sum((payment.amount for payment in payments), ZERO)
    owed = kind in (TotalKind.FINAL, TotalKind.APPROVED) and (stage is not Stage.DELIVERED or bool(payments))
    return Account(total, kind, paid, max(total - paid, ZERO) if owed and total is not None else None)


def _total(order: Order, stage: Stage, quoted: Decimal | None) -> tuple[Decimal | None, TotalKind | None]:
    if final := told(order.valor_final):
        return final, TotalKind.FINAL
    if stage in (Stage.REFUSED, Stage.CANCELLED):
        return None, None
    if approved := told(order.valor_aprovado):
        return approved, TotalKind.APPROVED
    return (quoted, TotalKind.QUOTED) if quoted else (None, None)
