"""Connecting by consent in the browser (OAuth 2.0, authorization code): where to send a person, and the answer.

    url = await authorize_url(session, settings, staff_session="…", staff_id=7)     # the page redirects there
    connected = await finish(sessions, settings, query, staff_session="…")          # GET /kommo/oauth came back

Kommo's answer travels through the browser, so nothing of it is believed: the state has to be one that this login began
within ten minutes, and works once; the secret goes to Kommo's own hosts only. Source: developers.kommo.com
`docs/oauth-20`.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import structlog
from pydantic import SecretStr
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.kommo.connection import errors, store
from integrations.kommo.connection.addresses import account_url
from integrations.kommo.connection.exchange import (
    Client,
    ExchangeFailed,
    Failure,
    Http,
    Pair,
    claims_of,
    pair_for_code,
    plain_http,
)
from integrations.kommo.connection.models import ConnectionKind, OAuthState
from integrations.kommo.connection.vault import create_vault
from integrations.settings import Settings

log = structlog.get_logger(__name__)

STATE_LIVES = timedelta(minutes=10)


@dataclass(frozen=True)
class Connected:
    """An account that is connected now. `scopes` is None when the token does not say."""

    connection_id: int
    base_url: str
    account_id: int | None
    scopes: frozenset[str] | None


def missing_for_oauth(settings: Settings) -> tuple[str, ...]:
    """The settings without which nobody can connect in the browser."""
    needed = {
        "AUTOPRIME_KOMMO_CLIENT_ID": settings.kommo_client_id,
        "AUTOPRIME_KOMMO_CLIENT_SECRET": settings.kommo_client_secret,
        "AUTOPRIME_SECRET_KEYS": settings.secret_keys,
    }
    return tuple(name for name, value in needed.items() if value is None)


async def authorize_url(
    session: AsyncSession, settings: Settings, *, staff_session: str, staff_id: int | None, now: datetime | None = None
) -> str:
    """Kommo's consent page for a person of the staff. `staff_session` is the secret id of their login.

    Raises `NotPossible` when the settings lack something.
    """
    if missing := missing_for_oauth(settings):
        raise errors.NotPossible(*missing)
    at, state = now or datetime.now(UTC), secrets.token_urlsafe(32)
    await session.execute(delete(OAuthState).where(OAuthState.expires_at < at))
    session.add(
        OAuthState(
            state_hash=_hash(state), session_hash=_hash(staff_session), staff_id=staff_id, expires_at=at + STATE_LIVES
        )
    )
    await session.flush()
    query = urlencode({"client_id": settings.kommo_client_id, "state": state, "mode": "popup"})
    return f"{settings.kommo_auth_url.rstrip('/')}/oauth?{query}"


async def finish(
    sessions: Sessions,
    settings: Settings,
    query: Mapping[str, str],
    *,
    staff_session: str,
    http: Http = plain_http,
    now: datetime | None = None,
) -> Connected:
    """Take Kommo's answer: the account is stored and current afterwards. Raises `ConnectError`."""
    at = now or datetime.now(UTC)
    client, missing = Client.of(settings), missing_for_oauth(settings)
    if client is None or missing:
        raise errors.NotPossible(*missing)
    async with transaction(sessions) as session:
        begun = await _use_state(session, query.get("state", ""), staff_session, at)
    if begun is None:
        raise errors.StateRefused
    if query.get("error"):
        raise errors.AccessDenied
    base_url = account_url(settings, query.get("referer", ""))
    if base_url is None:
        raise errors.ForeignAccount
    pair = await _pair(http, base_url, client, SecretStr(query.get("code", "")))
    return await _store(sessions, settings, pair, base_url, begun.staff_id)


async def _use_state(session: AsyncSession, state: str, staff_session: str, now: datetime) -> OAuthState | None:
    """Take the state away, whatever follows; it, if this login began it in time."""
    statement = delete(OAuthState).where(OAuthState.state_hash == _hash(state)).returning(OAuthState)
    begun = (await session.execute(statement)).scalar_one_or_none()
    if begun is None or begun.expires_at <= now or not secrets.compare_digest(begun.session_hash, _hash(staff_session)):
        return None
    return begun


async def _pair(http: Http, base_url: str, client: Client, code: SecretStr) -> Pair:
    try:
        async with http() as caller:
            return await pair_for_code(caller, base_url, client, code)
    except ExchangeFailed as error:
        match error.failure:
            case Failure.TOKEN:
                raise errors.CodeRefused from None
            case Failure.CLIENT:
                raise errors.ClientRefused from None
            case Failure.NO_ACCOUNT | Failure.UNREACHABLE:
                raise errors.KommoUnreachable from None


async def _store(sessions: Sessions, settings: Settings, pair: Pair, base_url: str, staff_id: int | None) -> Connected:
    claims = claims_of(pair.access)
    new = store.NewConnection(
        base_url, ConnectionKind.OAUTH, pair.access, pair.refresh, pair.seconds, claims.account_id, staff_id
    )
    async with transaction(sessions) as session:
        row = await store.connect(session, create_vault(settings), new, datetime.now(UTC))
    log.info("kommo.connected", connection=row.id, kind=row.kind, staff=staff_id)
    return connected(row.id, base_url, row.account_id, row.scopes)


def connected(connection_id: int, base_url: str, account_id: int | None, scopes: list[str] | None) -> Connected:
    """What a page shows of a new connection."""
    return Connected(connection_id, base_url, account_id, frozenset(scopes) if scopes is not None else None)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
