"""Stub."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.contact import name_key
from integrations.workshop.models import Customer, Order, Vehicle
from integrations.workshop.stages import stage_of


@dataclass(frozen=True)
class Wanted:
    name: str | None
    phones: tuple[str, ...]
    document: str | None
    email: str | None
    plate: str | None
    brand: str | None
    model: str | None


@dataclass(frozen=True)
class Reason:
    kind: str
    text: str
    speaks_for: bool = True


@dataclass(frozen=True)
class CustomerMatch:
    customer_id: UUID
    full_name: str | None
    phone: str | None
    document: str | None
    score: float
    certain: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class VehicleMatch:
    vehicle_id: UUID
    owner_id: UUID | None
    plate: str | None
    description: str
    certain: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class OpenOrder:
    id: UUID
    numero_os: str
    status: str | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Matches:
    customers: tuple[CustomerMatch, ...] = ()
    vehicles: tuple[VehicleMatch, ...] = ()
    open_orders: tuple[OpenOrder, ...] = ()

    @property
    def certain_customer(self) -> CustomerMatch | None:
        sure = [one for one in self.customers if one.certain]
        return sure[0] if len(sure) == 1 else None


async def find_matches(session: AsyncSession, wanted: Wanted) -> Matches:
    rows = (await session.scalars(select(Customer).where(func.normal_phone(Customer.phone).in_(wanted.phones)))).all()
    customers = tuple(
        CustomerMatch(
            c.id,
            c.full_name,
            c.phone,
            c.cpf,
            0.9,
            name_key(c.full_name) == name_key(wanted.name),
            (Reason("phone", "Mesmo telefone"),),
        )
        for c in rows
    )
    vehicles: tuple[VehicleMatch, ...] = ()
    orders: tuple[OpenOrder, ...] = ()
    if wanted.plate:
        found = (await session.scalars(select(Vehicle).where(func.normal_plate(Vehicle.plate) == wanted.plate))).all()
        vehicles = tuple(VehicleMatch(v.id, v.customer_id, v.plate, v.model, True) for v in found)
        got = (await session.scalars(select(Order).where(func.normal_plate(Order.plate) == wanted.plate))).all()
        orders = tuple(
            OpenOrder(o.id, o.numero_os, o.status) for o in got if stage_of(o.status, o.posicao_patio).is_open
        )
    return Matches(customers, vehicles, orders)
