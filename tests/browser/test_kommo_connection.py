"""The way of a new shop, in a real browser: first login, consent at Kommo, plan, prepared; then what goes wrong later.

Web process and sandbox are real processes; the tests of this file tell one story and each one makes its own beginning.
"""

import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from integrations.kommo.connection.vault import new_key
from integrations.kommo.sandbox.settings import SandboxSettings
from tests.assistant.staff.visitor import PASSWORD
from tests.browser.staff_site import MANAGER, PHONE, WIDE, Person, StaffSite, people_at
from tests.stack.databases import TEMPLATE, database_url, run_on
from tests.stack.running import Program, eventually, free_port

KOMMO, SETUP = "/configuracoes/kommo", "/configuracoes/preparo"
MARKUP = '<img src=x onerror="document.title=1">"\'&amp;'
"""What somebody may type as a name in Kommo."""


@dataclass
class Account:
    """An account that nobody has prepared, as a process; `http` reaches its screens."""

    url: str
    http: httpx.AsyncClient

    async def does(self, method: str, path: str, **given: object) -> object:
        """A person does something on Kommo's screens."""
        answer = await self.http.request(method, f"/sandbox{path}", json=given or None)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def rows(self, path: str, name: str) -> list[dict[str, object]]:
        """A list of Kommo's API."""
        token = (await self.http.get("/sandbox/token")).json()["access_token"]
        answer = await self.http.get(f"/api/v4{path}", headers={"Authorization": f"Bearer {token}"})
        rows: list[dict[str, object]] = answer.json()["_embedded"][name] if answer.content else []
        return rows


@pytest.fixture
async def account(tmp_path: Path) -> AsyncIterator[Account]:
    port = free_port()
    arguments = ["-m", "integrations.kommo.sandbox", "--empty", "--port", str(port), "--data-dir", str(tmp_path)]
    program = Program("sandbox", [*arguments, "--rate-limit", "0"], {}, tmp_path / "sandbox.log")
    program.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:

        async def answers() -> bool:
            try:
                return (await http.get("/sandbox/account")).is_success
            except httpx.TransportError:
                return False

        await eventually(answers, "the sandbox answers")
        yield Account(f"http://127.0.0.1:{port}", http)
    program.stop()


@pytest.fixture
async def site(postgres: str, tmp_path: Path, account: Account) -> AsyncIterator[StaffSite]:
    """A web process that may be connected to the account by consent."""
    name, box = f"connect_{uuid.uuid4().hex}", SandboxSettings(tmp_path)
    await run_on(postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    settings = {
        "AUTOPRIME_KOMMO_AUTH_URL": account.url,
        "AUTOPRIME_KOMMO_CLIENT_ID": box.client_id,
        "AUTOPRIME_KOMMO_CLIENT_SECRET": box.client_secret,
        "AUTOPRIME_SECRET_KEYS": new_key(),
        "AUTOPRIME_WEBHOOK_SECRET": "",
        "AUTOPRIME_KOMMO_RATE": "0",
        "AUTOPRIME_LOG_LEVEL": "DEBUG",
    }
    site = StaffSite(database_url(postgres, name), tmp_path, settings)
    await account.does("PATCH", "/account", redirect_uri=f"{site.url}/kommo/oauth")
    await site.start()
    await site.staff()
    yield site
    site.program.stop()
    hooks = [str(row["destination"]).rsplit("/", 1)[1] for row in await account.rows("/webhooks", "webhooks")]
    log = site.program.log.read_text()
    assert "kommo.call" in log
    secrets = (box.client_secret, settings["AUTOPRIME_SECRET_KEYS"], PASSWORD, "code=", "state=", *hooks)
    assert [secret for secret in secrets if secret in log] == []
    await run_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def carla(site: StaffSite, chromium: Browser) -> AsyncIterator[Person]:
    """The manager at her browser, signed in; a script error or a breach of the page's policy fails the test."""
    async with people_at(site, chromium) as come:
        one = await come()
        await one.signs_in(MANAGER)
        yield one


async def consents(page: Page) -> None:
    """From our page to Kommo's, and back."""
    await page.get_by_role("link", name="Conectar Kommo").click()
    await expect(page.get_by_role("heading", name="Permitir acesso")).to_be_visible()
    await page.get_by_role("button", name="Permitir").click()
    await page.wait_for_url(f"**{KOMMO}")
    await expect(page.locator("#toasts")).to_contain_text("Kommo conectado")


async def prepares(carla: Person) -> None:
    """Connected, prepared, and the suggested stages kept."""
    await carla.opens(KOMMO)
    await consents(carla.page)
    await carla.opens(SETUP)
    await carla.page.get_by_role("button", name="Preparar a conta").click()
    await expect(carla.page.get_by_text("Campos e avisos estão no lugar")).to_be_visible()
    await carla.page.get_by_role("button", name="Salvar etapas").click()
    await expect(carla.page.locator("#toasts")).to_contain_text("Etapas salvas")


async def warnings(site: StaffSite) -> list[str]:
    """What /health/ready warns of."""
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"{site.url}/health/ready")
    assert answer.status_code == 200
    found: list[str] = answer.json().get("warnings", [])
    return found


