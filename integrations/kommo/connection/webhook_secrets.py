"""The last part of the webhook's address: made, changed with a grace period, and known again on every request.

AUTOPRIME_WEBHOOK_SECRET, where it is set, is the only one. Else the stored ones count: the current one, and an older
one until its grace is over, so that what Kommo posts to the old address meanwhile is not lost.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol

import structlog
from pydantic import SecretStr
from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.kommo.connection.models import WebhookSecret
from integrations.kommo.connection.vault import Unopened, Vault, create_vault
from integrations.settings import Settings

log = structlog.get_logger(__name__)

GRACE = timedelta(days=1)
"""Kommo's last retry comes within two hours; a day leaves time to change the address by hand."""
REFRESH_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 1.0
"""A secret that is not known is looked up at most so often: strangers cause no more queries than that."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7201104712)")


async def webhook_secret(session: AsyncSession, settings: Settings) -> SecretStr:
    """The secret of the address to subscribe; the first one is made here. Raises `WrongSettings` without a key."""
    if settings.webhook_secret is not None:
        return settings.webhook_secret
    vault = create_vault(settings)
    await session.execute(ONE_AT_A_TIME)
    row = await _current(session)
    return vault.open(row.secret) if row is not None else await _new(session, vault)


async def webhook_address(session: AsyncSession, settings: Settings) -> SecretStr:
    """The address Kommo posts to. It holds the secret: never log or show it."""
    secret = await webhook_secret(session, settings)
    return SecretStr(f"{settings.service_url}/webhooks/kommo/{secret.get_secret_value()}")


async def rotate_webhook_secret(
    session: AsyncSession, vault: Vault, grace: timedelta = GRACE, now: datetime | None = None
) -> SecretStr:
    """A new secret; the one before works until the grace is over. The new address has to be subscribed at Kommo."""
    at = now or datetime.now(UTC)
    await session.execute(ONE_AT_A_TIME)
    await session.execute(delete(WebhookSecret).where(WebhookSecret.accepted_until <= at))
    if (row := await _current(session)) is not None:
        row.is_current, row.accepted_until = False, at + grace
        await session.flush()
    return await _new(session, vault)


@dataclass(frozen=True)
class SecretStanding:
    """Since when the address in use is, and until when an older one still counts; nothing of the secret itself."""

    since: datetime | None = None
    old_until: datetime | None = None


async def secret_standing(session: AsyncSession, now: datetime) -> SecretStanding:
    """How the stored secrets stand."""
    current = await _current(session)
    until = select(func.max(WebhookSecret.accepted_until)).where(WebhookSecret.accepted_until > now)
    return SecretStanding(current.created_at if current else None, await session.scalar(until))


async def _current(session: AsyncSession) -> WebhookSecret | None:
    return (await session.execute(select(WebhookSecret).where(WebhookSecret.is_current))).scalar_one_or_none()


async def _new(session: AsyncSession, vault: Vault) -> SecretStr:
    made = SecretStr(secrets.token_urlsafe(32))
    session.add(WebhookSecret(secret=vault.seal(made)))
    await session.flush()
    return made


class Doorkeeper(Protocol):
    """Says whether a request's secret is one of ours."""

    async def knows(self, given: str) -> bool: ...


@dataclass(frozen=True)
class FixedSecret:
    """The secret of the settings."""

    secret: SecretStr

    async def knows(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.secret.get_secret_value().encode())


class NoSecret:
    """Nobody is let in: there is neither a secret nor a key to store one with."""

    async def knows(self, given: str) -> bool:
        return False


class StoredSecrets:
    """The stored secrets, kept in memory: a request waits for the database only with a secret not seen before."""

    def __init__(self, sessions: Sessions, vault: Vault, clock: Callable[[], float] = monotonic) -> None:
        self._sessions = sessions
        self._vault = vault
        self._clock = clock
        self._known: Sequence[tuple[bytes, datetime | None]] = ()
        self._read_at = self._looked_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def knows(self, given: str) -> bool:
        """Whether this is the current secret, or an older one in its grace; compares in constant time.

        Requests that come together with one not seen before all wait for the same look: Kommo tells of a new chat and
        of its first message in the same moment. Raises what the database does: Kommo sends again after a 5xx.
        """
        now = self._clock()
        if self._holds(given):
            if now - self._read_at > REFRESH_SECONDS and self._reading is None:
                self._read_once().add_done_callback(_not_read)
            return True
        if self._reading is not None:
            await asyncio.shield(self._reading)
            # It may have begun before this secret was made: then a look of one's own.
            return await self.knows(given)
        if now - self._looked_at <= LOOK_AGAIN_SECONDS:
            return False
        await asyncio.shield(self._read_once())
        self._looked_at = now
        return self._holds(given)

    def _holds(self, given: str) -> bool:
        now, asked = datetime.now(UTC), given.encode()
        return any(hmac.compare_digest(asked, known) and (until is None or until > now) for known, until in self._known)

    def _read_once(self) -> "asyncio.Task[None]":
        """The look that is under way, else a new one; what is known goes on counting until it ends well."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return self._reading

    async def _read(self) -> None:
        try:
            began = self._clock()
            async with transaction(self._sessions) as session:
                alive = or_(WebhookSecret.is_current, WebhookSecret.accepted_until > datetime.now(UTC))
                rows = (await session.execute(select(WebhookSecret).where(alive))).scalars().all()
            self._known = [pair for row in rows if (pair := self._opened(row)) is not None]
            self._read_at = began
        finally:
            self._reading = None

    def _opened(self, row: WebhookSecret) -> tuple[bytes, datetime | None] | None:
        try:
            return self._vault.open(row.secret).get_secret_value().encode(), row.accepted_until
        except Unopened:
            log.error("webhook.secret_unreadable", secret=row.id)
            return None


def _not_read(reading: "asyncio.Task[None]") -> None:
    if not reading.cancelled() and (error := reading.exception()) is not None:
        log.warning("webhook.secrets_not_read", error=type(error).__name__)


def create_doorkeeper(settings: Settings, sessions: Sessions) -> Doorkeeper:
    """Who lets webhooks in, by these settings."""
    if settings.webhook_secret is not None:
        return FixedSecret(settings.webhook_secret)
    return StoredSecrets(sessions, create_vault(settings)) if settings.vault_keys else NoSecret()
