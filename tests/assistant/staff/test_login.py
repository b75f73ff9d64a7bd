"""Signing in and out over HTTP."""

import pytest

from integrations.database import Sessions
from tests.assistant.staff.visitor import Visitor, hire

BIA = "bia@oficina.example"


async def test_whoever_is_not_signed_in_gets_the_login(visitor: Visitor) -> None:
    assert (await visitor.get("/")).leads_to == "/inicio"
    assert (await visitor.follow()).leads_to == "/entrar"
    assert (await visitor.follow()).status == 200
    assert "Entrar" in visitor.text


async def test_a_right_password_opens_the_first_page(visitor: Visitor, sessions: Sessions) -> None:
    await hire(sessions, BIA)
    assert (await visitor.sign_in("  BIA@oficina.example ")).leads_to == "/inicio"
    assert "Olá, Bia" in (await visitor.follow()).text


@pytest.mark.parametrize("path", ["/inicio", "/minha-conta", "/inicio/numeros"])
async def test_pages(attendant: Visitor, path: str) -> None:
    assert (await attendant.get(path)).status == 200, attendant.text


@pytest.mark.parametrize("path", ["/configuracoes/usuarios", "/configuracoes/auditoria"])
async def test_manager_pages(manager: Visitor, path: str) -> None:
    assert (await manager.get(path)).status == 200, manager.text
