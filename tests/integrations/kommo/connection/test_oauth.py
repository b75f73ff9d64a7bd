"""Connecting in the browser: the consent is stored once, and nothing that a browser brings back is believed."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from integrations.database import transaction
from integrations.kommo.client import KommoClient
from integrations.kommo.connection.accounts import kommo_account
from integrations.kommo.connection.errors import (
    AccessDenied,
    ClientRefused,
    CodeRefused,
    ConnectError,
    ForeignAccount,
    KommoUnreachable,
    NotPossible,
    StateRefused,
    said,
)
from integrations.kommo.connection.oauth import authorize_url
from integrations.kommo.connection.store import renewal_due
from integrations.kommo.pacing import Unlimited
from integrations.kommo.sandbox.settings import ALL_SCOPES

from .conftest import LOGIN, PUBLIC, Shop


async def test_a_consent_connects_the_account(shop: Shop) -> None:
    connected = await shop.connects()
    assert (connected.base_url, connected.scopes) == (shop.stand_in.base_url, frozenset(ALL_SCOPES))
    account = await kommo_account(shop.settings, shop.sessions)
    assert account is not None
    assert (account.base_url, account.stored, account.account_id) == (connected.base_url, True, connected.account_id)
    async with KommoClient(account.base_url, account.tokens, Unlimited()) as client:
        assert (await client.account()).id == connected.account_id
    assert await shop.row("kind, state, connected_by, is_current") == ("oauth", "connected", 7, True)


async def test_the_address_names_the_integration_and_a_state_that_is_not_stored(shop: Shop) -> None:
    async with transaction(shop.sessions) as session:
        address = await authorize_url(session, shop.settings, staff_session=LOGIN, staff_id=None)
        rows = (await session.execute(text("SELECT * FROM kommo_oauth_state"))).all()
    assert address.startswith(f"{shop.stand_in.base_url}/oauth?client_id={shop.settings.kommo_client_id}&state=")
    state = address.split("state=")[1].split("&")[0]
    assert len(state) >= 43
    assert state not in str(rows)
    assert LOGIN not in str(rows)


async def test_tokens_lie_sealed(shop: Shop) -> None:
    connected = await shop.connects()
    token = await shop.tokens(connected).token()
    async with transaction(shop.sessions) as session:
        rows = str((await session.execute(text("SELECT * FROM kommo_connection"))).all())
    assert token not in rows
    assert "def502" not in rows


async def test_a_state_works_once(shop: Shop) -> None:
    state = await shop.begins()
    await shop.finishes(await shop.consents(state))
    with pytest.raises(StateRefused):
        await shop.finishes(await shop.consents(state))


async def test_two_who_connect_at_once_leave_one_current_account(shop: Shop) -> None:
    queries = [await shop.consents(await shop.begins()) for _ in range(4)]
    await asyncio.gather(*(shop.finishes(query) for query in queries))
    assert await shop.row("is_current, state") == (True, "connected")


async def test_a_state_that_was_refused_is_used_up(shop: Shop) -> None:
    """Whoever tried it from another login must not get a second try with the right one."""
    query = await shop.consents(await shop.begins())
    with pytest.raises(StateRefused):
        await shop.finishes(query, login="another-session")
    with pytest.raises(StateRefused):
        await shop.finishes(query)
    assert await shop.exchanges() == []


@pytest.mark.parametrize("state", ["", "forged-by-somebody-else"])
async def test_a_forged_state_is_refused_before_anybody_is_called(shop: Shop, state: str) -> None:
    query = {**(await shop.consents(await shop.begins())), "state": state}
    with pytest.raises(StateRefused):
        await shop.finishes(query)
    assert await shop.exchanges() == []


async def test_a_state_lives_ten_minutes(shop: Shop) -> None:
    query = await shop.consents(await shop.begins())
    async with transaction(shop.sessions) as session:
        (lives,) = (await session.execute(text("SELECT expires_at FROM kommo_oauth_state"))).one()
        await session.execute(text("UPDATE kommo_oauth_state SET expires_at = now()"))
    assert timedelta(minutes=9) < lives - datetime.now(UTC) <= timedelta(minutes=10)
    with pytest.raises(StateRefused):
        await shop.finishes(query)


async def test_a_refused_consent_is_said(shop: Shop) -> None:
    with pytest.raises(AccessDenied):
        await shop.finishes(await shop.consents(await shop.begins(), "deny"))


FOREIGN = (
    "evil.example",
    "kommo.com.evil.example",
    "evil.example/.kommo.com",
    "user@shop.kommo.com",
    "shop.kommo.com:8443",
    "shop.kommo.com@evil.example",
    "shop.kommo.com#.evil.example",
    "a.b.kommo.com",
    "www.kommo.com",
    "kommo.com",
    "127.0.0.1",
    "169.254.169.254",
    "[::1]",
    "shopkommo.com",
    "shop.kommo.com.",
    "shop.kommo.com\nx",
    "",
)


@pytest.mark.parametrize("trial", [True, False])
async def test_the_secret_goes_to_no_other_address(shop: Shop, trial: bool) -> None:
    """With Kommo's own consent page, and with another one: a referer that is not an account's is called by nobody."""
    if not trial:
        shop.settings = shop.settings.model_copy(update={"kommo_auth_url": "https://www.kommo.com"})
    for referer in FOREIGN:
        query = {"code": "any", "state": await shop.begins(), "referer": referer}
        with pytest.raises(ForeignAccount):
            await shop.finishes(query)
    assert await shop.exchanges() == []


async def test_on_trial_even_kommos_own_hosts_are_foreign(shop: Shop) -> None:
    query = {**(await shop.consents(await shop.begins())), "referer": "shop.kommo.com"}
    with pytest.raises(ForeignAccount):
        await shop.finishes(query)


async def test_a_code_works_once(shop: Shop) -> None:
    query = await shop.consents(await shop.begins())
    await shop.finishes(query)
    with pytest.raises(CodeRefused):
        await shop.finishes({**query, "state": await shop.begins()})


async def test_a_wrong_return_address_or_secret_is_told_apart(shop: Shop) -> None:
    settings = shop.settings
    shop.settings = settings.model_copy(update={"public_url": f"{PUBLIC}/elsewhere"})
    with pytest.raises(CodeRefused):
        await shop.connects()
    shop.settings = settings.model_copy(update={"kommo_client_secret": settings.secret_keys})
    with pytest.raises(ClientRefused):
        await shop.connects()


async def test_kommo_being_away_is_told_apart(shop: Shop) -> None:
    query = await shop.consents(await shop.begins())
    await shop.stand_in.breaks("http_500", path="/oauth2/")
    with pytest.raises(KommoUnreachable):
        await shop.finishes(query)


async def test_without_the_settings_it_is_said_which(shop: Shop) -> None:
    shop.settings = shop.settings.model_copy(update={"kommo_client_id": None, "secret_keys": None})
    with pytest.raises(NotPossible) as error:
        await shop.begins()
    assert error.value.missing == ("AUTOPRIME_KOMMO_CLIENT_ID", "AUTOPRIME_SECRET_KEYS")
    assert "AUTOPRIME_SECRET_KEYS" in said(error.value)


def test_every_failure_has_its_words() -> None:
    texts = [kind.text for kind in ConnectError.__subclasses__() if kind is not NotPossible]
    assert all(text.endswith(".") for text in texts)
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(("hours", "left"), [(24, 6), (3, 1), (1, 0.5)])
def test_a_token_is_renewed_in_its_last_quarter_or_hour(hours: float, left: float) -> None:
    now = datetime.now(UTC)
    assert now + timedelta(hours=hours) - renewal_due(now, hours * 3600) == timedelta(hours=left)
