"""One candidate becomes customer, vehicle and OS. One transaction of the caller's; nothing of it happens twice.

Imports follow one another under a lock. Under it everything is looked at again: whether the candidate is the one that
was reviewed, whether its lead has an OS by now, whether a customer or an open OS turned up that the reviewer has not
seen. What does not hold any more raises `NotDone`, and nothing is written.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.contact import normal_plate
from integrations.kommo.importer.errors import NotPossible, Overtaken
from integrations.kommo.importer.fingerprints import fingerprints
from integrations.kommo.importer.history import Done, Reviewer, record
from integrations.kommo.importer.judging import judge
from integrations.kommo.importer.models import OPEN, Candidate, CandidateState, ImportLog, OrderLead
from integrations.kommo.importer.numbers import ONE_AT_A_TIME, next_order_number
from integrations.kommo.importer.reading import Values
from integrations.kommo.importer.telling import tell_imported, tell_linked
from integrations.workshop.customers import vehicles_of
from integrations.workshop.matching import Matches
from integrations.workshop.models import Customer, Order, OrderItem, Vehicle

NEW = None
"""Decided: a customer that the shop does not have yet."""


@dataclass(frozen=True)
class Decision:
    """What was decided of a candidate, and what the decision was made on."""

    candidate_id: int
    version: int
    customer: UUID | None
    """The customer it belongs to; `NEW` for one that is to be made."""
    customers_seen: Collection[UUID] = field(default=())
    orders_seen: Collection[UUID] = field(default=())
    """The open OS that stood on the page: this one is another job."""
    service_url: str = ""


@dataclass(frozen=True)
class Imported:
    """What became of it."""

    order_id: UUID
    order_number: str
    customer_id: UUID
    customer_is_new: bool


def decide_by_matches(candidate_id: int, version: int, matches: Matches, service_url: str) -> Decision:
    """What the data decides where no person chose: the one certain customer, else a new one, and no open OS."""
    sure = matches.certain_customer
    if sure is None:
        return Decision(candidate_id, version, NEW, service_url=service_url)
    seen = [match.customer_id for match in matches.customers]
    return Decision(candidate_id, version, sure.customer_id, seen, service_url=service_url)


async def import_candidate(session: AsyncSession, decision: Decision, by: Reviewer, now: datetime) -> Imported:
    """Write it all, or raise `NotDone`."""
    await session.execute(ONE_AT_A_TIME)
    candidate = await locked(session, decision.candidate_id, decision.version)
    reading, matches = await judge(session, candidate)
    wrong = [one for one in reading.problems if one.blocking]
    if wrong:
        raise NotPossible(f"Ainda falta acertar: {wrong[0].words}")
    await _unchanged(session, candidate, decision, matches)
    customer, is_new = await _customer(session, reading.values, decision.customer, candidate.lead_id, now)
    vehicle, vehicle_is_new = await _vehicle(session, reading.values, customer)
    order = await _order(session, candidate, reading.values, customer, vehicle, now)
    session.add(OrderLead(os_id=order.id, kommo_lead_id=candidate.lead_id))
    session.add(ImportLog(lead_id=candidate.lead_id, client_id=customer.id, os_id=order.id, status="success"))
    await session.flush()
    made: dict[str, Any] = {
        "order": str(order.id),
        "customer": str(customer.id),
        "customer_is_new": is_new,
        "vehicle": str(vehicle.id) if vehicle else None,
        "vehicle_is_new": vehicle_is_new,
        "linked_only": False,
    }
    candidate.made = {**made, "prints": await fingerprints(session, made)}
    _settle(candidate, order, by, now)
    after = {"os": order.numero_os, "customer": str(customer.id), "customer_is_new": is_new}
    before = {"said": candidate.said, "edits": candidate.edits}
    record(session, candidate, Done.IMPORTED, by, before=before, after=after)
    await tell_imported(session, candidate, order, decision.service_url)
    return Imported(order.id, order.numero_os, customer.id, is_new)


async def link_candidate(
    session: AsyncSession, decision: Decision, order_id: UUID, by: Reviewer, now: datetime
) -> Imported:
    """The lead is about an OS that exists: note that they belong together, and make nothing."""
    await session.execute(ONE_AT_A_TIME)
    candidate = await locked(session, decision.candidate_id, decision.version)
    order = await session.get(Order, order_id)
    if order is None:
        raise Overtaken("Essa OS não existe mais. Veja de novo.")
    lead = await session.scalar(select(OrderLead.kommo_lead_id).where(OrderLead.os_id == order_id))
    if lead is not None and lead != candidate.lead_id:
        raise NotPossible(f"A {order.numero_os} já está ligada a outro lead do Kommo ({lead}).")
    if lead is None:
        session.add(OrderLead(os_id=order.id, kommo_lead_id=candidate.lead_id))
    session.add(ImportLog(lead_id=candidate.lead_id, client_id=order.customer_id, os_id=order.id, status="duplicate"))
    candidate.made = {"order": str(order.id), "linked_only": True}
    _settle(candidate, order, by, now)
    record(session, candidate, Done.LINKED, by, after={"os": order.numero_os})
    await tell_linked(session, candidate, order, decision.service_url)
    return Imported(order.id, order.numero_os, order.customer_id or order.id, customer_is_new=False)


async def lock_candidate(session: AsyncSession, candidate_id: int) -> Candidate | None:
    """The candidate as it stands now, nobody else's until the transaction ends."""
    return await session.get(Candidate, candidate_id, with_for_update=True, populate_existing=True)


