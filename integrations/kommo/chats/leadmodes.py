"""What the lead's field *Assistente* should show. Takes a session, never commits; `modesync.py` speaks to Kommo."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.jobs import NewJob, enqueue
from integrations.kommo.chats.models import Conversation, LeadMode
from integrations.kommo.modefield import AssistantMode

MODE_JOB = "lead_mode"
LOST_AFTER = timedelta(seconds=30)
"""A field that should have been written so long ago has lost its job."""
MOST = 200


async def want_mode(session: AsyncSession, lead_id: int | None, mode: AssistantMode) -> None:
    """Have the lead's field show this; nothing when it does already, or when there is no lead."""
    if lead_id is None:
        return
    fresh = insert(LeadMode).values(lead_id=lead_id, shown=AssistantMode.ACTIVE, wanted=mode)
    changed = fresh.on_conflict_do_update(
        index_elements=["lead_id"],
        set_={"wanted": fresh.excluded.wanted, "changed_at": fresh.excluded.changed_at},
        where=LeadMode.wanted != fresh.excluded.wanted,
    )
    written = (await session.execute(changed.returning(LeadMode.shown))).scalar_one_or_none()
    if written is not None and written != mode:
        await enqueue_mode(session, lead_id)


async def lead_shows(session: AsyncSession, lead_id: int, shown: str) -> bool:
    """A webhook tells what a lead's field shows: looked into when it is news and the lead has a chat of ours.

    What a webhook tells may be our own writing, or old: only reading the lead decides (`modesync.py`).
    """
    known = (await session.execute(select(LeadMode.shown).where(LeadMode.lead_id == lead_id))).scalar_one_or_none()
    if (known or AssistantMode.ACTIVE) == (shown or AssistantMode.ACTIVE):
        return False
    chats = select(Conversation.id).where(Conversation.lead_id == lead_id).limit(1)
    if (await session.execute(chats)).first() is None:
        return False
    row = insert(LeadMode).values(lead_id=lead_id, shown=AssistantMode.ACTIVE, wanted=AssistantMode.ACTIVE)
    await session.execute(row.on_conflict_do_nothing())
    await enqueue_mode(session, lead_id)
    return True


async def enqueue_mode(session: AsyncSession, lead_id: int, after: timedelta = timedelta(0), version: str = "") -> None:
    """A job that compares the lead's field with what it should show; `version` sets it apart from a running one."""
    await enqueue(session, NewJob(MODE_JOB, {"lead": lead_id}, after=after, dedupe=f"mode:{lead_id}:{version}"))


async def rescue_modes(session: AsyncSession, now: datetime) -> None:
    """New jobs for fields that do not show what they should, and whose job vanished."""
    query = (
        select(LeadMode.lead_id)
        .where(
            LeadMode.wanted != LeadMode.shown,
            LeadMode.changed_at < now - LOST_AFTER,
            or_(LeadMode.lease_until.is_(None), LeadMode.lease_until < now),
        )
        .limit(MOST)
    )
    for lead_id in (await session.execute(query)).scalars():
        await enqueue_mode(session, lead_id, version="rescue")
