"""The list of candidates: counts by state, one page of them, search, the next one to decide. Reads only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from integrations.contact import folded_name, normal_plate
from integrations.kommo.importer.models import OPEN, Candidate, CandidateState

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONLY_SHOWN = load_only(
    Candidate.id,
    Candidate.lead_id,
    Candidate.state,
    Candidate.version,
    Candidate.title,
    Candidate.vehicle,
    Candidate.value,
    Candidate.problems,
    Candidate.match_name,
    Candidate.order_number,
    Candidate.reason,
    Candidate.error,
    Candidate.decided_name,
    Candidate.decided_at,
    Candidate.imported_at,
    Candidate.qualified_at,
    Candidate.said_since,
)


@dataclass(frozen=True)
class Place:
    """Where a page of the list ends: the next one begins behind it."""

    at: datetime
    id: int

    def written(self) -> str:
        """As it stands in an address."""
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def read(cls, written: str) -> "Place | None":
        """The place that `written` names; None for anything else."""
        if not re.fullmatch(r"[0-9]{1,16}-[0-9]{1,18}", written):
            return None
        micros, _, row_id = written.partition("-")
        return cls(EPOCH + timedelta(microseconds=int(micros)), int(row_id))


@dataclass(frozen=True)
class Listed:
    """One page of the list; `after` is None at its end."""

    rows: Sequence[Candidate]
    after: Place | None


async def counts(session: AsyncSession) -> Mapping[str, int]:
    """How many candidates there are of each state; every state is named."""
    rows = await session.execute(select(Candidate.state, func.count().label("number")).group_by(Candidate.state))
    return {state.value: 0 for state in CandidateState} | {row.state: row.number for row in rows}


async def list_candidates(
    session: AsyncSession, states: Sequence[CandidateState] = OPEN, search: str = "", after: Place | None = None
) -> Listed:
    """A page of the candidates in these states, the one that waits longest first."""
    query = select(Candidate).options(ONLY_SHOWN).where(Candidate.state.in_(states), *_holding(search))
    if after is not None:
        query = query.where(tuple_(Candidate.qualified_at, Candidate.id) > (after.at, after.id))
    query = query.order_by(Candidate.qualified_at, Candidate.id).limit(PAGE + 1)
    rows = (await session.scalars(query)).all()
    shown = rows[:PAGE]
    return Listed(shown, Place(shown[-1].qualified_at, shown[-1].id) if len(rows) > PAGE else None)


async def next_open(session: AsyncSession, candidate: Candidate) -> int | None:
    """The candidate behind this one that is still to be decided, from the beginning again at the end."""
    behind = tuple_(Candidate.qualified_at, Candidate.id) > (candidate.qualified_at, candidate.id)
    base = select(Candidate.id).where(Candidate.state.in_(OPEN), Candidate.id != candidate.id)
    ordered = base.order_by(Candidate.qualified_at, Candidate.id).limit(1)
    found: int | None = await session.scalar(ordered.where(behind))
    return found if found is not None else await session.scalar(ordered)


async def ready_ids(session: AsyncSession, most: int) -> Sequence[tuple[int, int]]:
    """Id and version of the candidates that are complete, the oldest first."""
    query = select(Candidate.id, Candidate.version).where(Candidate.state == CandidateState.READY)
    rows = await session.execute(query.order_by(Candidate.qualified_at, Candidate.id).limit(most))
    return [(row.id, row.version) for row in rows]


def _holding(search: str) -> list[ColumnElement[bool]]:
    """Every word of the search in what the candidate is looked for by; a plate in either form, digits as they are."""
    words = [*folded_name(search).split(), *re.findall(r"[a-zA-Z]*[-]?[0-9][a-zA-Z0-9]*", search.lower())]
    digits = re.sub(r"[^0-9]", "", search)
    plate = normal_plate(search)
    if plate is not None:
        words = [plate.lower()]
    elif len(digits) >= 8:
        words = [*folded_name(search).split(), digits[-8:]]
    tests = [Candidate.looked_for.contains(word, autoescape=True) for word in dict.fromkeys(words)]
    return [and_(*tests)] if tests else []
