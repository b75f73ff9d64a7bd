"""Who may open what: every route of the application, as a stranger, an attendant and a manager."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from sqlalchemy import text

from assistant.staff.roles import Role
from assistant.staff.web.guards import SAFE, own_path
from assistant.staff.web.headers import POLICY
from integrations.database import Sessions, transaction
from integrations.settings import Settings
from tests.assistant.staff.conftest import WEBHOOK_SECRET, OpenBrowser, client_of, running_app
from tests.assistant.staff.visitor import PASSWORD, Visitor, hire

MACHINES = {
    "POST /webhooks/kommo/{secret:str}",
    "POST /webhooks/kommo/{secret:str}/widget",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
}
"""What no person opens; the webhook's secret is in its path."""
OPEN_TO_ALL = {
    "GET /",
    "GET /entrar",
    "POST /entrar",
    "GET /entrar/codigo",
    "POST /entrar/codigo",
    "GET /static/{digest:str}/{name:str}",
}
"""What a person opens before the login. A new entry here needs a reason."""
NOBODYS = {
    "user_id": "987654",
    "kind": "event",
    "row_id": "987654",
    "day": "2099-01-01",
    "candidate_id": "987654",
    "batch_id": "987654",
}
"""What stands in the paths that name something: nothing that exists."""
Route = tuple[str, str, HTTPRouteHandler]


def routes(app: Litestar) -> Iterator[Route]:
    """Method, path and handler of everything the application answers."""
    for route in app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path}: neither guard nor this test knows such a route"
        for handler in route.route_handlers:
            for method in sorted(handler.http_methods - {"OPTIONS"}):
                yield method, route.path_format, handler


def named(app: Litestar) -> dict[str, HTTPRouteHandler]:
    templates = {route.path_format: route.path for route in app.routes}
    return {f"{method} {templates[path]}": handler for method, path, handler in routes(app)}


async def test_every_route_is_open_to_all_by_this_list_or_names_its_lowest_role(app: Litestar) -> None:
    found = named(app)
    assert set(found) >= MACHINES | OPEN_TO_ALL
    for name, handler in found.items():
        if name in MACHINES:
            continue
        assert bool(handler.opt.get("public")) is (name in OPEN_TO_ALL), name
        assert (name in OPEN_TO_ALL) or isinstance(handler.opt.get("lowest"), Role), name


def guarded(app: Litestar) -> list[tuple[str, str, Role]]:
    """Method, a real path and the lowest role of everything behind the login; the way out comes last."""
    found = [
        (method, path.format_map(NOBODYS), handler.opt["lowest"])
        for method, path, handler in routes(app)
        if "lowest" in handler.opt
    ]
    return sorted(found, key=lambda one: one[1] == "/sair")


async def ask(visitor: Visitor, method: str, path: str) -> int:
    """The status; a change brings the token of a page that was seen before."""
    if method in SAFE:
        return (await visitor.get(path)).status
    await visitor.get("/minha-conta" if visitor.token else "/entrar")
    return (await visitor.post(path)).status


async def test_a_stranger_gets_nothing_but_the_login(app: Litestar, visitor: Visitor) -> None:
    for method, path, _ in guarded(app):
        status = await ask(visitor, method, path)
        if method in SAFE:
            assert (status, (visitor.leads_to or "").partition("?")[0]) == (303, "/entrar"), path
        else:
            assert status == 401, path


async def test_an_attendant_gets_what_is_for_attendants(app: Litestar, attendant: Visitor) -> None:
    for method, path, lowest in guarded(app):
        refused = await ask(attendant, method, path) == 403
        assert refused is (lowest is Role.GERENTE), f"{method} {path}"
        assert not refused or "Sem permissão" in attendant.text


async def test_a_manager_gets_everything(app: Litestar, manager: Visitor) -> None:
    for method, path, _ in guarded(app):
        assert await ask(manager, method, path) not in (401, 403, 405, 500), f"{method} {path}"


