"""Kommo's events: stored once, as received, together with the job that says "look at them".

`EventStore` commits all bodies that are waiting in one transaction, so that a burst of webhooks costs one commit and
not one each; every caller hears of the commit, or of its failure, before it answers Kommo.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.models import EventSource, KommoEvent

EVENTS_JOB = "kommo_events"
BATCH = 64


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

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
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
            await store_events(self._sessions, [waiting.event for waiting in batch])
        except DBAPIError as error:
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


async def store_events(sessions: Sessions, events: Sequence[NewEvent]) -> None:
    """Insert the events that are new and one job for all of them, in one transaction."""
    rows = [{"event_key": event.key, "body": event.body, "source": event.source} for event in events]
    statement = insert(KommoEvent).values(rows).on_conflict_do_nothing().returning(KommoEvent.id)
    async with transaction(sessions) as session:
        ids = list((await session.execute(statement)).scalars())
        if ids:
            await enqueue(session, NewJob(EVENTS_JOB, {"ids": ids}, priority=Priority.INTAKE))
