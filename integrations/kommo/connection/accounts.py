"""START HERE: which Kommo account this installation speaks to, and with whose tokens.

    account = await kommo_account(settings, sessions)
    if account is not None:
        client = KommoClient(account.base_url, account.tokens, create_limiter(sessions, account.base_url, rate))

The environment (AUTOPRIME_KOMMO_URL with AUTOPRIME_KOMMO_TOKEN) comes first; else the connection that the staff made
last; else there is none. Everybody who speaks to Kommo asks here and nowhere else.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import structlog
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.kommo.client import KommoClient
from integrations.kommo.connection import errors, store
from integrations.kommo.connection.addresses import typed_account_url
from integrations.kommo.connection.exchange import Http, plain_http
from integrations.kommo.connection.models import ConnectionKind, KommoConnection
from integrations.kommo.connection.oauth import Connected, connected
from integrations.kommo.connection.renewal import Renewer
from integrations.kommo.connection.stored import StoredTokens
from integrations.kommo.connection.vault import Unopened, create_vault
from integrations.kommo.errors import Forbidden, KommoError, NotFound, Unauthorized
from integrations.kommo.limiter import create_limiter
from integrations.kommo.tokens import StaticToken, TokenProvider
from integrations.settings import Settings, WrongSettings

log = structlog.get_logger(__name__)

REFUSED = text("""
    UPDATE kommo_account SET token_refused_at = now()
    WHERE base_url = :base_url AND (token_refused_at IS NULL OR token_refused_at < now() - interval '20 seconds')
""")


@dataclass(frozen=True)
class Account:
    """The account to speak to."""

    base_url: str
    tokens: TokenProvider
    account_id: int | None = None
    """Kommo's id of it, where known: webhooks of others are refused."""
    stored: bool = False
    """Whether the staff connected it; else it is the environment's and does not change while the process runs."""

    def client(self, settings: Settings, sessions: Sessions) -> KommoClient:
        """A client for it under the shared limit; the caller closes it."""
        limiter = create_limiter(sessions, self.base_url, settings.kommo_rate)
        return KommoClient(self.base_url, self.tokens, limiter, settings.kommo_timeout)


@dataclass(frozen=True)
class EnvironmentToken:
    """The token of the settings. Nothing renews it; a refusal is noted, so that it shows."""

    secret: SecretStr
    sessions: Sessions
    base_url: str

    async def token(self) -> str:
        return self.secret.get_secret_value()

    async def renew(self, refused: str) -> str | None:
        async with transaction(self.sessions) as session:
            await session.execute(REFUSED, {"base_url": self.base_url})
        return None


async def kommo_account(settings: Settings, sessions: Sessions, http: Http = plain_http) -> Account | None:
    """The account to speak to; None when there is none yet. Raises `WrongSettings`."""
    if settings.kommo_url is not None and settings.kommo_token is not None:
        base_url = settings.kommo_url.rstrip("/")
        return Account(base_url, EnvironmentToken(settings.kommo_token, sessions, base_url), settings.kommo_account_id)
    async with transaction(sessions) as session:
        row = await store.current(session)
    if row is None:
        return None
    vault = create_vault(settings)
    try:
        vault.open(row.access_token)
    except Unopened as error:
        raise WrongSettings(f"AUTOPRIME_SECRET_KEYS: {error}") from None
    tokens = StoredTokens(Renewer(settings, sessions, vault, http), row.id, row.base_url)
    return Account(row.base_url, tokens, settings.kommo_account_id or row.account_id, stored=True)


async def account_address(session: AsyncSession, settings: Settings) -> str | None:
    """The base URL alone, without a token: also of an account whose token only other processes have."""
    given = settings.kommo_url.rstrip("/") if settings.kommo_url is not None else None
    if given is not None and settings.kommo_token is not None:
        return given
    query = select(KommoConnection.base_url).where(KommoConnection.is_current)
    return (await session.execute(query)).scalar_one_or_none() or given


async def store_long_lived(
    sessions: Sessions,
    settings: Settings,
    address: str,
    token: SecretStr,
    *,
    staff_id: int | None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Connected:
    """Connect with a long-lived token that somebody typed in: it is tried first, then stored. Raises `ConnectError`."""
    if settings.secret_keys is None:
        raise errors.NotPossible("AUTOPRIME_SECRET_KEYS")
    base_url = typed_account_url(settings, address)
    if base_url is None:
        raise errors.ForeignAccount
    account_id = await _try(sessions, settings, base_url, token, transport)
    new = store.NewConnection(base_url, ConnectionKind.LONG_LIVED, token, None, None, account_id, staff_id)
    async with transaction(sessions) as session:
        row = await store.connect(session, create_vault(settings), new, datetime.now(UTC))
    log.info("kommo.connected", connection=row.id, kind=row.kind, staff=staff_id)
    return connected(row.id, base_url, row.account_id, row.scopes)


async def _try(
    sessions: Sessions,
    settings: Settings,
    base_url: str,
    token: SecretStr,
    transport: httpx.AsyncBaseTransport | None,
) -> int:
    """The id of the account that the token opens."""
    limiter = create_limiter(sessions, base_url, settings.kommo_rate)
    client = KommoClient(base_url, StaticToken(token), limiter, settings.kommo_timeout, transport)
    async with client:
        try:
            return (await client.account()).id
        except (Unauthorized, Forbidden, NotFound):
            raise errors.TokenRefused from None
        except KommoError:
            raise errors.KommoUnreachable from None
