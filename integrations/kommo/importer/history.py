"""The history of a candidate: who did what, when, what it was before and after. Takes a session, never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.importer.models import Candidate, HistoryEntry


class Done(StrEnum):
    """What can happen to a candidate; `words` is what staff read."""

    FOUND = "found"
    REFRESHED = "refreshed"
    CHANGED = "changed"
    LEFT = "left"
    CAME_BACK = "came_back"
    EDITED = "edited"
    TAKEN_OVER = "taken_over"
    IMPORTED = "imported"
    LINKED = "linked"
    REJECTED = "rejected"
    REOPENED = "reopened"
    UNDONE = "undone"
    FAILED = "failed"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    Done.FOUND: "Chegou do Kommo",
    Done.REFRESHED: "Mudou no Kommo antes da revisão",
    Done.CHANGED: "Mudou no Kommo depois da revisão",
    Done.LEFT: "Saiu da etapa no Kommo",
    Done.CAME_BACK: "Voltou para a etapa no Kommo",
    Done.EDITED: "Editou",
    Done.TAKEN_OVER: "Aceitou o que mudou no Kommo",
    Done.IMPORTED: "Importou",
    Done.LINKED: "Ligou a uma OS que já existia",
    Done.REJECTED: "Rejeitou",
    Done.REOPENED: "Reabriu",
    Done.UNDONE: "Desfez a importação",
    Done.FAILED: "O banco de dados não aceitou",
}


@dataclass(frozen=True)
class Reviewer:
    """Who decides: a person of the staff, or the service itself."""

    id: int | None = None
    name: str | None = None


SERVICE = Reviewer()


def record(
    session: AsyncSession,
    candidate: Candidate,
    done: Done,
    by: Reviewer = SERVICE,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str | None = None,
) -> None:
    """Add a line, in the transaction of what it tells of."""
    line = {"staff_id": by.id, "staff_name": by.name, "action": done.value, "note": note}
    session.add(HistoryEntry(candidate_id=candidate.id, before=dict(before or {}), after=dict(after or {}), **line))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs between two sets of texts, as it was and as it is; an absent text is empty."""
    names = [name for name in {**before, **after} if before.get(name, "") != after.get(name, "")]
    return {name: before.get(name, "") for name in names}, {name: after.get(name, "") for name in names}


async def history_of(session: AsyncSession, candidate_id: int) -> Sequence[HistoryEntry]:
    """All lines of a candidate, newest first."""
    query = select(HistoryEntry).where(HistoryEntry.candidate_id == candidate_id).order_by(HistoryEntry.id.desc())
    return (await session.scalars(query)).all()
