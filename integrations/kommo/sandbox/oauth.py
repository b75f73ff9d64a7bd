"""OAuth 2.0 as Kommo does it: the consent page, and codes and refresh tokens exchanged for pairs.

A code lives 20 minutes and works once. A refresh token lives three months and works once, except that the old one
works again until the new pair is first used, so that a lost answer does not lose the account.
"""

import secrets
from html import escape
from urllib.parse import urlencode, urlsplit

from litestar import MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from . import tokens
from .context import Sandbox
from .errors import Problem
from .gate import revoked_before
from .model import Grant, Token
from .paging import query_of
from .wire import AnyRequest, Doc, parse_query, read_json
from .world import World

CODE_SECONDS = 20 * 60
REFRESH_SECONDS = 90 * 86_400
PROBLEM_TYPE = "https://developers.kommo.com/v3/errors/OAuthProblemJson"
SCOPE_NAMES = {
    "crm": "Acessar os dados da conta",
    "send_external_messages": "Enviar para chats externos",
    "list_external_messages": "Ler o histórico de chats externos",
    "files": "Acessar arquivos",
}
PAGE = """<!doctype html><html lang="pt-BR"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Kommo (sandbox): permitir acesso</title>
<style>body{{font:16px/1.5 system-ui;max-width:28rem;margin:3rem auto;padding:0 1rem}}
button{{font:inherit;padding:.6rem 1.2rem;margin-right:.5rem}}</style>
<main><h1>Permitir acesso</h1>{body}</main></html>"""


