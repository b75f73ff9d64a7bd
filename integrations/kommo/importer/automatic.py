"""Imports complete candidates without a person, when a manager has switched that on: off at first, so many an hour.

Only what needs nobody: no problem of any kind, nobody who could be the same customer but a certain match, no open OS.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.importer.errors import NotDone
from integrations.kommo.importer.failing import import_failed
from integrations.kommo.importer.history import SERVICE
from integrations.kommo.importer.importing import decide_by_matches, import_candidate
from integrations.kommo.importer.judging import compare
from integrations.kommo.importer.models import Candidate, CandidateState
from integrations.workshop.preference_models import ShopSetting
from integrations.workshop.preferences import keep_setting

log = structlog.get_logger(__name__)

AUTO_JOB = "import_automatic"
SETTING = "import_per_hour"
MOST_PER_HOUR = 500
BATCH = 50


@dataclass(frozen=True)
class Automatic:
    """How many candidates may be imported an hour without a person; 0: none."""

    per_hour: int = 0

    @property
    def on(self) -> bool:
        return self.per_hour > 0


async def automatic(session: AsyncSession) -> Automatic:
    """What the manager has set."""
    text = await session.scalar(select(ShopSetting.value).where(ShopSetting.name == SETTING))
    return Automatic(min(int(text), MOST_PER_HOUR) if text and text.isdecimal() else 0)


async def set_automatic(session: AsyncSession, per_hour: int, by: int | None, now: datetime) -> None:
    """Keep how many; 0 switches it off."""
    await keep_setting(session, SETTING, str(per_hour), by, now)
    await import_soon(session)


async def import_soon(session: AsyncSession) -> None:
    """Have complete candidates imported, if that is switched on."""
    if (await automatic(session)).on:
        await enqueue(session, NewJob(AUTO_JOB, {}, dedupe=AUTO_JOB, priority=Priority.BACKGROUND))


async def import_automatically(sessions: Sessions, service_url: str, now: datetime) -> int:
    """Import as many as may be; how many were. What is left over waits for the next call."""
    async with transaction(sessions) as session:
        free = (await automatic(session)).per_hour - await _this_hour(session, now)
        untouched = (Candidate.reviewed_at.is_(None), func.jsonb_array_length(Candidate.problems) == 0)
        query = select(Candidate.id).where(Candidate.state == CandidateState.READY, *untouched)
        waiting = (await session.scalars(query.order_by(Candidate.qualified_at, Candidate.id).limit(BATCH))).all()
    done = 0
    for candidate_id in waiting:
        if done >= free:
            break
        done += await _import(sessions, candidate_id, service_url, now)
    return done


async def _import(sessions: Sessions, candidate_id: int, service_url: str, now: datetime) -> bool:
    try:
        async with transaction(sessions) as session:
            candidate = await session.get_one(Candidate, candidate_id)
            reading, matches = await compare(session, candidate)
            if reading.problems or candidate.state != CandidateState.READY:
                return False
            decision = decide_by_matches(candidate_id, candidate.version, matches, service_url)
            await import_candidate(session, decision, SERVICE, now)
    except (NotDone, DBAPIError) as error:
        log.info("import.automatic_refused", candidate=candidate_id, why=type(error).__name__)
        async with transaction(sessions) as session:
            await import_failed(session, candidate_id, error, SERVICE)
        return False
    return True


async def _this_hour(session: AsyncSession, now: datetime) -> int:
    """How many were imported by the service itself within the hour."""
    query = select(func.count()).where(Candidate.imported_at > now - timedelta(hours=1), Candidate.decided_by.is_(None))
    return await session.scalar(query) or 0
