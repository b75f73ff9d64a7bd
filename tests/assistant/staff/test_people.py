"""Configurações › Usuários and Auditoria, as a manager uses them."""

import asyncio
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from assistant.staff.audit import WORDS, Action
from assistant.staff.models import AuditEntry, StaffUser
from assistant.staff.roles import Role
from assistant.staff.users import disable
from integrations.database import Sessions, transaction
from tests.assistant.staff.conftest import OpenBrowser
from tests.assistant.staff.visitor import HTMX, Visitor, hire, person
from tests.stack.running import eventually

PEOPLE = "/configuracoes/usuarios"
BIA = "bia@oficina.example"
CARLA = "carla@oficina.example"
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
XSS = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def shown_password(visitor: Visitor) -> str:
    found = re.search(r'<code id="temporary">([\w-]+)</code>', visitor.text)
    assert found is not None
    return found[1]


async def test_an_invited_person_gets_in_and_chooses_a_password(
    manager: Visitor, browser: OpenBrowser, sessions: Sessions
) -> None:
    await manager.get(PEOPLE)
    await manager.post(PEOPLE, {"name": "Bia Souza", "email": " Bia@Oficina.example ", "role": "atendente"})
    password = shown_password(manager)
    assert password not in (await manager.get(PEOPLE)).text
    visitor = await browser().sign_in(BIA, password)
    assert visitor.leads_to == "/inicio"
    assert (await visitor.follow()).leads_to == "/trocar-senha"
    async with transaction(sessions) as session:
        rows = await session.execute(text("SELECT staff_user::text || audit_log::text FROM staff_user, audit_log"))
        assert password not in " ".join(rows.scalars())


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "", "email": BIA, "role": "gerente"}, "Preencha este campo."),
        ({"name": "Bia", "email": "bia", "role": "gerente"}, "Isto não parece um e-mail"),
        ({"name": "Bia", "email": "b@b.c", "role": "gerente"}, "Isto não parece um e-mail"),
        ({"name": "Bia", "email": BIA, "role": "dono"}, "Escolha uma das opções."),
        ({"name": "B" * 121, "email": BIA, "role": "gerente"}, "no máximo 120"),
        ({"name": "Bia", "email": CARLA.upper(), "role": "gerente"}, "Já existe"),
    ],
)
async def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    manager: Visitor, fields: dict[str, str], why: str
) -> None:
    await manager.get(PEOPLE)
    await manager.post(PEOPLE, fields)
    assert (manager.status, why in manager.text) == (422, True)
    assert f'value="{fields["name"]}"' in manager.text
    assert 'aria-invalid="true"' in manager.text


async def test_a_name_is_never_markup(manager: Visitor, browser: OpenBrowser, sessions: Sessions) -> None:
    """Stored, and shown wherever a name is: lists, menus, dialogs, the audit log, a toast."""
    user_id = await hire(sessions, BIA, Role.GERENTE, name=XSS)
    await hire(sessions, "dora@oficina.example", Role.GERENTE, name="Dora")
    attacker = await browser().sign_in(BIA)
    await manager.get(PEOPLE)
    await manager.post(f"{PEOPLE}/{user_id}/funcao", {"role": "atendente"})
    pages = [manager.seen, (await manager.follow()).seen]
    pages += [(await manager.get(path)).seen for path in (PEOPLE, "/configuracoes/auditoria")]
    pages += [(await attacker.get(path)).seen for path in ("/inicio", "/minha-conta")]
    for seen in pages:
        assert seen is not None
        assert "<script>alert" not in seen.text
        assert "<img src=x" not in seen.text


async def test_a_role_a_reset_and_the_way_out(manager: Visitor, browser: OpenBrowser, sessions: Sessions) -> None:
    user_id = await hire(sessions, BIA)
    bia = await browser().sign_in(BIA)
    await manager.get(PEOPLE)
    await manager.post(f"{PEOPLE}/{user_id}/funcao", {"role": "gerente"})
    assert "Bia Souza agora é gerente." in (await manager.follow()).text
    assert (await bia.get(PEOPLE)).status == 200
    await manager.post(f"{PEOPLE}/{user_id}/senha")
    assert (await bia.get("/inicio")).leads_to == "/entrar"
    assert (await browser().sign_in(BIA)).status == 401
    assert (await bia.sign_in(BIA, shown_password(manager))).leads_to == "/inicio"
    await manager.post(f"{PEOPLE}/{user_id}/desativar")
    assert (await bia.get("/trocar-senha")).leads_to == "/entrar?para=/trocar-senha"
    await manager.get(PEOPLE)
    await manager.post(f"{PEOPLE}/{user_id}/ativar")
    assert (await person(sessions, user_id)).disabled_at is None
    async with transaction(sessions) as session:
        about = select(AuditEntry.action).where(AuditEntry.about == f"staff_user:{user_id}").order_by(AuditEntry.id)
        assert (await session.scalars(about)).all() == [
            "user_role_changed",
            "user_password_reset",
            "sign_in_refused",
            "user_disabled",
            "user_enabled",
        ]


