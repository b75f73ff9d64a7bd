"""What waits for a person after repeated failures: listed, tried again on their word, or discarded with a reason.

An event that is tried again starts anew. An effect at Kommo is tried as *unclear*: Kommo is searched for it first, and
only what is not there is done, because an attempt may have arrived. Takes a session, never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.chats.models import Conversation, Outbox, OutboxKind, OutboxState
from integrations.kommo.chats.outbox import LEAD_FIELDS_JOB, TASK_JOB, enqueue_send
from integrations.kommo.events import EVENTS_JOB
from integrations.kommo.importer.models import LeadWrite
from integrations.kommo.importer.parkedwrites import discard_write, parked_write_count, parked_writes, retry_write
from integrations.kommo.models import EventState, KommoEvent

LISTED = 100
LONGEST_REASON = 200


class ParkedKind(StrEnum):
    """What a parked row is: a body that Kommo posted, or an effect at Kommo."""

    EVENT = "event"
    MESSAGE = "message"
    TASK = "task"
    NOTE = "note"
    LEAD_FIELDS = "lead_fields"
    LEAD_WRITE = "lead_write"


@dataclass(frozen=True)
class Parked:
    """One parked row. `conversation_id` and `contact_name` are None for an event."""

    kind: ParkedKind
    id: int
    since: datetime
    attempts: int
    error: str | None
    conversation_id: int | None = None
    contact_name: str | None = None


async def list_parked(session: AsyncSession) -> Sequence[Parked]:
    """The newest parked rows, at most `LISTED` events and as many effects, newest first."""
    events = select(KommoEvent).where(KommoEvent.state == EventState.PARKED).order_by(KommoEvent.id.desc())
    effects = (
        select(Outbox, Conversation.contact_name)
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .where(Outbox.state == OutboxState.PARKED)
        .order_by(Outbox.id.desc())
    )
    found = [_event(row) for row in (await session.scalars(events.limit(LISTED))).all()]
    found += [_effect(row, name) for row, name in (await session.execute(effects.limit(LISTED))).all()]
    found += [_write(row, title) for row, title in await parked_writes(session, LISTED)]
    return sorted(found, key=lambda parked: parked.since, reverse=True)


async def count_parked(session: AsyncSession) -> int:
    """How many rows wait for a person."""
    events = select(func.count()).where(KommoEvent.state == EventState.PARKED).scalar_subquery()
    effects = select(func.count()).where(Outbox.state == OutboxState.PARKED).scalar_subquery()
    return int((await session.execute(select(events + effects + parked_write_count()))).scalar_one())


async def retry(session: AsyncSession, kind: ParkedKind, row_id: int, now: datetime) -> bool:
    """Have it tried again; False when it is parked no more."""
    if kind is ParkedKind.EVENT:
        return await _retry_event(session, row_id)
    if kind is ParkedKind.LEAD_WRITE:
        return await retry_write(session, row_id, now)
    row = await _parked_effect(session, kind, row_id)
    if row is None:
        return False
    row.state, row.sends, row.next_at, row.settled_at, row.error = OutboxState.UNCLEAR, 0, now, None, None
    await session.flush()
    key = f"retry:{now.timestamp()}"
    if kind is ParkedKind.MESSAGE:
        await enqueue_send(session, row.conversation_id, key)
    else:
        job = LEAD_FIELDS_JOB if kind is ParkedKind.LEAD_FIELDS else TASK_JOB
        await enqueue(session, NewJob(job, {"outbox": row.id}, dedupe=f"{job}:{row.id}:{key}"))
    return True


async def discard(session: AsyncSession, kind: ParkedKind, row_id: int, reason: str, now: datetime) -> bool:
    """Leave it undone for good; the reason is kept in the row. False when it is parked no more."""
    said = f"discarded: {reason.strip()[:LONGEST_REASON]}"
    if kind is ParkedKind.EVENT:
        event = await _parked_event(session, row_id)
        if event is None:
            return False
        event.state, event.error, event.handled_at = EventState.IGNORED, said, now
        return True
    if kind is ParkedKind.LEAD_WRITE:
        return await discard_write(session, row_id, said, now)
    row = await _parked_effect(session, kind, row_id)
    if row is None:
        return False
    row.state, row.error, row.settled_at = OutboxState.SKIPPED, said, now
    return True


async def _retry_event(session: AsyncSession, event_id: int) -> bool:
    event = await _parked_event(session, event_id)
    if event is None:
        return False
    event.state, event.attempts, event.error = EventState.PENDING, 0, None
    await session.flush()
    await enqueue(session, NewJob(EVENTS_JOB, {"ids": [event_id]}, priority=Priority.INTAKE))
    return True


async def _parked_event(session: AsyncSession, event_id: int) -> KommoEvent | None:
    query = select(KommoEvent).where(KommoEvent.id == event_id, KommoEvent.state == EventState.PARKED)
    return (await session.scalars(query.with_for_update())).one_or_none()


async def _parked_effect(session: AsyncSession, kind: ParkedKind, row_id: int) -> Outbox | None:
    wanted = (Outbox.id == row_id, Outbox.kind == OutboxKind(kind), Outbox.state == OutboxState.PARKED)
    return (await session.scalars(select(Outbox).where(*wanted).with_for_update())).one_or_none()


def _event(row: KommoEvent) -> Parked:
    return Parked(ParkedKind.EVENT, row.id, row.received_at, row.attempts, row.error)


def _write(row: LeadWrite, title: str | None) -> Parked:
    since = row.settled_at or row.created_at
    return Parked(ParkedKind.LEAD_WRITE, row.id, since, row.attempts, row.error, contact_name=title)


def _effect(row: Outbox, contact_name: str | None) -> Parked:
    since = row.settled_at or row.created_at
    return Parked(ParkedKind(row.kind), row.id, since, row.attempts, row.error, row.conversation_id, contact_name)
