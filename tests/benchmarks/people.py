"""Customers whom nobody can mix up: each has a name of their own, the known ones a vehicle, plate and OS as well."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from integrations.workshop.demo_orders import demo_id
from integrations.workshop.models import Customer, Order, Vehicle

SYLLABLES = tuple(consonant + vowel for consonant in "bcdfglmnprstvz" for vowel in "aeiou")
KNOWN_SHARE = 10
"""Every tenth customer is in the shop's database."""


@dataclass(frozen=True)
class Person:
    """One customer of the crowd. `plate`, `model` and `order` exist in the database only for the known ones."""

    number: int

    @property
    def known(self) -> bool:
        return self.number % KNOWN_SHARE == 0

    @property
    def phone(self) -> str:
        return f"55119{70000000 + self.number}"

    @property
    def name(self) -> str:
        return f"{self._stem}xy".capitalize()

    @property
    def model(self) -> str:
        return f"{self._stem}kar".capitalize()

    @property
    def plate(self) -> str:
        return f"KRX{self.number // 100 % 10}{'ABCDEFGHIJ'[self.number // 1000 % 10]}{self.number % 100:02d}"

    @property
    def order(self) -> str:
        return f"OS-{20000 + self.number}"

    @property
    def messages(self) -> tuple[str, ...]:
        """What they write: the known ones a burst of two, all of it one turn."""
        return ("oi, bom dia", "cadê meu carro?") if self.known else ("oi, bom dia, cadê meu carro?",)

    @property
    def marks(self) -> frozenset[str]:
        """Words that only a reply to this customer may hold."""
        return frozenset({self.name, self.model, self.plate, self.order})

    @property
    def _stem(self) -> str:
        more, second = divmod(self.number, len(SYLLABLES))
        third, first = divmod(more, len(SYLLABLES))
        return SYLLABLES[first] + SYLLABLES[second] + (SYLLABLES[third] if third else "")


def words(text: str) -> set[str]:
    """The words of a reply, OS numbers and plates whole."""
    return set(re.findall(r"[\w-]+", text))


async def add_known(session: AsyncSession, crowd: Sequence[Person], now: datetime) -> None:
    """Write the known customers with one open order each; no commit."""
    known = [person for person in crowd if person.known]
    session.add_all(_customer(person) for person in known)
    await session.flush()
    session.add_all(_vehicle(person) for person in known)
    await session.flush()
    session.add_all(_order(person, now) for person in known)


def _customer_id(person: Person) -> UUID:
    return demo_id(f"crowd {person.number}")


def _customer(person: Person) -> Customer:
    return Customer(id=_customer_id(person), full_name=f"{person.name} Silva", phone=f"+{person.phone}")


def _vehicle(person: Person) -> Vehicle:
    return Vehicle(
        id=demo_id(person.plate),
        customer_id=_customer_id(person),
        brand="VW",
        model=person.model,
        plate=person.plate,
        year="2019",
    )


def _order(person: Person, now: datetime) -> Order:
    return Order(
        id=demo_id(person.order),
        numero_os=person.order,
        customer_id=_customer_id(person),
        vehicle_id=demo_id(person.plate),
        plate=person.plate,
        status="diagnostico",
        posicao_patio="diagnostico",
        data_entrada=now - timedelta(days=1),
        descricao_problema="barulho na suspensão dianteira",
    )
