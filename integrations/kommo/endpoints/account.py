"""The account: what it is, its pipelines, and what the token may do."""

import jwt

from integrations.kommo.answers import Page, read_one, read_page
from integrations.kommo.client import KommoClient
from integrations.kommo.schemas import Account, Pipeline


async def get_account(client: KommoClient) -> Account:
    """The account of the token. The plan is in no answer of Kommo: a 402 elsewhere tells."""
    document = await client.get("/account", [("with", "version,drive_url,amojo_id")])
    return read_one("GET /account", document, Account)


async def list_pipelines(client: KommoClient) -> Page[Pipeline]:
    """All pipelines with their stages; Kommo does not page them."""
    return read_page("GET /leads/pipelines", await client.get("/leads/pipelines"), "pipelines", Pipeline)


async def token_scopes(client: KommoClient) -> frozenset[str] | None:
    """The scopes that the token names; None when it cannot be read. Kommo's signature is Kommo's to check."""
    try:
        claims = jwt.decode(await client.token(), options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return None
    scopes = claims.get("scopes")
    return frozenset(map(str, scopes)) if isinstance(scopes, list) else None
