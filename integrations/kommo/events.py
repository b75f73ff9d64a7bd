"""Kommo's events: stored once, as received, together with the job that says "look at them".

`EventStore` commits all bodies that are waiting with one statement, so that a burst of webhooks costs one commit and
not one each; every caller hears of the commit, or of its failure, before it answers Kommo. One statement is its own
transaction: event and job are there together or not at all, for a single round trip to PostgreSQL.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
from pgqueuer.domain.settings import db_settings

from integrations.jobs import Priority
from integrations.kommo.models import EventSource

EVENTS_JOB = "kommo_events"
BATCH = 64

STORE = f"""
WITH stored AS (
    INSERT INTO kommo_event (event_key, body, source)
    SELECT event_key, body, source FROM unnest($1::text[], $2::text[], $3::text[]) AS sent (event_key, body, source)
    ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO {db_settings().queue_table} (priority, entrypoint, payload, status)
SELECT $4, $5, convert_to(json_build_object('ids', json_agg(id))::text, 'UTF8'), 'queued'
FROM stored HAVING count(*) > 0
"""
"""The job is written into PgQueuer's table as its own enqueue does, but for the entry in its log of jobs."""


def body_key(body: str) -> str:
    """The event key of a webhook body: Kommo repeats a delivery byte for byte."""
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True)
class NewEvent:
    """A body to store under its unique key."""

    key: str
    body: str
    source: EventSource = EventSource.WEBHOOK


@dataclass
class _Waiting:
    event: NewEvent
    stored: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class EventStore:
    """Stores events in batches; one instance a web process. A known key is stored no second time."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def store(self, event: NewEvent) -> None:
        """Return when the event is committed; raises what the database raised when it is not."""
        waiting = _Waiting(event)
        self._waiting.append(waiting)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await waiting.stored

    async def _write(self) -> None:
        """Commit batch after batch until nobody waits."""
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            await self._commit(batch)

    async def _commit(self, batch: Sequence[_Waiting]) -> None:
        try:
            await store_events(self._pool, [waiting.event for waiting in batch])
        except asyncpg.PostgresError as error:
            if len(batch) > 1:
                # One body that PostgreSQL refuses must not take the others with it.
                for waiting in batch:
                    await self._commit([waiting])
                return
            _answer(batch, error)
        except Exception as error:
            _answer(batch, error)
        else:
            _answer(batch, None)


def _answer(batch: Sequence[_Waiting], error: Exception | None) -> None:
    """Wake the callers that still wait; one whose request was cut off does not."""
    for waiting in batch:
        if waiting.stored.done():
            continue
        if error is None:
            waiting.stored.set_result(None)
        else:
            waiting.stored.set_exception(error)


async def store_events(pool: asyncpg.Pool, events: Sequence[NewEvent]) -> None:
    """Insert the events that are new and one job for all of them."""
    keys, bodies = [event.key for event in events], [event.body for event in events]
    sources = [event.source.value for event in events]
    await pool.execute(STORE, keys, bodies, sources, int(Priority.INTAKE), EVENTS_JOB)
