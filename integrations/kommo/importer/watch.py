"""Webhooks about leads: a job looks at the lead itself, since a webhook's body is never trusted.

Looked at is a lead that the body puts into the qualified stage, and any that has a candidate. All webhooks of five
seconds share one look, which comes after the last of them.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.client import KommoClient
from integrations.kommo.importer.automatic import import_soon
from integrations.kommo.importer.fetching import fetch_lead
from integrations.kommo.importer.models import Candidate, CandidateState
from integrations.kommo.importer.staging import lead_deleted, stage
from integrations.kommo.mapping.choices import StageRef
from integrations.kommo.mapping.meanings import Meaning
from integrations.kommo.mapping.models import StageChoice
from integrations.kommo.mapping.store import load_chosen

log = structlog.get_logger(__name__)

LEAD_JOB = "import_lead"
GATHER_SECONDS = 5
LOOK_AFTER = timedelta(seconds=GATHER_SECONDS + 1)


async def lead_moved(
    session: AsyncSession, lead_id: int, pipeline_id: int | None, status_id: int | None, now: datetime
) -> bool:
    """Have the lead looked at if it matters to the import; whether it does."""
    known = exists().where(Candidate.lead_id == lead_id)
    stands = exists().where(
        StageChoice.meaning == Meaning.QUALIFIED,
        StageChoice.pipeline_id == (pipeline_id or 0),
        StageChoice.stage_id == (status_id or 0),
    )
    if not await session.scalar(select(known | stands)):
        return False
    key = f"import_lead:{lead_id}:{int(now.timestamp()) // GATHER_SECONDS}"
    await enqueue(session, NewJob(LEAD_JOB, {"lead": lead_id}, LOOK_AFTER, key, Priority.BACKGROUND))
    return True


async def look_at_lead(sessions: Sessions, client: KommoClient, lead_id: int, now: datetime) -> None:
    """Fetch a lead and stage it. Raises `KommoError`."""
    async with transaction(sessions) as session:
        chosen = await load_chosen(session)
    qualified = chosen.stages.get(Meaning.QUALIFIED)
    fetched = await fetch_lead(client, lead_id, qualified.ref if qualified else None, chosen.field_ids)
    async with transaction(sessions) as session:
        if fetched is None:
            await lead_deleted(session, lead_id)
            return
        candidate = await stage(session, fetched, now)
        if candidate is not None and candidate.state == CandidateState.READY:
            await import_soon(session)
    log.info("import.looked", lead=lead_id)


async def qualified_stage(session: AsyncSession) -> StageRef | None:
    """The stage whose leads are imported; None when nobody has chosen one."""
    row = await session.get(StageChoice, Meaning.QUALIFIED.value)
    return StageRef(row.pipeline_id, row.stage_id) if row else None
