"""Read a talk's messages from Kommo and put them into the inbox: what no webhook brought is found here."""

from datetime import datetime

from sqlalchemy import update

from integrations.database import Sessions, transaction
from integrations.kommo.chats.inbox import InboxRules, receive
from integrations.kommo.chats.models import Message
from integrations.kommo.chats.reading import from_talk
from integrations.kommo.client import KommoClient
from integrations.kommo.schemas import ChatMessage, Talk


async def read_talk(
    sessions: Sessions, client: KommoClient, talk: int | Talk, since: datetime, rules: InboxRules, now: datetime
) -> int:
    """Store the talk's messages since then, oldest first; returns how many were new. Raises `KommoError`."""
    whole = talk if isinstance(talk, Talk) else await client.talk(talk)
    if whole is None:
        return 0
    messages = await client.talk_messages(whole.talk_id, since=since)
    new = 0
    for message in sorted(messages, key=lambda item: (item.created_at or now, item.id)):
        new += await _store(sessions, message, whole, rules, now)
    return new


async def _store(sessions: Sessions, message: ChatMessage, talk: Talk, rules: InboxRules, now: datetime) -> bool:
    async with transaction(sessions) as session:
        is_new = await receive(session, from_talk(message, talk), rules, "sweep", now)
        if not is_new and message.delivery_status:
            await session.execute(
                update(Message).where(Message.kommo_id == message.id).values(delivery_status=message.delivery_status)
            )
    return is_new
