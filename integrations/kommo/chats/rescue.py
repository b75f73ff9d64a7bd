"""Rows that wait for somebody get a new job when theirs vanished; what is old enough is thrown away.

The job is not the truth, the row is: a job can be lost with its worker, its row cannot.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.attachments.intake import attachment_job
from integrations.kommo.attachments.look import late_attachments
from integrations.kommo.chats.models import OPEN_STATES, Conversation, Outbox, OutboxKind, OutboxState
from integrations.kommo.chats.outbox import LEAD_FIELDS_JOB, TASK_JOB, delivery_job, enqueue_send
from integrations.kommo.chats.turnjob import enqueue_turn
from integrations.kommo.events import EVENTS_JOB
from integrations.kommo.importer.batches import late_batches
from integrations.kommo.importer.leadwrites import late_lead_writes
from integrations.kommo.importer.runs import late_runs
from integrations.kommo.models import EventState, KommoEvent

LATE = timedelta(seconds=10)
"""A row that should have been looked at so long ago has lost its job."""
UNCHECKED_AFTER = timedelta(minutes=10)
MOST = 500
KEEP_EVENTS = timedelta(days=30)
KEEP_JOB_LOG = timedelta(days=3)


async def rescue(session: AsyncSession, now: datetime) -> Mapping[str, int]:
    """Give a new job to every row that lost its own; how many there were of each kind."""
    late = (Outbox.state.in_(OPEN_STATES), Outbox.next_at < now - LATE)
    events = await _ids(session, select(KommoEvent.id).where(*_late_event(now)).order_by(KommoEvent.id))
    turns = await _ids(session, select(Conversation.id).where(Conversation.due_at < now - LATE))
    chats = await _ids(
        session, select(Outbox.conversation_id).where(*late, Outbox.kind == OutboxKind.MESSAGE).distinct()
    )
    staff = (OutboxKind.TASK, OutboxKind.NOTE)
    tasks = await _ids(session, select(Outbox.id).where(*late, Outbox.kind.in_(staff)))
    fields = await _ids(session, select(Outbox.id).where(*late, Outbox.kind == OutboxKind.LEAD_FIELDS))
    sent = await _ids(session, select(Outbox.id).where(*_never_checked(now)))
    files = await late_attachments(session, now - LATE, now, MOST)
    if events:
        key = f"events:{min(events)}:{len(events)}"
        await enqueue(session, NewJob(EVENTS_JOB, {"ids": list(events)}, dedupe=key, priority=Priority.INTAKE))
    for conversation_id in turns:
        await enqueue_turn(session, conversation_id, now, now, "rescue")
    for conversation_id in chats:
        await enqueue_send(session, conversation_id, "rescue")
    await enqueue(session, *(NewJob(TASK_JOB, {"outbox": row}, dedupe=f"task:{row}") for row in tasks))
    await enqueue(session, *(NewJob(LEAD_FIELDS_JOB, {"outbox": row}, dedupe=f"lead_fields:{row}") for row in fields))
    await enqueue(session, *(delivery_job(row, timedelta(0)) for row in sent))
    await enqueue(session, *(attachment_job(row, awaited=False, version="rescue") for row in files))
    imports = {
        "lead_writes": await late_lead_writes(session, now),
        "runs": await late_runs(session, now),
        "batches": await late_batches(session, now),
    }
    found = {"events": events, "turns": turns, "chats": chats, "tasks": tasks, "fields": fields, "sent": sent}
    return {**{kind: len(rows) for kind, rows in found.items()}, **imports, "attachments": len(files)}


async def _ids(session: AsyncSession, query: Select[Any]) -> Sequence[int]:
    return [int(found) for found in (await session.execute(query.limit(MOST))).scalars()]


def _late_event(now: datetime) -> tuple[Any, ...]:
    return (KommoEvent.state == EventState.PENDING, KommoEvent.received_at < now - LATE)


def _never_checked(now: datetime) -> tuple[Any, ...]:
    """Accepted messages at whose delivery nobody has looked, though it was planned."""
    return (
        Outbox.kind == OutboxKind.MESSAGE,
        Outbox.state == OutboxState.ACCEPTED,
        Outbox.delivery_checks == 0,
        Outbox.sent_at.between(now - timedelta(days=1), now - UNCHECKED_AFTER),
    )


async def throw_away(session: AsyncSession, now: datetime) -> None:
    """Delete what nobody needs any more: handled events after a month, the queue's own log after some days."""
    handled = KommoEvent.state.in_([EventState.DONE, EventState.IGNORED])
    await session.execute(delete(KommoEvent).where(handled, KommoEvent.received_at < now - KEEP_EVENTS))
    for table in ("pgqueuer_log", "pgqueuer_statistics"):
        await session.execute(text(f"DELETE FROM {table} WHERE created < :until"), {"until": now - KEEP_JOB_LOG})
