"""Tools about the speaker's service orders: where the car is, what it waits for, one order in detail.

Reads through `integrations/workshop`; writes nothing, and knows only the orders that belong to the speaker.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from assistant.tools.toolbox import Arguments, Result, ToolContext
from integrations.brazil import local, local_day
from integrations.contact import normal_plate, written_plate
from integrations.workshop.customers import vehicles_of
from integrations.workshop.models import Vehicle
from integrations.workshop.orders import ServiceOrder, orders_of, same_number, vehicle_name
from integrations.workshop.payments import TotalKind, told
from integrations.workshop.quotes import ItemKind, ItemStatus, item_kind, item_status, quote_total
from integrations.workshop.stages import Stage

RECENT = 5
"""Closed orders offered as candidates."""


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
    stage_since: datetime | None
    """When the order reached its stage; None when nobody recorded it."""
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
    """Stages reached, oldest first."""
    candidates: tuple[OrderSummary, ...]


class MyOrdersArguments(Arguments):
    include_delivered: bool = Field(
        False, description="True to also get orders already delivered, refused or cancelled; default is open ones only."
    )


class OrderDetailsArguments(Arguments):
    order_number: str | None = Field(None, description="The OS number the customer named, e.g. OS-1042 or 1042.")
    plate: str | None = Field(None, description="The plate the customer named; narrows the customer's own orders only.")


async def my_orders(context: ToolContext, arguments: MyOrdersArguments) -> MyOrders:
    """The customer's service orders (OS): stage of each car and since when, forecast, parts it waits for, amounts.

    Call it first whenever the customer asks about their car, its stage, when it will be ready, or what is going on.
    Returns the open orders of the person who is writing, newest first, and their vehicles that have no open order.
    Empty lists mean that this person has none on record.
    """
    orders = await own_orders(context)
    shown = [order for order in orders if order.stage.is_open or arguments.include_delivered]
    idle = await _without_open_order(context, orders)
    return MyOrders(orders=tuple(summary_of(order) for order in shown), vehicles=idle)


async def order_details(context: ToolContext, arguments: OrderDetailsArguments) -> OrderDetails:
    """One service order of the customer in detail: diagnosis, quoted work, history of stages.

    Call it when the customer names an OS number or a plate, or wants to know more about one order. Returns the order;
    or `candidates` when several fit, so that you can ask which; or nothing when the customer has no such order.
    """
    found = _asked_for(await own_orders(context), arguments)
    if len(found) != 1:
        return OrderDetails(
            order=None,
            diagnosis=None,
            work=(),
            history=(),
            candidates=tuple(summary_of(order) for order in found),
        )
    return _details_of(found[0])


async def own_orders(context: ToolContext) -> list[ServiceOrder]:
    """All orders of the speaker, newest first: the only orders any tool sees."""
    return await orders_of(context.session, context.speaker.customer_ids, context.speaker.phone)


def summary_of(order: ServiceOrder) -> OrderSummary:
    """What a customer may know about an order, in short."""
    row, stage, account = order.row, order.stage, order.account
    return OrderSummary(
        number=order.number,
        vehicle=order.vehicle,
        year=order.year,
        plate=order.plate,
        stage=stage,
        stage_since=_local(order.stage_since),
        is_open=stage.is_open,
        opened_on=local_day(order.opened_at),
        delivered_on=delivery_day(order),
        problem=row.descricao_problema,
        expected_at=_local(row.data_previsao_entrega)
        if stage.is_open and stage is not Stage.READY_FOR_PICKUP
        else None,
        waiting_parts=_waiting_parts(order),
        quote_sent_at=_local(row.data_orcamento),
        quote_total=quote_total(row, order.items),
        approved_total=told(row.valor_aprovado),
        total=account.total,
        total_kind=account.kind,
        paid=account.paid,
        balance_due=account.balance,
    )


def delivery_day(order: ServiceOrder) -> date | None:
    """When the customer got the car back, if they did and somebody noted it."""
    moment = order.row.data_entrega or order.row.data_conclusao
    return local_day(moment) if moment is not None and order.stage is Stage.DELIVERED else None


def with_plate(orders: Sequence[ServiceOrder], plate: str) -> list[ServiceOrder]:
    """Those of these orders whose vehicle has the plate, in its old or its Mercosul form."""
    key = normal_plate(plate)
    return [order for order in orders if key is not None and normal_plate(order.plate) == key]


def with_number(orders: Sequence[ServiceOrder], number: str) -> list[ServiceOrder]:
    """Those of these orders that the typed OS number names."""
    return [order for order in orders if same_number(number, order.number)]


def _asked_for(orders: Sequence[ServiceOrder], arguments: OrderDetailsArguments) -> Sequence[ServiceOrder]:
    """The orders a question fits: the named one, else the open ones, else the latest."""
    if arguments.order_number:
        orders = with_number(orders, arguments.order_number)
    if arguments.plate:
        orders = with_plate(orders, arguments.plate)
    open_orders = [order for order in orders if order.stage.is_open]
    if arguments.order_number:
        return orders
    return open_orders or (orders[:1] if arguments.plate else orders[:RECENT])


def _details_of(order: ServiceOrder) -> OrderDetails:
    history = tuple(StageChange(at=local(at), stage=stage) for at, stage in order.history)
    sent = order.row.data_orcamento is not None
    return OrderDetails(
        order=summary_of(order),
        diagnosis=order.row.diagnostico,
        work=tuple(item.descricao for item in order.items if sent and item_status(item) is not ItemStatus.REFUSED),
        history=history,
        candidates=(),
    )


def _waiting_parts(order: ServiceOrder) -> tuple[WaitingPart, ...]:
    """The parts on their way, while the order waits for parts."""
    if order.stage is not Stage.AWAITING_PARTS:
        return ()
    return tuple(
        WaitingPart(description=item.descricao, expected_on=item.previsao_chegada)
        for item in order.items
        if item.previsao_chegada
        and item_kind(item) is not ItemKind.SERVICE
        and item_status(item) is not ItemStatus.REFUSED
    )


async def _without_open_order(context: ToolContext, orders: Sequence[ServiceOrder]) -> tuple[VehicleInfo, ...]:
    busy = [order for order in orders if order.stage.is_open]
    ids, plates = {order.car.id for order in busy if order.car}, {normal_plate(order.plate) for order in busy}
    cars = await vehicles_of(context.session, context.speaker.customer_ids)
    idle = [car for car in cars if car.id not in ids and (normal_plate(car.plate) or car.id) not in plates]
    return tuple(_vehicle_info(car) for car in idle)


def _vehicle_info(car: Vehicle) -> VehicleInfo:
    return VehicleInfo(vehicle=vehicle_name(car), year=car.year, plate=written_plate(car.plate))


def _local(moment: datetime | None) -> datetime | None:
    return local(moment) if moment is not None else None
