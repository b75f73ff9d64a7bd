"""No token, code, state, key or secret in a log line, an error, a repr or what a page is given, whatever happens."""

import logging
import traceback
from collections.abc import Awaitable
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from integrations.database import transaction
from integrations.kommo.connection.accounts import kommo_account, store_long_lived
from integrations.kommo.connection.exchange import Client, Pair
from integrations.kommo.connection.status import connection_status
from integrations.kommo.connection.vault import create_vault
from integrations.logs import NOISY

from .conftest import LOGIN, Shop


async def broken(call: Awaitable[object]) -> str:
    """What an error looks like in a log with its whole story."""
    try:
        await call
    except Exception as error:
        return repr(error) + "".join(traceback.format_exception(error))
    raise AssertionError("it was to fail")


async def everything_stored(shop: Shop) -> set[str]:
    """The tokens of the row, opened, and as they lie there."""
    columns = "access_token, refresh_token, previous_refresh_token"
    vault, sealed = create_vault(shop.settings), [value for value in await shop.row(columns) if value]
    return {*sealed, *(vault.open(value).get_secret_value() for value in sealed)}


async def test_nothing_secret_is_said(
    shop: Shop, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for noisy in NOISY:
        caplog.set_level(logging.WARNING, noisy)
    secrets, said = {LOGIN, shop.stand_in.token}, []
    settings = shop.settings
    for given in (settings.kommo_client_secret, settings.secret_keys):
        assert given is not None
        secrets.add(given.get_secret_value())
    state = await shop.begins()
    query = await shop.consents(state)
    connected = await shop.finishes(query)
    secrets |= {state, query["code"], *(await everything_stored(shop))}
    said.append(await broken(shop.finishes(query)))
    said.append(await broken(shop.finishes({**query, "state": await shop.begins()})))
    await shop.comes_due()
    tokens = shop.tokens(connected)
    await tokens.token()
    secrets |= await everything_stored(shop)
    account = await kommo_account(settings, shop.sessions)
    client = Client.of(settings)
    pair = Pair(SecretStr("an-access-token"), SecretStr("a-refresh-token"), 5)
    secrets |= {"an-access-token", "a-refresh-token"}
    said += [repr(thing) for thing in (connected, account, tokens, client, settings, pair, tokens._held)]
    await shop.stand_in.breaks("lost_response", path="/oauth2/")
    await shop.expires()
    said.append(await broken(shop.tokens(connected).token()))
    await shop.stand_in.mends()
    await shop.stand_in.breaks("token_revoked")
    await shop.change("retry_at = NULL")
    said.append(await broken(shop.tokens(connected).token()))
    wrong = SecretStr("a-long-lived-token-that-somebody-mistyped")
    secrets.add(wrong.get_secret_value())
    said.append(await broken(store_long_lived(shop.sessions, settings, shop.stand_in.base_url, wrong, staff_id=None)))
    async with transaction(shop.sessions) as session:
        said.append(repr(await connection_status(session, settings, datetime.now(UTC))))
        await session.execute(
            text("ALTER TABLE kommo_connection ADD CONSTRAINT full_disk CHECK (kind = 'x') NOT VALID")
        )
    said.append(await broken(shop.connects()))
    output = capfd.readouterr()
    everything = "\n".join([*said, caplog.text, output.out, output.err])
    assert "kommo.connection_lost" in everything
    assert [secret for secret in secrets if secret in everything] == []
