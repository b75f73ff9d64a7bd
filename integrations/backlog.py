"""How much work waits in the queue, and for how long: what an operator looks at first. Reads PgQueuer's table."""

from dataclasses import dataclass
from datetime import timedelta

from pgqueuer.domain.settings import db_settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

QUERY = text(f"""
    SELECT count(*) FILTER (WHERE due) AS waiting,
           count(*) FILTER (WHERE status = 'picked') AS running,
           now() - min(execute_after) FILTER (WHERE due) AS oldest
    FROM (
        SELECT status, execute_after, status = 'queued' AND execute_after <= now() AS due
        FROM {db_settings().queue_table}
    ) AS jobs
""")


@dataclass(frozen=True)
class Backlog:
    """Jobs that are due and not taken, jobs under way, and how long the oldest has been due (None: nothing waits)."""

    waiting: int
    running: int
    oldest: timedelta | None


async def backlog(session: AsyncSession) -> Backlog:
    """The queue as it is now; jobs planned for later do not count."""
    row = (await session.execute(QUERY)).one()
    return Backlog(row.waiting, row.running, row.oldest)
