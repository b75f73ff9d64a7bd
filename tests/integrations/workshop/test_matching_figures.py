"""The matcher on a small labelled set, in a real database: nobody is merged wrongly, and almost nobody is missed."""

from sqlalchemy import text

from integrations.database import Sessions, transaction
from tests.evals.matching.measuring import Outcome, measure, store
from tests.evals.matching.records import labelled_set

SEED, PEOPLE = 12, 800


async def outcome_of(sessions: Sessions) -> Outcome:
    data = labelled_set(SEED, PEOPLE)
    async with transaction(sessions) as session:
        await store(session, data)
        await session.execute(text("ANALYZE profiles"))
        return await measure(session, data.leads)


async def test_no_wrong_merge_and_almost_everybody_found(sessions: Sessions) -> None:
    outcome = await outcome_of(sessions)
    assert outcome.precision == 1.0, outcome.wrong
    assert outcome.recall >= 0.99, outcome.missed
    assert outcome.automatic >= 0.5
    assert outcome.known > 300