@get("/oauth")
async def consent_page(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[str]:
    """What an administrator sees: which integration asks for what. `mode` makes no difference here (assumed)."""
    world, query = box.world, query_of(request)
    flaw = _consent_flaw(world, query)
    if flaw:
        return Response(PAGE.format(body=f"<p>{escape(flaw)}</p>"), status_code=400, media_type=MediaType.HTML)
    return Response(PAGE.format(body=_consent_form(world, str(query.get("state", "")))), media_type=MediaType.HTML)


def _consent_flaw(world: World, query: Doc) -> str | None:
    if query.get("client_id") != world.settings.client_id:
        return "Integração não encontrada: confira o client_id."
    if not world.account.redirect_uri:
        return "A integração não tem endereço de retorno: defina redirect_uri em PATCH /sandbox/account."
    return None


def _consent_form(world: World, state: str) -> str:
    users = "".join(f'<option value="{user.id}">{escape(user.name)}</option>' for user in world.users.rows.values())
    scopes = "".join(f"<li>{SCOPE_NAMES.get(scope, scope)}</li>" for scope in world.account.scopes)
    return f"""<p>A integração quer, na conta <b>{escape(world.account.name)}</b>:</p><ul>{scopes}</ul>
<form method="post" action="/oauth"><input type="hidden" name="state" value="{escape(state)}">
<p><label>Em nome de <select name="user_id">{users}</select></label></p>
<button name="answer" value="allow">Permitir</button><button name="answer" value="deny">Cancelar</button></form>"""


@post("/oauth", status_code=302)
async def consent(request: AnyRequest, box: NamedDependency[Sandbox]) -> Redirect:
    """The administrator's answer, carried back to the integration's registered address."""
    world = box.world
    form = parse_query((await request.body()).decode("utf-8", "replace"))
    back = world.account.redirect_uri
    if not back:
        raise Problem(400, "The integration has no redirect_uri")
    state, client_id = str(form.get("state", "")), world.settings.client_id
    if form.get("answer") != "allow":
        return Redirect(_with_query(back, {"error": "access_denied", "client_id": client_id, "state": state}))
    grant = _new_grant(world, str(form.get("user_id", "")), back)
    referer = urlsplit(world.base_url).netloc
    return Redirect(_with_query(back, {"code": grant.code, "state": state, "referer": referer, "client_id": client_id}))


def _with_query(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"


def _new_grant(world: World, user_id: str, redirect_uri: str) -> Grant:
    chosen = next((user for user in world.users.rows.values() if str(user.id) == user_id), world.owner)
    expires_at = world.clock() + CODE_SECONDS
    return world.grants.put(
        Grant(world.new_uuid(), chosen.id, "def502" + secrets.token_hex(200), expires_at, redirect_uri)
    )


@post("/oauth2/access_token", status_code=200)
async def access_token(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[Doc]:
    """A new pair for a code or a refresh token. JSON as documented; a form is taken too."""
    world, given = box.world, await _body(request)
    if given.get("client_id") != world.settings.client_id or given.get("client_secret") != world.settings.client_secret:
        raise refusal(401, "Client authentication failed")
    kind = given.get("grant_type")
    if kind == "authorization_code":
        grant = _grant_of_code(world, given)
    elif kind == "refresh_token":
        grant = _grant_of_refresh(box, given)
    else:
        raise refusal(400, "The authorization grant type is not supported by the authorization server.")
    return Response(_new_pair(world, grant))


async def _body(request: AnyRequest) -> Doc:
    if "json" in request.headers.get("content-type", "json"):
        body = await read_json(request)
        return body if isinstance(body, dict) else {}
    return parse_query((await request.body()).decode("utf-8", "replace"))


def refusal(status: int, detail: str, hint: str | None = None) -> Problem:
    """An error of the token endpoint: a type of its own, and a hint when the token is to blame."""
    return Problem(status, detail, extra={"type": PROBLEM_TYPE, **({"hint": hint} if hint else {})})


def _grant_of_code(world: World, given: Doc) -> Grant:
    code = given.get("code")
    grant = next((g for g in world.grants.rows.values() if g.code == code), None)
    invalid = "The request is missing a required parameter or includes an invalid parameter value."
    if grant is None:
        raise refusal(400, invalid, "Cannot decrypt the authorization code")
    if grant.code_expires_at <= world.clock():
        raise refusal(400, invalid, "Authorization code has expired")
    if grant.code_used:
        raise refusal(400, invalid, "Authorization code has been revoked")
    if given.get("redirect_uri") != grant.redirect_uri:
        raise refusal(400, invalid, "Check the `redirect_uri` parameter")
    grant.code_used = True
    return grant


def _grant_of_refresh(box: Sandbox, given: Doc) -> Grant:
    world, text = box.world, given.get("refresh_token")
    owners = (g for g in world.grants.rows.values() if text and text in (g.refresh_token, g.previous_refresh))
    grant = next(owners, None)
    if grant is None or grant.revoked or grant.issued_at <= revoked_before(box):
        raise refusal(401, "The refresh token is invalid.", "Token has been revoked")
    if grant.refresh_expires_at <= world.clock():
        raise refusal(401, "The refresh token is invalid.", "Token has expired")
    return grant


def _new_pair(world: World, grant: Grant) -> Doc:
    """Rotate: the token that was just used stays good until the new pair is first used."""
    kept = grant.previous_refresh or grant.refresh_token
    grant.previous_refresh, grant.refresh_token = kept, "def502" + secrets.token_hex(300)
    grant.pair += 1
    grant.issued_at, grant.refresh_expires_at = world.clock(), world.clock() + REFRESH_SECONDS
    seconds = world.settings.access_token_seconds
    token: Token = tokens.issue(world, grant.user_id, seconds, grant)
    world.grants.put(grant)
    return {
        "token_type": "Bearer",
        "expires_in": seconds,
        "server_time": world.now(),
        "access_token": token.text,
        "refresh_token": grant.refresh_token,
    }


@get("/oauth2/account/current/subdomain")
async def current_domain(request: AnyRequest, box: NamedDependency[Sandbox]) -> Doc:
    """Where the account lives now, for an integration that only has its refresh token (field names assumed)."""
    _grant_of_refresh(box, {"refresh_token": request.headers.get("x-refresh-token")})
    account, world = box.world.account, box.world
    domain = urlsplit(world.base_url).netloc
    return {"id": account.id, "subdomain": world.subdomain, "domain": domain, "top_level_domain": "com"}


ROUTES = [consent_page, consent, access_token, current_domain]
