"""What an operator sees of the connection: `/health/ready` warns and stays ready, the metric falls, nothing leaks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from litestar.testing import AsyncTestClient
from pydantic import SecretStr
from sqlalchemy import text

from assistant.app import create_app
from integrations.database import Sessions, transaction
from integrations.kommo.connection.models import ConnectionKind
from integrations.kommo.connection.store import NewConnection, connect
from integrations.kommo.connection.vault import create_vault, new_key
from integrations.settings import Settings

TOKEN = "an-access-token-that-nobody-may-see"
REFRESH = "def502-a-refresh-token-that-nobody-may-see"


@pytest.fixture
def keyed(settings: Settings) -> Settings:
    return settings.model_copy(update={"secret_keys": SecretStr(new_key())})


@pytest.fixture
async def web(keyed: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncTestClient(create_app(keyed)) as client:
        yield client


async def connected(sessions: Sessions, settings: Settings, change: str = "") -> None:
    """An account that was connected by consent, with what happened to it since."""
    new = NewConnection(
        "https://shop.kommo.com", ConnectionKind.OAUTH, SecretStr(TOKEN), SecretStr(REFRESH), 86_400, 5, None
    )
    async with transaction(sessions) as session:
        await connect(session, create_vault(settings), new, datetime.now(UTC))
        if change:
            await session.execute(text(f"UPDATE kommo_connection SET {change}"))


async def test_without_an_account_it_is_ready_and_says_so(web: httpx.AsyncClient) -> None:
    answer = await web.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert "No Kommo account is connected" in answer.json()["warnings"][0]
    assert "autoprime_kommo_connected 0.0" in (await web.get("/metrics")).text


async def test_a_good_connection_is_no_news(web: httpx.AsyncClient, sessions: Sessions, keyed: Settings) -> None:
    await connected(sessions, keyed)
    assert (await web.get("/health/ready")).json() == {"status": "ok"}
    assert "autoprime_kommo_connected 1.0" in (await web.get("/metrics")).text


LOST = "state = 'lost', lost_reason = 'revoked'"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (LOST, "connect the account again"),
        ("trouble = 'refused_client'", "refused_client"),
        ("trouble = 'unreachable', expires_at = now()", "unreachable"),
        ("kind = 'long_lived', refresh_token = NULL, expires_at = now() + interval '3 days'", "ends on"),
    ],
)
async def test_what_needs_somebody_is_a_warning(
    web: httpx.AsyncClient, sessions: Sessions, keyed: Settings, change: str, word: str
) -> None:
    await connected(sessions, keyed, change)
    answer = await web.get("/health/ready")
    assert answer.status_code == 200
    (warning,) = answer.json()["warnings"]
    assert word in warning
    assert TOKEN not in answer.text
    assert f"autoprime_kommo_connected {0.0 if change == LOST else 1.0}" in (await web.get("/metrics")).text


async def test_webhooks_are_stored_while_the_connection_is_lost(sessions: Sessions, keyed: Settings) -> None:
    await connected(sessions, keyed, LOST)
    secret = "only-these-tests-know-this-secret"
    settings = keyed.model_copy(update={"webhook_secret": SecretStr(secret)})
    async with AsyncTestClient(create_app(settings)) as web:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await web.post(f"/webhooks/kommo/{secret}", content="a=1", headers=form)).status_code == 200
    async with transaction(sessions) as session:
        assert (await session.execute(text("SELECT count(*) FROM kommo_event"))).scalar_one() == 1
