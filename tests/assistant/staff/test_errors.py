"""Errors as people see them: plain words and a number that is in the log; machines keep their JSON."""

import re

import pytest
from litestar import Litestar, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from sqlalchemy import make_url

from assistant.staff.web.errors import WORDS
from tests.assistant.staff.conftest import WEBHOOK_SECRET
from tests.assistant.staff.visitor import HTMX, Visitor
from tests.stack.databases import run_on

CONFIDENTIAL = "placa ABC1D23"


@pytest.fixture(autouse=True)
def breaking(app: Litestar) -> None:
    """Pages that end as pages may end."""

    @get("/quebra/{status:int}", public=True)
    async def broken(status: FromPath[int]) -> str:
        raise HTTPException(CONFIDENTIAL, status_code=status)

    @get("/estoura", public=True)
    async def exploding() -> str:
        raise RuntimeError(CONFIDENTIAL)

    app.register(broken)
    app.register(exploding)


async def test_every_status_has_a_page_that_tells_nothing_of_the_cause(visitor: Visitor) -> None:
    for status, (title, words) in WORDS.items():
        if status == 401:
            continue
        await visitor.get(f"/quebra/{status}")
        assert visitor.status == status
        assert title in visitor.text
        assert words in visitor.text
        assert CONFIDENTIAL not in visitor.text


async def test_what_is_unforeseen_is_told_without_its_cause(visitor: Visitor) -> None:
    await visitor.get("/estoura")
    assert (visitor.status, "RuntimeError" in visitor.text) == (500, False)
    assert CONFIDENTIAL not in visitor.text
    number = re.search(r"<code>(\w+)</code>", visitor.text)
    assert number is not None
    assert visitor.seen is not None
    assert visitor.seen.headers["X-Request-Id"] == number[1]


async def test_htmx_gets_a_message_for_the_page_it_is_on(visitor: Visitor) -> None:
    await visitor.get("/estoura", HTMX)
    assert visitor.seen is not None
    assert (visitor.status, visitor.seen.headers["HX-Retarget"]) == (500, "#toasts")
    assert "Algo deu errado aqui" in visitor.text
    assert "<html" not in visitor.text


async def test_htmx_without_a_session_is_sent_to_the_login(visitor: Visitor) -> None:
    await visitor.get("/inicio/numeros", HTMX)
    assert visitor.seen is not None
    assert (visitor.status, visitor.seen.headers["HX-Redirect"]) == (401, "/entrar")


async def test_unknown_addresses_and_methods(visitor: Visitor) -> None:
    assert "Página não encontrada" in (await visitor.get("/nada/aqui")).text
    assert (await visitor.get("/sair")).status == 405
    assert "só recebe formulários" in visitor.text


async def test_a_form_that_is_too_large(attendant: Visitor) -> None:
    await attendant.get("/minha-conta")
    await attendant.post("/minha-conta/senha", {"current": "x" * 300_000})
    assert (attendant.status, "Grande demais" in attendant.text) == (413, True)


async def test_without_a_database_the_page_says_so(attendant: Visitor, postgres: str, database: str) -> None:
    name = make_url(database).database
    await run_on(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await run_on(postgres, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    await attendant.get("/inicio")
    assert (attendant.status, "Fora do ar" in attendant.text) == (503, True)


async def test_machines_keep_their_json(visitor: Visitor) -> None:
    wrong = await visitor.http.post("/webhooks/kommo/a-wrong-secret-of-proper-length", data={"a": "b"})
    assert (wrong.status_code, wrong.json()["detail"]) == (404, "Not Found")
    unreadable = await visitor.http.post(f"/webhooks/kommo/{WEBHOOK_SECRET}", content=b"\xff")
    assert (unreadable.status_code, unreadable.headers["Content-Type"]) == (400, "application/json")
    assert (await visitor.http.get("/health/nothing")).json()["status_code"] == 404
