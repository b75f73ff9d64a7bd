"""Which customers are worth a comparison: those that share a phone, document, e-mail, plate or the sound of a name.

Each question is answered by one index and stops after `MOST_EACH` rows, or `MOST_BY_NAME`, in the index's own order: a
placeholder that thousands share costs no more than any other, and the same question always finds the same rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    bindparam,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.contact import normal_plate
from integrations.workshop.matching.shapes import Wanted
from integrations.workshop.matching.sounds import keys_to_find
from integrations.workshop.models import Customer, Order, Vehicle

MOST_EACH = 50
"""Rows read for one question."""

MOST_BY_NAME = 20
"""Rows read for one key of a name: whoever has nothing but a common name in common cannot be told from the others."""


class Way(StrEnum):
    """How a customer was found."""

    PHONE = "phone"
    DOCUMENT = "document"
    EMAIL = "email"
    OWNS_PLATE = "owns_plate"
    ORDER_PHONE = "order_phone"
    ORDER_PLATE = "order_plate"
    NAME = "name"


@dataclass(frozen=True)
class Candidate:
    """A customer with the ways that led to them."""

    customer: Customer
    ways: frozenset[Way] = field(default_factory=frozenset)


async def find_candidates(session: AsyncSession, wanted: Wanted) -> list[Candidate]:
    """The customers worth a comparison, in a fixed order."""
    query = _question(wanted)
    if query is None:
        return []
    ways: dict[UUID, set[Way]] = {}
    for customer_id, way in await session.execute(query):
        ways.setdefault(customer_id, set()).add(Way(way))
    customers = await session.scalars(select(Customer).where(Customer.id.in_(ways)).order_by(Customer.id))
    return [Candidate(customer, frozenset(ways[customer.id])) for customer in customers]


def _question(wanted: Wanted) -> CompoundSelect[UUID, str] | None:
    """All questions in one statement."""
    parts = [
        *_by_customer(wanted),
        *_by_name(wanted.name),
        *_by_plate(normal_plate(wanted.plate)),
        *_by_order_phone(wanted.phones),
    ]
    if not parts:
        return None
    limited = (part.subquery() for part in parts)
    return union_all(*(select(part.c[0], part.c[1]) for part in limited))


def _by_customer(wanted: Wanted) -> list[Select[UUID, str]]:
    keys: list[tuple[Way, ColumnElement[str | None], str | None]] = [
        *((Way.PHONE, func.normal_phone(Customer.phone), phone) for phone in wanted.phones),
        (Way.DOCUMENT, func.normal_document(Customer.cpf), wanted.document),
        (Way.EMAIL, func.normal_email(Customer.email), wanted.email),
    ]
    return [
        select(Customer.id, literal(way.value)).where(column == key).order_by(Customer.id).limit(MOST_EACH)
        for way, column, key in keys
        if key is not None
    ]


def _by_name(full_name: str | None) -> list[Select[UUID, str]]:
    """Each index once, for all keys of the name."""
    keys = keys_to_find(full_name)
    if not keys:
        return []
    listed = func.unnest(bindparam(None, list(keys), ARRAY(Text))).table_valued("key").render_derived(name="listed")
    heard = (func.name_ends(Customer.full_name), func.name_start(Customer.full_name))
    alike = [
        select(Customer.id).where(column == listed.c.key).order_by(Customer.id).limit(MOST_BY_NAME).lateral()
        for column in heard
    ]
    return [select(found.c.id, literal(Way.NAME.value)).select_from(listed).join(found, true()) for found in alike]


def _by_plate(plate: str | None) -> list[Select[UUID, str]]:
    """The owner of the car, and whoever brought it."""
    if plate is None:
        return []
    cars = select(Vehicle.id, Vehicle.customer_id, Vehicle.user_id).where(func.normal_plate(Vehicle.plate) == plate)
    car = cars.order_by(Vehicle.id).limit(MOST_EACH).subquery()
    linked = select(car.c.customer_id, literal(Way.OWNS_PLATE.value)).where(car.c.customer_id.is_not(None))
    login = select(Customer.id, literal(Way.OWNS_PLATE.value)).join(car, Customer.user_id == car.c.user_id)
    brought = _orders(func.normal_plate(Order.plate) == plate, Way.ORDER_PLATE)
    return [linked, login.where(car.c.customer_id.is_(None)), brought]


def _by_order_phone(phones: Sequence[str]) -> list[Select[UUID, str]]:
    return [_orders(func.normal_phone(Order.client_phone) == phone, Way.ORDER_PHONE) for phone in phones]


def _orders(condition: ColumnElement[bool], way: Way) -> Select[UUID, str]:
    """The customers of the newest orders."""
    newest = select(Order.customer_id).where(condition).order_by(Order.created_at.desc(), Order.id.desc())
    found = newest.limit(MOST_EACH).subquery()
    return select(found.c.customer_id, literal(way.value)).where(found.c.customer_id.is_not(None))


async def vehicles_by_owner(session: AsyncSession, candidates: Sequence[Candidate]) -> Mapping[UUID, list[Vehicle]]:
    """The vehicles of these customers, by `customer_id` or, without one, by their login."""
    owners = {c.customer.user_id: c.customer.id for c in candidates if c.customer.user_id is not None}
    ids = [candidate.customer.id for candidate in candidates]
    by_login = Vehicle.customer_id.is_(None) & Vehicle.user_id.in_(owners)
    query = select(Vehicle).where(or_(Vehicle.customer_id.in_(ids), by_login)).order_by(Vehicle.id).limit(MOST_EACH * 4)
    found: dict[UUID, list[Vehicle]] = {}
    for car in await session.scalars(query):
        owner = car.customer_id or (owners.get(car.user_id) if car.user_id else None)
        if owner is not None:
            found.setdefault(owner, []).append(car)
    return found
