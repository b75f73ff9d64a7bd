"""Tokens stay fresh: renewed before their end, through lost answers, crashes and renamings; a loss is noted once."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from integrations.database import Sessions, transaction
from integrations.kommo.client import KommoClient
from integrations.kommo.connection.accounts import kommo_account, store_long_lived
from integrations.kommo.connection.errors import ForeignAccount, TokenRefused
from integrations.kommo.connection.exchange import redirect_uri
from integrations.kommo.connection.oauth import Connected
from integrations.kommo.connection.status import connection_status
from integrations.kommo.errors import NotSent, Unauthorized
from integrations.kommo.pacing import Unlimited
from integrations.kommo.sandbox.settings import SandboxSettings
from integrations.settings import Settings, WrongSettings

from ..conftest import running
from .conftest import PUBLIC, Internet, Shop, environment, for_account


async def lost(shop: Shop) -> bool:
    """Whether the pages say that the connection is lost, and what to do."""
    async with transaction(shop.sessions) as session:
        status = await connection_status(session, shop.settings, datetime.now(UTC))
    assert status.lost is (status.text is not None and "Conecte a conta de novo." in status.text)
    return status.lost


async def test_a_fresh_token_is_not_renewed(shop: Shop) -> None:
    connected = await shop.connects()
    tokens = shop.tokens(connected)
    assert await tokens.token() == await tokens.token()
    assert await shop.exchanges() == [200]


async def test_a_token_is_renewed_before_its_end(shop: Shop) -> None:
    connected = await shop.connects()
    before = await shop.tokens(connected).token()
    await shop.comes_due()
    after = await shop.tokens(connected).token()
    assert after != before
    assert await shop.works(after) == 200
    assert await shop.exchanges() == [200, 200]
    assert await shop.row("renew_at > now(), renewed_at IS NOT NULL, lease_until") == (True, True, None)


async def test_an_expired_token_is_renewed_before_a_call(shop: Shop) -> None:
    connected = await shop.connects()
    await shop.expires()
    async with KommoClient(connected.base_url, shop.tokens(connected), Unlimited()) as client:
        assert (await client.account()).id == connected.account_id
    assert await shop.stand_in.calls("GET", "/account") == [200]


async def test_a_renewal_that_does_not_succeed_costs_nothing_while_the_token_is_good(shop: Shop) -> None:
    connected = await shop.connects()
    before = await shop.tokens(connected).token()
    await shop.comes_due()
    await shop.stand_in.breaks("http_500", path="/oauth2/")
    assert await shop.tokens(connected).token() == before
    assert await shop.tokens(connected).token() == before
    assert await shop.exchanges() == [200, 500]
    assert not await lost(shop)
    await shop.stand_in.mends()
    await shop.change("retry_at = NULL")
    assert await shop.tokens(connected).token() != before
    assert await shop.row("trouble, retry_at") == (None, None)


async def test_an_expired_token_that_cannot_be_renewed_is_no_reason_to_give_up(shop: Shop) -> None:
    connected = await shop.connects()
    await shop.expires()
    await shop.stand_in.breaks("http_500", path="/oauth2/")
    with pytest.raises(NotSent):
        await shop.tokens(connected).token()
    assert not await lost(shop)


async def test_a_lost_answer_is_repaired_with_the_old_refresh_token(shop: Shop) -> None:
    connected = await shop.connects()
    await shop.expires()
    await shop.stand_in.breaks("lost_response", path="/oauth2/")
    with pytest.raises(NotSent):
        await shop.tokens(connected).token()
    await shop.stand_in.mends()
    await shop.change("retry_at = NULL")
    assert await shop.works(await shop.tokens(connected).token()) == 200
    assert not await lost(shop)


async def test_two_renewals_that_crossed_are_repaired_with_the_token_before(shop: Shop) -> None:
    """A process that was paused renews with the token it read; what was stored meanwhile is not the newest any more."""
    connected = await shop.connects()
    stale = (await shop.row("refresh_token"))[0]
    await shop.comes_due()
    await shop.tokens(connected).token()
    newest = (await shop.row("refresh_token"))[0]
    await shop.change(f"refresh_token = '{stale}', renew_at = now()")
    await shop.tokens(connected).token()
    # What the slower of the two had got is thrown away: its claim was not the newest.
    await shop.change(f"refresh_token = '{newest}', previous_refresh_token = '{stale}', renew_at = now()")
    assert await shop.works(await shop.tokens(connected).token()) == 200
    assert not await lost(shop)


CRASHING = """
import asyncio, os, sys
import httpx
from integrations.database import create_engine, create_sessions
from integrations.kommo.connection.accounts import kommo_account
from integrations.settings import Settings

class Crash(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request):
        answer = await super().handle_async_request(request)
        await answer.aread()
        os._exit(9)

