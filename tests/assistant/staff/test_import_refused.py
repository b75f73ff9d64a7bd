"""The shop's own database has rules that we do not know: what it refuses waits for a person and holds nobody up."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from integrations.database import Sessions, transaction
from integrations.kommo.importer.automatic import import_automatically, set_automatic
from integrations.kommo.importer.batches import complete_ones, run_batch, start_batch
from integrations.kommo.importer.history import history_of
from integrations.kommo.importer.models import ImportBatch, ImportLog
from tests.assistant.staff.test_import_page import fields_of
from tests.assistant.staff.visitor import Visitor
from tests.integrations.kommo.importer.office import BIA, Office, open_office

RULE = "ALTER TABLE ordens_servico ADD CONSTRAINT no_suspension CHECK (descricao_problema NOT LIKE '%suspensão%')"
NO_RULE = "ALTER TABLE ordens_servico DROP CONSTRAINT IF EXISTS no_suspension"
REFUSED = "O banco de dados da oficina não aceitou gravar em ordens_servico (regra no_suspension)."


@pytest.fixture
async def office(sessions: Sessions, tmp_path: Path) -> AsyncIterator[Office]:
    """A shop whose database takes no OS about a suspension."""
    async with open_office(sessions, tmp_path) as opened:
        await execute(opened, RULE)
        yield opened
        await execute(opened, NO_RULE)


async def execute(office: Office, statement: str) -> None:
    async with transaction(office.sessions) as session:
        await session.execute(text(statement))


async def logged(office: Office) -> list[str]:
    async with transaction(office.sessions) as session:
        return list(await session.scalars(select(ImportLog.status).order_by(ImportLog.created_at)))


async def test_the_page_says_which_rule_refused_it_and_nothing_is_half_written(
    office: Office, attendant: Visitor
) -> None:
    lead = await office.lead()
    await office.look()
    path = f"/importacao/{(await office.candidate(lead)).id}"
    await attendant.get(path)
    typed = fields_of(attendant) | {"full_name": "Rita Maria Nunes"}
    await attendant.post(f"{path}/importar", typed)
    assert attendant.seen is not None
    assert attendant.seen.status_code == 409
    assert REFUSED in attendant.text
    assert "Rita Maria Nunes" in attendant.text, "what was typed stays"
    for table in ("ordens_servico", "profiles", "vehicles", "kommo_os_mapping"):
        assert await office.count(table) == 0, table
    candidate = await office.candidate(lead)
    assert (candidate.state, await logged(office)) == ("error", ["error"])
    assert REFUSED in (await attendant.get("/importacao?estado=error")).text
    assert REFUSED in (await attendant.get(path)).text
    async with transaction(office.sessions) as session:
        assert (await history_of(session, candidate.id))[0].action == "failed"
    await attendant.post(f"{path}/importar", fields_of(attendant) | {"problem": "barulho na frente"})
    assert "Criada a OS-0001" in (await attendant.follow()).text
    assert await logged(office) == ["error", "success"]


async def test_a_batch_goes_on_behind_the_one_that_was_refused(office: Office, attendant: Visitor) -> None:
    await office.lead()
    await office.lead("Ivo Prado", "+55 11 98333-4455", PLATE="XYZ9K88", PROBLEM="troca de óleo")
    await office.look()
    async with transaction(office.sessions) as session:
        wanted = [(one.id, one.version) for one in await complete_ones(session)]
        batch_id = (await start_batch(session, BIA, wanted)).id
    await run_batch(office.sessions, batch_id, "")
    async with transaction(office.sessions) as session:
        batch = await session.get_one(ImportBatch, batch_id)
    assert [order.client_name for order in await office.orders()] == ["Ivo Prado"]
    assert [row[2].startswith(REFUSED) for row in batch.refused] == [True]
    assert batch.finished_at is not None


async def test_the_automatic_import_does_not_stumble_over_it_again(office: Office) -> None:
    lead = await office.lead()
    await office.lead("Ivo Prado", "+55 11 98333-4455", PLATE="XYZ9K88", PROBLEM="troca de óleo")
    await office.look()
    now = datetime.now(UTC)
    async with transaction(office.sessions) as session:
        await set_automatic(session, 10, BIA.id, now)
    assert await import_automatically(office.sessions, "", now) == 1
    assert (await office.candidate(lead)).state == "error"
    assert await import_automatically(office.sessions, "", now) == 0
    assert sorted(await logged(office)) == ["error", "success"]
