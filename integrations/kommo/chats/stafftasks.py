"""Tasks and notes for the staff in Kommo, from the outbox: what a customer wants that a person has to do.

A task goes to whoever is responsible for the lead, else to whom the staff chose for what is nobody's. After an
unclear result it is looked for before it is made again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, enqueue
from integrations.kommo.chats.models import OPEN_STATES, Conversation, Outbox, OutboxKind, OutboxState
from integrations.kommo.chats.outbox import TASK_JOB
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import (
    BadAnswer,
    Forbidden,
    KommoError,
    NotFound,
    Rejected,
    ServerError,
    Unclear,
)
from integrations.kommo.mapping.store import default_responsible
from integrations.kommo.patience import GIVE_UP_AFTER, pause_after
from integrations.leases import LEASE

log = structlog.get_logger(__name__)

DUE_IN = timedelta(hours=2)
"""How long the staff have, by the task's deadline."""
URGENT_DUE_IN = timedelta(minutes=30)
PRIORITY = "PRIORIDADE"
"""Begins the text of a task that cannot wait."""


@dataclass(frozen=True)
class Entity:
    """A lead or contact in Kommo."""

    kind: Literal["leads", "contacts"]
    id: int


async def send_task(sessions: Sessions, client: KommoClient, outbox_id: int) -> None:
    """Make the task or the note in Kommo once."""
    async with transaction(sessions) as session:
        claimed = await _claim(session, outbox_id, datetime.now(UTC))
        default = await default_responsible(session) if claimed is not None else None
    if claimed is None:
        return
    row, conversation, unclear = claimed
    try:
        made = await _make(client, row, entity_of(conversation), default, unclear=unclear)
    except KommoError as error:
        await _failed(sessions, row, error)
        return
    async with transaction(sessions) as session:
        done = await session.get_one(Outbox, outbox_id, with_for_update=True)
        done.state, done.settled_at, done.error = OutboxState.ACCEPTED, datetime.now(UTC), None
        done.kommo_id = None if made is None else str(made)
    log.info("task.created", outbox=outbox_id, kind=row.kind, made=made)


async def _make(
    client: KommoClient, row: Outbox, entity: Entity | None, default: int | None, *, unclear: bool
) -> int | None:
    """The id of what was made, now or by an earlier attempt; None for a note that has nothing to hang on."""
    if row.kind == OutboxKind.NOTE:
        return None if entity is None else await _note(client, row, entity, unclear=unclear)
    made = await _existing_task(client, entity, row.text) if unclear and entity else None
    return made if made is not None else await _task(client, row, entity, default)


async def _task(client: KommoClient, row: Outbox, entity: Entity | None, default: int | None) -> int:
    """A task for the lead's responsible user, else the default one; for nobody when Kommo does not take that one."""
    kind, entity_id = (entity.kind, entity.id) if entity else (None, None)
    due = datetime.now(UTC) + (URGENT_DUE_IN if row.text.startswith(PRIORITY) else DUE_IN)
    user = await _responsible(client, entity) or default
    try:
        return await client.create_task(row.text, due, entity_type=kind, entity_id=entity_id, responsible_user_id=user)
    except Rejected:
        if user is None:
            raise
        return await client.create_task(row.text, due, entity_type=kind, entity_id=entity_id)


async def _responsible(client: KommoClient, entity: Entity | None) -> int | None:
    if entity is None or entity.kind != "leads":
        return None
    try:
        lead = await client.lead(entity.id)
    except (Forbidden, NotFound, BadAnswer):
        return None
    return lead.responsible_user_id if lead is not None else None


async def _note(client: KommoClient, row: Outbox, entity: Entity, *, unclear: bool) -> int:
    if unclear:
        found = await client.find_note(entity.kind, entity.id, row.text, row.sending_at or row.created_at)
        if found is not None:
            return found
    return await client.create_note(entity.kind, entity.id, row.text)


async def _claim(session: AsyncSession, outbox_id: int, now: datetime) -> tuple[Outbox, Conversation, bool] | None:
    row = await session.get(Outbox, outbox_id, with_for_update=True)
    if row is None or row.state not in OPEN_STATES or row.next_at > now:
        return None
    if row.lease_until is not None and row.lease_until > now:
        return None
    unclear = row.state != OutboxState.QUEUED
    row.state, row.attempts, row.lease_until = OutboxState.SENDING, row.attempts + 1, now + 4 * LEASE
    row.sending_at = row.sending_at or now
    return row, await session.get_one(Conversation, row.conversation_id), unclear


def entity_of(conversation: Conversation) -> Entity | None:
    """What a task hangs on: the lead, else the contact."""
    if conversation.lead_id is not None:
        return Entity("leads", conversation.lead_id)
    return Entity("contacts", conversation.contact_id) if conversation.contact_id is not None else None


async def _existing_task(client: KommoClient, entity: Entity, text: str) -> int | None:
    """The open task with this text, if an earlier attempt made it after all."""
    tasks = await client.open_tasks(entity.kind, entity.id)
    return next((task.id for task in tasks if task.text.strip() == text.strip()), None)


async def _failed(sessions: Sessions, row: Outbox, error: KommoError) -> None:
    now = datetime.now(UTC)
    wait = pause_after(row.attempts)
    async with transaction(sessions) as session:
        left = await session.get_one(Outbox, row.id, with_for_update=True)
        left.error, left.lease_until = str(error)[:300], None
        if not error.worth_waiting or now - row.created_at > GIVE_UP_AFTER:
            left.state, left.settled_at = OutboxState.PARKED, now
            log.error("task.parked", outbox=row.id, error=type(error).__name__)
            return
        left.state = OutboxState.UNCLEAR if isinstance(error, Unclear | ServerError) else OutboxState.QUEUED
        left.next_at = now + wait
        await enqueue(session, NewJob(TASK_JOB, {"outbox": row.id}, after=wait, dedupe=f"task:{row.id}:{row.attempts}"))
