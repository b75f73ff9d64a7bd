"""START HERE: handing a matter over to people: once for each matter, with a task and a note in Kommo.

Called in a turn's last transaction. While a matter is open, more of the same is added to it and makes no second task.
Takes a session, never commits.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.answer import Answer
from assistant.conversation.claim import TurnClaim
from assistant.conversation.responder import HandOffReason
from assistant.handoffs.models import STILL_OPEN, Handoff, HandoffState
from assistant.handoffs.summary import five_lines
from assistant.tools.toolbox import Speaker
from integrations.kommo.chats.models import Conversation
from integrations.kommo.chats.outbox import queue_note, queue_task
from integrations.workshop.shop import shop_hours
from integrations.workshop.worktime import after_work_time

log = structlog.get_logger(__name__)

NOT_WAITING = frozenset({HandOffReason.OPT_OUT, HandOffReason.ABUSE})
"""Matters after which the customer waits for nobody's answer."""
LONGEST = 4000
"""Characters of a matter's summary with all that was added."""


async def hand_over(
    session: AsyncSession, claim: TurnClaim, answer: Answer, speaker: Speaker | None, now: datetime, within: timedelta
) -> None:
    """Queue the answer's hand-off, or add it to the open one; `within` is what the staff have, in opening hours."""
    handoff = answer.handoff
    assert handoff is not None
    key, conversation_id = f"turn:{claim.turn_id}", claim.conversation.id
    await close_answered(session, now, Handoff.conversation_id == conversation_id)
    summary = await five_lines(session, speaker, claim.burst, answer, now)
    known = await _open(session, conversation_id, handoff.reason) if handoff.awaits else None
    if known is not None:
        known.summary = f"{known.summary}\n\n{summary}"[:LONGEST]
        await queue_note(session, conversation_id, f"{key}:note", summary)
        log.info("handoff.added", handoff=known.id, reason=handoff.reason.value)
        return
    waits = handoff.awaits and bool(answer.text) and handoff.reason not in NOT_WAITING
    row = Handoff(
        conversation_id=conversation_id,
        reason=handoff.reason,
        summary=summary,
        state=HandoffState.OPEN if handoff.awaits else HandoffState.CLOSED,
        turn_id=claim.turn_id,
        opened_at=now,
        escalate_at=after_work_time(await shop_hours(session), now, within) if waits else None,
        closed_at=None if handoff.awaits else now,
    )
    session.add(row)
    await session.flush()
    await queue_task(session, conversation_id, f"{key}:task", summary)
    await queue_note(session, conversation_id, f"{key}:note", summary)
    log.info("handoff.opened", handoff=row.id, reason=handoff.reason.value)


async def is_open(session: AsyncSession, conversation_id: int, reason: HandOffReason) -> bool:
    """Whether a matter of this kind waits for a person who has not written since."""
    query = (
        select(Handoff.id)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(Handoff.conversation_id == conversation_id, Handoff.reason == reason, Handoff.state.in_(STILL_OPEN))
        .where(Conversation.last_staff_at.is_(None) | ~_answered())
    )
    return (await session.execute(query)).first() is not None


async def close_answered(session: AsyncSession, now: datetime, *which: ColumnElement[bool]) -> None:
    """Close the matters in whose chat a person has written since."""
    statement = (
        update(Handoff)
        .where(Handoff.state.in_(STILL_OPEN), Conversation.id == Handoff.conversation_id, _answered(), *which)
        .values(state=HandoffState.CLOSED, closed_at=now)
    )
    await session.execute(statement.execution_options(synchronize_session=False))


def _answered() -> ColumnElement[bool]:
    """Kommo tells the times of messages in whole seconds."""
    return Conversation.last_staff_at >= func.date_trunc("second", Handoff.opened_at)


async def _open(session: AsyncSession, conversation_id: int, reason: HandOffReason) -> Handoff | None:
    query = select(Handoff).where(
        Handoff.conversation_id == conversation_id, Handoff.reason == reason, Handoff.state.in_(STILL_OPEN)
    )
    return (await session.execute(query.with_for_update())).scalar_one_or_none()
