"""The stored webhook secrets through the front door: made once, changed with a grace, and without a query a request."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from litestar.testing import AsyncTestClient
from pydantic import SecretStr
from sqlalchemy import event, text

from assistant.app import create_app
from integrations.database import Sessions, create_engine, create_sessions, transaction
from integrations.kommo.connection.vault import create_vault, new_key
from integrations.kommo.connection.webhook_secrets import (
    StoredSecrets,
    rotate_webhook_secret,
    webhook_address,
    webhook_secret,
)
from integrations.settings import Settings, WrongSettings
from tests.stack.running import eventually

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def keyed(settings: Settings) -> Settings:
    """An installation without AUTOPRIME_WEBHOOK_SECRET, with a key to store one."""
    return settings.model_copy(update={"secret_keys": SecretStr(new_key())})


@pytest.fixture
async def web(keyed: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncTestClient(create_app(keyed), raise_server_exceptions=False) as client:
        yield client


async def post(web: httpx.AsyncClient, secret: SecretStr, number: int = 0) -> int:
    address = f"/webhooks/kommo/{secret.get_secret_value()}"
    return (await web.post(address, content=f"a[{number}]=1", headers=FORM)).status_code


async def made(sessions: Sessions, settings: Settings) -> SecretStr:
    async with transaction(sessions) as session:
        return await webhook_secret(session, settings)


async def rotated(sessions: Sessions, settings: Settings, grace: timedelta) -> SecretStr:
    async with transaction(sessions) as session:
        return await rotate_webhook_secret(session, create_vault(settings), grace)


async def test_a_secret_made_while_the_service_runs_opens_the_door(
    web: httpx.AsyncClient, sessions: Sessions, keyed: Settings
) -> None:
    assert await post(web, SecretStr("nobody-has-made-a-secret-yet")) == 404
    secret = await made(sessions, keyed)
    assert await made(sessions, keyed) == secret

    async def lets_in() -> bool:
        return await post(web, secret) == 200

    await eventually(lets_in, "the new secret opens the door", within=5)
    assert await post(web, SecretStr("x" * 43)) == 404


async def test_requests_that_come_together_are_all_let_in(sessions: Sessions, keyed: Settings) -> None:
    """Right after the start, and right after a change: Kommo tells of a new chat and its message at once."""
    secret = (await made(sessions, keyed)).get_secret_value()
    keeper = StoredSecrets(sessions, create_vault(keyed), lambda: 0.0)
    assert await asyncio.gather(*(keeper.knows(secret) for _ in range(5))) == [True] * 5
    keeper = StoredSecrets(sessions, create_vault(keyed), iter([0.0, 0.0, *[9.0] * 99]).__next__)
    assert await keeper.knows(secret)
    new = (await rotated(sessions, keyed, timedelta(hours=3))).get_secret_value()
    assert await asyncio.gather(*(keeper.knows(one) for one in (new, secret, new))) == [True] * 3


async def test_while_the_database_is_silent_nobody_is_turned_away_for_good(keyed: Settings) -> None:
    """A 5xx has Kommo send again; a 404 would count as an answer."""
    engine = create_engine("postgresql://nobody@127.0.0.1:1/none")
    keeper = StoredSecrets(create_sessions(engine), create_vault(keyed))
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            await keeper.knows("a-secret-that-may-be-right")
    await engine.dispose()


async def test_both_secrets_work_during_the_grace(web: httpx.AsyncClient, sessions: Sessions, keyed: Settings) -> None:
    old = await made(sessions, keyed)
    new = await rotated(sessions, keyed, timedelta(hours=3))
    assert [await post(web, secret) for secret in (new, old)] == [200, 200]


async def test_the_old_secret_ends_with_its_grace(sessions: Sessions, keyed: Settings) -> None:
    """As a running process sees it, which had both in its memory."""
    clock = [0.0]
    keeper = StoredSecrets(sessions, create_vault(keyed), lambda: clock[0])
    old = (await made(sessions, keyed)).get_secret_value()
    assert await keeper.knows(old)
    new = (await rotated(sessions, keyed, timedelta(hours=3))).get_secret_value()
    clock[0] += 2
    assert [await keeper.knows(secret) for secret in (new, old)] == [True, True]
    async with transaction(sessions) as session:
        await session.execute(text("UPDATE webhook_secret SET accepted_until = now() WHERE NOT is_current"))
    clock[0] += 6

    async def shut() -> bool:
        return not await keeper.knows(old)

    await eventually(shut, "the old secret opens no more", within=5)
    assert await keeper.knows(new)
    await rotated(sessions, keyed, timedelta(hours=3))
    async with transaction(sessions) as session:
        assert (await session.execute(text("SELECT count(*) FROM webhook_secret"))).scalar_one() == 2


async def test_a_grace_ends_in_memory_too(sessions: Sessions, keyed: Settings) -> None:
    """The end is known with the secret: it needs no look at the database, for which the time never comes here."""
    keeper = StoredSecrets(sessions, create_vault(keyed), lambda: 0.0)
    old = (await made(sessions, keyed)).get_secret_value()
    await rotated(sessions, keyed, timedelta(seconds=2))
    assert await keeper.knows(old)

    async def shut() -> bool:
        return not await keeper.knows(old)

    await eventually(shut, "the grace is over", within=5)


async def test_a_known_secret_costs_no_query(sessions: Sessions, keyed: Settings) -> None:
    secret = (await made(sessions, keyed)).get_secret_value()
    keeper = StoredSecrets(sessions, create_vault(keyed))
    assert await keeper.knows(secret)
    statements: list[str] = []
    engine = sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for _ in range(100):
        assert await keeper.knows(secret)
        assert not await keeper.knows("a-stranger-knocks-again-and-again")
    assert statements == []


async def test_the_secret_lies_sealed_and_the_address_hides_it(sessions: Sessions, keyed: Settings) -> None:
    secret = await made(sessions, keyed)
    async with transaction(sessions) as session:
        rows = str((await session.execute(text("SELECT * FROM webhook_secret"))).all())
        address = await webhook_address(session, keyed)
    assert secret.get_secret_value() not in rows + repr(address) + str(address)
    assert address.get_secret_value().endswith(f"/webhooks/kommo/{secret.get_secret_value()}")


async def test_the_secret_of_the_settings_is_the_only_one(sessions: Sessions, keyed: Settings) -> None:
    stored = await made(sessions, keyed)
    given = SecretStr("the-secret-of-the-environment")
    settings = keyed.model_copy(update={"webhook_secret": given})
    async with AsyncTestClient(create_app(settings)) as web:
        assert [await post(web, secret) for secret in (given, stored)] == [200, 404]
    async with transaction(sessions) as session:
        assert await webhook_secret(session, settings) == given


async def test_without_secret_and_key_the_service_runs_and_lets_nobody_in(
    sessions: Sessions, settings: Settings
) -> None:
    async with AsyncTestClient(create_app(settings)) as web:
        assert await post(web, SecretStr("")) == 404
        assert await post(web, SecretStr("anything-of-a-proper-length")) == 404
        ready = await web.get("/health/ready")
    assert ready.status_code == 200
    assert any("AUTOPRIME_SECRET_KEYS" in warning for warning in ready.json()["warnings"])
    with pytest.raises(WrongSettings):
        await made(sessions, settings)
