"""A fetched lead becomes a candidate, or renews the one it has. Takes a session, never commits.

Nobody's work is overwritten: before a person has reviewed a candidate, it follows Kommo; from then on, what changes
there is kept beside it (`said_since`) until a person takes it over.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.chats.models import Conversation
from integrations.kommo.importer.facts import FetchedLead
from integrations.kommo.importer.history import Done, differences, record
from integrations.kommo.importer.judging import judge
from integrations.kommo.importer.models import OPEN, Candidate, CandidateState
from integrations.workshop.normal.choices import Origin

NOT_QUALIFIED = "O lead não está mais na etapa de leads qualificados do Kommo."
DELETED = "O lead foi apagado no Kommo."
CHANNELS = {"waba": Origin.WHATSAPP.value, "instagram_business": Origin.INSTAGRAM.value}
"""Where a lead came from, by the `origin` of its talk as live accounts send it (telegram and facebook: no choice)."""


async def stage(session: AsyncSession, fetched: FetchedLead, now: datetime) -> Candidate | None:
    """The lead's candidate as it is now; None for a lead that is not qualified and never was."""
    fetched = await _with_channel(session, fetched)
    candidate = await _locked(session, fetched.lead_id)
    if candidate is None:
        return await _new(session, fetched, now) if fetched.qualified else None
    candidate.fetched_at = now
    if not fetched.qualified and candidate.state in OPEN:
        _leave(session, candidate, NOT_QUALIFIED)
    elif fetched.qualified and candidate.state == CandidateState.GONE:
        await _come_back(session, candidate, fetched)
    elif candidate.state in OPEN and candidate.reviewed_at is None:
        await _refresh(session, candidate, fetched)
    else:
        _changed(session, candidate, fetched)
    return candidate


async def lead_deleted(session: AsyncSession, lead_id: int) -> None:
    """Kommo has the lead no more."""
    candidate = await _locked(session, lead_id)
    if candidate is not None and candidate.state in OPEN:
        _leave(session, candidate, DELETED)


async def unreadable(session: AsyncSession, lead_id: int, words: str, now: datetime) -> None:
    """A lead that Kommo sends in a way we cannot read: kept for the staff, and tried again with the next look."""
    row = {
        "lead_id": lead_id,
        "state": CandidateState.ERROR,
        "said": {},
        "title": f"Lead {lead_id}",
        "looked_for": str(lead_id),
        "error": words,
        "retryable": True,
        "fetched_at": now,
    }
    statement = insert(Candidate).values(row).on_conflict_do_nothing(index_elements=["lead_id"])
    await session.execute(statement)


async def _with_channel(session: AsyncSession, fetched: FetchedLead) -> FetchedLead:
    """The lead with the channel of its conversation as its origin, when it names none itself."""
    if "origin" in fetched.said:
        return fetched
    query = select(Conversation.origin).where(Conversation.lead_id == fetched.lead_id, Conversation.origin.is_not(None))
    channel = await session.scalar(query.order_by(Conversation.id).limit(1))
    origin = CHANNELS.get(channel or "")
    return replace(fetched, said={**fetched.said, "origin": origin}) if origin else fetched


async def _locked(session: AsyncSession, lead_id: int) -> Candidate | None:
    query = select(Candidate).where(Candidate.lead_id == lead_id).with_for_update()
    return (await session.execute(query)).scalar_one_or_none()


async def _new(session: AsyncSession, fetched: FetchedLead, now: datetime) -> Candidate | None:
    """Insert; when another process was faster, its row is as good."""
    row = {"lead_id": fetched.lead_id, "state": CandidateState.ATTENTION, "said": dict(fetched.said), "title": ""}
    row |= {"items": [dict(item) for item in fetched.items], "qualified_at": now, "fetched_at": now}
    statement = insert(Candidate).values(row).on_conflict_do_nothing(index_elements=["lead_id"]).returning(Candidate)
    candidate = (await session.execute(statement)).scalar_one_or_none()
    if candidate is None:
        return await _locked(session, fetched.lead_id)
    await judge(session, candidate)
    record(session, candidate, Done.FOUND, after={"state": candidate.state})
    return candidate


async def _refresh(session: AsyncSession, candidate: Candidate, fetched: FetchedLead) -> None:
    """Follow Kommo; without a change there only what the shop's data makes of it is looked at again."""
    before, after = differences(candidate.said, fetched.said)
    items = [dict(item) for item in fetched.items]
    was = (candidate.state, candidate.order_number, candidate.problems)
    changed = bool(before or after or items != candidate.items)
    if changed:
        candidate.said, candidate.items = dict(fetched.said), items
        record(session, candidate, Done.REFRESHED, before=before, after=after)
    await judge(session, candidate)
    if changed or was != (candidate.state, candidate.order_number, candidate.problems):
        candidate.version += 1


def _changed(session: AsyncSession, candidate: Candidate, fetched: FetchedLead) -> None:
    """Keep what Kommo says now beside what was reviewed."""
    known: Mapping[str, str] = candidate.said if candidate.said_since is None else candidate.said_since
    before, after = differences(known, fetched.said)
    if not before and not after:
        return
    candidate.said_since = None if dict(fetched.said) == candidate.said else dict(fetched.said)
    candidate.version += 1
    record(session, candidate, Done.CHANGED, before=before, after=after)


def _leave(session: AsyncSession, candidate: Candidate, words: str) -> None:
    candidate.state, candidate.reason = CandidateState.GONE, words
    candidate.version += 1
    record(session, candidate, Done.LEFT, note=words)


async def _come_back(session: AsyncSession, candidate: Candidate, fetched: FetchedLead) -> None:
    """A lead that is qualified again; what a person wrote before is still there."""
    before, after = differences(candidate.said, fetched.said)
    if candidate.reviewed_at is None:
        candidate.said, candidate.items = dict(fetched.said), [dict(item) for item in fetched.items]
    elif before or after:
        candidate.said_since = dict(fetched.said)
    candidate.reason, candidate.version = None, candidate.version + 1
    record(session, candidate, Done.CAME_BACK, before=before, after=after)
    await judge(session, candidate)
