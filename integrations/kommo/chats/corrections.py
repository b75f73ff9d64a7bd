"""A customer changes or takes back a message: the newest version is answered, what is taken back is not.

What a turn has answered stays as it was answered, because it may be the proof of a decision; that it was changed later
is noted beside it. Takes a session, never commits.

How Kommo tells of it is not documented. Assumed: `message[update]` (or the bare `update`) with the id and the new text,
`message[delete]` with the id; and a talk's list shows the newest text.
"""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.chats.inbox import InboxRules, Seen, receive
from integrations.kommo.chats.models import Conversation, Direction, Message
from integrations.kommo.chats.turnjob import enqueue_turn

log = structlog.get_logger(__name__)


async def correct(session: AsyncSession, seen: Seen, rules: InboxRules, via: str, now: datetime) -> None:
    """Take a changed message in; one that we never had is a new one."""
    message = await _known(session, seen.kommo_id)
    if message is None:
        await receive(session, seen, rules, via, now)
        return
    if not differs(message, seen):
        return
    message.edited_at = now
    if message.turn_id is None:
        message.first_text = message.text if message.first_text is None else message.first_text
        message.text = seen.text
        await _answer_anew(session, message, rules, now)
    log.info("chat.message_changed", message=message.id, answered=message.turn_id is not None)


async def take_back(session: AsyncSession, kommo_id: str, now: datetime) -> None:
    """A message that the customer deleted: never answered, no longer shown to a responder."""
    message = await _known(session, kommo_id)
    if message is None or message.direction != Direction.IN or message.deleted_at is not None:
        return
    message.deleted_at = now
    log.info("chat.message_deleted", message=message.id, answered=message.turn_id is not None)


def differs(message: Message, seen: Seen) -> bool:
    """Whether Kommo shows a customer's message with other words than we have. What was heard is never given up."""
    ours, theirs = message.text.strip(), seen.text.strip()
    return message.direction == Direction.IN and bool(theirs) and theirs != ours


async def _known(session: AsyncSession, kommo_id: str) -> Message | None:
    """The message; its conversation is locked first, as always."""
    query = select(Message.conversation_id).where(Message.kommo_id == kommo_id)
    conversation_id = (await session.execute(query)).scalar_one_or_none()
    if conversation_id is None:
        return None
    await session.get_one(Conversation, conversation_id, with_for_update=True)
    found = select(Message).where(Message.kommo_id == kommo_id).execution_options(populate_existing=True)
    return (await session.execute(found)).scalar_one()


async def _answer_anew(session: AsyncSession, message: Message, rules: InboxRules, now: datetime) -> None:
    """Who changes a message may go on changing it: the silence is waited for again."""
    conversation = await session.get_one(Conversation, message.conversation_id)
    if message.history or conversation.due_at is None:
        return
    quiet = min(now + rules.quiet, (conversation.burst_since or now) + rules.cap)
    conversation.due_at = max(conversation.due_at, quiet)
    await enqueue_turn(session, conversation.id, conversation.due_at, now, f"edit:{message.id}:{now.timestamp()}")
