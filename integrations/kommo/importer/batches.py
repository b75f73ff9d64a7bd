"""Importing all complete candidates at once: the person sees a summary, a worker imports one after the other.

Each is a transaction of its own, so that one that is refused takes no other with it. A batch whose worker died goes on
where it was: what is imported already is refused as imported, which counts as made.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.importer.errors import NotDone
from integrations.kommo.importer.failing import import_failed
from integrations.kommo.importer.history import Reviewer
from integrations.kommo.importer.importing import decide_by_matches, import_candidate
from integrations.kommo.importer.judging import compare
from integrations.kommo.importer.models import Candidate, CandidateState, ImportBatch

BATCH_JOB = "import_batch"
MOST = 500
"""Candidates of one batch: what a person may answer for at once."""
LEASE = timedelta(seconds=30)


async def start_batch(session: AsyncSession, by: Reviewer, wanted: list[tuple[int, int]]) -> ImportBatch:
    """Have these candidates imported, each if it still is the version that the person saw."""
    batch = ImportBatch(staff_id=by.id, staff_name=by.name, wanted=[list(pair) for pair in wanted[:MOST]])
    session.add(batch)
    await session.flush()
    await enqueue(session, _job(batch.id, "new"))
    return batch


async def complete_ones(session: AsyncSession) -> list[Candidate]:
    """The candidates that a batch would import, the oldest first."""
    query = select(Candidate).where(Candidate.state == CandidateState.READY)
    return list(await session.scalars(query.order_by(Candidate.qualified_at, Candidate.id).limit(MOST)))


async def late_batches(session: AsyncSession, now: datetime) -> int:
    """Give a new job to a batch that lost its own; how many there were."""
    lost = ImportBatch.lease_until < now, ImportBatch.lease_until.is_(None) & (ImportBatch.started_at < now - LEASE)
    query = select(ImportBatch.id).where(ImportBatch.finished_at.is_(None), lost[0] | lost[1])
    rows = (await session.scalars(query)).all()
    await enqueue(session, *(_job(row, f"rescue:{int(now.timestamp()) // 60}") for row in rows))
    return len(rows)


async def run_batch(sessions: Sessions, batch_id: int, service_url: str) -> None:
    """Import one candidate after the other until all had their turn."""
    while (turn := await _next(sessions, batch_id)) is not None:
        place, candidate_id, version, by = turn
        try:
            async with transaction(sessions) as session:
                number, name = await _import(session, candidate_id, version, by, service_url)
                batch = await session.get_one(ImportBatch, batch_id, with_for_update=True)
                batch.made = [*batch.made, [candidate_id, number, name]]
                _count(batch, place)
        except (NotDone, DBAPIError) as error:
            await _refuse(sessions, batch_id, place, candidate_id, error, by)


async def _next(sessions: Sessions, batch_id: int) -> tuple[int, int, int, Reviewer] | None:
    """Whose turn it is: place, candidate, version; None when the batch is done, or somebody else's."""
    now = datetime.now(UTC)
    async with transaction(sessions) as session:
        batch = await session.get(ImportBatch, batch_id, with_for_update=True)
        if batch is None or batch.finished_at is not None:
            return None
        if batch.done >= len(batch.wanted):
            batch.finished_at = now
            return None
        batch.lease_until = now + LEASE
        candidate_id, version = batch.wanted[batch.done]
        return batch.done, candidate_id, version, Reviewer(batch.staff_id, batch.staff_name)


async def _import(
    session: AsyncSession, candidate_id: int, version: int, by: Reviewer, service_url: str
) -> tuple[str, str]:
    candidate = await session.get_one(Candidate, candidate_id)
    name = candidate.title
    _, matches = await compare(session, candidate)
    decision = decide_by_matches(candidate_id, version, matches, service_url)
    return (await import_candidate(session, decision, by, datetime.now(UTC))).order_number, name


async def _refuse(
    sessions: Sessions, batch_id: int, place: int, candidate_id: int, error: NotDone | DBAPIError, by: Reviewer
) -> None:
    async with transaction(sessions) as session:
        batch = await session.get_one(ImportBatch, batch_id, with_for_update=True)
        words = await import_failed(session, candidate_id, error, by)
        candidate = await session.get_one(Candidate, candidate_id)
        if batch.done == place:
            batch.refused = [*batch.refused, [candidate_id, candidate.title, words]]
        _count(batch, place)


def _count(batch: ImportBatch, place: int) -> None:
    batch.done = max(batch.done, place + 1)


def _job(batch_id: int, version: str) -> NewJob:
    key = f"import_batch:{batch_id}:{version}"
    return NewJob(BATCH_JOB, {"batch": batch_id}, dedupe=key, priority=Priority.NORMAL)
