"""When Kommo's last event arrived. Takes a session, never commits."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.check.expected import Heard
from integrations.kommo.models import EventSource, KommoEvent


async def last_heard(session: AsyncSession) -> Heard:
    """The arrival of the newest webhook body."""
    newest = select(KommoEvent.received_at).where(KommoEvent.source == EventSource.WEBHOOK)
    return Heard((await session.execute(newest.order_by(KommoEvent.id.desc()).limit(1))).scalar_one_or_none())
