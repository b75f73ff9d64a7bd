"""When things happen by the clock (APScheduler).

A tick only enqueues a job: with N replicas N ticks come, and the job's handler sees to it that one of them works.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.importer.automatic import AUTO_JOB
from integrations.settings import SHOP_ZONE

SWEEP_JOB = "sweep"
RESCUE_JOB = "rescue"
RESCUE_EVERY = timedelta(seconds=15)
PEOPLE_JOB = "people"
THROW_AWAY_JOB = "throw_away"
THROW_AWAY_EVERY = timedelta(hours=6)


NIGHT_JOB = "import_night"
NIGHT = time(3, 10)
"""When nobody waits for Kommo's pace, on the shop's clock."""
AUTO_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Tick:
    """A job that is enqueued every so often."""

    job: str
    every: timedelta

    def trigger(self) -> BaseTrigger:
        return IntervalTrigger(seconds=int(self.every.total_seconds()), timezone=UTC)


@dataclass(frozen=True)
class Daily:
    """A job that is enqueued once a day, at this time on the shop's clock."""

    job: str
    at: time

    def trigger(self) -> BaseTrigger:
        return CronTrigger(hour=self.at.hour, minute=self.at.minute, timezone=SHOP_ZONE)


def ticks(sweep_every: timedelta) -> tuple[Tick | Daily, ...]:
    """The whole timetable."""
    return (
        Tick(SWEEP_JOB, sweep_every),
        Tick(RESCUE_JOB, RESCUE_EVERY),
        Tick(PEOPLE_JOB, sweep_every),
        Tick(THROW_AWAY_JOB, THROW_AWAY_EVERY),
        Tick(AUTO_JOB, AUTO_EVERY),
        Daily(NIGHT_JOB, NIGHT),
    )


def create_timetable(sessions: Sessions, timetable: tuple[Tick | Daily, ...]) -> AsyncIOScheduler:
    """A scheduler with these ticks; the caller starts it and shuts it down. What is not daily comes at once, too."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    for tick in timetable:
        scheduler.add_job(
            _enqueuer(sessions, tick),
            tick.trigger(),
            id=tick.job,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            **({} if isinstance(tick, Daily) else {"next_run_time": datetime.now(UTC)}),
        )
    return scheduler


def _enqueuer(sessions: Sessions, tick: Tick | Daily) -> Callable[[], Awaitable[None]]:
    async def enqueue_tick() -> None:
        async with transaction(sessions) as session:
            await enqueue(session, NewJob(tick.job, {}, dedupe=tick.job, priority=Priority.INTAKE))

    return enqueue_tick