async def test_a_change_needs_the_token_of_its_own_session(
    app: Litestar, attendant: Visitor, browser: OpenBrowser
) -> None:
    """Without one, with somebody else's, and with one of before the login."""
    stranger = await browser().get("/entrar")
    foreign = stranger.csrf()
    for method, path, lowest in guarded(app):
        if method in SAFE or lowest is Role.GERENTE:
            continue
        for fields in ({}, {"_csrf": ""}, {"_csrf": foreign}, {"_csrf": "é"}):
            answer = await attendant.http.post(path, data=fields, follow_redirects=False)
            assert (answer.status_code, "ficou velha" in answer.text) == (403, True), path
    assert (await attendant.get("/minha-conta")).status == 200


async def test_the_login_needs_the_token_of_its_own_form(visitor: Visitor) -> None:
    form = {"email": "a@b.example", "password": "p"}
    assert (await visitor.http.post("/entrar", data=form)).status_code == 403
    await visitor.get("/entrar")
    assert (await visitor.post("/entrar", form)).status == 401


async def test_a_form_that_another_site_sends_is_refused_even_with_a_token(attendant: Visitor) -> None:
    await attendant.get("/minha-conta")
    path = "/minha-conta/sessoes/encerrar"
    assert (await attendant.post(path, headers={"Sec-Fetch-Site": "cross-site"})).status == 403
    await attendant.get("/minha-conta")
    assert (await attendant.post(path, headers={"Sec-Fetch-Site": "same-origin"})).status == 303


async def test_htmx_brings_the_token_as_a_header(attendant: Visitor) -> None:
    token = (await attendant.get("/minha-conta")).csrf()
    headers = {"X-CSRF-Token": token, "HX-Request": "true"}
    answer = await attendant.http.post("/minha-conta/sessoes/encerrar", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/minha-conta")


async def test_the_webhook_needs_no_token_and_carries_none_of_this(app: Litestar, visitor: Visitor) -> None:
    answer = await visitor.http.post(f"/webhooks/kommo/{WEBHOOK_SECRET}", data={"a": "b"})
    assert answer.status_code == 200
    assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize("path", ["/entrar", "/inicio", "/nada", "/minha-conta/sessoes/encerrar"])
async def test_every_page_says_what_may_be_done_with_it(visitor: Visitor, path: str) -> None:
    headers = (await visitor.http.get(path, follow_redirects=False)).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


async def test_behind_tls_cookies_are_secure_and_tied_to_the_host(settings: Settings, sessions: Sessions) -> None:
    await hire(sessions, "bia@oficina.example")
    public = settings.model_copy(update={"public_url": "https://bot.example.com"})
    async with running_app(public) as app, client_of(app, "https://bot.example.com") as client:
        visitor = await Visitor(client).get("/entrar")
        assert visitor.seen is not None
        assert visitor.seen.headers["Strict-Transport-Security"] == "max-age=31536000"
        await visitor.post("/entrar", {"email": "bia@oficina.example", "password": PASSWORD})
        assert visitor.leads_to == "/inicio"
        cookies = {line.split("=")[0]: line for line in visitor.seen.headers.get_list("Set-Cookie")}
        session = cookies["__Host-autoprime_session"]
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in session.split(";")}
        assert "domain" not in session.lower()
        assert (await visitor.get("/inicio")).status == 200


@pytest.mark.parametrize("path", ["/inicio", "/configuracoes/usuarios?a=b&c=d", "/x/../y"])
def test_own_paths_are_kept(path: str) -> None:
    assert own_path(path) == path


async def test_a_role_that_is_taken_away_counts_at_once(manager: Visitor, sessions: Sessions) -> None:
    assert (await manager.get("/configuracoes/usuarios")).status == 200
    async with transaction(sessions) as session:
        await session.execute(text("UPDATE staff_user SET role = 'atendente'"))
    assert (await manager.get("/configuracoes/usuarios")).status == 403
    assert "Configurações" not in (await manager.get("/inicio")).text