async def test_from_an_empty_account_to_a_prepared_one(carla: Person, account: Account, site: StaffSite) -> None:
    page = carla.page
    assert any("No Kommo account is connected" in warning for warning in await warnings(site))
    await carla.opens(SETUP)
    await expect(page.get_by_text("Conecte o Kommo primeiro")).to_be_visible()
    await carla.opens(KOMMO)
    await expect(page.get_by_text("sem conexão")).to_be_visible()
    assert await carla.complaints() == []
    await consents(page)
    await expect(page.get_by_text("conectado", exact=True)).to_be_visible()
    assert await warnings(site) == []
    await carla.opens(SETUP)
    await expect(page.get_by_text("Isto será feito")).to_be_visible()
    assert await account.rows("/leads/custom_fields", "custom_fields") == [], "the plan changed something"
    assert await carla.complaints() == []
    await page.get_by_role("button", name="Preparar a conta").click()
    await expect(page.locator("#toasts")).to_contain_text("Conta preparada")
    await expect(page.get_by_text("Campos e avisos estão no lugar")).to_be_visible()
    fields = {str(row["name"]) for row in await account.rows("/leads/custom_fields", "custom_fields")}
    assert {"Placa", "Assistente", "Resposta do assistente"} <= fields


async def test_what_somebody_changes_in_kommo_is_said(carla: Person, account: Account) -> None:
    """A stage renamed, another and a field deleted: what was chosen, what became of it, and what to do."""
    await prepares(carla)
    pipelines = await account.rows("/leads/pipelines", "pipelines")
    stages = {s["name"]: s["id"] for s in pipelines[0]["_embedded"]["statuses"]}  # type: ignore[index]
    await account.does("PATCH", f"/stages/{stages['Diagnóstico']}", name=f"Triagem {MARKUP}")
    await account.does("DELETE", f"/stages/{stages['Em Execução']}")
    fields = {row["name"]: row["id"] for row in await account.rows("/leads/custom_fields", "custom_fields")}
    await account.does("DELETE", f"/fields/{fields['Placa']}")
    await carla.opens(SETUP)
    check = carla.page.get_by_role("region", name="Conferência")
    await expect(check).to_contain_text(f"Triagem {MARKUP}")
    for changed in ("Diagnóstico", "Em Execução", "Placa"):
        await expect(check.get_by_role("row").filter(has_text=changed).first).to_contain_text(
            re.compile("falta|atenção")
        )
    plan = carla.page.get_by_role("region", name="O que falta na conta")
    await expect(plan).to_contain_text("Placa")
    await expect(carla.page.locator("img[src=x]")).to_have_count(0)
    assert await carla.complaints() == []


async def test_a_lost_connection_shows_and_is_connected_again(carla: Person, account: Account, site: StaffSite) -> None:
    page = carla.page
    await carla.opens(KOMMO)
    await consents(page)
    await account.does("POST", "/faults", kind="token_revoked")
    await carla.opens(SETUP)
    await expect(page.get_by_role("alert").or_(page.get_by_text("não aceita")).first).to_be_visible()
    await account.http.delete("/sandbox/faults")
    await carla.opens(KOMMO)
    await expect(page.get_by_text("caiu", exact=True)).to_be_visible()
    await expect(page.get_by_text("Conecte a conta de novo")).to_be_visible()
    assert await carla.complaints() == []
    assert any("is lost" in warning and "connect" in warning for warning in await warnings(site))
    await carla.opens("/saude")
    await expect(page.get_by_text("Caiu")).to_be_visible()
    assert await carla.complaints() == []
    await carla.opens(KOMMO)
    await consents(page)
    assert await warnings(site) == []


async def test_the_whole_set_up_by_keyboard_alone(carla: Person) -> None:
    page = carla.page
    await carla.opens(KOMMO)
    await page.get_by_role("link", name="Conectar Kommo").focus()
    await carla.presses("Enter")
    await expect(page.get_by_role("heading", name="Permitir acesso")).to_be_visible()
    await carla.presses("Tab", "Tab", "Enter")
    await page.wait_for_url(f"**{KOMMO}")
    await carla.opens(SETUP)
    button = page.get_by_role("button", name="Preparar a conta")
    await button.focus()
    await carla.presses("Enter")
    await expect(page.locator("#toasts")).to_contain_text("Conta preparada")
    await carla.opens(KOMMO)
    await page.get_by_role("button", name="Trocar endereço").focus()
    await carla.presses("Enter")
    await expect(page.get_by_role("dialog", name="Trocar o endereço de avisos?")).to_be_visible()
    assert await carla.focused() == "Cancelar"
    assert await carla.complaints() == []
    await carla.presses("Tab", "Enter")
    await expect(page.get_by_text("O anterior ainda vale até")).to_be_visible()


async def test_the_pages_are_for_everybody(carla: Person, site: StaffSite, chromium: Browser) -> None:
    """WCAG 2.2 AA as far as axe-core sees it, wide and at 360 px, light and dark."""
    await prepares(carla)
    found = {}
    for size, dark in ((PHONE, False), (PHONE, True), (WIDE, True)):
        other = await Person.at(site, chromium, size, dark=dark)
        await other.signs_in(MANAGER)
        for path in (KOMMO, SETUP, "/saude", "/configuracoes/oficina"):
            await other.opens(path)
            await expect(other.page.get_by_text("Olhando a conta no Kommo…")).to_have_count(0)
            found[path, size, dark] = await other.complaints()
        assert other.errors == []
        await other.context.close()
    assert {page: flaws for page, flaws in found.items() if flaws} == {}
