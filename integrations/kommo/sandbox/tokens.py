"""Access tokens: JWTs with the claims Kommo puts in, valid only while the row we handed out with them is.

Kommo signs RS256 with a key nobody outside needs; here HS256 does, as clients only read the claims.
"""

import secrets
from urllib.parse import urlsplit

import jwt

from .errors import Problem
from .model import Grant, Token
from .world import World

LONG_LIVED_SECONDS = 5 * 365 * 86_400
"""The longest a long-lived token may live in Kommo."""


def issue(world: World, user_id: int, seconds: float, grant: Grant | None = None) -> Token:
    """A new token with the account's present scopes."""
    now = world.clock()
    jti = secrets.token_hex(40)
    scopes = list(world.account.scopes)
    claims = {
        "aud": world.settings.client_id,
        "jti": jti,
        "iat": int(now),
        "nbf": int(now),
        "exp": int(now + seconds),
        "sub": str(user_id),
        "grant_type": "",
        "account_id": world.account.id,
        "base_domain": "kommo.com",
        "version": 2,
        "scopes": scopes,
        "hash_uuid": world.account.uuid,
        "api_domain": urlsplit(world.base_url).netloc,
    }
    text = jwt.encode(claims, world.account.signing_key, algorithm="HS256")
    grant_id = grant.id if grant else None
    pair = grant.pair if grant else 0
    token = Token(jti, user_id, now, now + seconds, scopes, text, grant is None, grant_id, pair)
    return world.keep_token(token)


def long_lived(world: World, revoked_before: float) -> Token:
    """The token a person would copy out of the account: the same one until scopes change or it is revoked."""
    now, scopes = world.clock(), world.account.scopes
    for token in world.tokens.rows.values():
        fresh = token.expires_at > now and token.issued_at > revoked_before
        if token.long_lived and fresh and token.scopes == scopes:
            return token
    return issue(world, world.owner.id, LONG_LIVED_SECONDS)


def check(world: World, authorization: str, revoked_before: float) -> Token:
    """The token of an `Authorization` header. 401 for none, an unknown, an expired or a revoked one."""
    scheme, _, text = authorization.partition(" ")
    token = world.token_of_text.get(text.strip()) if scheme.lower() == "bearer" else None
    if token is None or token.expires_at <= world.clock() or token.issued_at <= revoked_before:
        raise Problem(401, "Unauthorized")
    grant = world.grants.get(token.grant_id) if token.grant_id else None
    if grant and grant.revoked:
        raise Problem(401, "Unauthorized")
    return token


def require_scope(world: World, token: Token, scope: str) -> None:
    """403 unless the token was issued with the scope and the account still grants it."""
    if scope not in token.scopes or scope not in world.account.scopes:
        raise Problem(403, "Invalid scope")
