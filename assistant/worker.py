"""The worker process: runs the jobs of the queue and keeps the timetable. What happens after a webhook starts here.

Any number of workers run beside each other; PostgreSQL is their only coordinator.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog
from sqlalchemy.dialects.postgresql import insert

from assistant.accountwatch import until_changed, wait_for_account
from assistant.conversation.current import CurrentTurns
from assistant.handoffs.escalation import escalate_overdue
from assistant.importjobs import ImportJobs
from campaigns.timetable import PEOPLE_JOB, RESCUE_JOB, SWEEP_JOB, THROW_AWAY_JOB, create_timetable, ticks
from integrations.database import Sessions, create_engine, create_sessions, driver_dsn, transaction
from integrations.jobs import JobRunner, Payload
from integrations.kommo.attachments.intake import ATTACHMENT_JOB
from integrations.kommo.attachments.keeper import Keeper, create_keeper
from integrations.kommo.attachments.look import throw_away_orphans
from integrations.kommo.attachments.shelf import Shelf
from integrations.kommo.chats.contacts import ContactBook
from integrations.kommo.chats.delivery import follow_delivery
from integrations.kommo.chats.dispatch import Dispatcher
from integrations.kommo.chats.handle import handle_events
from integrations.kommo.chats.inbox import InboxRules
from integrations.kommo.chats.leadfields import LeadFieldWriter
from integrations.kommo.chats.leadmodes import MODE_JOB, rescue_modes
from integrations.kommo.chats.modesync import sync_mode
from integrations.kommo.chats.outbox import DELIVERY_JOB, LEAD_FIELDS_JOB, SEND_JOB, TASK_JOB
from integrations.kommo.chats.rescue import rescue, throw_away
from integrations.kommo.chats.stafftasks import send_task
from integrations.kommo.chats.staffwatch import StaffWatch
from integrations.kommo.chats.sweep import begin_sweep, sweep_talks
from integrations.kommo.chats.takeover import end_takeovers
from integrations.kommo.chats.turnjob import TURN_JOB
from integrations.kommo.client import KommoClient
from integrations.kommo.connection.accounts import Account
from integrations.kommo.errors import KommoError
from integrations.kommo.events import EVENTS_JOB
from integrations.kommo.modefield import ModeFields
from integrations.kommo.models import KommoAccount
from integrations.kommo.pacing import Priority
from integrations.kommo.replies import choose_ways
from integrations.settings import Settings

log = structlog.get_logger(__name__)

INTAKE_JOBS = 8
SENDS = 14
"""Replies under way at a time over all workers: enough for Kommo's pace, and the rest of the places are for turns."""
ATTACHMENTS = 4
"""Files under way at a time over all workers: each is held in memory while it is fetched."""
FINISH_WITHIN = 5.0
"""Seconds that jobs have to finish after SIGTERM."""
CLOCK_SLACK = timedelta(minutes=1)
"""Kommo's clock and ours may differ by so much when a service is connected for the first time."""


async def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; jobs under way are finished first. Without a connected account it waits for one.

    When the staff connect another account, everything is ended and begun anew for that one.
    """
    loop, ending = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    async with sessions_of(settings) as sessions:
        while (account := await wait_for_account(settings, sessions, ending)) is not None:
            async with worker_parts(settings, sessions, account) as worker:
                log.info("worker.started")
                if not await _work(worker, until_changed(settings, sessions, account), ending):
                    break
            log.info("worker.account_changed")
    log.info("worker.stopped")


async def _work(worker: "Worker", changed: Coroutine[None, None, None], ending: asyncio.Event) -> bool:
    """Run the worker until it ends, is asked to, or has another account to work for; whether it is the last."""
    working = asyncio.create_task(worker.run())
    asked, moved = asyncio.create_task(ending.wait()), asyncio.create_task(changed)
    await asyncio.wait({working, asked, moved}, return_when=asyncio.FIRST_COMPLETED)
    goes_on = moved.done() and not asked.done() and not working.done()
    for watcher in (asked, moved):
        watcher.cancel()
    worker.stop()
    await _end(working)
    return goes_on


@asynccontextmanager
async def sessions_of(settings: Settings) -> AsyncIterator[Sessions]:
    """The session factory of this process, its connections closed at the end."""
    engine = create_engine(settings.required_database_url(), pool_size=settings.database_pool)
    try:
        yield create_sessions(engine)
    finally:
        await engine.dispose()


async def _end(working: "asyncio.Task[None]") -> None:
    """Let jobs under way finish, for a while; what is cut off then is taken up again by its row and its lease."""
    done, _ = await asyncio.wait({working}, timeout=FINISH_WITHIN)
    if not done:
        working.cancel()
    with suppress(asyncio.CancelledError):
        await working


@dataclass(frozen=True)
class Worker:
    """What a worker consists of. `intake` takes in what comes from Kommo and never waits behind replies."""

    intake: JobRunner
    runner: JobRunner
    sessions: Sessions
    client: KommoClient

    async def run(self) -> None:
        """Take jobs until stopped."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.intake.run())
            group.create_task(self.runner.run())

    def stop(self) -> None:
        """Take no further jobs."""
        self.intake.stop()
        self.runner.stop()