async def main():
    settings = Settings(_env_file=None)
    sessions = create_sessions(create_engine(settings.database_url))
    account = await kommo_account(settings, sessions, lambda: httpx.AsyncClient(transport=Crash()))
    await account.tokens.token()

asyncio.run(main())
"""


async def test_a_crash_between_the_answer_and_the_commit_loses_nothing(shop: Shop) -> None:
    connected = await shop.connects()
    before = (await shop.row("refresh_token"))[0]
    await shop.expires()
    command = [sys.executable, "-c", CRASHING]
    crashed = await asyncio.create_subprocess_exec(*command, env=environment(shop.settings), stderr=subprocess.PIPE)
    _, complaint = await crashed.communicate()
    assert crashed.returncode == 9, complaint.decode()
    assert await shop.exchanges() == [200, 200]
    assert (await shop.row("refresh_token, lease_until > now()")) == (before, True)
    await shop.change("lease_until = now()")
    assert await shop.works(await shop.tokens(connected).token()) == 200
    assert await shop.exchanges() == [200, 200, 200]


async def test_who_was_overtaken_stores_nothing(shop: Shop) -> None:
    """A renewal that took longer than its lease, while somebody connected the account anew."""
    connected = await shop.connects()
    await shop.comes_due()

    class Slow(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await super().handle_async_request(request)
            await answer.aread()
            await shop.connects()
            return answer

    stale = shop.tokens(connected, http=lambda: httpx.AsyncClient(transport=Slow()))
    token = await stale.token()
    assert token == await shop.tokens(connected).token()
    assert await shop.row("renewed_at, lease_token") == (None, 3)


async def test_access_that_was_withdrawn_is_lost_once(shop: Shop) -> None:
    connected = await shop.connects()
    await shop.stand_in.breaks("token_revoked")
    async with KommoClient(connected.base_url, shop.tokens(connected), Unlimited()) as client:
        for _ in range(2):
            with pytest.raises(Unauthorized):
                await client.account()
    assert await lost(shop)
    since = await shop.row("state_since, lost_reason")
    with pytest.raises(Unauthorized):
        await shop.tokens(connected).token()
    assert await shop.row("state_since, lost_reason") == since
    assert since[1] == "revoked"
    # Asked once: what is lost is asked for no more.
    assert await shop.exchanges() == [200, 401]


async def test_connecting_again_ends_the_loss(shop: Shop) -> None:
    connected = await shop.connects()
    await shop.stand_in.breaks("token_revoked")
    await shop.expires()
    with pytest.raises(Unauthorized):
        await shop.tokens(connected).token()
    again = await shop.connects()
    assert again.connection_id == connected.connection_id
    assert not await lost(shop)
    assert await shop.works(await shop.tokens(connected).token()) == 200


async def test_a_good_token_that_is_refused_is_renewed_once(shop: Shop) -> None:
    connected = await shop.connects()
    tokens = shop.tokens(connected)
    first = await tokens.token()
    second = await tokens.renew(first)
    assert second not in (None, first)
    # Others who were refused with the first one get the second without another renewal.
    assert await shop.tokens(connected).renew(first) == second
    assert await shop.exchanges() == [200, 200]
    assert await tokens.renew(str(second)) is None
    assert await shop.row("lost_reason") == ("new_token_refused",)
    assert await shop.exchanges() == [200, 200]


async def test_a_new_secret_in_kommo_ends_the_connection_only_when_access_is_refused(shop: Shop) -> None:
    connected = await shop.connects()
    shop.settings = shop.settings.model_copy(update={"kommo_client_secret": shop.settings.secret_keys})
    token = await shop.tokens(connected).token()
    await shop.comes_due()
    assert await shop.tokens(connected).token() == token
    async with transaction(shop.sessions) as session:
        status = await connection_status(session, shop.settings, datetime.now(UTC))
    assert (status.lost, status.text is not None and "AUTOPRIME_KOMMO_CLIENT_SECRET" in status.text) == (False, True)
    await shop.change("retry_at = NULL")
    assert await shop.tokens(connected).renew(token) is None
    assert await shop.row("lost_reason") == ("client_refused",)


@pytest.fixture
async def renamed(settings: Settings, sessions: Sessions, unhurried: SandboxSettings) -> AsyncIterator[Shop]:
    """An account at oficina.kommo.com, reached through the internet."""
    back = redirect_uri(settings.model_copy(update={"public_url": PUBLIC}))
    home = replace(unhurried, redirect_uri=back, subdomain="oficina", base_url="https://oficina.kommo.com")
    async with running(home) as stand_in:
        given = for_account(settings, "https://www.kommo.com")
        yield Shop(stand_in, given, sessions, lambda: httpx.AsyncClient(transport=Internet(stand_in.base_url)))


async def test_a_renamed_account_is_followed(renamed: Shop) -> None:
    shop, connected = renamed, await renamed.connects()
    assert connected.base_url == "https://oficina.kommo.com"
    async with transaction(shop.sessions) as session:
        long_ago = text("INSERT INTO kommo_account (base_url, connected_at) VALUES (:url, '2026-01-15')")
        await session.execute(long_ago, {"url": connected.base_url})
    await shop.stand_in.account(subdomain="doutor")
    await shop.expires()
    with pytest.raises(NotSent):
        # The client of the old address can do nothing more; whoever watches the account starts anew.
        await shop.tokens(connected).token()
    account = await kommo_account(shop.settings, shop.sessions)
    assert account is not None
    assert account.base_url == "https://doutor.kommo.com"
    assert await shop.works(await account.tokens.token()) == 200
    assert await shop.row("state, is_current") == ("connected", True)
    async with transaction(shop.sessions) as session:
        query = text("SELECT connected_at FROM kommo_account WHERE base_url = :url")
        (since,) = (await session.execute(query, {"url": account.base_url})).one()
    assert (since.year, since.month) == (2026, 1)


async def test_an_account_connected_again_under_its_new_name_is_the_same(renamed: Shop) -> None:
    connected = await renamed.connects()
    await renamed.stand_in.account(subdomain="doutor")
    again = await renamed.connects()
    assert (again.connection_id, again.base_url) == (connected.connection_id, "https://doutor.kommo.com")
    assert await renamed.works(await renamed.tokens(again).token()) == 200


async def test_an_account_that_moved_to_a_foreign_address_is_not_followed(renamed: Shop) -> None:
    """Whoever answers for the account must not be able to send the secret elsewhere."""
    connected = await renamed.connects()
    await renamed.stand_in.account(subdomain="a")
    renamed.settings = renamed.settings.model_copy(update={"kommo_auth_url": "https://consent.example"})
    await renamed.expires()
    with pytest.raises(Unauthorized):
        await renamed.tokens(connected).token()
    assert await renamed.row("base_url, lost_reason") == ("https://oficina.kommo.com", "account_gone")


async def long_lived(shop: Shop, token: str | None = None) -> Connected:
    given = SecretStr(token or shop.stand_in.token)
    return await store_long_lived(shop.sessions, shop.settings, shop.stand_in.base_url, given, staff_id=7)


async def test_a_long_lived_token_is_tried_and_stored(shop: Shop) -> None:
    connected = await long_lived(shop)
    assert connected.account_id is not None
    assert await shop.tokens(connected).token() == shop.stand_in.token
    assert await shop.row("kind, refresh_token, expires_at > now() + interval '1 year'") == ("long_lived", None, True)
    with pytest.raises(TokenRefused):
        await long_lived(shop, "made-up")
    with pytest.raises(ForeignAccount):
        await store_long_lived(shop.sessions, shop.settings, "https://evil.example", SecretStr("t"), staff_id=None)


async def test_a_long_lived_token_that_is_refused_is_lost(shop: Shop) -> None:
    connected = await long_lived(shop)
    await shop.stand_in.breaks("token_revoked")
    async with KommoClient(connected.base_url, shop.tokens(connected), Unlimited()) as client:
        with pytest.raises(Unauthorized):
            await client.account()
    assert await shop.row("state, lost_reason") == ("lost", "token_refused")


async def test_the_environment_comes_first_and_its_refused_token_shows(shop: Shop) -> None:
    await shop.connects()
    token = SecretStr(shop.stand_in.token)
    shop.settings = shop.settings.model_copy(update={"kommo_url": shop.stand_in.base_url, "kommo_token": token})
    account = await kommo_account(shop.settings, shop.sessions)
    assert account is not None
    assert (account.stored, await account.tokens.token()) == (False, shop.stand_in.token)
    async with transaction(shop.sessions) as session:
        await session.execute(text("INSERT INTO kommo_account (base_url) VALUES (:url)"), {"url": account.base_url})
    await shop.stand_in.breaks("token_revoked")
    async with account.client(shop.settings, shop.sessions) as client:
        with pytest.raises(Unauthorized):
            await client.account()
    async with transaction(shop.sessions) as session:
        status = await connection_status(session, shop.settings, datetime.now(UTC))
    assert status.lost
    assert status.warning is not None
    assert "AUTOPRIME_KOMMO_TOKEN" in status.warning


async def test_a_key_that_is_missing_is_said_and_shows_nothing(shop: Shop) -> None:
    await shop.connects()
    shop.settings = shop.settings.model_copy(update={"secret_keys": for_account(shop.settings, "http://x").secret_keys})
    with pytest.raises(WrongSettings, match="AUTOPRIME_SECRET_KEYS"):
        await kommo_account(shop.settings, shop.sessions)
