"""The access token of a stored connection: renewed before it expires, once for all processes, and given out.

    tokens = StoredTokens(renewer, connection_id, base_url)
    client = KommoClient(base_url, tokens, limiter)

Any number of processes may ask at the same moment: the row's lease lets one of them renew, the others go on with the
old token while it is good and wait for the new one when it is not. Raises `KommoError` and nothing else.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic

from pydantic import SecretStr

from integrations.database import transaction
from integrations.kommo.connection import store
from integrations.kommo.connection.models import ConnectionState, KommoConnection, LostReason, Trouble
from integrations.kommo.connection.renewal import CALLS_WITHIN, Renewer
from integrations.kommo.connection.vault import Unopened
from integrations.kommo.errors import KommoError, NotSent, Unauthorized

ENDPOINT = "POST /oauth2/access_token"
LOOK_AGAIN = 0.1
"""Seconds between two looks for a token that another process is renewing."""
KEPT = 10.0
"""Seconds a token is given out before the row is looked at again."""
KEPT_WHILE_DUE = 1.0
YOUNG = timedelta(minutes=2)
"""A renewed token that is refused within this time is no token: renewing once more would not help."""


class StoredTokens:
    """A `TokenProvider` on the row of one connection; one instance a client."""

    def __init__(self, renewer: Renewer, connection_id: int, base_url: str) -> None:
        self._renewer = renewer
        self._id = connection_id
        self._base_url = base_url
        self._one = asyncio.Lock()
        self._held: tuple[SecretStr, float] | None = None

    async def token(self) -> str:
        """The token to use now. Raises `Unauthorized` when the connection is lost, `NotSent` when it may recover."""
        if (held := self._fresh()) is not None:
            return held
        async with self._one:
            if (held := self._fresh()) is not None:
                return held
            return await self._current()

    async def renew(self, refused: str) -> str | None:
        """Another token after a 401 to `refused`: one that somebody renewed meanwhile, else a renewed one."""
        async with self._one:
            self._held = None
            try:
                return await self._after_refusal(refused)
            except KommoError:
                return None

    def _fresh(self) -> str | None:
        if self._held is not None and monotonic() < self._held[1]:
            return self._held[0].get_secret_value()
        return None

    async def _current(self) -> str:
        give_up = monotonic() + CALLS_WITHIN
        while True:
            row = await self._row()
            now = datetime.now(UTC)
            due, expired = _due(row, now), _expired(row, now)
            if not due:
                return self._hold(row, KEPT)
            if await self._renewed(row, refused=False):
                continue
            if not expired:
                return self._hold(row, KEPT_WHILE_DUE)
            self._check_patience(row, now, give_up)
            await asyncio.sleep(LOOK_AGAIN)

    async def _after_refusal(self, refused: str) -> str:
        give_up = monotonic() + CALLS_WITHIN
        while True:
            row = await self._row()
            now = datetime.now(UTC)
            if self._open(row).get_secret_value() != refused:
                return self._hold(row, KEPT)
            if row.refresh_token is None:
                await self._renewer.lose(row, row.lease_token, LostReason.TOKEN_REFUSED)
            elif row.renewed_at is not None and now - row.renewed_at < YOUNG:
                await self._renewer.lose(row, row.lease_token, LostReason.NEW_TOKEN_REFUSED)
            elif not await self._renewed(row, refused=True):
                self._check_patience(row, now, give_up)
                await asyncio.sleep(LOOK_AGAIN)

    async def _renewed(self, row: KommoConnection, *, refused: bool) -> bool:
        """Renew if nobody else is at it; whether we tried. What came of it is in the row."""
        if row.refresh_token is None or (row.retry_at is not None and row.retry_at > datetime.now(UTC)):
            return False
        async with transaction(self._renewer.sessions) as session:
            token = await store.claim(session, row)
        if token is None:
            return False
        try:
            await self._renewer.renew(row, token, refused=refused)
        except Unopened as error:
            raise _unopened() from error
        return True

    async def _row(self) -> KommoConnection:
        """The row as it is now, if its account can be called with it."""
        async with transaction(self._renewer.sessions) as session:
            row = await session.get(KommoConnection, self._id)
        if row is None or row.state == ConnectionState.LOST:
            raise Unauthorized(ENDPOINT, 401, "the connection to Kommo is lost", "connect the account again")
        if row.base_url != self._base_url:
            raise NotSent(ENDPOINT, "the account has another address by now")
        return row

    def _hold(self, row: KommoConnection, seconds: float) -> str:
        access = self._open(row)
        self._held = access, monotonic() + seconds
        return access.get_secret_value()

    def _open(self, row: KommoConnection) -> SecretStr:
        try:
            return self._renewer.vault.open(row.access_token)
        except Unopened as error:
            raise _unopened() from error

    def _check_patience(self, row: KommoConnection, now: datetime, give_up: float) -> None:
        """Give up when no renewal is under way, or when it takes too long."""
        if row.trouble in (Trouble.NO_CLIENT, Trouble.REFUSED_CLIENT):
            raise Unauthorized(ENDPOINT, 401, "Kommo does not take client id and secret")
        at_work = row.lease_until is not None and row.lease_until > now
        if monotonic() > give_up or (not at_work and row.retry_at is not None and row.retry_at > now):
            raise NotSent(ENDPOINT, "the access token expired and is not renewed yet")


def _unopened() -> Unauthorized:
    return Unauthorized(ENDPOINT, 401, "the stored token cannot be opened", "check AUTOPRIME_SECRET_KEYS")


def _due(row: KommoConnection, now: datetime) -> bool:
    return row.renew_at is not None and row.renew_at <= now


def _expired(row: KommoConnection, now: datetime) -> bool:
    return row.expires_at is not None and row.expires_at <= now
