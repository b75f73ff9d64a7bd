"""An account that nobody has prepared, and the application that is connected to it by its pages."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from litestar import Litestar

from assistant.app import create_app
from integrations.kommo.connection.vault import new_key
from integrations.kommo.sandbox.settings import SandboxSettings
from integrations.settings import Settings
from tests.assistant.staff.conftest import alive
from tests.assistant.staff.visitor import Visitor
from tests.integrations.kommo.conftest import StandIn, running

PUBLIC = "http://oficina.test"
PATH = "/configuracoes/kommo"


@asynccontextmanager
async def empty_account(tmp_path: Path) -> AsyncIterator[StandIn]:
    """An account that nobody has prepared."""
    settings = SandboxSettings(tmp_path / "kommo", rate_limit=0, bot_seconds=0.05, delivery_seconds=0.02, empty=True)
    async with running(settings) as found:
        await found.hand.patch("/sandbox/account", json={"redirect_uri": f"{PUBLIC}/kommo/oauth"})
        yield found


@asynccontextmanager
async def connectable(settings: Settings, kommo_account: StandIn) -> AsyncIterator[Litestar]:
    """The application, to be connected to that account by its pages."""
    box = SandboxSettings(Path("unused"))
    made = settings.model_copy(
        update={
            "kommo_auth_url": kommo_account.base_url,
            "kommo_client_id": box.client_id,
            "kommo_client_secret": box.client_secret,
            "secret_keys": new_key(),
            "public_url": PUBLIC,
            "kommo_rate": 0.0,
        }
    )
    async with alive(create_app(Settings.model_validate(made.model_dump()))) as running_now:
        yield running_now


async def consent(kommo_account: StandIn, address: str, *, allow: bool = True) -> str:
    """What the administrator does on Kommo's page; where it sends the browser back to."""
    async with httpx.AsyncClient() as browser:
        shown = await browser.get(address)
        assert shown.status_code == 200, shown.text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.text))
        user = re.search(r'<option value="(\d+)"', shown.text)
        assert user is not None
        answer = {name: html.unescape(value) for name, value in fields.items()} | {"user_id": user[1]}
        back = await browser.post(
            f"{kommo_account.base_url}/oauth", data=answer | {"answer": "allow" if allow else "deny"}
        )
    return back.headers["Location"].removeprefix(PUBLIC)


async def connect(manager: Visitor, kommo_account: StandIn) -> None:
    await manager.get(f"{PATH}/conectar")
    assert manager.leads_to is not None, manager.text
    await manager.get(await consent(kommo_account, manager.leads_to))
    assert manager.leads_to == PATH, manager.text
    await manager.follow()
