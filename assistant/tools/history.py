"""The tool about past visits: what was done, when, for how much, and whether its warranty still runs.

Reads delivered orders of the speaker only; refused items count as not done.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pydantic import Field

from assistant.tools.orders import delivery_day, own_orders, with_plate
from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Arguments, Result, ToolContext
from integrations.brazil import local_day
from integrations.workshop.models import OrderItem
from integrations.workshop.orders import ServiceOrder
from integrations.workshop.payments import TotalKind
from integrations.workshop.quotes import ItemKind, ItemStatus, item_kind, item_status
from integrations.workshop.stages import Stage
from integrations.workshop.warranty import days_for, last_day


class ItemsWarranty(Result):
    """What the shop's rule gives for some of the items of a visit. Whether it covers a repair, a person decides."""

    items: tuple[str, ...]
    warranty_days: int
    warranty_until: date | None
    """The last day; None when the date of delivery is unknown."""
    runs: bool


class Visit(Result):
    """A delivered order. `total` in R$."""

    number: str
    vehicle: str
    plate: str | None
    opened_on: date | None
    delivered_on: date | None
    problem: str | None
    services: tuple[str, ...]
    parts: tuple[str, ...]
    total: Decimal | None
    warranties: tuple[ItemsWarranty, ...] = ()
    """One for each number of days that its items have, the longest first."""
    warranty_until: date | None
    """Last day of the longest of them; None when the date of delivery is unknown."""
    under_warranty: bool
    """Whether the longest of them still runs."""


class ServiceHistory(Result):
    """The speaker's past visits, latest first."""

    visits: tuple[Visit, ...]
    warranty_days: int
    """The general rule; `warranties` of a visit say what its items have."""


class ServiceHistoryArguments(Arguments):
    plate: str | None = Field(None, description="The plate the customer named; narrows the customer's own visits only.")


async def service_history(terms: ShopTerms, context: ToolContext, arguments: ServiceHistoryArguments) -> ServiceHistory:
    """The customer's past visits: dates, services done, parts changed, total in R$, and until when the warranty runs.

    Call it when the customer asks what was done before, when the last service was, or whether something is under
    warranty. Returns delivered orders only, latest first; `warranty_days` is the shop's general rule, `warranties` what
    the rule gives for the items of a visit. Tell dates only: whether a repair is covered, a person decides.
    """
    orders = [order for order in await own_orders(context) if order.stage is Stage.DELIVERED]
    if arguments.plate:
        orders = with_plate(orders, arguments.plate)
    visits = [_visit(order, terms, local_day(context.now)) for order in orders]
    visits.sort(key=lambda visit: visit.delivered_on or date.min, reverse=True)
    return ServiceHistory(visits=tuple(visits), warranty_days=terms.warranty_days)


def _visit(order: ServiceOrder, terms: ShopTerms, today: date) -> Visit:
    delivered, account, done = delivery_day(order), order.account, _done(order.items)
    warranties = _warranties(done, delivered, terms, today)
    return Visit(
        number=order.number,
        vehicle=order.vehicle,
        plate=order.plate,
        opened_on=local_day(order.opened_at),
        delivered_on=delivered,
        problem=order.row.descricao_problema,
        services=tuple(item.descricao for item in done if item_kind(item) is not ItemKind.PART),
        parts=tuple(item.descricao for item in done if item_kind(item) is ItemKind.PART),
        total=account.total if account.kind is not TotalKind.QUOTED else None,
        warranties=warranties,
        warranty_until=warranties[0].warranty_until,
        under_warranty=warranties[0].runs,
    )


def _warranties(
    done: Sequence[OrderItem], delivered: date | None, terms: ShopTerms, today: date
) -> tuple[ItemsWarranty, ...]:
    """The items by their days of warranty; one general warranty where no item was written down."""
    by_days: dict[int, list[str]] = {} if done else {terms.warranty_days: []}
    for item in done:
        days = days_for(item.descricao, terms.warranty_rules, terms.warranty_days)
        by_days.setdefault(days, []).append(item.descricao)
    return tuple(
        ItemsWarranty(
            items=tuple(items),
            warranty_days=days,
            warranty_until=until,
            runs=until is not None and today <= until,
        )
        for days, items in sorted(by_days.items(), reverse=True)
        for until in [last_day(delivered, days) if delivered else None]
    )


def _done(items: Sequence[OrderItem]) -> Sequence[OrderItem]:
    """The approved items; all but the refused ones where the shop noted no approval."""
    approved = [item for item in items if item_status(item) is ItemStatus.APPROVED]
    return approved or [item for item in items if item_status(item) is not ItemStatus.REFUSED]
