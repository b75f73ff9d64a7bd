"""The job that makes a conversation's next turn run. Takes a session, never commits."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from integrations.jobs import NewJob, Priority, enqueue

TURN_JOB = "turn"


async def enqueue_turn(session: AsyncSession, conversation_id: int, at: datetime, now: datetime, version: str) -> None:
    """A job for a turn at that time; `version` keeps it apart from one that is running."""
    job = NewJob(
        TURN_JOB,
        {"conversation": conversation_id},
        after=max(at - now, timedelta(0)),
        dedupe=f"turn:{conversation_id}:{version}",
        priority=Priority.REPLY,
    )
    await enqueue(session, job)
