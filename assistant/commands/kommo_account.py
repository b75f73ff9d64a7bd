"""What the `autoprime kommo` commands share: the database, the account's client, and what was chosen of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from assistant.commands.database import engine_of
from assistant.commands.subscribe import webhook_url
from assistant.problem import Problem
from integrations.database import Sessions, create_sessions, transaction
from integrations.kommo.check.expected import Expected, expected_of
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.limiter import create_limiter
from integrations.kommo.mapping.choices import Chosen
from integrations.kommo.mapping.store import load_chosen
from integrations.settings import Settings
from migrations.upgrade import pending


@dataclass(frozen=True)
class Connected:
    """An account to work on, and the database behind us."""

    settings: Settings
    sessions: Sessions
    client: KommoClient

    async def chosen(self) -> Chosen:
        """What was chosen and seen of the account."""
        async with transaction(self.sessions) as session:
            return await load_chosen(session)

    def expected(self, chosen: Chosen) -> Expected:
        """What the settings expect of the account."""
        has_secret = self.settings.webhook_secret is not None
        address = SecretStr(webhook_url(self.settings)) if has_secret else None
        return expected_of(self.settings, address, chosen.field_ids)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Connected]:
    """The account of the settings; its calls keep the pace that all processes share."""
    base_url, token = settings.kommo_account()
    async with engine_of(settings) as engine:
        if await pending(engine):
            raise Problem("The database lacks a migration: run `autoprime migrate`.")
        sessions = create_sessions(engine)
        limiter = create_limiter(sessions, base_url, settings.kommo_rate)
        async with KommoClient(base_url, StaticToken(token), limiter, settings.kommo_timeout) as client:
            yield Connected(settings, sessions, client)
