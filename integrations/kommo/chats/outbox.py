"""The outbox: effects at Kommo, written before the call and settled after it.

Only the oldest open message of a conversation may be sent, so replies keep their order. A row left in `sending` by a
worker that died may have been sent: it becomes `unclear` and is looked up first. Takes a session, never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.chats.models import (
    OPEN_STATES,
    Conversation,
    Direction,
    Message,
    Outbox,
    OutboxKind,
    OutboxState,
)
from integrations.leases import LEASE

log = structlog.get_logger(__name__)

SEND_JOB = "send"
TASK_JOB = "task"
LEAD_FIELDS_JOB = "lead_fields"
DELIVERY_JOB = "delivery"
FIRST_DELIVERY_CHECK = timedelta(seconds=20)
LEAD_PAUSE = timedelta(seconds=2)
LEAD_LOCK = 4301
"""Space of the advisory locks on leads: arbitrary, ours."""
TOO_LATE = "outside WhatsApp's 24-hour window"
TOO_LATE_TASK = "O cliente ficou sem resposta e a janela de 24 horas do WhatsApp fechou. Fale com ele, por favor."
TAKEN_OVER = "a person has taken over"
WINDOW = timedelta(hours=24)
"""WhatsApp's customer service window: free text reaches a customer only so long after their last message."""


@dataclass(frozen=True)
class Claim:
    """A message to send. `unclear`: it may have been sent already."""

    row: Outbox
    conversation: Conversation
    unclear: bool
    sent_ids: frozenset[str]
    """Kommo ids of the conversation's other replies: none of them is this one."""


async def queue_message(
    session: AsyncSession, conversation_id: int, key: str, parts: Sequence[str], answers_at: datetime | None
) -> None:
    """Queue a reply of one or more parts; a known key queues nothing."""
    rows = [
        {
            "conversation_id": conversation_id,
            "dedupe_key": f"{key}:{number}",
            "kind": OutboxKind.MESSAGE,
            "text": part,
            "answers_at": answers_at,
        }
        for number, part in enumerate(parts, start=1)
    ]
    await session.execute(insert(Outbox).values(rows).on_conflict_do_nothing())
    await enqueue_send(session, conversation_id, key)


async def queue_task(session: AsyncSession, conversation_id: int, key: str, text: str) -> None:
    """Queue a task for the staff; a known key queues nothing."""
    await _queue_for_staff(session, conversation_id, key, text, OutboxKind.TASK)


async def queue_note(session: AsyncSession, conversation_id: int, key: str, text: str) -> None:
    """Queue a note on the lead; a known key queues nothing."""
    await _queue_for_staff(session, conversation_id, key, text, OutboxKind.NOTE)


async def _queue_for_staff(session: AsyncSession, conversation_id: int, key: str, text: str, kind: OutboxKind) -> None:
    statement = (
        insert(Outbox)
        .values(conversation_id=conversation_id, dedupe_key=key, kind=kind, text=text)
        .on_conflict_do_nothing()
        .returning(Outbox.id)
    )
    outbox_id = (await session.execute(statement)).scalar_one_or_none()
    if outbox_id is not None:
        await enqueue(session, NewJob(TASK_JOB, {"outbox": outbox_id}, dedupe=f"task:{outbox_id}"))


def delivery_job(outbox_id: int, after: timedelta) -> NewJob:
    """A later look whether an accepted message arrived."""
    return NewJob(DELIVERY_JOB, {"outbox": outbox_id}, after=after, priority=Priority.BACKGROUND)


async def enqueue_send(
    session: AsyncSession, conversation_id: int, version: object, after: timedelta = timedelta(0)
) -> None:
    """A job that looks at the conversation's outbox; `version` keeps it apart from one that is running."""
    job = NewJob(
        SEND_JOB,
        {"conversation": conversation_id},
        after=after,
        dedupe=f"send:{conversation_id}:{version}",
        priority=Priority.SEND,
    )
    await enqueue(session, job)


async def claim_next(session: AsyncSession, conversation_id: int, now: datetime) -> Claim | datetime | None:
    """The conversation's next message, marked `sending`; or when to look again; or None when nothing is open."""
    conversation = await session.get(Conversation, conversation_id, with_for_update=True)
    if conversation is None:
        return None
    for row in await _open_messages(session, conversation_id):
        if row.state == OutboxState.SENDING and row.lease_until is not None and row.lease_until > now:
            return row.lease_until
        if row.next_at > now:
            return row.next_at
        if row.state == OutboxState.QUEUED and (reason := needless(row, conversation, now)):
            await _skip(session, row, reason, now)
            continue
        if row.state == OutboxState.QUEUED and await _lead_is_busy(session, conversation):
            return now + LEAD_PAUSE
        return await _claim(session, row, conversation, now)
    return None


