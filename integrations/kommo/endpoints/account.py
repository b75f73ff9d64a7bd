"""The account: what it is, its pipelines, and what the token may do."""

from dataclasses import dataclass
from datetime import datetime

import jwt

from integrations.kommo.answers import read_one
from integrations.kommo.caller import Caller
from integrations.kommo.loose import read_moment
from integrations.kommo.schemas import Account, Pipeline
from integrations.kommo.schemas_users import User

PAGE = 250


@dataclass(frozen=True)
class TokenFacts:
    """What is written in a token; None is what it does not say."""

    scopes: frozenset[str] | None
    issued_at: datetime | None
    expires_at: datetime | None


class AccountCalls(Caller):
    """`/account` and what belongs to it."""

    async def account(self) -> Account:
        """The account of the token. The plan is in no answer of Kommo: a 402 elsewhere tells."""
        document = await self.get("/account", [("with", "version,drive_url,amojo_id")])
        return read_one("GET /account", document, Account)

    async def pipelines(self) -> list[Pipeline]:
        """All pipelines with their stages; Kommo does not page them."""
        return list((await self.page("/leads/pipelines", "pipelines", Pipeline)).items)

    async def users(self) -> list[User]:
        """Everybody with a login to the account. Needs an administrator's token."""
        return [user async for user in self.rows("/users", "users", User, [("limit", PAGE)])]

    async def scopes(self) -> frozenset[str] | None:
        """The scopes that the token names; None when it cannot be read."""
        return (await self.token_facts()).scopes

    async def token_facts(self) -> TokenFacts:
        """What the token says of itself, without asking Kommo. Kommo's signature is Kommo's to check."""
        try:
            claims = jwt.decode(await self.token(), options={"verify_signature": False, "verify_exp": False})
        except jwt.InvalidTokenError:
            return TokenFacts(None, None, None)
        scopes = claims.get("scopes")
        named = frozenset(map(str, scopes)) if isinstance(scopes, list) else None
        return TokenFacts(named, _moment(claims.get("iat")), _moment(claims.get("exp")))


def _moment(claim: object) -> datetime | None:
    try:
        return read_moment(claim)
    except ValueError:
        return None
