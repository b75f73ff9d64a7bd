"""Tasks for the staff in Kommo, from the outbox: what a customer wants that a person has to do."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, enqueue
from integrations.kommo.chats.models import OPEN_STATES, Conversation, Outbox, OutboxState
from integrations.kommo.chats.outbox import TASK_JOB
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import Blocked, KommoError, ServerError, Unauthorized, Unclear
from integrations.leases import LEASE

log = structlog.get_logger(__name__)

DUE_IN = timedelta(hours=2)
"""How long the staff have, by the task's deadline."""
RETRY_TO = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(days=3)


async def send_task(sessions: Sessions, client: KommoClient, outbox_id: int) -> None:
    """Create the task in Kommo once; after an unclear result it is looked for before it is made again."""
    async with transaction(sessions) as session:
        claimed = await _claim(session, outbox_id, datetime.now(UTC))
    if claimed is None:
        return
    row, conversation, unclear = claimed
    try:
        kind, entity = _entity(conversation)
        task_id = await _existing(client, kind, entity, row.text) if unclear and kind and entity else None
        if task_id is None:
            task_id = await client.create_task(row.text, datetime.now(UTC) + DUE_IN, entity_type=kind, entity_id=entity)
    except KommoError as error:
        await _failed(sessions, row, error)
        return
    async with transaction(sessions) as session:
        done = await session.get_one(Outbox, outbox_id, with_for_update=True)
        done.state, done.kommo_id, done.settled_at, done.error = (
            OutboxState.ACCEPTED,
            str(task_id),
            datetime.now(UTC),
            None,
        )
    log.info("task.created", outbox=outbox_id, task=task_id)


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


def _entity(conversation: Conversation) -> tuple[Literal["leads", "contacts"] | None, int | None]:
    """What the task hangs on: the lead, else the contact."""
    if conversation.lead_id is not None:
        return "leads", conversation.lead_id
    return ("contacts", conversation.contact_id) if conversation.contact_id is not None else (None, None)


async def _existing(client: KommoClient, kind: Literal["leads", "contacts"], entity: int, text: str) -> int | None:
    """The open task with this text, if an earlier attempt made it after all."""
    tasks = await client.open_tasks(kind, entity)
    return next((task.id for task in tasks if task.text.strip() == text.strip()), None)


async def _failed(sessions: Sessions, row: Outbox, error: KommoError) -> None:
    now = datetime.now(UTC)
    wait = min(timedelta(seconds=1 << min(row.attempts, 12)), RETRY_TO)
    async with transaction(sessions) as session:
        left = await session.get_one(Outbox, row.id, with_for_update=True)
        left.error, left.lease_until = str(error)[:300], None
        lasting = not (error.retryable or isinstance(error, Unauthorized | Blocked))
        if lasting or now - row.created_at > GIVE_UP_AFTER:
            left.state, left.settled_at = OutboxState.PARKED, now
            log.error("task.parked", outbox=row.id, error=type(error).__name__)
            return
        left.state = OutboxState.UNCLEAR if isinstance(error, Unclear | ServerError) else OutboxState.QUEUED
        left.next_at = now + wait
        await enqueue(session, NewJob(TASK_JOB, {"outbox": row.id}, after=wait, dedupe=f"task:{row.id}:{row.attempts}"))
