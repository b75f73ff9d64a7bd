"""Importação over HTTP: the list, the review, decisions that were overtaken, batches, undo."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from assistant.staff.models import AuditEntry
from integrations.database import Sessions, transaction
from integrations.kommo.importer.automatic import automatic, import_automatically
from integrations.kommo.importer.batches import run_batch
from integrations.kommo.importer.models import ImportBatch, ImportRun
from integrations.kommo.importer.runs import run_import
from tests.assistant.staff.conftest import OpenBrowser
from tests.assistant.staff.visitor import Visitor, hire
from tests.integrations.kommo.importer.office import Office, open_office


@pytest.fixture
async def office(sessions: Sessions, tmp_path: Path) -> AsyncIterator[Office]:
    """Kommo and the shop behind the page."""
    async with open_office(sessions, tmp_path) as opened:
        yield opened


def fields_of(page: Visitor) -> dict[str, str]:
    """What the review's form would send as it stands."""
    assert page.seen is not None
    form = page.seen.text.split('<form class="review"')[1].split("</form>")[0]
    found = dict(re.findall(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)<', form))
    selected = {
        name: (re.findall(r'value="([^"]*)" selected', options) or [""])[0]
        for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.S)
    }
    checked = re.findall(r'<input type="radio" name="(customer)" value="([^"]*)" checked', form)
    found.pop("customer", None)
    found.pop("no_plate", None)
    return {**found, **selected, **dict(checked)}


async def test_the_button_begins_one_look_and_the_page_shows_how_far_it_is(office: Office, attendant: Visitor) -> None:
    await office.lead()
    await attendant.get("/importacao")
    assert "Nada para decidir" in attendant.text
    await attendant.post("/importacao/buscar")
    await attendant.follow()
    assert "Buscando no Kommo…" in attendant.text
    await attendant.post("/importacao/buscar")
    assert (await attendant.follow()).text.count("A busca já está em andamento.") == 1
    async with transaction(office.sessions) as session:
        [run] = (await session.scalars(select(ImportRun))).all()
    await run_import(office.sessions, office.client, run.id)
    seen = await attendant.get("/importacao/andamento", {"HX-Request": "true"})
    assert seen.seen is not None
    assert seen.seen.headers["HX-Refresh"] == "true"
    await attendant.get("/importacao")
    assert "Rita Nunes" in attendant.text
    assert "Volkswagen Gol 1.6 · BRA2E19" in attendant.text
    assert "R$ 1.870,00" in attendant.text


async def test_importing_goes_on_to_the_next_lead(office: Office, attendant: Visitor) -> None:
    first, second = await office.lead(), await office.lead("Ivo Prado", "+55 11 98333-4455", PLATE="XYZ9K88")
    await office.look()
    ids = [(await office.candidate(lead)).id for lead in (first, second)]
    await attendant.get(f"/importacao/{ids[0]}")
    await attendant.post(f"/importacao/{ids[0]}/importar", fields_of(attendant))
    assert attendant.leads_to == f"/importacao/{ids[1]}"
    assert "Criada a OS-0001 para Rita Nunes." in (await attendant.follow()).text
    assert [order.numero_os for order in await office.orders()] == ["OS-0001"]


async def test_a_missing_plate_stands_at_its_field_and_what_was_typed_stays(office: Office, attendant: Visitor) -> None:
    lead = await office.lead(PLATE="")
    await office.look()
    path = f"/importacao/{(await office.candidate(lead)).id}"
    await attendant.get(path)
    assert "Falta a placa." in attendant.text
    typed = fields_of(attendant) | {"plate": "qwe 12", "email": "rita@x.example"}
    await attendant.post(f"{path}/importar", typed)
    assert attendant.status == 409
    assert "A placa tem sete letras e números" in attendant.text
    assert 'value="qwe 12"' in attendant.text
    assert 'value="rita@x.example"' in attendant.text
    assert await office.count("ordens_servico") == 0
    await attendant.post(f"{path}/importar", fields_of(attendant) | {"plate": "qwe-1a23"})
    assert attendant.status == 303
    [order] = await office.orders()
    assert order.plate == "QWE1A23"


async def test_the_second_of_two_reviewers_is_told_who_was_first(office: Office, browser: OpenBrowser) -> None:
    lead = await office.lead()
    await office.look()
    path = f"/importacao/{(await office.candidate(lead)).id}"
    bia, caio = [await browser_of(browser, office, name) for name in ("bia", "caio")]
    await bia.get(path)
    await caio.get(path)
    fields = fields_of(caio)
    await bia.post(f"{path}/importar", fields_of(bia))
    await caio.post(f"{path}/importar", fields)
    assert caio.status == 409
    assert "Já foi importado por Bia: é a OS-0001. Nada foi feito de novo." in caio.text
    assert await office.count("ordens_servico") == 1


async def browser_of(browser: OpenBrowser, office: Office, name: str) -> Visitor:
    await hire(office.sessions, f"{name}@oficina.example", name=name.capitalize())
    return await browser().sign_in(f"{name}@oficina.example")


async def test_a_lead_that_changed_meanwhile_is_shown_again_with_what_was_typed(
    office: Office, attendant: Visitor
) -> None:
    lead = await office.lead()
    await office.look()
    path = f"/importacao/{(await office.candidate(lead)).id}"
    await attendant.get(path)
    fields = fields_of(attendant) | {"email": "nova@x.example"}
    await office.change_lead(lead, price=4321)
    await office.look()
    await attendant.post(f"{path}/importar", fields)
    assert attendant.status == 409
    assert "Este lead mudou enquanto você olhava" in attendant.text
    assert 'value="nova@x.example"' in attendant.text
    assert "No Kommo: 4321" in attendant.text
    assert await office.count("ordens_servico") == 0


