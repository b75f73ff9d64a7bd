"""A look at all qualified leads: by the button, every night, from the command line. One at a time.

The run's row is the truth: its lease says that somebody works on it, its counters are what the page shows. A run whose
worker died is begun again by the rescue; what is staged twice is staged once.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import KommoError
from integrations.kommo.importer.automatic import import_soon
from integrations.kommo.importer.facts import FetchedLead
from integrations.kommo.importer.fetching import FetchedPage, qualified_leads
from integrations.kommo.importer.models import OPEN, CandidateState, ImportRun
from integrations.kommo.importer.staging import stage, unreadable
from integrations.kommo.mapping.meanings import Meaning
from integrations.kommo.mapping.store import load_chosen

log = structlog.get_logger(__name__)

RUN_JOB = "import_run"
LEASE = timedelta(minutes=2)
AT_ONCE = 25
"""Leads staged in one transaction: short enough not to keep a reviewer waiting."""
NO_STAGE = "Nenhuma etapa do Kommo foi escolhida como “Qualificado”: escolha em Configurações › Kommo."
NO_ANSWER = "O Kommo não respondeu direito ({error}). O que já veio está guardado; tente de novo em alguns minutos."


class Source(StrEnum):
    """Who wanted the look."""

    BUTTON = "button"
    NIGHT = "night"
    COMMAND = "command"


async def start_run(session: AsyncSession, source: Source, by: str | None = None) -> tuple[ImportRun, bool]:
    """The run under way, and whether it was begun by this call."""
    statement = insert(ImportRun).values(source=source.value, started_by=by)
    made = await session.scalar(statement.on_conflict_do_nothing().returning(ImportRun.id))
    run = (await session.scalars(select(ImportRun).where(ImportRun.state == "running"))).one_or_none()
    if run is None:
        return await start_run(session, source, by)
    if made is not None:
        await enqueue(session, _job(made, "new"))
    return run, made is not None


async def newest_run(session: AsyncSession) -> ImportRun | None:
    """The run under way, else the last one."""
    return (await session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1))).one_or_none()


async def late_runs(session: AsyncSession, now: datetime) -> int:
    """Give a new job to a run that lost its own; how many there were."""
    lost = ImportRun.lease_until < now, ImportRun.lease_until.is_(None) & (ImportRun.started_at < now - LEASE)
    rows = (await session.scalars(select(ImportRun.id).where(ImportRun.state == "running", lost[0] | lost[1]))).all()
    await enqueue(session, *(_job(row, f"rescue:{int(now.timestamp()) // 60}") for row in rows))
    return len(rows)


async def run_import(sessions: Sessions, client: KommoClient, run_id: int) -> None:
    """Fetch, check and stage every qualified lead."""
    now = datetime.now(UTC)
    async with transaction(sessions) as session:
        run = await session.get(ImportRun, run_id, with_for_update=True)
        if run is None or run.state != "running" or (run.lease_until is not None and run.lease_until > now):
            return
        run.lease_until = now + LEASE
        run.fetched = run.ready = run.problem = run.known = run.calls = 0
        chosen = await load_chosen(session)
    qualified = chosen.stages.get(Meaning.QUALIFIED)
    if qualified is None:
        await _end(sessions, run_id, NO_STAGE)
        return
    try:
        async for page in qualified_leads(client, qualified.ref, chosen.field_ids):
            await _store(sessions, run_id, page)
    except KommoError as error:
        log.warning("import.run_failed", run=run_id, error=type(error).__name__)
        await _end(sessions, run_id, NO_ANSWER.format(error=type(error).__name__))
        return
    await _end(sessions, run_id, None)


async def _store(sessions: Sessions, run_id: int, page: FetchedPage) -> None:
    for start in range(0, len(page.leads), AT_ONCE):
        await _stage_some(sessions, run_id, page.leads[start : start + AT_ONCE])
    async with transaction(sessions) as session:
        for lead_id, words in page.unreadable.items():
            if lead_id:
                await unreadable(session, lead_id, words, datetime.now(UTC))
        counted = {"calls": ImportRun.calls + page.calls, "problem": ImportRun.problem + len(page.unreadable)}
        counted |= {"fetched": ImportRun.fetched + len(page.unreadable)}
        await session.execute(update(ImportRun).where(ImportRun.id == run_id).values(counted))


async def _stage_some(sessions: Sessions, run_id: int, leads: Sequence[FetchedLead]) -> None:
    """Stage in the order of the ids, so that two processes never wait for each other in a circle."""
    now = datetime.now(UTC)
    async with transaction(sessions) as session:
        states = [
            candidate.state
            for lead in sorted(leads, key=lambda one: one.lead_id)
            if (candidate := await stage(session, lead, now)) is not None
        ]
        ready = sum(state == CandidateState.READY for state in states)
        known = sum(state not in OPEN for state in states)
        counted = {
            "fetched": ImportRun.fetched + len(leads),
            "ready": ImportRun.ready + ready,
            "known": ImportRun.known + known,
            "problem": ImportRun.problem + len(states) - ready - known,
            "lease_until": now + LEASE,
        }
        await session.execute(update(ImportRun).where(ImportRun.id == run_id).values(counted))


async def _end(sessions: Sessions, run_id: int, error: str | None) -> None:
    async with transaction(sessions) as session:
        run = await session.get_one(ImportRun, run_id, with_for_update=True)
        run.state, run.error = "failed" if error else "done", error
        run.finished_at, run.lease_until = datetime.now(UTC), None
        await import_soon(session)


def _job(run_id: int, version: str) -> NewJob:
    key = f"import_run:{run_id}:{version}"
    return NewJob(RUN_JOB, {"run": run_id}, dedupe=key, priority=Priority.BACKGROUND)
