"""When things happen by the clock (APScheduler).

A tick only enqueues a job: with N replicas N ticks come, and the job's handler sees to it that one of them works.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, Priority, enqueue

SWEEP_JOB = "sweep"
RESCUE_JOB = "rescue"
RESCUE_EVERY = timedelta(seconds=15)
PEOPLE_JOB = "people"
THROW_AWAY_JOB = "throw_away"
THROW_AWAY_EVERY = timedelta(hours=6)


@dataclass(frozen=True)
class Tick:
    """A job that is enqueued every so often."""

    job: str
    every: timedelta


def ticks(sweep_every: timedelta) -> tuple[Tick, ...]:
    """The whole timetable."""
    return (
        Tick(SWEEP_JOB, sweep_every),
        Tick(RESCUE_JOB, RESCUE_EVERY),
        Tick(PEOPLE_JOB, sweep_every),
        Tick(THROW_AWAY_JOB, THROW_AWAY_EVERY),
    )


def create_timetable(sessions: Sessions, timetable: tuple[Tick, ...]) -> AsyncIOScheduler:
    """A scheduler with these ticks; the caller starts it and shuts it down. The first ticks come at once."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    for tick in timetable:
        scheduler.add_job(
            _enqueuer(sessions, tick),
            IntervalTrigger(seconds=int(tick.every.total_seconds()), timezone=UTC),
            id=tick.job,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
    return scheduler


def _enqueuer(sessions: Sessions, tick: Tick) -> Callable[[], Awaitable[None]]:
    async def enqueue_tick() -> None:
        async with transaction(sessions) as session:
            await enqueue(session, NewJob(tick.job, {}, dedupe=tick.job, priority=Priority.INTAKE))

    return enqueue_tick