async def test_who_might_be_a_known_customer_has_to_be_chosen(office: Office, attendant: Visitor) -> None:
    known = await office.known("Sônia Nunes", "(11) 98111-2233", "AAA1B22")
    lead = await office.lead()
    await office.look()
    path = f"/importacao/{(await office.candidate(lead)).id}"
    await attendant.get(path)
    assert "Unir a Sônia Nunes" in attendant.text
    fields = fields_of(attendant)
    assert "customer" not in fields, "nobody is chosen by itself"
    await attendant.post(f"{path}/importar", fields)
    assert attendant.status == 422
    assert "Escolha de quem é este carro" in attendant.text
    await attendant.post(f"{path}/importar", fields | {"customer": str(known.id)})
    assert attendant.status == 303
    [order] = await office.orders()
    assert order.customer_id == known.id


async def test_rejecting_needs_a_reason(office: Office, attendant: Visitor) -> None:
    lead = await office.lead()
    await office.look()
    candidate = await office.candidate(lead)
    path = f"/importacao/{candidate.id}"
    await attendant.get(path)
    await attendant.post(f"{path}/rejeitar", {"version": str(candidate.version), "reason": " "})
    assert attendant.status == 422
    await attendant.post(f"{path}/rejeitar", {"version": str(candidate.version), "reason": "Só queria preço"})
    await attendant.get("/importacao?estado=rejected")
    assert "Só queria preço" in attendant.text


async def test_a_batch_imports_what_stood_in_the_summary_and_says_what_did_not(
    office: Office, attendant: Visitor
) -> None:
    leads = [
        await office.lead(f"Cliente {word}", f"+55 11 9811{number}-2233", PLATE=f"ABC1D{number}0")
        for number, word in enumerate(("Um", "Dois", "Tres"), 1)
    ]
    await office.lead("Sem Placa", "+55 11 98555-2233", PLATE="")
    await office.look()
    await attendant.get("/importacao/lote")
    assert "3 leads vão virar OS" in attendant.text
    assert attendant.seen is not None
    pairs = re.search(r'name="pairs" value="([^"]*)"', attendant.seen.text)
    assert pairs is not None
    await office.change_lead(leads[1], price=1)
    await office.look()
    await attendant.post("/importacao/lote", {"pairs": pairs[1]})
    async with transaction(office.sessions) as session:
        [batch] = (await session.scalars(select(ImportBatch))).all()
    await run_batch(office.sessions, batch.id, "")
    await attendant.follow()
    assert "2 de 3 importados; 1 ficou para olhar." in attendant.text
    assert "Este lead mudou enquanto você olhava" in attendant.text
    assert len(await office.orders()) == 2
    await run_batch(office.sessions, batch.id, "")
    assert len(await office.orders()) == 2


async def test_undo_on_the_page_says_what_it_did(office: Office, attendant: Visitor) -> None:
    lead = await office.lead()
    await office.look()
    candidate = await office.candidate(lead)
    await office.decide(candidate)
    path = f"/importacao/{candidate.id}"
    await attendant.get(path)
    await attendant.post(f"{path}/desfazer", {"version": str(candidate.version + 1)})
    text = (await attendant.follow()).text
    assert "A OS-0001 foi removida. O carro foi removido. O cliente foi removido." in text
    assert await office.count("ordens_servico") == 0


async def test_only_a_manager_switches_the_automatic_import_on(
    office: Office, attendant: Visitor, manager: Visitor
) -> None:
    await office.lead()
    await office.look()
    await attendant.get("/importacao")
    assert "Importação automática" not in attendant.text
    assert (await attendant.post("/importacao/automatica", {"per_hour": "5"})).status == 403
    assert await import_automatically(office.sessions, "", datetime.now(UTC)) == 0
    await manager.get("/importacao")
    await manager.post("/importacao/automatica", {"per_hour": "5"})
    async with transaction(office.sessions) as session:
        assert (await automatic(session)).per_hour == 5
    assert await import_automatically(office.sessions, "", datetime.now(UTC)) == 1


async def test_texts_of_kommo_are_never_markup(office: Office, attendant: Visitor) -> None:
    evil = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
    lead = await office.lead(f"Rita {evil}", PLATE=evil, MODEL=evil, PROBLEM=evil, ORIGIN="")
    await office.look()
    candidate = await office.candidate(lead)
    for path in ("/importacao", f"/importacao/{candidate.id}", "/importacao?busca=rita", "/importacao/lote"):
        await attendant.get(path)
        assert attendant.status == 200
        assert attendant.seen is not None
        assert "<img src=x" not in attendant.seen.text
        assert "<script>alert" not in attendant.seen.text


@pytest.mark.parametrize(
    "path",
    ["/importacao/999", f"/importacao/{2**70}", "/importacao/0", "/importacao/lote/5", f"/importacao/lote/{2**70}"],
)
async def test_what_does_not_exist_is_not_found(attendant: Visitor, path: str) -> None:
    assert (await attendant.get(path)).status == 404


@pytest.mark.parametrize(
    "query", ["estado=x", "depois=x", "depois=9999999999999999-1", "busca=%25%5C%00", "busca=" + "a" * 5000]
)
async def test_odd_addresses_of_the_list_are_answered(office: Office, attendant: Visitor, query: str) -> None:
    assert (await attendant.get(f"/importacao?{query}")).status == 200


async def test_looking_at_a_lead_is_in_the_audit_log(office: Office, attendant: Visitor) -> None:
    lead = await office.lead()
    await office.look()
    await attendant.get(f"/importacao/{(await office.candidate(lead)).id}")
    async with transaction(office.sessions) as session:
        assert "lead_seen" in (await session.scalars(select(AuditEntry.action))).all()
