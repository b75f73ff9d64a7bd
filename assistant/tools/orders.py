"""Tools about the speaker's service orders: where the car is, what it waits for, one order in detail.

Reads through `integrations/workshop`; writes nothing, and knows only the orders that belong to the speaker.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from assistant.tools.toolbox import Arguments, Result
from integrations.workshop.stages import Stage


class TotalKind(StrEnum):
    """What a total rests on: `final` and `approved` are owed, `quoted` is only an offer."""

    FINAL = "final"
    APPROVED = "approved"
    QUOTED = "quoted"


class VehicleInfo(Result):
    """A vehicle of the speaker. `plate` is written without hyphen; None when the record holds none."""

    vehicle: str
    year: str | None
    plate: str | None


class WaitingPart(Result):
    """A part the order waits for."""

    description: str
    expected_on: date | None


class OrderSummary(Result):
    """One service order in short. Amounts are R$; a price appears only once its quote was sent."""

    number: str
    """As the shop writes it, e.g. `OS-1042`."""
    vehicle: str
    """Brand and model as spoken, e.g. `VW Gol`."""
    year: str | None
    plate: str | None
    stage: Stage
    is_open: bool
    opened_on: date | None
    delivered_on: date | None
    problem: str | None
    expected_at: datetime | None
    """When the car should be ready, by the shop's forecast; None when there is none."""
    waiting_parts: tuple[WaitingPart, ...]
    quote_sent_at: datetime | None
    quote_total: Decimal | None
    approved_total: Decimal | None
    total: Decimal | None
    """What the order costs, as far as it is known; `total_kind` says on what it rests."""
    total_kind: TotalKind | None
    paid: Decimal
    balance_due: Decimal | None
    """`total` less what was paid; None while nothing is approved."""


class StageChange(Result):
    """A step in an order's history."""

    at: datetime
    stage: Stage


class MyOrders(Result):
    """The speaker's orders, newest first, and the vehicles that have no open order."""

    orders: tuple[OrderSummary, ...]
    vehicles: tuple[VehicleInfo, ...]


class OrderDetails(Result):
    """One order with its history, or `candidates` when the question fits several; both empty when it fits none."""

    order: OrderSummary | None
    diagnosis: str | None
    work: tuple[str, ...]
    """Descriptions of the services and parts of a quote that was sent, without the refused ones."""
    history: tuple[StageChange, ...]
    """Oldest first; the last entry tells since when the order is in its stage."""
    candidates: tuple[OrderSummary, ...]


class MyOrdersArguments(Arguments):
    include_delivered: bool = Field(
        False, description="True to also get orders already delivered, refused or cancelled; default is open ones only."
    )


class OrderDetailsArguments(Arguments):
    order_number: str | None = Field(None, description="The OS number the customer named, e.g. OS-1042 or 1042.")
    plate: str | None = Field(None, description="The plate the customer named; narrows the customer's own orders only.")
