"""Who has a chat, the assistant or a person, and what happens when it changes hands.

A person's message takes it over for a while, the lead's field *Assistente* until further notice. Handed back by a
word, by the field or by time, the customer's messages that no person answered get their turn. Takes a session, never
commits, speaks to nobody.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.chats.leadmodes import want_mode
from integrations.kommo.chats.models import Conversation, Direction, Message
from integrations.kommo.chats.outbox import TOO_LATE_TASK, queue_task
from integrations.kommo.chats.turnjob import enqueue_turn
from integrations.kommo.modefield import AssistantMode
from integrations.workshop.shop import shop_hours
from integrations.workshop.worktime import after_work_time

log = structlog.get_logger(__name__)

HAND_BACK_WORDS = frozenset({"pode voltar", "assistente pode voltar", "pode voltar assistente", "volta assistente"})
"""What staff write in the chat, alone in a message, to hand it back (docs/connect-kommo.md lists them)."""
UNTIL_FURTHER_NOTICE = datetime(9999, 1, 1, tzinfo=UTC)
MOST = 200
"""Take-overs that one look ends."""


def is_hand_back(written: str) -> bool:
    """Whether a staff message only says that the assistant may go on."""
    plain = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"\w+", plain)) in HAND_BACK_WORDS


def has_chat(conversation: Conversation, now: datetime) -> bool:
    """Whether a person has this chat now."""
    return conversation.quiet_until is not None and conversation.quiet_until > now


async def staff_wrote(
    session: AsyncSession, conversation: Conversation, at: datetime, span: timedelta, now: datetime
) -> None:
    """A person answered in the chat: the assistant is quiet there for so long of the shop's opening hours."""
    conversation.last_staff_at = max(conversation.last_staff_at or at, at)
    if conversation.handed_back_at is not None and at < conversation.handed_back_at:
        return
    until = after_work_time(await shop_hours(session), at, span)
    conversation.quiet_until = max(conversation.quiet_until or until, until)
    log.info("chat.staff_took_over", conversation=conversation.id)
    if now < conversation.quiet_until < UNTIL_FURTHER_NOTICE:
        await want_mode(session, conversation.lead_id, AssistantMode.PERSON)


async def staff_handed_back(
    session: AsyncSession, conversation: Conversation, at: datetime, now: datetime, answer_within: timedelta
) -> None:
    """A person wrote the word; one that is found after a newer message of theirs says nothing any more."""
    if conversation.last_staff_at is not None and conversation.last_staff_at > at:
        return
    conversation.handed_back_at = max(conversation.handed_back_at or at, at)
    await hand_back(session, conversation, now, answer_within)


async def hand_back(session: AsyncSession, conversation: Conversation, now: datetime, answer_within: timedelta) -> None:
    """The assistant has the chat again; the conversation is locked. What waits for an answer gets its turn."""
    if conversation.quiet_until is None:
        return
    conversation.quiet_until = None
    log.info("chat.handed_back", conversation=conversation.id)
    await want_mode(session, conversation.lead_id, AssistantMode.ACTIVE)
    waiting = await _left_by_staff(session, conversation)
    fresh = [message for message in waiting if message.sent_at >= now - answer_within]
    for message in waiting:
        message.history = message not in fresh
    if fresh:
        conversation.due_at = conversation.burst_since = now
        await enqueue_turn(session, conversation.id, now, now, f"back:{fresh[-1].id}")
    elif waiting:
        await queue_task(session, conversation.id, f"left:{waiting[-1].id}", TOO_LATE_TASK)


async def _left_by_staff(session: AsyncSession, conversation: Conversation) -> Sequence[Message]:
    """The customer's messages that neither a turn nor a person has answered."""
    query = select(Message).where(
        Message.conversation_id == conversation.id,
        Message.direction == Direction.IN,
        Message.turn_id.is_(None),
        ~Message.history,
        Message.deleted_at.is_(None),
    )
    if conversation.last_staff_at is not None:
        query = query.where(Message.sent_at > conversation.last_staff_at)
    return (await session.execute(query.order_by(Message.sent_at, Message.id))).scalars().all()


async def end_takeovers(session: AsyncSession, now: datetime, answer_within: timedelta) -> int:
    """Hand back the chats whose take-over is over; how many there were."""
    query = (
        select(Conversation)
        .where(Conversation.quiet_until <= now)
        .order_by(Conversation.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    ended = (await session.execute(query)).scalars().all()
    for conversation in ended:
        await hand_back(session, conversation, now, answer_within)
    return len(ended)


async def set_mode(
    session: AsyncSession, lead_id: int, mode: AssistantMode, now: datetime, answer_within: timedelta
) -> None:
    """A person chose a value of the lead's field: it holds for every chat on that lead."""
    query = select(Conversation).where(Conversation.lead_id == lead_id).order_by(Conversation.id).with_for_update()
    for conversation in (await session.execute(query)).scalars().all():
        if mode is AssistantMode.ACTIVE:
            conversation.handed_back_at = now.replace(microsecond=0)
            await hand_back(session, conversation, now, answer_within)
        else:
            conversation.quiet_until = UNTIL_FURTHER_NOTICE
            log.info("chat.set_quiet", conversation=conversation.id, mode=mode.name)
