"""The tool about money: what an order costs, what was paid, what is open, and how it can be paid.

Reads the speaker's own orders; takes no payment and confirms none.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from assistant.tools.orders import TotalKind
from assistant.tools.toolbox import Arguments, Result
from integrations.workshop.stages import Stage


class PaymentMethod(StrEnum):
    """How somebody paid; the value is the word customers use."""

    PIX = "pix"
    CARD = "cartão"
    CASH = "dinheiro"
    BOLETO = "boleto"


class PaymentMade(Result):
    """Money received, R$."""

    amount: Decimal
    method: PaymentMethod
    instalments: int
    paid_at: datetime


class OrderAccount(Result):
    """The account of one order. `balance_due` is None while nothing is approved: a quote is no debt."""

    number: str
    vehicle: str
    plate: str | None
    stage: Stage
    total: Decimal | None
    total_kind: TotalKind | None
    payments: tuple[PaymentMade, ...]
    paid: Decimal
    balance_due: Decimal | None


class PaymentsResult(Result):
    """Accounts of the orders that fit the question, and the shop's ways to be paid."""

    orders: tuple[OrderAccount, ...]
    total_due: Decimal
    """Sum of the balances of these orders."""
    payment_ways: str
    pix_key: str | None
    """Exactly as the shop wrote it; None when none is configured: then the shop gives it in person."""


class PaymentsArguments(Arguments):
    order_number: str | None = Field(
        None, description="The OS number the customer named; leave out for all orders that are open or not fully paid."
    )
