"""Read a talk's messages from Kommo and put them into the inbox: what no webhook brought is found here."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from integrations.database import Sessions, transaction
from integrations.kommo.chats.corrections import correct
from integrations.kommo.chats.inbox import InboxRules, receive
from integrations.kommo.chats.models import Conversation, Message
from integrations.kommo.chats.reading import from_talk
from integrations.kommo.client import KommoClient
from integrations.kommo.schemas import ChatMessage, Talk

READ_BACK = timedelta(minutes=2)
"""How far a read reaches back behind the last one: Kommo may list a message late."""


async def read_talk(
    sessions: Sessions,
    client: KommoClient,
    talk: Talk,
    rules: InboxRules,
    now: datetime,
    *,
    also_from: datetime | None = None,
) -> Sequence[ChatMessage]:
    """Store what was written in the talk since it was last read, or since `also_from` if that is earlier.

    Returns what was read. Raises `KommoError`.
    """
    horizon = now - rules.answer_within
    seen = await seen_until(sessions, talk)
    since = horizon if seen is None else max(seen - READ_BACK, horizon)
    messages = await client.talk_messages(talk.talk_id, since=min(since, also_from or since))
    for message in sorted(messages, key=lambda item: (item.created_at or now, item.id)):
        await _store(sessions, message, talk, rules, now)
    newest = max((message.created_at for message in messages if message.created_at), default=None)
    await mark_seen(sessions, talk, max(filter(None, (newest, seen)), default=since))
    return messages


def talk_of(conversation: Conversation, talk_id: int) -> Talk:
    """The talk as far as the conversation knows it, to save asking Kommo for it."""
    return Talk(
        talk_id=talk_id,
        chat_id="" if conversation.chat_key.startswith("talk:") else conversation.chat_key,
        contact_id=conversation.contact_id,
        entity_id=conversation.lead_id,
        origin=conversation.origin or "",
    )


async def seen_until(sessions: Sessions, talk: Talk) -> datetime | None:
    """Up to when this chat was read without a gap; None when it never was."""
    async with transaction(sessions) as session:
        query = select(Conversation.talk_seen_at).where(
            Conversation.chat_key == chat_key(talk), Conversation.talk_id == talk.talk_id
        )
        return (await session.execute(query)).scalar_one_or_none()


def chat_key(talk: Talk) -> str:
    """The key of the talk's conversation."""
    return talk.chat_id or f"talk:{talk.talk_id}"


async def mark_seen(sessions: Sessions, talk: Talk, until: datetime) -> None:
    """Note up to when the talk needs no reading: until it moves again."""
    known = {
        "talk_id": talk.talk_id,
        "contact_id": talk.contact_id,
        "origin": talk.origin or None,
        "talk_seen_at": until,
    }
    statement = insert(Conversation).values(chat_key=chat_key(talk), **known)
    changed = {"talk_seen_at": until, "talk_id": talk.talk_id}
    async with transaction(sessions) as session:
        await session.execute(statement.on_conflict_do_update(index_elements=["chat_key"], set_=changed))


async def _store(sessions: Sessions, message: ChatMessage, talk: Talk, rules: InboxRules, now: datetime) -> bool:
    async with transaction(sessions) as session:
        seen = from_talk(message, talk)
        is_new = await receive(session, seen, rules, "sweep", now)
        if not is_new and message.incoming:
            await correct(session, seen, rules, "sweep", now)
        if not is_new and message.delivery_status:
            status = {"delivery_status": message.delivery_status}
            await session.execute(update(Message).where(Message.kommo_id == message.id).values(status))
    return is_new
