"""The account: what it is, its pipelines, and what the token may do."""

import jwt

from integrations.kommo.answers import read_one
from integrations.kommo.caller import Caller
from integrations.kommo.schemas import Account, Pipeline


class AccountCalls(Caller):
    """`/account` and what belongs to it."""

    async def account(self) -> Account:
        """The account of the token. The plan is in no answer of Kommo: a 402 elsewhere tells."""
        document = await self.get("/account", [("with", "version,drive_url,amojo_id")])
        return read_one("GET /account", document, Account)

    async def pipelines(self) -> list[Pipeline]:
        """All pipelines with their stages; Kommo does not page them."""
        return list((await self.page("/leads/pipelines", "pipelines", Pipeline)).items)

    async def scopes(self) -> frozenset[str] | None:
        """The scopes that the token names; None when it cannot be read. Kommo's signature is Kommo's to check."""
        try:
            claims = jwt.decode(await self.token(), options={"verify_signature": False})
        except jwt.InvalidTokenError:
            return None
        scopes = claims.get("scopes")
        return frozenset(map(str, scopes)) if isinstance(scopes, list) else None
