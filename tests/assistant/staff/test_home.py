"""Início: the numbers are those of the tables, and their queries read no table from end to end."""

import re

import pytest
from sqlalchemy import text

from integrations.database import Sessions, transaction
from tests.assistant.staff.visitor import HTMX, Visitor

ROWS = (
    "INSERT INTO conversation (id, chat_key, due_at) VALUES (1, 'a', now()), (2, 'b', now()), (3, 'c', NULL)",
    "INSERT INTO turn (id, conversation_id, lease_token) VALUES (1, 1, 1)",
    "INSERT INTO handoff (conversation_id, reason, summary, state, turn_id, opened_at) VALUES "
    "(1, 'a', 's', 'open', 1, now()), (1, 'b', 's', 'escalated', 1, now()), (2, 'a', 's', 'closed', 1, now())",
    "INSERT INTO outbox (conversation_id, dedupe_key, kind, text, state, sent_at) VALUES "
    "(1, 'p', 'task', 't', 'parked', NULL), "
    "(1, 'now', 'message', 't', 'delivered', now()), "
    "(1, 'then', 'message', 't', 'delivered', now() - interval '25 hours'), "
    "(1, 'note', 'note', 't', 'delivered', now())",
    "INSERT INTO kommo_event (event_key, body, state) VALUES ('k', 'b', 'parked'), ('l', 'b', 'done')",
)


def numbers(page: str) -> dict[str, str]:
    tiles = re.findall(r'tile-label">([^<]+)</p>\s*<p class="tile-number">([^<]+)<', page)
    return dict(tiles)


async def test_nothing_waits_in_an_empty_shop(attendant: Visitor) -> None:
    await attendant.get("/inicio")
    assert set(numbers(attendant.text).values()) == {"0"}


async def test_the_numbers(attendant: Visitor, sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        for statement in ROWS:
            await session.execute(text(statement))
    expected = {"Esperando resposta": "2", "Passadas para a equipe": "2", "Paradas": "2", "Enviadas hoje": "1"}
    assert numbers((await attendant.get("/inicio")).text) == expected
    assert "1 além do prazo" in attendant.text
    await attendant.get("/inicio/numeros", HTMX)
    assert numbers(attendant.text) == expected
    assert "<html" not in attendant.text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM conversation WHERE due_at IS NOT NULL",
        "SELECT count(*), count(*) FILTER (WHERE state = 'escalated') FROM handoff WHERE state <> 'closed'",
        "SELECT count(*) FROM outbox WHERE state = 'parked'",
        "SELECT count(*) FROM outbox WHERE kind = 'message' AND sent_at >= now() - interval '1 day'",
        "SELECT count(*) FROM kommo_event WHERE state = 'parked'",
    ],
)
async def test_each_number_has_an_index(sessions: Sessions, query: str) -> None:
    async with transaction(sessions) as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = " ".join((await session.execute(text(f"EXPLAIN {query}"))).scalars())
    assert "Seq Scan" not in plan


async def test_static_files_have_the_address_of_their_content(attendant: Visitor) -> None:
    await attendant.get("/inicio")
    addresses = set(re.findall(r'"(/static/[^"]+)"', attendant.text))
    assert {address.rpartition("/")[2] for address in addresses} == {"staff.css", "staff.js", "htmx.js", "icon.svg"}
    for address in addresses:
        found = await attendant.http.get(address)
        assert (found.status_code, found.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        assert (await attendant.http.get(address.replace("/static/", "/static/0"))).status_code == 404
        plain = await attendant.http.get(address, headers={"Accept-Encoding": "identity"})
        assert plain.content == found.content


async def test_pages_hold_no_script_and_no_style_of_their_own(manager: Visitor) -> None:
    for path in ("/inicio", "/minha-conta", "/configuracoes/usuarios", "/configuracoes/auditoria", "/entrar", "/nada"):
        await manager.get(path)
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", manager.text), path
