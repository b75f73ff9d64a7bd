"""An account that is connected by consent: the stand-in, the settings of an integration, and its rows."""

import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from integrations.database import Sessions, transaction
from integrations.kommo.connection.exchange import Http, plain_http, redirect_uri
from integrations.kommo.connection.oauth import Connected, authorize_url, finish
from integrations.kommo.connection.renewal import Renewer
from integrations.kommo.connection.stored import StoredTokens
from integrations.kommo.connection.vault import create_vault, new_key
from integrations.kommo.sandbox.settings import SandboxSettings
from integrations.settings import Settings

from ..conftest import StandIn, running

LOGIN = "the-session-of-somebody-of-the-staff"
PUBLIC = "https://bot.example.com"


@dataclass
class Shop:
    """The shop's installation and its account; what the staff and time do to them."""

    stand_in: StandIn
    settings: Settings
    sessions: Sessions
    http: Http = plain_http

    async def begins(self, login: str = LOGIN, staff_id: int | None = 7) -> str:
        """Somebody presses "Conectar Kommo"; the state in the address they are sent to."""
        async with transaction(self.sessions) as session:
            address = await authorize_url(session, self.settings, staff_session=login, staff_id=staff_id)
        return parse_qs(urlsplit(address).query)["state"][0]

    async def consents(self, state: str, answer: str = "allow") -> dict[str, str]:
        """An administrator answers on Kommo's page; what the browser brings back."""
        back = await self.stand_in.hand.post("/oauth", data={"state": state, "answer": answer})
        assert back.status_code == 302, back.text
        query = parse_qs(urlsplit(back.headers["location"]).query)
        return {name: values[0] for name, values in query.items()}

    async def finishes(self, query: Mapping[str, str], login: str = LOGIN) -> Connected:
        return await finish(self.sessions, self.settings, query, staff_session=login, http=self.http)

    async def connects(self) -> Connected:
        """The whole way."""
        return await self.finishes(await self.consents(await self.begins()))

    def tokens(self, connected: Connected, http: Http | None = None, sessions: Sessions | None = None) -> StoredTokens:
        """The tokens as a process of its own has them: nothing is remembered from another."""
        renewer = Renewer(self.settings, sessions or self.sessions, create_vault(self.settings), http or self.http)
        return StoredTokens(renewer, connected.connection_id, connected.base_url)

    async def row(self, columns: str) -> tuple[Any, ...]:
        """Columns of the one connection."""
        async with transaction(self.sessions) as session:
            return tuple((await session.execute(text(f"SELECT {columns} FROM kommo_connection"))).one())

    async def change(self, values: str) -> None:
        """What time, or a crash, left in the row."""
        async with transaction(self.sessions) as session:
            await session.execute(text(f"UPDATE kommo_connection SET {values}"))

    async def comes_due(self) -> None:
        """The access token is in the last quarter of its life."""
        await self.change("renew_at = now() - interval '1 second'")

    async def expires(self) -> None:
        """The access token is over."""
        await self.change("renew_at = now() - interval '1 hour', expires_at = now() - interval '1 second'")

    async def exchanges(self) -> list[int]:
        """The answers of the token endpoint so far."""
        return await self.stand_in.calls("POST", "/oauth2/access_token")

    async def works(self, token: str) -> int:
        """What Kommo answers to a call with this token."""
        headers = {"authorization": f"Bearer {token}"}
        return (await self.stand_in.hand.get("/api/v4/account", headers=headers)).status_code


def for_account(settings: Settings, base_url: str) -> Settings:
    """Settings of an installation with the stand-in's integration, its consent page at `base_url`."""
    return settings.model_copy(
        update={
            "public_url": PUBLIC,
            "kommo_auth_url": base_url,
            "kommo_client_id": SandboxSettings(Path()).client_id,
            "kommo_client_secret": SecretStr(SandboxSettings(Path()).client_secret),
            "secret_keys": SecretStr(new_key()),
        }
    )


def environment(settings: Settings) -> dict[str, str]:
    """The settings as another process gets them."""
    assert settings.kommo_client_secret is not None
    assert settings.secret_keys is not None
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": settings.required_database_url(),
        "AUTOPRIME_PUBLIC_URL": PUBLIC,
        "AUTOPRIME_KOMMO_AUTH_URL": settings.kommo_auth_url,
        "AUTOPRIME_KOMMO_CLIENT_ID": settings.kommo_client_id or "",
        "AUTOPRIME_KOMMO_CLIENT_SECRET": settings.kommo_client_secret.get_secret_value(),
        "AUTOPRIME_SECRET_KEYS": settings.secret_keys.get_secret_value(),
    }


@pytest.fixture
async def shop(settings: Settings, sessions: Sessions, unhurried: SandboxSettings) -> AsyncIterator[Shop]:
    back = redirect_uri(settings.model_copy(update={"public_url": PUBLIC}))
    async with running(replace(unhurried, redirect_uri=back)) as stand_in:
        yield Shop(stand_in, for_account(settings, stand_in.base_url), sessions)


class Internet(httpx.AsyncHTTPTransport):
    """Brings calls to any host of Kommo to the stand-in on loopback, under their own name; refuses all others."""

    def __init__(self, stand_in_url: str) -> None:
        super().__init__()
        self._target = httpx.URL(stand_in_url)
        self.hosts: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.hosts.append(request.url.host)
        assert request.url.host.endswith(".kommo.com"), request.url.host
        assert request.url.scheme == "https"
        request.url = request.url.copy_with(scheme="http", host=self._target.host, port=self._target.port)
        return await super().handle_async_request(request)
