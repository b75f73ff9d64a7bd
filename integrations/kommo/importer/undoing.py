"""Takes an import back: removes what it made, as long as nobody has worked on it, and says what it leaves.

For 30 days. An OS that was changed, paid, or that anything else refers to stays, and so does the import. A customer or
vehicle that the import made and that is used elsewhere by now stays too, and that is said.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import savepoint
from integrations.kommo.importer.errors import NotPossible, Overtaken
from integrations.kommo.importer.fingerprints import fingerprints
from integrations.kommo.importer.history import Done, Reviewer, record
from integrations.kommo.importer.importing import lock_candidate
from integrations.kommo.importer.models import Candidate, CandidateState, OrderLead
from integrations.kommo.importer.numbers import ONE_AT_A_TIME
from integrations.kommo.importer.telling import tell_undone
from integrations.workshop.models import Appointment, Customer, Order, OrderItem, Payment, Vehicle

UNDO_WITHIN = timedelta(days=30)


async def undo_import(session: AsyncSession, candidate_id: int, by: Reviewer, now: datetime) -> tuple[str, ...]:
    """Take it back; what was done and what was left, in words. Raises `NotDone`, then everything is as before."""
    await session.execute(ONE_AT_A_TIME)
    candidate = await lock_candidate(session, candidate_id)
    if candidate is None or candidate.state != CandidateState.IMPORTED or candidate.made is None:
        raise Overtaken("Esta importação já foi desfeita, ou nunca aconteceu.")
    number, made = candidate.order_number or "OS", candidate.made
    words: tuple[str, ...]
    if made["linked_only"]:
        await session.execute(delete(OrderLead).where(OrderLead.kommo_lead_id == candidate.lead_id))
        words = (f"O lead foi desligado da {number}. A OS ficou como estava.",)
    else:
        words = await _remove(session, made, number, candidate.imported_at, now)
    candidate.state, candidate.imported_at, candidate.made = CandidateState.REJECTED, None, None
    candidate.order_id, candidate.order_number = None, None
    candidate.decided_by, candidate.decided_name, candidate.decided_at = by.id, by.name, now
    candidate.reason, candidate.version = "Importação desfeita", candidate.version + 1
    record(session, candidate, Done.UNDONE, by, before={"os": number}, note=" ".join(words))
    await tell_undone(session, candidate, number)
    return words


def may_be_undone(candidate: Candidate, now: datetime) -> bool:
    """Whether it is early enough; whether somebody worked on it is looked at when it is done."""
    return candidate.imported_at is not None and now - candidate.imported_at <= UNDO_WITHIN


async def _remove(
    session: AsyncSession, made: Mapping[str, Any], number: str, imported_at: datetime | None, now: datetime
) -> tuple[str, ...]:
    if imported_at is None or now - imported_at > UNDO_WITHIN:
        raise NotPossible(f"Passaram mais de {UNDO_WITHIN.days} dias: cancele a {number} na oficina.")
    was, seen = made["prints"], await fingerprints(session, made)
    order_id = UUID(made["order"])
    if seen["order"] is None:
        raise NotPossible(f"A {number} já foi apagada por outro caminho.")
    if seen["order"] != was["order"] or seen["items"] != was["items"]:
        raise NotPossible(f"A {number} foi mexida depois da importação: cancele por lá, para não perder esse trabalho.")
    if await session.scalar(select(exists().where(Payment.ordem_servico_id == order_id))):
        raise NotPossible(f"A {number} já tem pagamento: não dá para desfazer.")
    await session.execute(delete(OrderItem).where(OrderItem.ordem_servico_id == order_id))
    if not await _gone(session, Order, order_id):
        raise NotPossible(f"Outras informações dependem da {number}: não dá para desfazer.")
    said = [f"A {number} foi removida."]
    if made["vehicle_is_new"]:
        alone = seen["vehicle"] == was["vehicle"] and not await _vehicle_used(session, UUID(made["vehicle"]))
        gone = alone and await _gone(session, Vehicle, UUID(made["vehicle"]))
        said.append("O carro foi removido." if gone else "O carro ficou no cadastro: já é usado ou foi editado.")
    if made["customer_is_new"]:
        alone = seen["customer"] == was["customer"] and not await _customer_used(session, UUID(made["customer"]))
        gone = alone and await _gone(session, Customer, UUID(made["customer"]))
        said.append("O cliente foi removido." if gone else "O cliente ficou no cadastro: já é usado ou foi editado.")
    else:
        said.append("O cliente já existia e ficou como estava.")
    return tuple(said)


async def _vehicle_used(session: AsyncSession, vehicle_id: UUID) -> bool:
    used = exists().where(Order.vehicle_id == vehicle_id), exists().where(Appointment.vehicle_id == vehicle_id)
    return bool(await session.scalar(select(used[0] | used[1])))


async def _customer_used(session: AsyncSession, customer_id: UUID) -> bool:
    tables = (Order.customer_id, Vehicle.customer_id, Appointment.customer_id)
    return any([await session.scalar(select(exists().where(column == customer_id))) for column in tables])


async def _gone(session: AsyncSession, table: type[Order | Vehicle | Customer], row_id: UUID) -> bool:
    """Delete a row; False, and the row stays, when something of the shop's refers to it."""
    try:
        async with savepoint(session):
            await session.execute(delete(table).where(table.id == row_id))
    except IntegrityError:
        return False
    return True
