"""Nobody reacted to what was handed over: the staff are told again, and the customer honestly, once.

A person's message in the chat is a reaction, and so is a completed task. Looks at Kommo outside of any transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.handoffs.book import close_answered
from assistant.handoffs.models import STILL_OPEN, Handoff, HandoffState
from integrations.database import Sessions, transaction
from integrations.kommo.chats.models import Conversation, Outbox
from integrations.kommo.chats.outbox import WINDOW, queue_message, queue_task
from integrations.kommo.chats.stafftasks import PRIORITY
from integrations.kommo.chats.takeover import has_chat
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import KommoError

log = structlog.get_logger(__name__)

MOST = 50
AGAIN = f"{PRIORITY} – ninguém respondeu ao cliente ainda.\n"
HONEST = (
    "Ainda não consegui que alguém da equipe te respondesse, e peço desculpas pela demora. Já avisei de novo, com "
    "prioridade."
)


@dataclass(frozen=True)
class Overdue:
    """A matter to which somebody should have reacted, with the id of its task in Kommo."""

    handoff_id: int
    conversation_id: int
    task_id: int | None


async def escalate_overdue(sessions: Sessions, client: KommoClient, now: datetime) -> None:
    """Close what a person has taken up; escalate what is overdue."""
    async with transaction(sessions) as session:
        await close_answered(session, now)
        overdue = await _overdue(session, now)
    for matter in overdue:
        try:
            done = matter.task_id is not None and await _is_done(client, matter.task_id)
        except KommoError as error:
            if error.worth_waiting:
                log.info("handoff.look_failed", handoff=matter.handoff_id, error=type(error).__name__)
                continue
            done = False
        async with transaction(sessions) as session:
            await _settle(session, matter, done, now)


async def _overdue(session: AsyncSession, now: datetime) -> Sequence[Overdue]:
    task = select(Outbox.kommo_id).where(Outbox.dedupe_key == func.concat("turn:", Handoff.turn_id, ":task"))
    query = (
        select(Handoff.id, Handoff.conversation_id, task.scalar_subquery())
        .where(Handoff.state == HandoffState.OPEN, Handoff.escalate_at <= now)
        .order_by(Handoff.escalate_at)
        .limit(MOST)
    )
    return [Overdue(row[0], row[1], int(row[2]) if row[2] else None) for row in (await session.execute(query)).all()]


async def _is_done(client: KommoClient, task_id: int) -> bool:
    """Whether the staff completed the task, or threw it away."""
    task = await client.task(task_id)
    return task is None or task.is_completed


async def _settle(session: AsyncSession, matter: Overdue, done: bool, now: datetime) -> None:
    """Close or escalate, unless a person or another worker came first."""
    conversation = await session.get_one(Conversation, matter.conversation_id, with_for_update=True)
    await close_answered(session, now, Handoff.id == matter.handoff_id)
    handoff = await session.get_one(Handoff, matter.handoff_id, with_for_update=True)
    if handoff.state != HandoffState.OPEN:
        return
    if done:
        handoff.state, handoff.closed_at = HandoffState.CLOSED, now
        return
    told = await _told_before(session, conversation.id)
    handoff.state, handoff.escalated_at = HandoffState.ESCALATED, now
    key = f"handoff:{handoff.id}"
    await queue_task(session, conversation.id, f"{key}:again", AGAIN + handoff.summary.removeprefix(f"{PRIORITY} – "))
    reached_at = conversation.last_customer_at
    if not told and reached_at is not None and now - reached_at < WINDOW and not has_chat(conversation, now):
        await queue_message(session, conversation.id, f"{key}:told", [HONEST], reached_at)
    log.info("handoff.escalated", handoff=handoff.id, reason=handoff.reason)


async def _told_before(session: AsyncSession, conversation_id: int) -> bool:
    """Whether the customer has been told already, for another matter that is still open."""
    query = select(Handoff.id).where(
        Handoff.conversation_id == conversation_id,
        Handoff.state.in_(STILL_OPEN),
        Handoff.escalated_at.is_not(None),
    )
    return (await session.execute(query.limit(1))).first() is not None
