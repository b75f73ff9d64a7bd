"""Importação in a real browser, in front of the whole service: sandbox, web process and worker."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect

from integrations.database import create_engine, create_sessions
from tests.browser.staff_site import ATTENDANT, MANAGER, PHONE, WIDE, Opens, Person, StaffSite, people_at
from tests.integrations.kommo.conftest import StandIn
from tests.integrations.kommo.importer.office import Office, prepared
from tests.stack.fixtures import MakeStack
from tests.stack.running import Stack, eventually

NAMES = (
    "Bruno Tavares",
    "Débora Quintela",
    "Edson Farias",
    "Gisele Amorim",
    "Heitor Bastos",
    "Jussara Pimentel",
    "Kleber Siqueira",
    "Lúcia Vidal",
    "Murilo Peçanha",
    "Neide Cordeiro",
    "Renan Dutra",
    "Talita Godói",
)


@pytest.fixture(scope="module")
async def service(make_stack: MakeStack) -> Stack:
    """The whole service with the demo shop."""
    return await make_stack()


@pytest.fixture(scope="module")
async def site(service: Stack) -> StaffSite:
    """The pages, with a manager and an attendant."""
    site = StaffSite(service.database, Path(service.folder), port=service.port)
    await site.staff()
    return site


@pytest.fixture(scope="module")
async def office(service: Stack) -> AsyncIterator[Office]:
    """The account set up, seen from the shop."""
    token = (await service.http.get(f"{service.sandbox_url}/sandbox/token")).json()["access_token"]
    async with AsyncExitStack() as ending:
        hand = await ending.enter_async_context(httpx.AsyncClient(base_url=service.sandbox_url, trust_env=False))
        engine = create_engine(service.database)
        ending.push_async_callback(engine.dispose)
        kommo = StandIn(service.sandbox_url, token, hand)
        client = await ending.enter_async_context(kommo.client())
        yield await prepared(kommo, client, create_sessions(engine))


@pytest.fixture
async def person(site: StaffSite, chromium: Browser) -> AsyncIterator[Opens]:
    """People who come signed in."""
    async with people_at(site, chromium) as come:

        async def come_in(size: tuple[int, int] = WIDE, *, dark: bool = False, who: str = ATTENDANT) -> Person:
            one = await come(size, dark=dark)
            await one.signs_in(who)
            return one

        yield come_in


async def candidate_of(service: Stack, lead: int) -> int:
    """The candidate of a lead, once the webhook brought it."""

    async def look() -> Any:
        return await service.query(f"SELECT id FROM import_candidate WHERE lead_id = {lead} AND state <> 'gone'")

    return int((await eventually(look, f"lead {lead} is a candidate"))[0][0])


async def test_a_lead_arrives_by_webhook_and_is_imported_after_its_plate_was_typed(
    service: Stack, office: Office, person: Opens
) -> None:
    lead = await office.lead("Helena Prado", "+55 11 98222-1100", PLATE="")
    path = f"/importacao/{await candidate_of(service, lead)}"
    bia = await person()
    await bia.opens(path)
    await expect(bia.page.get_by_text("Falta a placa.")).to_be_visible()
    assert await bia.complaints() == []
    await bia.page.get_by_role("button", name="Importar", exact=True).click()
    await expect(bia.page.get_by_role("alert")).to_contain_text("Falta a placa")
    await bia.page.get_by_label("Placa", exact=True).fill("hel-1a23")
    await bia.page.get_by_role("button", name="Importar", exact=True).click()
    await expect(bia.page.get_by_role("status")).to_contain_text("para Helena Prado.")

    async def told() -> bool:
        return bool((await office.in_kommo(lead))["notes"])

    await eventually(told, "the note stands in Kommo")


async def test_a_known_customer_by_ninth_digit_and_by_the_old_plate(
    service: Stack, office: Office, person: Opens
) -> None:
    known = await office.known("Otávio Reis", "(11) 8777-6655", "OTV1234")
    lead = await office.lead("otavio reis", "+55 11 98777-6655", PLATE="OTV1C34")
    path = f"/importacao/{await candidate_of(service, lead)}"
    bia = await person()
    await bia.opens(path)
    await expect(bia.page.get_by_label("Unir a Otávio Reis")).to_be_checked()
    await expect(bia.page.get_by_text("é a mesma pessoa")).to_be_visible()
    assert await bia.complaints() == []
    await bia.page.get_by_role("button", name="Importar", exact=True).click()
    await expect(bia.page.get_by_role("status")).to_contain_text("para otavio reis.")
    rows = await service.query(f"SELECT count(*) FROM vehicles WHERE customer_id = '{known.id}'")
    assert rows == [(1,)], "old and Mercosul plate are one car"


async def test_import_then_undo(service: Stack, office: Office, person: Opens) -> None:
    lead = await office.lead("Ulisses Braga", "+55 11 98444-1111", PLATE="ULI1A11")
    path = f"/importacao/{await candidate_of(service, lead)}"
    bia = await person()
    await bia.opens(path)
    await bia.page.get_by_label("Valor do orçamento").fill("1.234,56")
    await bia.page.get_by_role("button", name="Importar", exact=True).click()
    await expect(bia.page.get_by_role("status")).to_contain_text("para Ulisses Braga.")
    rows = await service.query("SELECT valor_orcado FROM ordens_servico WHERE client_name = 'Ulisses Braga'")
    assert [str(row[0]) for row in rows] == ["1234.56"]
    await bia.opens(path)
    await bia.page.get_by_role("button", name="Desfazer importação").click()
    assert await bia.complaints() == []
    await bia.page.get_by_role("button", name="Desfazer", exact=True).click()
    await expect(bia.page.get_by_role("status")).to_contain_text("O cliente foi removido.")
    assert await service.query("SELECT 1 FROM ordens_servico WHERE client_name = 'Ulisses Braga'") == []


async def test_two_reviewers_race_for_one_lead(service: Stack, office: Office, person: Opens) -> None:
    lead = await office.lead("Vera Campos", "+55 11 98444-2222", PLATE="VER1A22")
    path = f"/importacao/{await candidate_of(service, lead)}"
    bia, carla = await person(), await person(who=MANAGER)
    await bia.opens(path)
    await carla.opens(path)
    await bia.page.get_by_role("button", name="Importar", exact=True).click()
    await expect(bia.page.get_by_role("status")).to_contain_text("para Vera Campos.")
    await carla.page.get_by_role("button", name="Importar", exact=True).click()
    await expect(carla.page.get_by_role("alert")).to_contain_text("Já foi importado por Bia Souza")
    assert await carla.complaints() == []
    assert await service.query("SELECT count(*) FROM ordens_servico WHERE client_name = 'Vera Campos'") == [(1,)]


async def test_a_lead_that_changes_during_the_review_is_looked_at_again(
    service: Stack, office: Office, person: Opens
) -> None:
    lead = await office.lead("Wanda Luz", "+55 11 98444-3333", PLATE="WAN1A33")
    candidate = await candidate_of(service, lead)
    bia = await person()
    await bia.opens(f"/importacao/{candidate}")
    await bia.page.get_by_label("Nome").fill("Wanda da Luz")
    await office.change_lead(lead, price=5000)

    async def seen() -> bool:
        return bool(await service.query(f"SELECT 1 FROM import_candidate WHERE id = {candidate} AND value = 5000"))

    await eventually(seen, "the worker saw the change")
    await bia.page.get_by_role("button", name="Importar", exact=True).click()
    await expect(bia.page.get_by_role("alert")).to_contain_text("mudou enquanto você olhava")
    await expect(bia.page.get_by_label("Nome")).to_have_value("Wanda da Luz")
    await expect(bia.page.get_by_text("No Kommo: 5000")).to_be_visible()
    await bia.page.get_by_label("Valor do orçamento").fill("5000")
    await bia.page.get_by_role("button", name="Importar", exact=True).click()
    await expect(bia.page.get_by_role("status")).to_contain_text("para Wanda da Luz.")


async def test_all_complete_ones_at_once_with_summary_progress_and_result(
    service: Stack, office: Office, person: Opens
) -> None:
    for number, name in enumerate(NAMES):
        await office.lead(name, f"+55 11 98{number:03d}-1212", PLATE=f"LOT1A{number:02d}")
    carla = await person(who=MANAGER)
    await carla.opens("/importacao")
    await carla.page.get_by_role("button", name="Importar Leads Qualificados do Kommo").click()
    await carla.page.get_by_role("link", name=re.compile("Importar os 1[0-9] prontos")).click(timeout=60_000)
    assert await carla.complaints() == []
    await carla.page.get_by_role("button", name=re.compile("Importar 1[0-9]")).click()
    await expect(carla.page.get_by_text(re.compile("1[0-9] de 1[0-9] importados"))).to_be_visible(timeout=60_000)
    assert await carla.complaints() == []
    assert await service.query("SELECT count(*) FROM ordens_servico WHERE plate LIKE 'LOT1A%'") == [(12,)]


async def test_by_keyboard_alone(service: Stack, office: Office, person: Opens) -> None:
    lead = await office.lead("Xavier Melo", "+55 11 98444-5555", PLATE="")
    candidate = await candidate_of(service, lead)
    bia = await person()
    await bia.opens(f"/importacao/{candidate}")
    await bia.page.get_by_label("Placa", exact=True).focus()
    await bia.page.keyboard.type("XAV1A55")
    await bia.presses("Enter")
    await expect(bia.page.get_by_role("status")).to_contain_text("para Xavier Melo.")


@pytest.mark.parametrize(("size", "dark"), [(PHONE, False), (PHONE, True), (WIDE, True)])
async def test_every_page_reads_well(
    service: Stack, office: Office, person: Opens, size: tuple[int, int], dark: bool
) -> None:
    lead = await office.lead("Yara Um Nome Muito Comprido De Propósito", "+55 11 98444-7777", PLATE="", MODEL="")
    candidate = await candidate_of(service, lead)
    carla = await person(size, dark=dark, who=MANAGER)
    for path in ("/importacao", f"/importacao/{candidate}", "/importacao/lote", "/importacao?estado=imported"):
        await carla.opens(path)
        assert await carla.complaints() == [], path
    await service.query(f"DELETE FROM import_candidate WHERE id = {candidate} RETURNING id")
