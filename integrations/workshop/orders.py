"""Service orders as their customer may know them: which are whose, and what their free text means.

An order belongs to a customer by its `customer_id`; without one, by the normal form of `client_phone` or by the login
in `user_id`. Never by plate or OS number. Reading only.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.contact import normal_plate, written_plate
from integrations.workshop.customers import login_of, vehicles_of
from integrations.workshop.models import Order, OrderItem, Payment, Vehicle
from integrations.workshop.payments import Account, account_of, payments_of
from integrations.workshop.quotes import items_of, quote_total
from integrations.workshop.stages import Stage, plain_key, stage_of

NEWEST = 100
"""Orders read for one customer: more than anyone asks about."""

UNNAMED = "veículo"
PLACEHOLDERS = frozenset({"", "a_identificar", "pendente", "nao_informado"})
TRAILING_YEAR = re.compile(r"[\s,/-]*\(?\b((?:19|20)\d{2})\b\)?\s*$")


@dataclass(frozen=True)
class ServiceOrder:
    """An order with its vehicle, items and payments."""

    row: Order
    car: Vehicle | None
    items: Sequence[OrderItem]
    payments: Sequence[Payment]

    @property
    def number(self) -> str:
        return self.row.numero_os

    @property
    def stage(self) -> Stage:
        return stage_of(self.row.status, self.row.posicao_patio)

    @property
    def vehicle(self) -> str:
        """Brand and model as spoken, `VW Gol`; `veículo` when the shop has not named it."""
        if self.car is not None:
            return vehicle_name(self.car)
        typed = TRAILING_YEAR.sub("", self.row.vehicle or "").strip()
        return UNNAMED if plain_key(typed) in PLACEHOLDERS else typed

    @property
    def year(self) -> str | None:
        typed = TRAILING_YEAR.search(self.row.vehicle or "")
        return (self.car.year if self.car else None) or (typed.group(1) if typed else None)

    @property
    def plate(self) -> str | None:
        return written_plate(self.row.plate) or (written_plate(self.car.plate) if self.car else None)

    @property
    def opened_at(self) -> datetime:
        return self.row.data_entrada or self.row.created_at

    @property
    def history(self) -> list[tuple[datetime, Stage]]:
        """When the order reached its stages, oldest first."""
        return stage_history(self.row)

    @property
    def stage_since(self) -> datetime | None:
        """When it reached the stage it is in, if the history's last step is that one."""
        last = self.history[-1:]
        return next((at for at, stage in last if stage is self.stage), None)

    @property
    def account(self) -> Account:
        return account_of(self.row, self.payments, quote_total(self.row, self.items))


async def orders_of(session: AsyncSession, customer_ids: Sequence[UUID], phone: str | None) -> list[ServiceOrder]:
    """The orders of these customers, or of this phone where nobody linked them yet; newest first."""
    newest_first = func.coalesce(Order.data_entrada, Order.created_at).desc()
    query = select(Order).where(_belongs_to(customer_ids, phone)).order_by(newest_first, Order.numero_os).limit(NEWEST)
    rows = (await session.scalars(query)).all()
    if not rows:
        return []
    cars = await _cars_of(session, rows, await vehicles_of(session, customer_ids))
    order_ids = [row.id for row in rows]
    items, payments = await items_of(session, order_ids), await payments_of(session, order_ids)
    return [ServiceOrder(row, cars.get(row.id), items.get(row.id, ()), payments.get(row.id, ())) for row in rows]


def same_number(typed: str, number: str) -> bool:
    """Whether `1042`, `os 1042` or `OS-1042` names order `OS-1042`; a long number also goes by its last part."""
    digits = re.sub(r"\D", "", typed).lstrip("0")
    parts = [part.lstrip("0") for part in re.findall(r"\d+", number)]
    if not digits or not parts:
        return plain_key(typed) == plain_key(number)
    return digits in ("".join(parts), re.sub(r"\D", "", number).lstrip("0"), parts[-1])


def order_name(number: str) -> str:
    """The OS number so that it reads as one: `OS-1042`, also where the shop wrote `1042`."""
    return number if number.upper().startswith("OS") else f"OS-{number}"


def vehicle_name(car: Vehicle) -> str:
    """Brand and model, the brand only once."""
    brand, model = (car.brand or "").strip(), car.model.strip()
    return model if model.lower().startswith(brand.lower()) else f"{brand} {model}"


def stage_history(row: Order) -> list[tuple[datetime, Stage]]:
    """When an order reached its stages, oldest first: the yard's log, filled up from the order's dates."""
    steps = sorted(_logged(row.historico_movimentacao), key=lambda step: step[0])
    dated = (
        (row.data_orcamento, Stage.AWAITING_APPROVAL),
        (row.data_aprovacao, Stage.READY_TO_START),
        (row.data_conclusao, Stage.READY_FOR_PICKUP),
        (row.data_entrega, Stage.DELIVERED),
    )
    known = {stage for _, stage in steps}
    steps += [(at, stage) for at, stage in dated if at is not None and stage not in known]
    return sorted(steps, key=lambda step: step[0])


def _logged(log: object) -> list[tuple[datetime, Stage]]:
    """Entries of `historico_movimentacao`, written by a trigger of the shop's database; others are passed over."""
    entries = log if isinstance(log, list) else []
    moments = [(_moment(entry.get("timestamp")), entry.get("para")) for entry in entries if isinstance(entry, dict)]
    return [(at, stage_of(to, to)) for at, to in moments if at is not None and isinstance(to, str)]


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _belongs_to(customer_ids: Sequence[UUID], phone: str | None) -> ColumnElement[bool]:
    """The one rule of ownership; an order linked to somebody else is never reached by phone or login."""
    same_phone = func.normal_phone(Order.client_phone) == phone if phone is not None else false()
    if not customer_ids:
        return and_(Order.customer_id.is_(None), same_phone)
    unlinked = and_(Order.customer_id.is_(None), or_(same_phone, login_of(customer_ids, Order)))
    return or_(Order.customer_id.in_(customer_ids), unlinked)


async def _cars_of(session: AsyncSession, rows: Sequence[Order], own: Sequence[Vehicle]) -> Mapping[UUID, Vehicle]:
    """The vehicle of each order: the linked one, else the owner's vehicle with that plate."""
    linked_ids = {row.vehicle_id for row in rows if row.vehicle_id is not None}
    linked = {car.id: car for car in await session.scalars(select(Vehicle).where(Vehicle.id.in_(linked_ids)))}
    by_plate = {key: car for car in own if (key := normal_plate(car.plate)) is not None}
    found: dict[UUID, Vehicle] = {}
    for row in rows:
        car = linked.get(row.vehicle_id) if row.vehicle_id else by_plate.get(normal_plate(row.plate) or "")
        if car is not None:
            found[row.id] = car
    return found
