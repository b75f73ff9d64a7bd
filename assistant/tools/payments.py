"""The tool about money: what an order costs, what was paid, what is open, and how it can be paid.

Reads the speaker's own orders; takes no payment and confirms none.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from pydantic import Field

from assistant.tools.orders import own_orders, with_number
from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Arguments, Result, ToolContext
from integrations.brazil import local
from integrations.workshop.models import Payment
from integrations.workshop.orders import ServiceOrder
from integrations.workshop.payments import METHODS, ZERO, PaymentMethod, TotalKind
from integrations.workshop.stages import Stage


class PaymentMade(Result):
    """Money received, R$."""

    amount: Decimal
    method: PaymentMethod
    instalments: int
    paid_at: datetime


class OrderAccount(Result):
    """The account of one order.

    `balance_due` is None while nothing is approved (a quote is no debt), and for a delivered order of which nobody
    recorded a payment.
    """

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


async def payments(terms: ShopTerms, context: ToolContext, arguments: PaymentsArguments) -> PaymentsResult:
    """What the customer's orders cost, what was paid and when, what is still open, and how to pay (R$).

    Call it when the customer asks how much they owe or paid, about instalments, pix, card or boleto. Without an OS
    number it returns all orders that are open or not fully paid, or the latest one when there are none of these.
    """
    orders = await own_orders(context)
    asked = with_number(orders, arguments.order_number) if arguments.order_number else _unsettled(orders)
    accounts = [_account(order) for order in asked]
    return PaymentsResult(
        orders=tuple(accounts),
        total_due=sum((account.balance_due or ZERO for account in accounts), ZERO),
        payment_ways=terms.payment_ways,
        pix_key=terms.pix_key,
    )


def _unsettled(orders: Sequence[ServiceOrder]) -> Sequence[ServiceOrder]:
    return [order for order in orders if order.stage.is_open or order.account.balance] or orders[:1]


def _account(order: ServiceOrder) -> OrderAccount:
    account = order.account
    return OrderAccount(
        number=order.number,
        vehicle=order.vehicle,
        plate=order.plate,
        stage=order.stage,
        total=account.total,
        total_kind=account.kind,
        payments=tuple(_made(payment, payment.paid_at) for payment in order.payments if payment.paid_at),
        paid=account.paid,
        balance_due=account.balance,
    )


def _made(payment: Payment, paid_at: datetime) -> PaymentMade:
    return PaymentMade(
        amount=payment.amount,
        method=METHODS[payment.method],
        instalments=payment.instalments,
        paid_at=local(paid_at),
    )
