"""The tool about quotes: items, amounts and what was decided.

Reads only quotes that were sent (`data_orcamento` is set), of the speaker's own orders; cost and margin are out of reach.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from assistant.tools.orders import OrderSummary
from assistant.tools.toolbox import Arguments, Result


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
