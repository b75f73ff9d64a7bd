"""The shop's database refuses what a decision would write: its own rules, triggers and types, of which we know nothing.

The candidate says so and waits for a person; no other candidate is held up by it. What passes by itself, such as a
deadlock or a server that shuts down, is no failure of the candidate's: it is tried again.
"""

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.importer.errors import NotDone
from integrations.kommo.importer.history import Done, Reviewer, record
from integrations.kommo.importer.importing import lock_candidate
from integrations.kommo.importer.judging import judge_again
from integrations.kommo.importer.models import OPEN, CandidateState, ImportLog

log = structlog.get_logger(__name__)

PASSING = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE that say nothing against the row: connection, rollback, resources, locks, operator, system
(PostgreSQL manual, appendix A)."""


def _passes(error: DBAPIError) -> bool:
    """Whether the same may work when it is tried again."""
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state is None or state[:2] in PASSING


async def import_refused(session: AsyncSession, candidate_id: int, error: DBAPIError, by: Reviewer) -> str:
    """Keep that the database refused it, after the decision's own writes were rolled back; the words for staff.

    Raises the error itself when it passes by itself.
    """
    if _passes(error):
        raise error
    cause = getattr(error.orig, "__cause__", None)
    table, rule = getattr(cause, "table_name", None), getattr(cause, "constraint_name", None)
    state = getattr(error.orig, "sqlstate", None)
    log.warning("import.refused_by_database", candidate=candidate_id, table=table, rule=rule, sqlstate=state)
    words = _words(table, f"regra {rule}" if rule else f"código {state}")
    candidate = await lock_candidate(session, candidate_id)
    if candidate is not None and candidate.state in OPEN:
        candidate.state, candidate.error, candidate.retryable = CandidateState.ERROR, words, False
        candidate.version += 1
        session.add(ImportLog(lead_id=candidate.lead_id, status="error"))
        record(session, candidate, Done.FAILED, by, note=words)
        await session.flush()
    return words


async def import_failed(session: AsyncSession, candidate_id: int, error: NotDone | DBAPIError, by: Reviewer) -> str:
    """Let the candidate say why it was not imported, once the import was rolled back; the words for staff."""
    if isinstance(error, DBAPIError):
        return await import_refused(session, candidate_id, error, by)
    await judge_again(session, candidate_id)
    return str(error)


def _words(table: str | None, named: str) -> str:
    """What was refused, by names of the database only: its messages quote customers' data."""
    place = f" em {table}" if table else ""
    return (
        f"O banco de dados da oficina não aceitou gravar{place} ({named}). Nada foi gravado. "
        "Corrija os dados e importe de novo, ou mostre esta mensagem a quem cuida do sistema."
    )