@asynccontextmanager
async def worker_parts(settings: Settings, sessions: Sessions, account: Account) -> AsyncIterator[Worker]:
    """Connections and registered jobs of one worker for one account, closed at the end."""
    pool = await asyncpg.create_pool(driver_dsn(settings.required_database_url()), min_size=2, max_size=8)
    client = account.client(settings, sessions)
    scheduler = create_timetable(sessions, ticks(timedelta(seconds=settings.sweep_seconds)))
    try:
        intake, runner = JobRunner(pool, INTAKE_JOBS), JobRunner(pool, settings.worker_concurrency)
        rules = await inbox_rules(settings, sessions, account.base_url)
        async with (
            aclosing(create_keeper(settings, sessions, client, rules)) as keeper,
            aclosing(CurrentTurns(settings, sessions, ContactBook(sessions, client.at(Priority.REPLY)))) as turns,
        ):
            jobs = Jobs(settings, sessions, client, rules, keeper, turns, account.account_id)
            jobs.register(intake, runner)
            scheduler.start()
            yield Worker(intake, runner, sessions, client)
    finally:
        with suppress(Exception):
            scheduler.shutdown(wait=False)
        await client.close()
        await pool.close()


async def inbox_rules(settings: Settings, sessions: Sessions, base_url: str) -> InboxRules:
    """The rules of receiving; the first start notes since when the account is connected."""
    async with transaction(sessions) as session:
        await session.execute(insert(KommoAccount).values(base_url=base_url).on_conflict_do_nothing())
        account = await session.get_one(KommoAccount, base_url)
        connected_at = account.connected_at
    return InboxRules(
        origins=settings.allowed_origins,
        quiet=timedelta(seconds=settings.quiet_seconds),
        cap=timedelta(seconds=settings.burst_cap_seconds),
        takeover=timedelta(minutes=settings.takeover_minutes),
        answer_within=timedelta(hours=settings.answer_within_hours),
        answer_from=connected_at - CLOCK_SLACK,
        hearing=timedelta(seconds=settings.transcription_timeout if settings.listens else 0),
    )


class Jobs:
    """The handlers of all jobs, each a thin door to the module that does the work."""

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        client: KommoClient,
        rules: InboxRules,
        keeper: Keeper,
        turns: CurrentTurns,
        account_id: int | None,
    ) -> None:
        self._settings = settings
        self._account_id = account_id
        self._sessions = sessions
        self._client = client
        self._rules = rules
        replies = client.at(Priority.REPLY)
        ways = choose_ways(replies, settings)
        self._dispatcher = Dispatcher(sessions, ways, StaffWatch(replies), rules, client.base_url)
        self._lead_fields = LeadFieldWriter(sessions, client.at(Priority.BULK))
        self._keeper = keeper
        self._turns = turns
        self._mode_fields = ModeFields(client)

    def register(self, intake: JobRunner, runner: JobRunner) -> None:
        """Bind every job name to its handler."""
        intake.register(EVENTS_JOB, self.events)
        intake.register(SWEEP_JOB, self.sweep, concurrency=1)
        intake.register(RESCUE_JOB, self.rescue, concurrency=1)
        intake.register(PEOPLE_JOB, self.people, concurrency=1)
        intake.register(THROW_AWAY_JOB, self.throw_away, concurrency=1)
        runner.register(TURN_JOB, self.turn)
        runner.register(SEND_JOB, self.send, concurrency=SENDS)
        runner.register(TASK_JOB, self.task)
        runner.register(MODE_JOB, self.mode)
        runner.register(LEAD_FIELDS_JOB, self.lead_fields, concurrency=2)
        runner.register(DELIVERY_JOB, self.delivery, concurrency=2)
        runner.register(ATTACHMENT_JOB, self.attachment, concurrency=ATTACHMENTS)
        ImportJobs(self._settings, self._sessions, self._client.at(Priority.BULK)).register(runner)

    async def events(self, payload: Payload) -> None:
        now, account = datetime.now(UTC), self._account_id
        await handle_events(self._sessions, self._client, payload["ids"], self._rules, now, account)

    async def turn(self, payload: Payload) -> None:
        await self._turns.run(payload["conversation"])

    async def send(self, payload: Payload) -> None:
        await self._dispatcher.run(payload["conversation"])

    async def task(self, payload: Payload) -> None:
        await send_task(self._sessions, self._client, payload["outbox"])

    async def mode(self, payload: Payload) -> None:
        within = self._rules.answer_within
        await sync_mode(self._sessions, self._client, self._mode_fields, payload["lead"], within)

    async def people(self, payload: Payload) -> None:
        now = datetime.now(UTC)
        async with transaction(self._sessions) as session:
            await end_takeovers(session, now, self._rules.answer_within)
            await rescue_modes(session, now)
        await escalate_overdue(self._sessions, self._client, now)

    async def lead_fields(self, payload: Payload) -> None:
        await self._lead_fields.run(payload["outbox"])

    async def delivery(self, payload: Payload) -> None:
        await follow_delivery(self._sessions, self._client.at(Priority.BULK), payload["outbox"], self._rules)

    async def attachment(self, payload: Payload) -> None:
        await self._keeper.run(payload["attachment"])

    async def sweep(self, payload: Payload) -> None:
        now = datetime.now(UTC)
        every = timedelta(seconds=self._settings.sweep_seconds)
        if await begin_sweep(self._sessions, self._client.base_url, now, every):
            try:
                await sweep_talks(self._sessions, self._client, self._rules, now)
            except KommoError as error:
                log.warning("sweep.failed", error=type(error).__name__)

    async def throw_away(self, payload: Payload) -> None:
        async with transaction(self._sessions) as session:
            await throw_away(session, datetime.now(UTC))
        await throw_away_orphans(self._sessions, Shelf(self._settings.data_dir))

    async def rescue(self, payload: Payload) -> None:
        async with transaction(self._sessions) as session:
            found = await rescue(session, datetime.now(UTC))
        if any(found.values()):
            log.info("rescue.found", **found)