async def _open_messages(session: AsyncSession, conversation_id: int) -> Sequence[Outbox]:
    query = (
        select(Outbox)
        .where(
            Outbox.conversation_id == conversation_id,
            Outbox.kind == OutboxKind.MESSAGE,
            Outbox.state.in_(OPEN_STATES),
        )
        .order_by(Outbox.id)
    )
    return (await session.execute(query)).scalars().all()


async def _skip(session: AsyncSession, row: Outbox, reason: str, now: datetime) -> None:
    row.state, row.error, row.settled_at = OutboxState.SKIPPED, reason, now
    log.info("outbox.skipped", outbox=row.id, conversation=row.conversation_id, reason=reason)
    if reason == TOO_LATE:
        await queue_task(session, row.conversation_id, f"too_late:{row.id}", TOO_LATE_TASK)
    if reason == TAKEN_OVER:
        await unanswer(session, row)


async def unanswer(session: AsyncSession, row: Outbox) -> None:
    """A reply that did not go out has answered nothing: its messages wait until the chat is handed back."""
    incoming = (Message.conversation_id == row.conversation_id, Message.direction == Direction.IN)
    turns = select(Message.turn_id).where(*incoming, Message.sent_at == row.answers_at, Message.turn_id.is_not(None))
    await session.execute(update(Message).where(*incoming, Message.turn_id.in_(turns)).values(turn_id=None))


async def _lead_is_busy(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether a reply of another conversation is under way on the same lead: a Salesbot shares the lead's field."""
    if conversation.lead_id is None:
        return False
    await session.execute(select(func.pg_advisory_xact_lock(LEAD_LOCK, func.hashint8(conversation.lead_id))))
    busy = (
        select(Outbox.id)
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .where(
            Conversation.lead_id == conversation.lead_id,
            Conversation.id != conversation.id,
            Outbox.kind == OutboxKind.MESSAGE,
            Outbox.state.in_([OutboxState.SENDING, OutboxState.UNCLEAR]),
        )
        .limit(1)
    )
    return (await session.execute(busy)).first() is not None


async def _claim(session: AsyncSession, row: Outbox, conversation: Conversation, now: datetime) -> Claim:
    unclear = row.state != OutboxState.QUEUED
    row.state = OutboxState.SENDING
    row.lease_until = now + LEASE
    row.sending_at = row.sending_at or now
    row.attempts += 1
    query = select(Outbox.kommo_id).where(Outbox.conversation_id == conversation.id, Outbox.id != row.id)
    # What others sent into the chat meanwhile is not this reply either (a welcome bot, for one).
    foreign = select(Message.kommo_id).where(
        Message.conversation_id == conversation.id,
        Message.direction == Direction.OUT,
        Message.sent_at >= row.sending_at - timedelta(minutes=1),
        func.btrim(Message.text) != row.text.strip(),
    )
    known = [*(await session.execute(query)).scalars(), *(await session.execute(foreign)).scalars()]
    others = frozenset(filter(None, known))
    return Claim(row, conversation, unclear, others)


async def renew_claim(session: AsyncSession, claim: Claim, now: datetime) -> bool:
    """Hold the claim a little longer; False when it is not ours any more."""
    statement = (
        update(Outbox)
        .where(Outbox.id == claim.row.id, Outbox.state == OutboxState.SENDING, Outbox.attempts == claim.row.attempts)
        .values(lease_until=now + LEASE)
        .returning(Outbox.id)
    )
    return (await session.execute(statement)).first() is not None


def needless(row: Outbox, conversation: Conversation, now: datetime) -> str | None:
    """Why a queued reply must not go out any more, or None."""
    if row.answers_at is None:
        return None
    if conversation.last_staff_at is not None and conversation.last_staff_at >= row.answers_at:
        return "a person answered"
    if conversation.quiet_until is not None and conversation.quiet_until > now:
        return TAKEN_OVER
    if now - row.answers_at > WINDOW:
        return TOO_LATE
    return None
