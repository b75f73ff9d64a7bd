"""What was seen in a chat becomes a stored message, once, whatever way and however often it arrived.

A new customer message makes a turn due after the quiet window; a person's message makes the assistant quiet; our own
messages come back here and settle their outbox row. Takes a session, never commits, speaks to nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.attachments.intake import expect_attachment, hearing_until
from integrations.kommo.chats.echoes import settle_echo
from integrations.kommo.chats.models import AuthorType, Conversation, Direction, Message
from integrations.kommo.chats.takeover import is_hand_back, staff_handed_back, staff_wrote
from integrations.kommo.chats.turnjob import enqueue_turn

WIDGET_PREFIX = "widget:"
"""Begins the id of a message that only a bot's request brought."""
SAME_MESSAGE = timedelta(minutes=2)


@dataclass(frozen=True)
class Seen:
    """A chat message as Kommo shows it, from a webhook or from the talk's message list."""

    kommo_id: str
    chat_id: str | None
    talk_id: int | None
    contact_id: int | None
    lead_id: int | None
    origin: str | None
    direction: Direction
    author_type: AuthorType
    author_id: str | None
    message_type: str
    text: str
    attachment: dict[str, Any] | None
    sent_at: datetime
    delivery_status: str | None = None

    @property
    def chat_key(self) -> str:
        return self.chat_id or f"talk:{self.talk_id}"


@dataclass(frozen=True)
class InboxRules:
    """What the settings say about receiving."""

    origins: frozenset[str]
    quiet: timedelta
    """Silence to wait for before a burst is answered."""
    cap: timedelta
    """The longest wait for it."""
    takeover: timedelta
    """How long a person's message keeps the assistant quiet, in the shop's opening hours."""
    answer_within: timedelta
    """Older messages are history."""
    answer_from: datetime
    """Messages from before the service was connected are history too."""
    hearing: timedelta = timedelta(0)
    """The longest wait for a voice note to be heard; zero when nobody listens."""

    def answers(self, origin: str | None) -> bool:
        """Whether a channel's customers are answered; a body without an origin gets the benefit of the doubt."""
        return origin is None or origin in self.origins

    def too_old(self, sent_at: datetime, now: datetime) -> bool:
        """Whether a message is only context, never to be answered."""
        return sent_at < max(now - self.answer_within, self.answer_from)


async def receive(session: AsyncSession, seen: Seen, rules: InboxRules, via: str, now: datetime) -> bool:
    """Store one message; True when it was new. Messages without chat and talk cannot be placed and raise ValueError."""
    if seen.chat_id is None and seen.talk_id is None:
        raise ValueError("a message without chat_id and talk_id belongs to no conversation")
    conversation = await conversation_of(session, seen)
    if await adopt_widget_message(session, conversation.id, seen):
        return False
    message_id = await _insert(session, conversation, seen, rules, via, now)
    if message_id is None:
        return False
    if seen.direction is Direction.IN:
        await _customer_wrote(session, conversation, seen, message_id, rules, now)
    elif seen.author_type is AuthorType.INTERNAL:
        await _staff_wrote(session, conversation, seen, rules, now)
    else:
        await settle_echo(session, conversation.id, seen.kommo_id, seen.text, seen.sent_at)
    return True


async def adopt_widget_message(session: AsyncSession, conversation_id: int, seen: Seen) -> bool:
    """Whether this is a message that a waiting bot brought before, without its id; it gets its id now."""
    if seen.direction is Direction.OUT or seen.kommo_id.startswith(WIDGET_PREFIX):
        return False
    same = (
        select(Message.id)
        .where(
            Message.conversation_id == conversation_id,
            Message.kommo_id.startswith(WIDGET_PREFIX),
            func.btrim(Message.text) == seen.text.strip(),
            Message.sent_at.between(seen.sent_at - SAME_MESSAGE, seen.sent_at + SAME_MESSAGE),
        )
        .order_by(Message.id)
        .limit(1)
    )
    found = (await session.execute(same)).scalar_one_or_none()
    if found is None:
        return False
    known = select(Message.id).where(Message.kommo_id == seen.kommo_id)
    if (await session.execute(known)).first() is None:
        await session.execute(update(Message).where(Message.id == found).values(kommo_id=seen.kommo_id))
    return True


