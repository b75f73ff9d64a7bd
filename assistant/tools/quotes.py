"""The tool about quotes: items, amounts and what was decided.

Reads only quotes that were sent, of the speaker's own orders; cost and margin are out of reach.
"""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from assistant.tools.orders import OrderSummary, own_orders, summary_of, with_number
from assistant.tools.toolbox import Arguments, Result, ToolContext
from integrations.brazil import local, money, number
from integrations.workshop.models import OrderItem
from integrations.workshop.orders import ServiceOrder
from integrations.workshop.payments import told
from integrations.workshop.quotes import (
    Decision,
    ItemKind,
    ItemStatus,
    decision_on,
    item_kind,
    item_status,
    item_total,
    quote_total,
)


class QuoteItem(Result):
    """A line of a quote; `total` in R$, None when the shop left it open."""

    description: str
    kind: ItemKind
    quantity: Decimal
    total: Decimal | None
    status: ItemStatus


class Quote(Result):
    """A quote that was sent. `total` covers all its items, also refused ones; `approved_total` what was approved."""

    number: str
    vehicle: str
    plate: str | None
    sent_at: datetime
    total: Decimal | None
    approved_total: Decimal | None
    decision: Decision
    items: tuple[QuoteItem, ...]


class QuoteResult(Result):
    """The quotes that fit the question, newest first, and the open orders whose quote was not sent yet."""

    quotes: tuple[Quote, ...]
    without_quote: tuple[OrderSummary, ...]


class QuoteArguments(Arguments):
    order_number: str | None = Field(
        None, description="The OS number the customer named; leave out for the quotes of all open orders."
    )


def item_line(item: QuoteItem) -> str:
    """`- Óleo do câmbio: R$ 450,00`, with the count where there are several."""
    count = f", {number(item.quantity)} unidades" if item.quantity != 1 else ""
    return f"- {item.description}{count}: {money(item.total) if item.total is not None else 'valor a confirmar'}"


async def quote(context: ToolContext, arguments: QuoteArguments) -> QuoteResult:
    """The quotes (orçamentos) the shop sent to this customer, with items, amounts in R$ and what was decided.

    Call it when the customer asks how much the repair costs, what is in the quote, or wants to approve or refuse it.
    Without an OS number it returns the quotes of all open orders. `without_quote` lists orders whose quote was not sent
    yet: no price may be named for those.
    """
    orders = await own_orders(context)
    if arguments.order_number:
        asked = with_number(orders, arguments.order_number)
    else:
        asked = [order for order in orders if order.stage.is_open]
    quotes = [_quote_of(order, sent) for order in asked if (sent := order.row.data_orcamento) is not None]
    return QuoteResult(
        quotes=tuple(quotes),
        without_quote=tuple(summary_of(order) for order in asked if order.row.data_orcamento is None),
    )


def _quote_of(order: ServiceOrder, sent: datetime) -> Quote:
    return Quote(
        number=order.number,
        vehicle=order.vehicle,
        plate=order.plate,
        sent_at=local(sent),
        total=quote_total(order.row, order.items),
        approved_total=told(order.row.valor_aprovado),
        decision=decision_on(order.row, order.items),
        items=tuple(item_of(item) for item in order.items),
    )


def item_of(item: OrderItem) -> QuoteItem:
    """A line of an order as a customer may see it."""
    return QuoteItem(
        description=item.descricao,
        kind=item_kind(item),
        quantity=Decimal(item.quantidade or 1),
        total=item_total(item),
        status=item_status(item),
    )
