"""The staff's pages in a real browser: first login, by keyboard alone, on a phone, in the dark, for everybody."""

import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.assistant.staff.visitor import PASSWORD
from tests.browser.staff_site import ATTENDANT, MANAGER, PHONE, WIDE, Opens, StaffSite, people_at
from tests.stack.databases import TEMPLATE, database_url, run_on

PAGES = (
    "/inicio",
    "/minha-conta",
    "/configuracoes/usuarios",
    "/configuracoes/auditoria",
    "/nothing-here",
)


@pytest.fixture(scope="module")
async def site(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StaffSite]:
    """One web process for this file."""
    name = f"staff_{uuid.uuid4().hex}"
    await run_on(postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    site = StaffSite(database_url(postgres, name), Path(tmp_path_factory.mktemp("staff")))
    await site.start()
    await site.staff()
    yield site
    site.program.stop()
    await run_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def person(site: StaffSite, chromium: Browser) -> AsyncIterator[Opens]:
    """People who are not signed in yet."""
    async with people_at(site, chromium) as come:
        yield come


async def test_the_first_manager_signs_in_and_invites_somebody(person: Opens, site: StaffSite) -> None:
    said = await site.command("user", "create", "--email", "ana@x.example", "--name", "Ana Reis", "--role", "gerente")
    first = re.search(r"shown only now: (\S+)", said)
    assert first is not None
    ana = await person()
    await ana.signs_in("ana@x.example", first[1])
    await expect(ana.page.get_by_role("heading", name="Escolha sua senha")).to_be_visible()
    assert await ana.complaints() == []
    await ana.page.get_by_label("Nova senha", exact=True).fill("uma-kombi-amarela")
    await ana.page.get_by_label("Nova senha, de novo").fill("uma-kombi-amarela")
    await ana.page.get_by_role("button", name="Gravar e continuar").click()
    await expect(ana.page.get_by_role("heading", name="Olá, Ana")).to_be_visible()
    await expect(ana.page.get_by_role("status")).to_contain_text("Senha trocada")
    assert await ana.complaints() == []
    await ana.page.get_by_role("button", name="Fechar aviso").click()
    await expect(ana.page.get_by_text("Senha trocada")).to_have_count(0)
    await ana.opens("/configuracoes/usuarios")
    await ana.page.get_by_label("Nome").fill("Davi Melo")
    await ana.page.get_by_label("E-mail").fill("davi@x.example")
    await ana.page.get_by_role("button", name="Criar usuário").click()
    await expect(ana.page.get_by_role("heading", name="Senha provisória de Davi Melo")).to_be_visible()
    assert await ana.complaints() == []
    password = await ana.page.locator("#temporary").inner_text()
    davi = await person(PHONE)
    await davi.signs_in("davi@x.example", password)
    await expect(davi.page).to_have_url(re.compile("/trocar-senha$"))


async def test_by_keyboard_alone(person: Opens) -> None:
    """From the login to the way out, without a mouse; the focus is seen, and comes back where it was."""
    carla = await person()
    await carla.opens("/entrar")
    await carla.presses("Tab")
    assert await carla.focused() == "Ir para o conteúdo"
    await carla.presses("Tab")
    await carla.page.keyboard.type(MANAGER)
    await carla.presses("Tab")
    await carla.page.keyboard.type(PASSWORD)
    await carla.presses("Enter")
    await carla.page.wait_for_url("**/inicio")
    await carla.opens("/configuracoes/usuarios")
    await carla.presses("Tab", "Enter", "Tab")
    assert await carla.focused() == "Usuários"
    options = carla.page.get_by_role("button", name="Opções de Bia Souza")
    await options.focus()
    await carla.presses("Enter", "Tab", "Tab", "Tab")
    assert await carla.focused() == "Desativar"
    await carla.presses("Enter")
    await expect(carla.page.get_by_role("dialog", name="Desativar Bia Souza?")).to_be_visible()
    assert await carla.focused() == "Cancelar"
    assert await carla.complaints() == []
    await carla.presses("Enter")
    await expect(carla.page.get_by_role("dialog")).to_have_count(0)
    await carla.presses("Escape")
    await expect(carla.page.get_by_role("button", name="Desativar")).to_have_count(0)
    await carla.page.get_by_role("button", name="Sua conta").focus()
    await carla.presses("Enter", "Tab", "Tab")
    assert await carla.focused() == "Sair"
    await carla.presses("Enter")
    await expect(carla.page).to_have_url(re.compile("/entrar$"))


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_every_page_is_for_everybody(person: Opens, size: tuple[int, int], dark: bool) -> None:
    """WCAG 2.2 AA as far as axe-core sees it, and no page is wider than the window."""
    carla = await person(size, dark=dark)
    await carla.opens("/entrar")
    assert await carla.complaints() == []
    await carla.page.get_by_role("button", name="Entrar").click()
    await expect(carla.page.get_by_role("alert")).to_be_focused()
    assert await carla.complaints() == []
    await carla.signs_in(MANAGER)
    found = {}
    for path in PAGES:
        await carla.opens(path)
        found[path] = await carla.complaints()
    assert found == {path: [] for path in PAGES}
    await carla.opens("/configuracoes/usuarios")
    await carla.page.get_by_role("button", name="Opções de Bia Souza").click()
    assert await carla.complaints() == []
    await carla.presses("Escape")
    await carla.page.get_by_role("button", name="Sua conta").click()
    assert await carla.complaints() == []


async def test_on_a_phone_the_navigation_opens_from_a_button(person: Opens) -> None:
    carla = await person(PHONE)
    await carla.signs_in(MANAGER)
    link = carla.page.get_by_role("link", name="Configurações")
    await expect(link).to_be_hidden()
    await carla.page.get_by_role("button", name="Menu").click()
    assert await carla.complaints() == []
    await link.click()
    await expect(carla.page).to_have_url(re.compile("/configuracoes/usuarios$"))


async def test_an_attendant_sees_no_way_to_what_is_for_managers(person: Opens) -> None:
    bia = await person()
    await bia.signs_in(ATTENDANT)
    await expect(bia.page.get_by_role("link", name="Início")).to_be_visible()
    await expect(bia.page.get_by_role("link", name="Configurações")).to_have_count(0)
    await bia.opens("/configuracoes/usuarios")
    await expect(bia.page.get_by_role("heading", name="Sem permissão")).to_be_visible()


async def test_the_numbers_renew_themselves_and_the_filter_needs_no_button(person: Opens) -> None:
    carla, bia = await person(), await person()
    await bia.signs_in(ATTENDANT)
    await carla.page.clock.install()
    await carla.signs_in(MANAGER)
    async with carla.page.expect_response("**/inicio/numeros") as answer:
        await carla.page.clock.fast_forward(21_000)
    assert (await answer.value).ok
    await expect(carla.page.get_by_role("heading", name="Olá, Carla")).to_have_count(1)
    await expect(carla.page.locator(".tile")).to_have_count(4)
    await carla.opens("/configuracoes/auditoria")
    await carla.page.get_by_label("Pessoa").select_option("Bia Souza")
    await expect(carla.page.locator("#trail tbody")).not_to_contain_text("Carla Lima")


async def test_a_session_that_ended_leads_to_the_login_by_itself(person: Opens) -> None:
    carla, elsewhere = await person(), await person()
    await carla.page.clock.install()
    await carla.signs_in(MANAGER)
    await elsewhere.signs_in(MANAGER)
    await elsewhere.opens("/minha-conta")
    await elsewhere.page.get_by_role("button", name="Encerrar outras sessões").click()
    await expect(elsewhere.page.get_by_role("status")).to_contain_text("encerradas")
    await carla.page.clock.fast_forward(21_000)
    await expect(carla.page).to_have_url(re.compile("/entrar$"))
