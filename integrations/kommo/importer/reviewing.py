"""What a person does with a candidate besides importing it. Each takes a session, never commits, raises `NotDone`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.importer.errors import NotPossible, Overtaken
from integrations.kommo.importer.history import Done, Reviewer, differences, record
from integrations.kommo.importer.importing import lock_candidate, locked
from integrations.kommo.importer.judging import judge
from integrations.kommo.importer.models import OPEN, Candidate, CandidateState
from integrations.kommo.importer.reading import FIELDS, Reading, read_candidate, texts_of
from integrations.workshop.matching import Matches

LONGEST_REASON = 300


@dataclass(frozen=True)
class Review:
    """Everything that a person looks at to decide."""

    candidate: Candidate
    texts: Mapping[str, str]
    """The fields as they would be written."""
    kommo: Mapping[str, str]
    """The same fields as Kommo has them, without what a person wrote."""
    reading: Reading
    matches: Matches
    news: Mapping[str, tuple[str, str]]
    """What changed in Kommo since: as it was and as it is now."""


async def review(session: AsyncSession, candidate_id: int) -> Review | None:
    """A candidate with what the shop's data says about it now; None when there is none."""
    candidate = await session.get(Candidate, candidate_id)
    if candidate is None:
        return None
    # Whoever only looks writes nothing: a decision made meanwhile must not be overwritten.
    session.expunge(candidate)
    if candidate.state in OPEN and candidate.said:
        failed, words = candidate.state == CandidateState.ERROR, candidate.error
        reading, matches = await judge(session, candidate)
        if failed:
            candidate.state, candidate.error = CandidateState.ERROR, words
    else:
        reading = read_candidate(candidate.said, candidate.edits, no_plate=candidate.no_plate)
        matches = Matches()
    kommo = texts_of(candidate.said, {})
    news: dict[str, tuple[str, str]] = {}
    if candidate.said_since is not None:
        since = texts_of(candidate.said_since, {})
        news = {name: (kommo[name], since[name]) for name in FIELDS if kommo[name] != since[name]}
    return Review(candidate, texts_of(candidate.said, candidate.edits), kommo, reading, matches, news)


async def edit(
    session: AsyncSession,
    candidate_id: int,
    version: int,
    typed: Mapping[str, str],
    *,
    no_plate: bool,
    by: Reviewer,
    now: datetime,
) -> Candidate:
    """Keep what a person wrote. A text that Kommo says as well is no edit: it goes on following Kommo."""
    candidate = await locked(session, candidate_id, version)
    kommo = texts_of(candidate.said, {})
    before = texts_of(candidate.said, candidate.edits)
    edits = {name: typed[name].strip() for name in FIELDS if name in typed and typed[name].strip() != kommo[name]}
    was, became = differences(before, texts_of(candidate.said, edits))
    if candidate.no_plate != no_plate:
        was["no_plate"], became["no_plate"] = candidate.no_plate, no_plate
    if not was:
        return candidate
    candidate.edits, candidate.no_plate = edits, no_plate
    candidate.reviewed_at, candidate.version = now, candidate.version + 1
    await judge(session, candidate)
    record(session, candidate, Done.EDITED, by, before=was, after=became)
    return candidate


async def take_over(session: AsyncSession, candidate_id: int, version: int, by: Reviewer) -> Candidate:
    """Let Kommo's newer texts stand; what a person wrote stays over them."""
    candidate = await locked(session, candidate_id, version)
    if candidate.said_since is None:
        raise NotPossible("Não há nada novo do Kommo para aceitar.")
    before, after = differences(candidate.said, candidate.said_since)
    candidate.said, candidate.said_since = candidate.said_since, None
    candidate.version += 1
    await judge(session, candidate)
    record(session, candidate, Done.TAKEN_OVER, by, before=before, after=after)
    return candidate


async def reject(
    session: AsyncSession, candidate_id: int, version: int, reason: str, by: Reviewer, now: datetime
) -> Candidate:
    """This lead becomes no OS, and why."""
    candidate = await locked(session, candidate_id, version)
    candidate.state, candidate.reason = CandidateState.REJECTED, reason.strip()[:LONGEST_REASON]
    candidate.decided_by, candidate.decided_name, candidate.decided_at = by.id, by.name, now
    candidate.reviewed_at = candidate.reviewed_at or now
    candidate.version += 1
    record(session, candidate, Done.REJECTED, by, note=candidate.reason)
    return candidate


async def reopen(session: AsyncSession, candidate_id: int, by: Reviewer) -> Candidate:
    """Decide once more on a lead that was rejected."""
    candidate = await lock_candidate(session, candidate_id)
    if candidate is None or candidate.state != CandidateState.REJECTED:
        raise Overtaken("Este lead não está rejeitado.")
    if candidate.said_since is not None:
        candidate.said, candidate.said_since = candidate.said_since, None
    record(session, candidate, Done.REOPENED, by, before={"reason": candidate.reason})
    candidate.reason, candidate.decided_by, candidate.decided_name, candidate.decided_at = None, None, None, None
    candidate.version += 1
    await judge(session, candidate)
    return candidate
