"""The labelled set in a real database, every lead put to `find_matches`, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.workshop.matching import Wanted, find_matches
from integrations.workshop.models import Customer, Order, Vehicle
from integrations.workshop.normal.document import read_document
from integrations.workshop.normal.identity import read_email, read_phone, read_plate
from integrations.workshop.normal.vehicle import read_vehicle
from tests.evals.matching.records import LabelledSet, Lead

SHOWN = 5
"""Candidates that a reviewer surely looks at."""


@dataclass
class Outcome:
    """How often the matcher was right. A lead of somebody unknown counts for precision alone."""

    leads: int = 0
    known: int = 0
    merged: int = 0
    merged_rightly: int = 0
    shown: int = 0
    wrong: list[Lead] = field(default_factory=list)
    missed: list[Lead] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of the merges that nobody looked at, the share that was right."""
        return self.merged_rightly / self.merged if self.merged else 1.0

    @property
    def automatic(self) -> float:
        """Of the leads of known customers, the share merged by itself."""
        return self.merged_rightly / self.known

    @property
    def recall(self) -> float:
        """Of the leads of known customers, the share whose customer is among the first shown."""
        return self.shown / self.known

    def count(self, lead: Lead, merged: UUID | None, shown: Sequence[UUID]) -> None:
        """One lead: into whom it was merged by itself, and who is shown first."""
        self.leads += 1
        self.known += lead.truth is not None
        self.merged += merged is not None
        self.merged_rightly += merged is not None and merged == lead.truth
        self.shown += lead.truth in shown
        if merged is not None and merged != lead.truth:
            self.wrong.append(lead)
        if lead.truth is not None and lead.truth not in shown:
            self.missed.append(lead)


def wanted(lead: Lead) -> Wanted:
    """A lead through the readers, as the import does it; what has a problem is left out."""
    phones = (read_phone(phone).value for phone in lead.phones)
    document, car = read_document(lead.document).value, read_vehicle(lead.model).value
    return Wanted(
        name=lead.name,
        phones=tuple(phone for phone in phones if phone is not None),
        document=document.number if document else None,
        email=read_email(lead.email).value,
        plate=read_plate(lead.plate).value,
        brand=car.brand if car else None,
        model=car.model if car else None,
    )


async def measure(session: AsyncSession, leads: Sequence[Lead]) -> Outcome:
    """Put all of them to the matcher."""
    outcome = Outcome()
    for lead in leads:
        matches = await find_matches(session, wanted(lead))
        certain = matches.certain_customer
        shown = [match.customer_id for match in matches.customers[:SHOWN]]
        outcome.count(lead, certain.customer_id if certain else None, shown)
    return outcome


async def store(session: AsyncSession, data: LabelledSet) -> None:
    """Write what the shop has on file; no commit."""
    profiles = [
        {"id": one.id, "full_name": one.full_name, "phone": one.phone, "cpf": one.cpf, "email": one.email}
        for one in data.profiles
    ]
    vehicles = [
        {"customer_id": one.id, "brand": car.brand, "model": car.model, "plate": car.plate}
        for one in data.profiles
        for car in one.cars
    ]
    orders = [
        {
            "numero_os": f"OS-{number}",
            "customer_id": one.customer_id,
            "client_name": one.client_name,
            "client_phone": one.client_phone,
            "plate": one.plate,
            "status": "entregue",
        }
        for number, one in enumerate(data.orders)
    ]
    for table, rows in ((Customer, profiles), (Vehicle, vehicles), (Order, orders)):
        await session.execute(insert(table), rows)
