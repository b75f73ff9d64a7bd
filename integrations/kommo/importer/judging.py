"""What a candidate is now: read, compared with the shop's data, given its state. Takes a session, never commits."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.contact import folded_name, normal_document, normal_plate
from integrations.kommo.importer.models import OPEN, Candidate, CandidateState, OrderLead
from integrations.kommo.importer.reading import Problem, Reading, Values, read_candidate
from integrations.workshop.matching import Matches, Wanted, find_matches
from integrations.workshop.models import Order

SHOWN = 5
"""Existing customers that are put before the reviewer."""


async def judge(session: AsyncSession, candidate: Candidate) -> tuple[Reading, Matches]:
    """Read and compare an undecided candidate; its state, problems and what the list shows follow."""
    reading, matches = await compare(session, candidate)
    problems = [*reading.problems, *_of_matches(matches)]
    linked = await order_of_lead(session, candidate.lead_id)
    candidate.state = _state(problems, matches, linked)
    candidate.problems = [asdict(problem) for problem in problems]
    candidate.title = reading.values.full_name or candidate.said.get("lead_name") or f"Lead {candidate.lead_id}"
    candidate.vehicle = " · ".join(part for part in (reading.values.vehicle, reading.values.plate) if part)
    candidate.value = reading.values.value
    best = matches.certain_customer or next(iter(matches.customers), None)
    candidate.match_name = best.full_name if best else None
    twin = linked or next(((one.id, one.numero_os) for one in matches.open_orders), None)
    candidate.order_id, candidate.order_number = twin if twin is not None else (None, None)
    candidate.looked_for = _looked_for(candidate, reading.values)
    candidate.error, candidate.retryable = None, False
    return reading, matches


async def judge_again(session: AsyncSession, candidate_id: int) -> None:
    """An open candidate that could not be imported as it stood: let its state say why."""
    query = select(Candidate).where(Candidate.id == candidate_id, Candidate.state.in_(OPEN))
    candidate = (await session.execute(query.with_for_update())).scalar_one_or_none()
    if candidate is not None:
        await judge(session, candidate)


async def compare(session: AsyncSession, candidate: Candidate) -> tuple[Reading, Matches]:
    """Read a candidate and look for it in the shop's data; the candidate itself stays as it is."""
    reading = read_candidate(candidate.said, candidate.edits, no_plate=candidate.no_plate)
    return reading, await find_matches(session, wanted_of(reading.values))


def wanted_of(values: Values) -> Wanted:
    """What the shop's data is searched for."""
    return Wanted(
        name=values.full_name,
        phones=values.phones,
        document=normal_document(values.document),
        email=values.email,
        plate=normal_plate(values.plate),
        brand=values.brand,
        model=values.model,
    )


async def order_of_lead(session: AsyncSession, lead_id: int) -> tuple[UUID, str] | None:
    """The OS that a lead belongs to already, by whatever way."""
    query = select(Order.id, Order.numero_os).join(OrderLead, OrderLead.os_id == Order.id)
    row = (await session.execute(query.where(OrderLead.kommo_lead_id == lead_id))).first()
    return (row.id, row.numero_os) if row else None


def _of_matches(matches: Matches) -> list[Problem]:
    """What a person has to decide because of what is there already."""
    found: list[Problem] = []
    if matches.customers and matches.certain_customer is None:
        found.append(Problem("customer", "Pode ser um cliente que já existe: escolha abaixo, ou “cliente novo”.", True))
    if any(one.changed_owner for one in matches.vehicles):
        words = "Esta placa está no cadastro de outro cliente: confira se o carro mudou de dono."
        found.append(Problem("plate", words, blocking=False))
    return found


def _state(problems: list[Problem], matches: Matches, linked: object) -> CandidateState:
    if linked is not None or matches.open_orders:
        return CandidateState.DUPLICATE
    if any(problem.blocking for problem in problems):
        return CandidateState.ATTENTION
    return CandidateState.READY


def _looked_for(candidate: Candidate, values: Values) -> str:
    parts = (
        folded_name(values.full_name),
        folded_name(candidate.said.get("lead_name")),
        *values.phones,
        (values.plate or "").lower(),
        normal_plate(values.plate) or "",
        normal_document(values.document) or "",
        str(candidate.lead_id),
        (candidate.order_number or "").lower(),
        folded_name(values.vehicle),
    )
    return " ".join(part for part in parts if part).lower()