async def test_nobody_changes_their_own_account_here(manager: Visitor, sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        own = (await session.execute(text("SELECT id FROM staff_user"))).scalar_one()
    for what in ("funcao", "senha", "desativar"):
        await manager.get(PEOPLE)
        assert (await manager.post(f"{PEOPLE}/{own}/{what}", {"role": "atendente"})).status == 404


@pytest.mark.parametrize("number", ["0", "987654", "99999999999999999999999"])
async def test_nobody_by_that_number(manager: Visitor, number: str) -> None:
    await manager.get(PEOPLE)
    assert (await manager.post(f"{PEOPLE}/{number}/desativar")).status == 404


async def test_two_managers_who_disable_one_another_leave_one(
    manager: Visitor, browser: OpenBrowser, sessions: Sessions
) -> None:
    bia = await hire(sessions, BIA, Role.GERENTE)
    other = await browser().sign_in(BIA)
    async with transaction(sessions) as session:
        ids = (await session.execute(text("SELECT id FROM staff_user ORDER BY id"))).scalars().all()
    (carla,) = set(ids) - {bia}
    for visitor in (manager, other):
        await visitor.get(PEOPLE)
    await asyncio.gather(
        manager.post(f"{PEOPLE}/{bia}/desativar"),
        other.post(f"{PEOPLE}/{carla}/desativar"),
    )
    async with transaction(sessions) as session:
        left = await session.execute(text("SELECT count(*) FROM staff_user WHERE disabled_at IS NULL"))
        assert left.scalar_one() == 1


async def test_the_last_manager_stays_while_the_other_is_just_leaving(manager: Visitor, sessions: Sessions) -> None:
    """Carla disables Bia while somebody is in the middle of disabling Carla: she waits, and is told no."""
    bia = await hire(sessions, BIA, Role.GERENTE)
    await manager.get(PEOPLE)
    async with transaction(sessions) as elsewhere:
        carla = (await elsewhere.scalars(select(StaffUser).where(StaffUser.email == CARLA))).one()
        await disable(elsewhere, carla, datetime.now(UTC))
        request = asyncio.create_task(manager.post(f"{PEOPLE}/{bia}/desativar"))

        async def waits_or_is_done() -> bool:
            async with transaction(sessions) as session:
                return request.done() or bool(await session.scalar(WAITING))

        await eventually(waits_or_is_done, "the request waits for the lock")
    await request
    assert (await person(sessions, bia)).disabled_at is None


async def test_the_log_tells_who_did_what_newest_first_and_by_person(
    manager: Visitor, attendant: Visitor, sessions: Sessions
) -> None:
    await attendant.get("/minha-conta")
    await attendant.post("/minha-conta/sessoes/encerrar")
    await manager.get("/configuracoes/auditoria")
    assert "Encerrou as outras sessões" in manager.text
    assert manager.text.index("Encerrou as outras sessões") < manager.text.index("Entrou")
    async with transaction(sessions) as session:
        carla = (await session.scalars(select(StaffUser.id).where(StaffUser.email == CARLA))).one()
    await manager.get(f"/configuracoes/auditoria?pessoa={carla}", HTMX)
    assert "Encerrou as outras sessões" not in manager.text
    assert "Viu a auditoria" in manager.text
    assert "<html" not in manager.text


async def test_the_log_is_read_page_by_page(manager: Visitor, sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        await session.execute(
            text("INSERT INTO audit_log (action, about) SELECT 'signed_out', 'x:' || n FROM generate_series(1, 120) n")
        )
    seen: list[str] = []
    path: str | None = "/configuracoes/auditoria"
    while path:
        await manager.get(path)
        seen += re.findall(r"x:\d+", manager.text)
        further = re.search(r'href="([^"]+antes=\d+[^"]*)"', manager.text)
        path = further[1] if further else None
    assert seen == [f"x:{number}" for number in range(120, 0, -1)]


@pytest.mark.parametrize("query", ["pessoa=x", "pessoa=99999999999999999999", "pessoa=%00", "pessoa=²"])
async def test_a_person_that_does_not_exist_is_everybody(manager: Visitor, query: str) -> None:
    assert (await manager.get(f"/configuracoes/auditoria?{query}")).status == 200


@pytest.mark.parametrize("query", ["antes=x", "antes=-1", "antes=99999999999999999999"])
async def test_a_page_that_cannot_be_is_said_to_be_wrong(manager: Visitor, query: str) -> None:
    assert (await manager.get(f"/configuracoes/auditoria?{query}")).status == 400
    assert "Pedido incompleto" in manager.text


def test_every_action_has_its_words() -> None:
    assert set(WORDS) == set(Action)
