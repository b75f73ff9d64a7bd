"""Of a connected shop: no secret in any page, answer or log line, and nothing that Kommo's people typed as markup."""

import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from litestar import Litestar
from sqlalchemy import text

from integrations.database import Sessions, transaction
from integrations.kommo.connection.vault import create_vault
from integrations.logs import NOISY
from integrations.settings import Settings
from tests.assistant.staff.connecting import connect, connectable, empty_account
from tests.assistant.staff.test_access import guarded
from tests.assistant.staff.visitor import PASSWORD, Visitor
from tests.integrations.kommo.conftest import StandIn

SETUP = "/configuracoes/preparo"
MARKUP = '<script>alert(1)</script><img src=x onerror="alert(2)">'
SEALED = text("""
    SELECT access_token FROM kommo_connection UNION SELECT refresh_token FROM kommo_connection
    UNION SELECT secret FROM webhook_secret UNION SELECT totp_sealed FROM staff_user WHERE totp_sealed IS NOT NULL
""")


@pytest.fixture
async def kommo_account(tmp_path: Path) -> AsyncIterator[StandIn]:
    async with empty_account(tmp_path) as found:
        yield found


@pytest.fixture
async def app(settings: Settings, kommo_account: StandIn) -> AsyncIterator[Litestar]:
    async with connectable(settings, kommo_account) as application:
        yield application


async def stored_secrets(sessions: Sessions, settings: Settings) -> set[str]:
    """Everything that lies sealed in the database, opened and as it lies there."""
    vault = create_vault(settings)
    async with transaction(sessions) as session:
        sealed = set((await session.scalars(SEALED)).all())
    return sealed | {vault.open(value).get_secret_value() for value in sealed}


async def walked(app: Litestar, manager: Visitor) -> str:
    """Every answer to a manager who opens all pages and sends every form empty, the way out last."""
    shown = []
    for method, path, _ in guarded(app):
        if method == "GET":
            await manager.get(path)
        else:
            await manager.get("/minha-conta")
            await manager.post(path)
        assert manager.seen is not None
        shown.append(f"{path} {manager.status} {manager.seen.headers.get('Location', '')} {manager.text}")
    return "\n".join(shown)


async def test_no_secret_in_any_page_or_log_line(
    app: Litestar,
    manager: Visitor,
    kommo_account: StandIn,
    sessions: Sessions,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    for noisy in NOISY:
        caplog.set_level(logging.WARNING, noisy)
    settings: Settings = app.state.settings
    await connect(manager, kommo_account)
    await manager.get(f"{SETUP}/conta")
    await manager.post(f"{SETUP}/aplicar")
    await manager.get("/minha-conta/duas-etapas")
    # The key of a second step is shown to its owner alone, on that page, while it is set up.
    keys = {settings.kommo_client_secret, settings.secret_keys}
    secrets = {key.get_secret_value() for key in keys if key is not None}
    secrets |= await stored_secrets(sessions, settings) | {PASSWORD, manager.token or ""}
    assert len(secrets) >= 8
    pages = await walked(app, manager)
    for kind in ("token_revoked", "http_500"):
        await kommo_account.breaks(kind)
        await manager.sign_in("carla@oficina.example")
        secrets.add(manager.token or "")
        pages += await walked(app, manager)
        await kommo_account.mends()
    output = capfd.readouterr()
    said = "\n".join([caplog.text, output.out, output.err])
    assert "kommo.connection_lost" in said
    assert [secret for secret in secrets if secret in pages] == []
    assert [secret for secret in secrets if secret in said] == []


async def test_names_from_kommo_are_never_markup(manager: Visitor, kommo_account: StandIn) -> None:
    """Pipelines, stages, users, fields and bots, in lists, choices and findings; and before and after a change."""
    await connect(manager, kommo_account)
    await manager.get(f"{SETUP}/conta")
    await manager.post(f"{SETUP}/aplicar")
    await manager.get(f"{SETUP}/conta")
    await manager.post(f"{SETUP}/etapas", chosen(manager))
    async with kommo_account.client() as kommo:
        pipeline, fields, users = (await kommo.pipelines())[0], await kommo.lead_fields(), await kommo.users()
    stage = next(one for one in pipeline.stages if one.name == "Diagnóstico")
    for path in (
        f"/pipelines/{pipeline.id}",
        f"/stages/{stage.id}",
        f"/fields/{fields[0].id}",
        f"/users/{users[0].id}",
    ):
        await kommo_account.person("PATCH", path, name=f"{path} {MARKUP}")
    await kommo_account.person("POST", "/bots", name=f"/bots {MARKUP}", script="greeting", text=MARKUP)
    await manager.get(f"{SETUP}/conta")
    for named in ("/pipelines", "/stages", "/fields", "/users", "/bots"):
        assert re.search(rf"{named}(/\d+)? <script>", manager.text), f"{named} is not on the page"
    assert manager.seen is not None
    seen = [manager.seen.text]
    await manager.post(f"{SETUP}/etapas", {"qualified": f"{pipeline.id}:1"})
    await manager.follow()
    seen.append(manager.seen.text)
    for path in ("/configuracoes/kommo", "/saude", "/inicio"):
        await manager.get(path)
        seen.append(manager.seen.text)
    for text_of_page in seen:
        assert "<script>alert" not in text_of_page
        assert "<img src=x" not in text_of_page


def chosen(manager: Visitor) -> dict[str, str]:
    """The form of stages as the page suggests it, and the first user."""
    assert manager.seen is not None
    found = re.findall(r'<select id="\w+" name="(\w+)"[^>]*>(.*?)</select>', manager.seen.text, flags=re.DOTALL)
    picked = {name: re.search(r'value="([^"]*)" selected', options) for name, options in found}
    users = re.findall(r'<option value="(\d+)"', manager.seen.text)
    return {name: value[1] for name, value in picked.items() if value} | {"responsible": users[0]}