async def locked(session: AsyncSession, candidate_id: int, version: int) -> Candidate:
    """The candidate as the reviewer saw it, nobody else's until the transaction ends. Raises `NotDone`."""
    candidate = await lock_candidate(session, candidate_id)
    if candidate is None:
        raise NotPossible("Este lead não está mais na lista.")
    who = candidate.decided_name or "o próprio sistema"
    if candidate.state == CandidateState.IMPORTED:
        raise Overtaken(f"Já foi importado por {who}: é a {candidate.order_number}. Nada foi feito de novo.")
    if candidate.state == CandidateState.REJECTED:
        raise Overtaken(f"Já foi rejeitado por {who}: {candidate.reason}. Para importar, reabra antes.")
    if candidate.state not in OPEN:
        raise Overtaken(candidate.reason or "O lead saiu da etapa no Kommo.")
    if candidate.version != version:
        raise Overtaken("Este lead mudou enquanto você olhava. Nada foi gravado: confira o que mudou e decida de novo.")
    return candidate


async def _unchanged(session: AsyncSession, candidate: Candidate, decision: Decision, matches: Matches) -> None:
    """Refuse what would repeat something that the reviewer has not seen."""
    known = await session.scalar(select(OrderLead.os_id).where(OrderLead.kommo_lead_id == candidate.lead_id))
    if known is not None:
        number = await session.scalar(select(Order.numero_os).where(Order.id == known))
        raise Overtaken(f"Este lead já tem a {number}. Nada foi feito de novo.")
    for order in matches.open_orders:
        if order.id not in decision.orders_seen:
            raise Overtaken(f"A {order.numero_os} está aberta para este cliente ou carro: confira antes.")
    for match in matches.customers:
        if match.customer_id not in (decision.customer, *decision.customers_seen):
            who = match.full_name or "Alguém"
            raise Overtaken(f"{who} já está no cadastro e pode ser este cliente: confira antes de fazer outro.")


async def _customer(
    session: AsyncSession, values: Values, chosen: UUID | None, lead_id: int, now: datetime
) -> tuple[Customer, bool]:
    if chosen is not NEW:
        known = await session.get(Customer, chosen, with_for_update=True)
        if known is None:
            raise Overtaken("O cliente escolhido não está mais no cadastro. Escolha de novo.")
        return known, False
    customer = Customer(
        full_name=values.full_name,
        phone=f"+{values.phone}" if values.phone else None,
        cpf=values.document,
        email=values.email,
        origem_cadastro=values.origin or "Kommo",
        origem_kommo=True,
        kommo_lead_id=lead_id,
        data_importacao=now,
    )
    session.add(customer)
    await session.flush()
    return customer, True


async def _vehicle(session: AsyncSession, values: Values, customer: Customer) -> tuple[Vehicle | None, bool]:
    """The customer's vehicle of this plate, or a new one; None without a plate, which the shop's table demands."""
    key = normal_plate(values.plate)
    if key is None:
        return None, False
    for known in await vehicles_of(session, [customer.id]):
        if normal_plate(known.plate) == key:
            return known, False
    vehicle = Vehicle(
        customer_id=customer.id,
        user_id=customer.user_id,
        brand=values.brand,
        model=values.model or "",
        versao=values.version,
        plate=values.plate or "",
        year=values.year,
        color=values.color,
    )
    session.add(vehicle)
    await session.flush()
    return vehicle, True


async def _order(
    session: AsyncSession,
    candidate: Candidate,
    values: Values,
    customer: Customer,
    vehicle: Vehicle | None,
    now: datetime,
) -> Order:
    """A quoted price is what the lead says; what a customer has approved is only ever said by the customer."""
    order = Order(
        numero_os=await next_order_number(session),
        customer_id=customer.id,
        user_id=customer.user_id,
        vehicle_id=vehicle.id if vehicle else None,
        company_id=customer.company_id,
        plate=values.plate,
        vehicle=values.vehicle,
        client_name=values.full_name,
        client_phone=f"+{values.phone}" if values.phone else None,
        status=values.status,
        data_entrada=None,
        data_orcamento=now if values.value is not None else None,
        valor_orcado=values.value,
        descricao_problema=values.problem,
        prioridade=values.urgency,
    )
    session.add(order)
    await session.flush()
    session.add_all(OrderItem(ordem_servico_id=order.id, status="pendente", **_item(item)) for item in candidate.items)
    await session.flush()
    return order


def _item(item: dict[str, Any]) -> dict[str, Any]:
    """A line as it was read from the lead's products, amounts as exact texts."""
    return {
        "descricao": item["description"],
        "tipo": item.get("kind") or "servico",
        "quantidade": Decimal(item["quantity"]),
        "valor_unitario": Decimal(item["price"]) if "price" in item else None,
        "valor_total": Decimal(item["total"]) if "total" in item else None,
    }


def _settle(candidate: Candidate, order: Order, by: Reviewer, now: datetime) -> None:
    candidate.state, candidate.imported_at = CandidateState.IMPORTED, now
    candidate.order_id, candidate.order_number = order.id, order.numero_os
    candidate.decided_by, candidate.decided_name, candidate.decided_at = by.id, by.name, now
    candidate.reviewed_at = candidate.reviewed_at or now
    candidate.reason, candidate.problems, candidate.said_since = None, [], None
    candidate.looked_for = f"{candidate.looked_for} {order.numero_os.lower()}"
    candidate.version += 1
