"""What a lead in Kommo is told of its OS: a note, and a mark (field and tag). From an outbox, in order, once each.

A note is looked for after an unclear outcome before it is made again; a mark sets values, so it may be repeated.
`tags_to_add` and `tags_to_delete` change only the tags they name (developers.kommo.com, tags of entities).
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.chats.models import OPEN_STATES, OutboxState
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import KommoError, ServerError, Unclear
from integrations.kommo.importer.models import LeadWrite
from integrations.kommo.labels import find_field
from integrations.kommo.mapping.models import FieldSeen
from integrations.kommo.patience import GIVE_UP_AFTER, pause_after
from integrations.kommo.setup.wanted import WRITING
from integrations.leases import LEASE

log = structlog.get_logger(__name__)

LEAD_WRITE_JOB = "lead_write"
NOTE, MARK = "note", "mark"
LATE = timedelta(seconds=10)
MOST = 500


async def tell_lead(session: AsyncSession, lead_id: int, kind: str, key: str, body: Mapping[str, Any]) -> None:
    """Have a lead told; the same `key` again is nothing new."""
    row = {"lead_id": lead_id, "kind": kind, "key": key, "body": dict(body)}
    statement = insert(LeadWrite).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(LeadWrite.id)
    made = await session.scalar(statement)
    if made is not None:
        await enqueue_write(session, made, "new")


async def late_lead_writes(session: AsyncSession, now: datetime) -> int:
    """Give a new job to every row that lost its own; how many there were."""
    query = select(LeadWrite.id).where(LeadWrite.state.in_(OPEN_STATES), LeadWrite.next_at < now - LATE)
    rows = (await session.scalars(query.order_by(LeadWrite.id).limit(MOST))).all()
    await enqueue(session, *(_job(row, timedelta(0), "rescue") for row in rows))
    return len(rows)


async def enqueue_write(session: AsyncSession, write_id: int, version: str) -> None:
    """A job that looks at the row; `version` sets it apart from one that runs."""
    await enqueue(session, _job(write_id, timedelta(0), version))


async def send_lead_write(sessions: Sessions, client: KommoClient, write_id: int) -> None:
    """Tell Kommo once."""
    async with transaction(sessions) as session:
        claimed = await _claim(session, write_id, datetime.now(UTC))
    if claimed is None:
        return
    row, unclear, fields = claimed
    try:
        await _tell(client, row, fields, unclear=unclear)
    except KommoError as error:
        await _failed(sessions, row, error)
        return
    async with transaction(sessions) as session:
        done = await session.get_one(LeadWrite, write_id, with_for_update=True)
        done.state, done.settled_at, done.error, done.lease_until = OutboxState.ACCEPTED, datetime.now(UTC), None, None
        await _let_next(session, done)
    log.info("lead.told", write=write_id, kind=row.kind)


async def _tell(client: KommoClient, row: LeadWrite, fields: Mapping[str, int], *, unclear: bool) -> None:
    if row.kind == NOTE:
        text, tried_at = row.body["text"], row.sending_at or row.created_at
        if not unclear or await client.find_note("leads", row.lead_id, text, tried_at) is None:
            await client.create_note("leads", row.lead_id, text)
        return
    values = {
        found: text
        for name, text in row.body.get("fields", {}).items()
        if (found := fields.get(name) or await _field_id(client, name)) is not None
    }
    await client.mark_lead(row.lead_id, values, add=row.body.get("add", ()), remove=row.body.get("remove", ()))


async def _field_id(client: KommoClient, name: str) -> int | None:
    """The field by its name, in an account that nobody has prepared on the page."""
    field = find_field(await client.lead_fields(), name, WRITING)
    return field.id if field else None


async def _claim(
    session: AsyncSession, write_id: int, now: datetime
) -> tuple[LeadWrite, bool, Mapping[str, int]] | None:
    """The row, whether an earlier attempt may have worked, and the ids of our fields; None when it is not its turn."""
    row = await session.get(LeadWrite, write_id, with_for_update=True)
    if row is None or row.state not in OPEN_STATES or row.next_at > now:
        return None
    if row.lease_until is not None and row.lease_until > now:
        return None
    before = aliased(LeadWrite)
    waits = exists().where(before.lead_id == row.lead_id, before.id < row.id, before.state.in_(OPEN_STATES))
    if await session.scalar(select(waits)):
        return None
    unclear = row.state != OutboxState.QUEUED
    row.state, row.attempts, row.lease_until = OutboxState.SENDING, row.attempts + 1, now + 4 * LEASE
    row.sending_at = row.sending_at or now
    return row, unclear, await _seen_fields(session, row.body.get("fields", {}))


async def _seen_fields(session: AsyncSession, names: Collection[str]) -> Mapping[str, int]:
    """The ids of these fields of ours, as far as they were ever seen; a note needs none."""
    if not names:
        return {}
    fields = await session.execute(select(FieldSeen.name, FieldSeen.field_id).where(FieldSeen.name.in_(names)))
    return {field.name: field.field_id for field in fields}


async def _let_next(session: AsyncSession, settled: LeadWrite) -> None:
    """Have the next write of the same lead sent, which waited for this one."""
    query = select(LeadWrite.id).where(LeadWrite.lead_id == settled.lead_id, LeadWrite.state == OutboxState.QUEUED)
    waiting = await session.scalar(query.order_by(LeadWrite.id).limit(1))
    if waiting is not None:
        await enqueue_write(session, waiting, "next")


async def _failed(sessions: Sessions, row: LeadWrite, error: KommoError) -> None:
    now = datetime.now(UTC)
    wait = pause_after(row.attempts)
    async with transaction(sessions) as session:
        left = await session.get_one(LeadWrite, row.id, with_for_update=True)
        left.error, left.lease_until = str(error)[:300], None
        if not error.worth_waiting or now - row.created_at > GIVE_UP_AFTER:
            left.state, left.settled_at = OutboxState.PARKED, now
            log.error("lead_write.parked", write=row.id, error=type(error).__name__)
            await _let_next(session, left)
            return
        left.state = OutboxState.UNCLEAR if isinstance(error, Unclear | ServerError) else OutboxState.QUEUED
        left.next_at = now + wait
        await enqueue(session, _job(row.id, wait, str(row.attempts)))


def _job(write_id: int, after: timedelta, version: str) -> NewJob:
    key = f"lead_write:{write_id}:{version}"
    return NewJob(LEAD_WRITE_JOB, {"write": write_id}, after=after, dedupe=key, priority=Priority.BACKGROUND)
