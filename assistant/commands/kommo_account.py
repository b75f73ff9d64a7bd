"""What the `autoprime kommo` commands share: the database, the account's client, and what is expected of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.commands.database import engine_of
from assistant.commands.subscribe import NO_ACCOUNT
from assistant.problem import Problem
from integrations.database import Sessions, create_sessions, transaction
from integrations.kommo.check.current import expected_now
from integrations.kommo.check.expected import Expected
from integrations.kommo.client import KommoClient
from integrations.kommo.connection.accounts import Account, kommo_account
from integrations.kommo.mapping.choices import Chosen
from integrations.settings import Settings
from migrations.upgrade import pending


@dataclass(frozen=True)
class Connected:
    """An account to work on, and the database behind us."""

    settings: Settings
    sessions: Sessions
    client: KommoClient
    account: Account

    async def expectation(self) -> tuple[Expected, Chosen]:
        """What is expected of the account, and what was chosen of it, as stored now."""
        async with transaction(self.sessions) as session:
            return await expected_now(session, self.settings, self.account, datetime.now(UTC))

    async def chosen(self) -> Chosen:
        """What was chosen and seen of the account."""
        return (await self.expectation())[1]


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Connected]:
    """The account in use; its calls keep the pace that all processes share."""
    async with engine_of(settings) as engine:
        if await pending(engine):
            raise Problem("The database lacks a migration: run `autoprime migrate`.")
        sessions = create_sessions(engine)
        account = await kommo_account(settings, sessions)
        if account is None:
            raise Problem(NO_ACCOUNT)
        async with account.client(settings, sessions) as client:
            yield Connected(settings, sessions, client, account)
