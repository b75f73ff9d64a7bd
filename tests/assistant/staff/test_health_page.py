"""Saúde: what is wrong is seen, what is parked can be tried again by anybody and discarded by a manager only."""

import pytest
from sqlalchemy import text

from integrations.database import Sessions, transaction
from integrations.kommo.chats.parked import count_parked
from tests.assistant.staff.visitor import Visitor

STORE_EVENT = """
    INSERT INTO kommo_event (event_key, body, state, attempts, error)
    VALUES ('key', 'a=1', 'parked', 5, '<script>alert(1)</script>') RETURNING id
"""
EVENT_STATE = text("SELECT state, error FROM kommo_event")


@pytest.fixture
async def event(sessions: Sessions) -> str:
    """The path of a parked event."""
    async with transaction(sessions) as session:
        return f"/saude/parados/event/{(await session.execute(text(STORE_EVENT))).scalar_one()}"


async def test_what_is_parked_is_tried_again_by_an_attendant(
    attendant: Visitor, event: str, sessions: Sessions
) -> None:
    await attendant.get("/saude")
    assert "Aviso do Kommo" in attendant.text
    assert "<script>alert" not in attendant.seen.text  # type: ignore[union-attr]
    assert "Descartar" not in attendant.text
    await attendant.post(f"{event}/tentar")
    assert attendant.leads_to == "/saude"
    async with transaction(sessions) as session:
        assert await count_parked(session) == 0
    await attendant.get("/saude")
    assert "Nada parado" in attendant.text
    await attendant.post(f"{event}/tentar")
    await attendant.follow()
    assert "já não está mais parado" in attendant.text


async def test_only_a_manager_discards_and_with_a_reason(
    attendant: Visitor, manager: Visitor, event: str, sessions: Sessions
) -> None:
    await attendant.get("/saude")
    await attendant.post(f"{event}/descartar", {"reason": "teste antigo"})
    assert attendant.status == 403
    await manager.get("/saude")
    await manager.post(f"{event}/descartar", {"reason": " "})
    await manager.follow()
    assert "escreva o motivo" in manager.text
    await manager.post(f"{event}/descartar", {"reason": "teste antigo"})
    async with transaction(sessions) as session:
        assert (await session.execute(EVENT_STATE)).one() == ("ignored", "discarded: teste antigo")


@pytest.mark.parametrize("path", ["/saude/parados/elefante/1/tentar", f"/saude/parados/event/{2**63}/tentar"])
async def test_what_cannot_be_parked_is_not_found(attendant: Visitor, path: str) -> None:
    await attendant.get("/saude")
    await attendant.post(path)
    assert attendant.status == 404


async def test_the_state_says_what_is_missing(attendant: Visitor) -> None:
    await attendant.get("/saude/agora")
    assert "Algo precisa de atenção" in attendant.text
    assert "Sem conexão" in attendant.text
