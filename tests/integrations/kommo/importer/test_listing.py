"""The list of candidates: every one on exactly one page, found by what people type."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from integrations.database import Sessions, transaction
from integrations.kommo.importer.listing import EPOCH, PAGE, Place, list_candidates
from integrations.kommo.importer.models import Candidate
from tests.integrations.kommo.importer.office import Office


@given(st.integers(0, 7 * 10**15), st.integers(1, 2**59))
def test_a_place_in_an_address_is_read_as_it_was(micros: int, row_id: int) -> None:
    place = Place(EPOCH + timedelta(microseconds=micros), row_id)
    assert Place.read(place.written()) == place


async def test_every_candidate_stands_on_one_page(sessions: Sessions) -> None:
    dice, count = Random(3), 2 * PAGE + 7
    async with transaction(sessions) as session:
        for number in range(count):
            at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(microseconds=dice.randrange(10**12))
            row = Candidate(lead_id=number + 1, state="ready", said={}, title=f"Lead {number}", qualified_at=at)
            session.add(row)
    seen: list[int] = []
    after: Place | None = None
    async with transaction(sessions) as session:
        while True:
            listed = await list_candidates(session, after=after)
            seen += [row.id for row in listed.rows]
            if listed.after is None:
                break
            after = Place.read(listed.after.written())
        oldest = (await session.scalars(text("SELECT id FROM import_candidate ORDER BY qualified_at, id"))).all()
    assert seen == list(oldest)
    assert len(seen) == count


@pytest.mark.parametrize(
    "typed", ["rita", "NUNES", "Ríta nunes", "98111-2233", "(11) 8111 2233", "bra2e19", "BRA-2E19", "bra2419"]
)
async def test_people_find_a_lead_by_what_they_type(office: Office, typed: str) -> None:
    await office.lead()
    await office.lead("Otto Klein", "+55 21 97000-1111", PLATE="ZZZ9Z99")
    await office.look()
    async with transaction(office.sessions) as session:
        found = await list_candidates(session, search=typed)
    assert [row.title for row in found.rows] == ["Rita Nunes"]
