"""The durable queue (PgQueuer in the same PostgreSQL): enqueue in the caller's transaction, register, run.

A job only says that somebody should look; the domain row holds the state. Delivery is at least once, so handlers are
idempotent. A dedupe key holds only while its job is queued or running: a job that must not be lost behind a running
twin gets a key of its own (an object version), and the minute's sweep finds rows whose job vanished.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Any

import asyncpg
import structlog
from pgqueuer import Job, QueueManager
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.queries import Queries
from sqlalchemy.ext.asyncio import AsyncSession

log = structlog.get_logger(__name__)

Payload = dict[str, Any]
Handler = Callable[[Payload], Awaitable[None]]

STALE_AFTER = timedelta(seconds=12)
"""A job whose worker has not been heard of for so long is given to another."""
POLL = timedelta(seconds=2)
"""How long a worker sleeps at most when no notification arrives: the pace if its LISTEN connection is lost."""


class Priority(IntEnum):
    """Order of jobs that are due at the same time: higher first."""

    BACKGROUND = 0
    NORMAL = 10
    REPLY = 20
    SEND = 25
    """What is answered already goes out before the next answer is made: Kommo's pace is the narrow place."""
    INTAKE = 30
    """What came in from Kommo, and looking for what got lost: short, and never behind a queue of replies."""


@dataclass(frozen=True)
class NewJob:
    """One job to enqueue. `after` delays it; `dedupe` keeps a second one out while the first is queued or running."""

    name: str
    payload: Payload
    after: timedelta = timedelta(0)
    dedupe: str | None = None
    priority: Priority = Priority.NORMAL


async def enqueue(session: AsyncSession, *jobs: NewJob) -> None:
    """Enqueue in the session's transaction: with its rollback the jobs are gone as well."""
    if not jobs:
        return
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, asyncpg.Connection)
    if not driver.is_in_transaction():
        # SQLAlchemy begins the driver's transaction with the first statement, so one has to run before the queue's.
        await connection.exec_driver_sql("SELECT 1")
    await enqueue_on(driver, *jobs)


async def enqueue_on(driver: "asyncpg.Connection[asyncpg.Record]", *jobs: NewJob) -> None:
    """Enqueue on a bare asyncpg connection, in whatever transaction it is in."""
    await Queries(AsyncpgDriver(driver)).enqueue(
        [job.name for job in jobs],
        [json.dumps(job.payload).encode() for job in jobs],
        [int(job.priority) for job in jobs],
        execute_after=[job.after for job in jobs],
        dedupe_key=[job.dedupe for job in jobs],
        on_conflict="skip",
    )


class JobRunner:
    """Runs registered handlers until `stop()`; jobs under way are finished first."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", concurrency: int) -> None:
        self._manager = QueueManager(Queries(AsyncpgPoolDriver(pool)))
        self._concurrency = concurrency

    def register(self, name: str, handler: Handler, *, concurrency: int = 0) -> None:
        """Bind `name` to `handler`; `concurrency` caps it over all workers (0: no cap)."""

        @self._manager.entrypoint(name, concurrency_limit=concurrency, accepts_context=False)
        async def run(job: Job) -> None:
            payload: Mapping[str, Any] = json.loads(job.payload or b"{}")
            with structlog.contextvars.bound_contextvars(job=name, job_id=int(job.id)):
                await handler(dict(payload))

    async def run(self) -> None:
        """Take jobs until stopped."""
        await self._manager.run(
            dequeue_timeout=POLL,
            batch_size=max(1, self._concurrency // 4),
            max_concurrent_tasks=self._concurrency,
            heartbeat_timeout=STALE_AFTER,
        )

    def stop(self) -> None:
        """Take no further jobs; `run()` returns when those under way are done."""
        self._manager.shutdown.set()
