"""Is there an event for a chat that is stored and not read yet? Then its next turn had better wait a moment.

When the intake is behind, or its worker was killed, a line of a burst lies in `kommo_event` while the others are
messages already; answered without it, the customer would get two half answers. A body that speaks of the chat holds
its id as it is written, because an id needs no form encoding. Takes a session, never commits.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.chats.models import Conversation
from integrations.kommo.models import EventState, KommoEvent

LATELY = timedelta(minutes=1)
"""Older events wait for something else than their turn in the queue."""


async def on_its_way(session: AsyncSession, conversation: Conversation, now: datetime) -> bool:
    """Whether an event that came in lately and is still unread names this chat."""
    unread = (KommoEvent.state == EventState.PENDING, KommoEvent.received_at > now - LATELY)
    names = KommoEvent.body.contains(conversation.chat_key, autoescape=True)
    return (await session.execute(select(KommoEvent.id).where(*unread, names).limit(1))).first() is not None
