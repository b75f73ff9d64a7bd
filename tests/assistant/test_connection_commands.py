"""The commands of the connection, as an operator calls them: a key, keys replaced, the webhook subscribed and moved."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import text

from assistant.commands.kommo_rotate import new_webhook_secret, seal_anew
from assistant.commands.new_key import command as new_key_command
from assistant.commands.subscribe import subscribe_current
from assistant.problem import Problem
from integrations.database import Sessions, transaction
from integrations.kommo.connection.accounts import kommo_account, store_long_lived
from integrations.kommo.connection.vault import new_key
from integrations.kommo.connection.webhook_secrets import webhook_secret
from integrations.settings import Settings
from tests.stack.running import Program, eventually, free_port


@pytest.fixture
async def account(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Kommo's stand-in, seen with its token."""
    port = free_port()
    arguments = ["-m", "integrations.kommo.sandbox", "--port", str(port), "--data-dir", str(tmp_path / "kommo")]
    program = Program("sandbox", arguments, {}, tmp_path / "kommo.log")
    program.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:

        async def token() -> str | None:
            try:
                return str((await http.get("/sandbox/token")).json()["access_token"])
            except httpx.HTTPError:
                return None

        http.headers["authorization"] = f"Bearer {await eventually(token, 'the account answers')}"
        yield http
    program.stop()


def keyed(settings: Settings, account: httpx.AsyncClient, *keys: str) -> Settings:
    """The installation with these keys."""
    address = str(account.base_url).rstrip("/")
    return settings.model_copy(update={"secret_keys": SecretStr(",".join(keys)), "kommo_auth_url": address})


async def connect(settings: Settings, sessions: Sessions, account: httpx.AsyncClient) -> str:
    token = account.headers["authorization"].removeprefix("Bearer ")
    await store_long_lived(sessions, settings, settings.kommo_auth_url, SecretStr(token), staff_id=None)
    return token


async def destinations(account: httpx.AsyncClient) -> list[str]:
    async def look() -> httpx.Response | None:
        found = await account.get("/api/v4/webhooks")
        return found if found.status_code != httpx.codes.TOO_MANY_REQUESTS else None

    answer = await eventually(look, "the account's limit lets us look")
    return [hook["destination"] for hook in answer.json()["_embedded"]["webhooks"]] if answer.content else []


def test_a_new_key_is_printed_and_fits() -> None:
    printed = CliRunner().invoke(new_key_command).output.strip()
    assert Settings(_env_file=None, secret_keys=SecretStr(printed)).vault_keys == (SecretStr(printed),)


async def test_keys_are_replaced_and_the_old_one_thrown_away(
    settings: Settings, sessions: Sessions, account: httpx.AsyncClient
) -> None:
    old, new = new_key(), new_key()
    before = keyed(settings, account, old)
    token = await connect(before, sessions, account)
    async with transaction(sessions) as session:
        secret = await webhook_secret(session, before)
    with pytest.raises(Problem, match="Nothing was changed"):
        await seal_anew(keyed(settings, account, new))
    assert await seal_anew(keyed(settings, account, new, old)) == 2
    after = keyed(settings, account, new)
    found = await kommo_account(after, sessions)
    assert found is not None
    assert await found.tokens.token() == token
    async with transaction(sessions) as session:
        assert await webhook_secret(session, after) == secret


async def test_a_stored_account_is_subscribed_at_a_stored_secret(
    settings: Settings, sessions: Sessions, account: httpx.AsyncClient
) -> None:
    ready = keyed(settings, account, new_key())
    with pytest.raises(Problem, match="No Kommo account is connected"):
        await subscribe_current(ready)
    await connect(ready, sessions, account)
    assert await subscribe_current(ready) is True
    assert await subscribe_current(ready) is False
    (first,) = await destinations(account)
    async with transaction(sessions) as session:
        assert first.endswith((await webhook_secret(session, ready)).get_secret_value())


async def test_the_webhook_moves_to_a_new_secret(
    settings: Settings, sessions: Sessions, account: httpx.AsyncClient
) -> None:
    ready = keyed(settings, account, new_key())
    await connect(ready, sessions, account)
    await subscribe_current(ready)
    (first,) = await destinations(account)
    await new_webhook_secret(ready, timedelta(hours=24))
    (second,) = set(await destinations(account)) - {first}
    async with transaction(sessions) as session:
        assert second.endswith((await webhook_secret(session, ready)).get_secret_value())
        query = text("SELECT accepted_until > now() + interval '23 hours' FROM webhook_secret WHERE NOT is_current")
        assert (await session.execute(query)).scalar_one() is True
    fixed = ready.model_copy(update={"webhook_secret": SecretStr("x" * 24)})
    with pytest.raises(Problem, match="AUTOPRIME_WEBHOOK_SECRET"):
        await new_webhook_secret(fixed, timedelta(hours=24))
