"""A prepared account with leads in it, and a shop that imports them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from integrations.database import Sessions, transaction
from integrations.kommo.client import KommoClient
from integrations.kommo.importer.history import Reviewer
from integrations.kommo.importer.importing import Decision, Imported, import_candidate
from integrations.kommo.importer.leadwrites import send_lead_write
from integrations.kommo.importer.models import Candidate, ImportRun, LeadWrite
from integrations.kommo.importer.reviewing import review
from integrations.kommo.importer.runs import Source, run_import, start_run
from integrations.kommo.mapping.meanings import Meaning
from integrations.kommo.mapping.naming import read_stage
from integrations.kommo.mapping.store import remember_fields, save_stages
from integrations.kommo.sandbox.settings import SandboxSettings
from integrations.kommo.setup.shortcuts import ensure_lead_fields
from integrations.kommo.setup.wanted import LeadField
from integrations.workshop.models import Customer, Order, Vehicle
from tests.integrations.kommo.conftest import StandIn, running

BIA = Reviewer(7, "Bia Souza")
QUALIFIED = "Orçamento Aprovado"


@dataclass
class Office:
    """The shop's side and Kommo's side of the import."""

    kommo: StandIn
    client: KommoClient
    sessions: Sessions
    fields: dict[str, int]
    stages: dict[str, int]

    async def lead(
        self,
        name: str = "Rita Nunes",
        phone: str = "+55 11 98111-2233",
        *,
        price: int = 1870,
        stage: str = QUALIFIED,
        **said: str,
    ) -> int:
        """A lead with its contact, as somebody qualified it in Kommo; its id."""
        fields = {"PLATE": "BRA2E19", "MODEL": "VW Gol 1.6 2019", "PROBLEM": "barulho na suspensão"} | said
        phones: dict[str, object] = {"field_code": "PHONE", "values": [{"value": phone, "enum_code": "WORK"}]}
        [contact] = await self.kommo.adds(
            "contacts", [{"name": name, "custom_fields_values": [phones] if phone else []}]
        )
        values = [
            {"field_id": self.fields[LeadField[key].value], "values": [{"value": value}]}
            for key, value in fields.items()
            if value
        ]
        row: dict[str, object] = {
            "name": f"Lead de {name}",
            "price": price,
            "status_id": self.stages[stage],
            "custom_fields_values": values,
            "_embedded": {"contacts": [{"id": contact, "is_main": True}]},
        }
        return (await self.kommo.adds("leads", [row]))[0]

    async def change_lead(self, lead_id: int, **changes: object) -> None:
        """Somebody edits the lead in Kommo: `stage`, `price`, or a field by its `LeadField` name."""
        body: dict[str, Any] = {}
        for key, value in changes.items():
            if key == "stage":
                body["status_id"] = self.stages[str(value)]
            elif key == "price":
                body["price"] = value
            else:
                entry = {"field_id": self.fields[LeadField[key].value], "values": [{"value": value}]}
                body.setdefault("custom_fields_values", []).append(entry)
        headers = {"authorization": f"Bearer {self.kommo.token}"}
        answer = await self.kommo.hand.patch(f"/api/v4/leads/{lead_id}", json=body, headers=headers)
        assert answer.is_success, answer.text

    async def in_kommo(self, lead_id: int) -> dict[str, Any]:
        """The lead as the account has it, its notes' texts under `notes`."""
        headers = {"authorization": f"Bearer {self.kommo.token}"}
        found: dict[str, Any] = (await self.kommo.hand.get(f"/api/v4/leads/{lead_id}", headers=headers)).json()
        notes = await self.kommo.hand.get(f"/api/v4/leads/{lead_id}/notes", headers=headers)
        rows = notes.json()["_embedded"]["notes"] if notes.content else []
        return {**found, "notes": [note["params"].get("text", "") for note in rows]}

    async def look(self) -> ImportRun:
        """Somebody presses the button, and the worker does its part."""
        async with transaction(self.sessions) as session:
            run, _ = await start_run(session, Source.BUTTON, BIA.name)
        await run_import(self.sessions, self.client, run.id)
        async with transaction(self.sessions) as session:
            return await session.get_one(ImportRun, run.id)

    async def candidate(self, lead_id: int) -> Candidate:
        async with transaction(self.sessions) as session:
            return (await session.scalars(select(Candidate).where(Candidate.lead_id == lead_id))).one()

    async def decide(self, candidate: Candidate, customer: UUID | None = None, by: Reviewer = BIA) -> Imported:
        """Import it as a person does who looked at everything that the page shows."""
        async with transaction(self.sessions) as session:
            seen = await review(session, candidate.id)
            assert seen is not None
            customers = [match.customer_id for match in seen.matches.customers]
            orders = [order.id for order in seen.matches.open_orders]
        decision = Decision(candidate.id, candidate.version, customer, customers, orders, "https://oficina.example")
        async with transaction(self.sessions) as session:
            return await import_candidate(session, decision, by, datetime.now(UTC))

    async def tell_kommo(self) -> None:
        """The worker sends what the outbox holds."""
        async with transaction(self.sessions) as session:
            rows = (await session.scalars(select(LeadWrite.id).order_by(LeadWrite.id))).all()
        for row in rows:
            await send_lead_write(self.sessions, self.client, row)

    async def known(self, name: str, phone: str, plate: str = "", **more: Any) -> Customer:
        """A customer of the shop, with a car when a plate is given."""
        async with transaction(self.sessions) as session:
            customer = Customer(full_name=name, phone=phone, **more)
            session.add(customer)
            await session.flush()
            if plate:
                session.add(Vehicle(customer_id=customer.id, brand="VW", model="Gol", plate=plate))
        return customer

    async def orders(self) -> Sequence[Order]:
        async with transaction(self.sessions) as session:
            return (await session.scalars(select(Order).order_by(Order.numero_os))).all()

    async def count(self, table: str) -> int:
        async with transaction(self.sessions) as session:
            return int((await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())


@asynccontextmanager
async def open_office(sessions: Sessions, folder: Path) -> AsyncIterator[Office]:
    """An account that was set up, without leads of its own, and a shop without customers."""
    settings = SandboxSettings(folder / "kommo", rate_limit=0, bot_seconds=0.05, delivery_seconds=0.02, demo=False)
    async with running(settings) as kommo, kommo.client() as client:
        yield await prepared(kommo, client, sessions)


async def prepared(kommo: StandIn, client: KommoClient, sessions: Sessions) -> Office:
    """The office once the account's fields are made and its qualified stage is chosen."""
    await ensure_lead_fields(client)
    fields = {field.name: field for field in await client.lead_fields()}
    pipelines = await client.pipelines()
    async with transaction(sessions) as session:
        await remember_fields(session, {name: fields[name] for name in LeadField})
        await save_stages(session, pipelines, {Meaning.QUALIFIED: read_stage(pipelines, QUALIFIED)})
    ids = {name: field.id for name, field in fields.items()}
    stages = {stage.name: stage.id for pipeline in pipelines for stage in pipeline.stages}
    return Office(kommo, client, sessions, ids, stages)
