"""Kommo's token endpoint: a code or a refresh token for a new pair, and where an account lives after it was renamed.

Made for one purpose each, never repeated here: a refresh token works once, so the caller decides what an unclear
answer means. Nothing of a request or an answer is logged. Source: developers.kommo.com `docs/oauth-20`,
`reference/get-token`; the errors as seen in public projects.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import httpx
import jwt
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from integrations.kommo.loose import Number, TextValue
from integrations.settings import Settings

CALL_SECONDS = 8.0
"""Longest wait for one answer of the token endpoint."""

Http = Callable[[], httpx.AsyncClient]
"""Makes the HTTP client for one exchange."""


def plain_http() -> httpx.AsyncClient:
    """The client of production: no redirects, so that a secret goes where it was sent and nowhere else."""
    return httpx.AsyncClient(timeout=CALL_SECONDS, follow_redirects=False, headers={"User-Agent": "doctor-auto-prime"})


class Failure(StrEnum):
    """What an exchange came to instead of a pair."""

    TOKEN = "token"
    """Kommo does not take the code or the refresh token."""
    CLIENT = "client"
    """Kommo does not take client id and secret."""
    NO_ACCOUNT = "no_account"
    """404: nothing is there."""
    UNREACHABLE = "unreachable"
    """No answer, a 5xx, a limit, a block, or something unreadable: it may have worked all the same."""


class ExchangeFailed(Exception):
    """No pair came."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


@dataclass(frozen=True)
class Client:
    """The integration as Kommo knows it."""

    id: str
    secret: SecretStr
    redirect_uri: str

    @classmethod
    def of(cls, settings: Settings) -> "Client | None":
        """The integration of the settings, if they name one."""
        if settings.kommo_client_id is None or settings.kommo_client_secret is None:
            return None
        return cls(settings.kommo_client_id, settings.kommo_client_secret, redirect_uri(settings))


def redirect_uri(settings: Settings) -> str:
    """The return address to register in the integration's form."""
    return f"{settings.service_url}/kommo/oauth"


class _PairBody(BaseModel):
    model_config = ConfigDict(extra="ignore")

    access_token: SecretStr
    refresh_token: SecretStr
    expires_in: float


@dataclass(frozen=True)
class Pair:
    """What Kommo gave."""

    access: SecretStr
    refresh: SecretStr
    seconds: float
    """How long the access token lives."""


async def pair_for_code(http: httpx.AsyncClient, base_url: str, client: Client, code: SecretStr) -> Pair:
    """The first pair of a connection. Raises `ExchangeFailed`."""
    given = {"grant_type": "authorization_code", "code": code.get_secret_value()}
    return await _exchange(http, base_url, client, given)


async def pair_for_refresh(http: httpx.AsyncClient, base_url: str, client: Client, refresh: SecretStr) -> Pair:
    """The next pair. Raises `ExchangeFailed`."""
    given = {"grant_type": "refresh_token", "refresh_token": refresh.get_secret_value()}
    return await _exchange(http, base_url, client, given)


async def _exchange(http: httpx.AsyncClient, base_url: str, client: Client, given: dict[str, str]) -> Pair:
    who = {"client_id": client.id, "client_secret": client.secret.get_secret_value()}
    body = {**who, **given, "redirect_uri": client.redirect_uri}
    try:
        answer = await http.post(f"{base_url}/oauth2/access_token", json=body)
    except (httpx.TransportError, httpx.DecodingError):
        raise ExchangeFailed(Failure.UNREACHABLE) from None
    if answer.is_success:
        return _pair(answer)
    raise ExchangeFailed(_failure(answer))


def _pair(answer: httpx.Response) -> Pair:
    try:
        body = _PairBody.model_validate_json(answer.content)
    except ValidationError:
        raise ExchangeFailed(Failure.UNREACHABLE) from None
    return Pair(body.access_token, body.refresh_token, body.expires_in)


def _failure(answer: httpx.Response) -> Failure:
    """A `hint` says that the token is to blame; a 401 without one that the client is."""
    problem = _document(answer)
    match answer.status_code:
        case 400:
            return Failure.TOKEN
        case 401:
            return Failure.TOKEN if problem.get("hint") else Failure.CLIENT
        case 404:
            return Failure.NO_ACCOUNT
        case _:
            return Failure.UNREACHABLE


async def current_host(http: httpx.AsyncClient, api_url: str, refresh: SecretStr) -> str | None:
    """The host where the account of this refresh token lives now; None when Kommo does not say."""
    headers = {"X-Refresh-Token": refresh.get_secret_value()}
    try:
        answer = await http.get(f"{api_url}/oauth2/account/current/subdomain", headers=headers)
    except (httpx.TransportError, httpx.DecodingError):
        raise ExchangeFailed(Failure.UNREACHABLE) from None
    if answer.status_code >= 500:
        raise ExchangeFailed(Failure.UNREACHABLE)
    domain = _document(answer).get("domain") if answer.is_success else None
    return domain if isinstance(domain, str) and domain else None


def _document(answer: httpx.Response) -> dict[str, object]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class Claims(BaseModel):
    """What an access token says of itself. Kommo's signature is Kommo's to check."""

    model_config = ConfigDict(extra="ignore")

    account_id: Number = None
    scopes: list[str] | None = None
    api_domain: TextValue = ""
    exp: Number = None


def claims_of(access: SecretStr) -> Claims:
    """The token's claims; empty ones for a token that cannot be read."""
    try:
        found = jwt.decode(access.get_secret_value(), options={"verify_signature": False})
        return Claims.model_validate(found)
    except (jwt.InvalidTokenError, ValidationError):
        return Claims()
