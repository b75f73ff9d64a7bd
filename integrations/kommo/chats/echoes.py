"""Our own messages come back from Kommo: match each to its outbox row, never react to it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.chats.models import Outbox, OutboxKind, OutboxState

MATCH_WINDOW = timedelta(minutes=10)
"""A Salesbot's message carries no id of ours; its text within this time of the sending is the match."""


async def settle_echo(session: AsyncSession, conversation_id: int, kommo_id: str, text: str, sent_at: datetime) -> None:
    """Note which outbox row this outgoing message is: by Kommo's id, else by its text and time."""
    known = select(Outbox.id).where(Outbox.kommo_id == kommo_id)
    if (await session.execute(known)).first() is not None:
        return
    candidate = (
        select(Outbox.id)
        .where(
            Outbox.conversation_id == conversation_id,
            Outbox.kind == OutboxKind.MESSAGE,
            Outbox.kommo_id.is_(None),
            Outbox.sending_at.is_not(None),
            Outbox.sending_at.between(sent_at - MATCH_WINDOW, sent_at + timedelta(seconds=2)),
            func.btrim(Outbox.text) == text.strip(),
            Outbox.state.in_([OutboxState.SENDING, OutboxState.UNCLEAR, OutboxState.ACCEPTED]),
        )
        .order_by(Outbox.id)
        .limit(1)
    )
    found = (await session.execute(candidate)).scalar_one_or_none()
    if found is not None:
        await session.execute(update(Outbox).where(Outbox.id == found).values(kommo_id=kommo_id))