async def conversation_of(session: AsyncSession, seen: Seen) -> Conversation:
    """The conversation of this chat, made when it is new, locked until the transaction ends, brought up to date."""
    await session.execute(insert(Conversation).values(chat_key=seen.chat_key).on_conflict_do_nothing())
    query = select(Conversation).where(Conversation.chat_key == seen.chat_key).with_for_update()
    conversation = (await session.execute(query)).scalar_one()
    newest = max(filter(None, (conversation.last_customer_at, conversation.last_staff_at)), default=None)
    if newest is None or seen.sent_at >= newest:
        conversation.talk_id = seen.talk_id or conversation.talk_id
        conversation.lead_id = seen.lead_id or conversation.lead_id
        _follow_contact(conversation, seen.contact_id)
    conversation.origin = conversation.origin or seen.origin
    return conversation


def _follow_contact(conversation: Conversation, contact_id: int | None) -> None:
    """Staff may move or merge a chat to another contact: then nothing known of the old one holds any more."""
    if contact_id is not None and contact_id != conversation.contact_id:
        conversation.contact_id, conversation.contact_checked_at = contact_id, None
        conversation.phones = conversation.contact_name = None


async def _insert(
    session: AsyncSession, conversation: Conversation, seen: Seen, rules: InboxRules, via: str, now: datetime
) -> int | None:
    """The id of the stored message, or None when Kommo's id is known already."""
    answerable = seen.direction is Direction.IN and rules.answers(conversation.origin)
    statement = (
        insert(Message)
        .values(
            kommo_id=seen.kommo_id,
            conversation_id=conversation.id,
            direction=seen.direction,
            author_type=seen.author_type,
            author_id=seen.author_id,
            message_type=seen.message_type,
            text=seen.text,
            attachment=seen.attachment,
            talk_id=seen.talk_id,
            sent_at=seen.sent_at,
            via=via,
            history=not answerable or rules.too_old(seen.sent_at, now),
            delivery_status=seen.delivery_status,
        )
        .on_conflict_do_nothing()
        .returning(Message.id)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def _customer_wrote(
    session: AsyncSession, conversation: Conversation, seen: Seen, message_id: int, rules: InboxRules, now: datetime
) -> None:
    conversation.last_customer_at = max(conversation.last_customer_at or seen.sent_at, seen.sent_at)
    if not rules.answers(conversation.origin) or rules.too_old(seen.sent_at, now):
        return
    await expect_attachment(session, message_id, seen.message_type, seen.attachment, rules.hearing, now)
    conversation.burst_since = conversation.burst_since or now
    conversation.due_at = await _due(session, conversation, rules, now)
    await enqueue_turn(session, conversation.id, conversation.due_at, now, f"message:{message_id}")


async def _staff_wrote(
    session: AsyncSession, conversation: Conversation, seen: Seen, rules: InboxRules, now: datetime
) -> None:
    if is_hand_back(seen.text):
        await staff_handed_back(session, conversation, seen.sent_at, now, rules.answer_within)
    else:
        await staff_wrote(session, conversation, seen.sent_at, rules.takeover, now)


async def _due(session: AsyncSession, conversation: Conversation, rules: InboxRules, last: datetime) -> datetime:
    """When a burst whose last message came at `last` is to be answered: after a silence, once its voice was heard."""
    quiet = min(last + rules.quiet, (conversation.burst_since or last) + rules.cap)
    heard = await hearing_until(session, conversation.id) if rules.hearing else None
    return max(quiet, heard or quiet)


async def bring_forward(
    session: AsyncSession, conversation: Conversation, rules: InboxRules, now: datetime, version: str
) -> None:
    """A voice note that the turn waited for is settled: the turn is due when silence and other voice notes allow.

    The caller has locked the conversation.
    """
    if conversation.due_at is None:
        return
    query = select(func.max(Message.created_at)).where(
        Message.conversation_id == conversation.id, Message.direction == Direction.IN, Message.turn_id.is_(None)
    )
    last = (await session.execute(query)).scalar_one() or now
    due = max(await _due(session, conversation, rules, last), now)
    if due < conversation.due_at:
        conversation.due_at = due
        await enqueue_turn(session, conversation.id, due, now, version)
