"""Lead writes that wait for a person after three days, or because Kommo refused them: tried again, or left undone.

Takes a session, never commits. What is tried again is tried as *unclear*: a note is looked for before it is made.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.chats.models import OutboxState
from integrations.kommo.importer.leadwrites import enqueue_write
from integrations.kommo.importer.models import Candidate, LeadWrite


async def parked_writes(session: AsyncSession, most: int) -> Sequence[tuple[LeadWrite, str | None]]:
    """The newest ones with the name of the lead's customer."""
    query = select(LeadWrite, Candidate.title).outerjoin(Candidate, Candidate.lead_id == LeadWrite.lead_id)
    query = query.where(LeadWrite.state == OutboxState.PARKED).order_by(LeadWrite.id.desc()).limit(most)
    return [(row, title) for row, title in (await session.execute(query)).all()]


def parked_write_count() -> ScalarSelect[int]:
    """How many there are, to be part of a larger query."""
    return select(func.count()).where(LeadWrite.state == OutboxState.PARKED).scalar_subquery()


async def retry_write(session: AsyncSession, write_id: int, now: datetime) -> bool:
    """Have it tried again, for as long as a new one; False when it is parked no more."""
    row = await _parked(session, write_id)
    if row is None:
        return False
    row.state, row.attempts, row.error, row.settled_at = OutboxState.UNCLEAR, 0, None, None
    row.created_at, row.next_at = now, now
    await session.flush()
    await enqueue_write(session, row.id, f"retry:{now.timestamp()}")
    return True


async def discard_write(session: AsyncSession, write_id: int, said: str, now: datetime) -> bool:
    """Leave it undone for good; False when it is parked no more."""
    row = await _parked(session, write_id)
    if row is None:
        return False
    row.state, row.error, row.settled_at = OutboxState.SKIPPED, said, now
    return True


async def _parked(session: AsyncSession, write_id: int) -> LeadWrite | None:
    query = select(LeadWrite).where(LeadWrite.id == write_id, LeadWrite.state == OutboxState.PARKED)
    return (await session.scalars(query.with_for_update())).one_or_none()
