"""One renewal of a claimed connection: asks Kommo, follows a renamed account, and stores what came of it.

The calls to Kommo happen between two transactions, never inside one. Kommo takes the old refresh token again until the
new pair is first used (`docs/oauth-20`), so whatever gets lost after its answer is repaired by asking once more with
what is stored: an unclear answer, a crash before the commit, two renewals that crossed.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import structlog
from pydantic import SecretStr

from integrations.database import Sessions, transaction
from integrations.kommo.connection import store
from integrations.kommo.connection.addresses import account_url
from integrations.kommo.connection.exchange import (
    Client,
    ExchangeFailed,
    Failure,
    Http,
    Pair,
    claims_of,
    current_host,
    pair_for_refresh,
)
from integrations.kommo.connection.models import KommoConnection, LostReason, Trouble
from integrations.kommo.connection.vault import Vault
from integrations.settings import Settings

log = structlog.get_logger(__name__)

CALLS_WITHIN = 24.0
"""Seconds for all calls of a renewal: less than its lease."""
RETRY_WHILE_GOOD = timedelta(minutes=1)
RETRY_AFTER = {
    Trouble.UNREACHABLE: timedelta(seconds=5),
    Trouble.REFUSED_CLIENT: timedelta(minutes=2),
    Trouble.NO_CLIENT: timedelta(minutes=2),
}


@dataclass(frozen=True)
class Renewer:
    """Renews connections of one installation."""

    settings: Settings
    sessions: Sessions
    vault: Vault
    http: Http

    async def renew(self, row: KommoConnection, token: int, *, refused: bool) -> None:
        """Renew the tokens of a row claimed with `token`; what came of it is in the row afterwards.

        `refused`: Kommo does not take the access token any more, so a refusal here is the end of the connection.
        """
        client = Client.of(self.settings)
        if client is None:
            await self._note(row, token, Trouble.NO_CLIENT)
            return
        try:
            async with asyncio.timeout(CALLS_WITHIN), self.http() as http:
                pair, base_url = await self._ask(http, client, row)
        except TimeoutError:
            await self._note(row, token, Trouble.UNREACHABLE)
        except ExchangeFailed as error:
            await self._failed(row, token, error.failure, refused)
        else:
            await self._store(row, token, pair, base_url)

    async def _ask(self, http: httpx.AsyncClient, client: Client, row: KommoConnection) -> tuple[Pair, str]:
        """A new pair and the address it came from: with the newest refresh token, with the one before, elsewhere."""
        refresh = self._refresh_token(row)
        try:
            return await pair_for_refresh(http, row.base_url, client, refresh), row.base_url
        except ExchangeFailed as error:
            if error.failure is Failure.UNREACHABLE:
                raise
            refusal = error
        if refusal.failure is Failure.TOKEN and row.previous_refresh_token is not None:
            try:
                before = self.vault.open(row.previous_refresh_token)
                return await pair_for_refresh(http, row.base_url, client, before), row.base_url
            except ExchangeFailed as error:
                if error.failure is not Failure.TOKEN:
                    raise
        moved = await self._moved_to(http, row, refresh)
        if moved is None:
            raise refusal
        return await pair_for_refresh(http, moved, client, refresh), moved

    async def _moved_to(self, http: httpx.AsyncClient, row: KommoConnection, refresh: SecretStr) -> str | None:
        """The account's new address after a renaming; None when it has none that may be called."""
        api = account_url(self.settings, claims_of(self.vault.open(row.access_token)).api_domain)
        host = await current_host(http, api, refresh) if api else None
        found = account_url(self.settings, host) if host else None
        return found if found != row.base_url else None

    def _refresh_token(self, row: KommoConnection) -> SecretStr:
        assert row.refresh_token is not None
        return self.vault.open(row.refresh_token)

    async def _store(self, row: KommoConnection, token: int, pair: Pair, base_url: str) -> None:
        async with transaction(self.sessions) as session:
            stored = await store.store_pair(session, self.vault, row, token, pair, base_url, datetime.now(UTC))
        log.info("kommo.token_renewed", connection=row.id, stored=stored, moved=base_url != row.base_url)

    async def _failed(self, row: KommoConnection, token: int, failure: Failure, refused: bool) -> None:
        match failure:
            case Failure.TOKEN:
                await self.lose(row, token, LostReason.REVOKED)
            case Failure.NO_ACCOUNT:
                await self.lose(row, token, LostReason.ACCOUNT_GONE)
            case Failure.CLIENT if refused:
                await self.lose(row, token, LostReason.CLIENT_REFUSED)
            case Failure.CLIENT:
                await self._note(row, token, Trouble.REFUSED_CLIENT)
            case Failure.UNREACHABLE:
                await self._note(row, token, Trouble.UNREACHABLE)

    async def lose(self, row: KommoConnection, token: int, reason: LostReason) -> None:
        """Mark the connection lost; the first who finds out says so in the log."""
        async with transaction(self.sessions) as session:
            lost = await store.lose(session, row, token, reason, datetime.now(UTC))
        if lost:
            log.error("kommo.connection_lost", connection=row.id, reason=reason)

    async def _note(self, row: KommoConnection, token: int, trouble: Trouble) -> None:
        now, pause = datetime.now(UTC), RETRY_AFTER[trouble]
        if row.expires_at is not None and row.expires_at > now:
            pause = max(pause, RETRY_WHILE_GOOD)
        retry_at = now + pause
        async with transaction(self.sessions) as session:
            await store.note_trouble(session, row, token, trouble, retry_at)
        log.warning("kommo.token_not_renewed", connection=row.id, trouble=trouble)
