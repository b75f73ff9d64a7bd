"""Connecting Kommo on the pages, against the sandbox's consent page: from an empty account to a prepared one."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from litestar import Litestar

from integrations.database import Sessions, transaction
from integrations.kommo.mapping.store import default_responsible, load_chosen
from integrations.settings import Settings
from tests.assistant.staff.connecting import PATH, PUBLIC, connect, connectable, consent, empty_account
from tests.assistant.staff.visitor import Visitor
from tests.integrations.kommo.conftest import StandIn

SETUP = "/configuracoes/preparo"


@pytest.fixture
async def kommo_account(tmp_path: Path) -> AsyncIterator[StandIn]:
    async with empty_account(tmp_path) as found:
        yield found


@pytest.fixture
async def app(settings: Settings, kommo_account: StandIn) -> AsyncIterator[Litestar]:
    async with connectable(settings, kommo_account) as application:
        yield application


async def test_from_nothing_to_a_prepared_account(manager: Visitor, kommo_account: StandIn, sessions: Sessions) -> None:
    await manager.get(PATH)
    assert "sem conexão" in manager.text
    await manager.get(f"{SETUP}/conta")
    assert "Conecte o Kommo primeiro" in manager.text
    await connect(manager, kommo_account)
    assert "Kommo conectado" in manager.text
    await manager.get(SETUP)
    await manager.get(f"{SETUP}/conta")
    assert "Preparar a conta" in manager.text
    await manager.post(f"{SETUP}/aplicar")
    await manager.follow()
    assert "Conta preparada" in manager.text
    async with kommo_account.client() as kommo:
        assert {"Placa", "Urgência", "Assistente"} <= {field.name for field in await kommo.lead_fields()}
        hooks = await kommo.webhooks()
    assert hooks[0].destination.startswith(f"{PUBLIC}/webhooks/kommo/")
    await manager.get(f"{SETUP}/conta")
    assert "Campos e avisos estão no lugar" in manager.text
    assert hooks[0].destination.rsplit("/", 1)[1] not in manager.text


async def test_stages_are_chosen_from_the_accounts_own(
    manager: Visitor, kommo_account: StandIn, sessions: Sessions
) -> None:
    await connect(manager, kommo_account)
    await manager.get(f"{SETUP}/conta")
    offered = re.findall(r'<option value="(\d+:\d+)"', manager.seen.text)  # type: ignore[union-attr]
    await manager.post(f"{SETUP}/etapas", {"qualified": offered[2]})
    await manager.follow()
    assert "Etapas salvas" in manager.text
    async with transaction(sessions) as session:
        chosen = await load_chosen(session)
    assert [f"{one.ref.pipeline_id}:{one.ref.stage_id}" for one in chosen.stages.values()] == [offered[2]]
    await manager.get(f"{SETUP}/conta")
    await manager.post(f"{SETUP}/etapas", {"qualified": "1:2"})
    await manager.follow()
    assert "Etapas salvas" not in manager.text


async def test_a_refusal_at_kommo_and_a_forged_return_connect_nothing(
    manager: Visitor, kommo_account: StandIn, sessions: Sessions, settings: Settings
) -> None:
    await manager.get(f"{PATH}/conectar")
    assert manager.leads_to is not None
    await manager.get(await consent(kommo_account, manager.leads_to, allow=False))
    await manager.follow()
    assert "sem conexão" in manager.text
    await manager.get("/kommo/oauth?code=x&state=forged&referer=evil.example")
    await manager.follow()
    assert "sem conexão" in manager.text


async def test_a_token_is_tried_before_it_is_kept_and_never_shown(manager: Visitor, kommo_account: StandIn) -> None:
    await manager.get(PATH)
    await manager.post(f"{PATH}/token", {"address": kommo_account.base_url, "token": "wrong-token-of-mine"})
    assert manager.status == 422
    assert "wrong-token-of-mine" not in manager.text
    await manager.post(f"{PATH}/token", {"address": kommo_account.base_url, "token": kommo_account.token})
    await manager.follow()
    assert "Kommo conectado" in manager.text
    assert kommo_account.token not in manager.text


async def test_one_view_asks_kommo_for_each_thing_once(manager: Visitor, kommo_account: StandIn) -> None:
    await connect(manager, kommo_account)
    before = len((await kommo_account.hand.get("/sandbox/calls")).json())
    await manager.get(f"{SETUP}/conta")
    calls = [
        call["path"]
        for call in (await kommo_account.hand.get("/sandbox/calls")).json()[before:]
        if "oauth" not in call["path"]
    ]
    assert sorted(calls) == sorted(set(calls))
    assert {"/api/v4/leads/custom_fields", "/api/v4/webhooks", "/api/v4/leads/pipelines"} <= set(calls)


async def prepare(manager: Visitor, kommo_account: StandIn) -> str:
    """Connect and prepare; the address Kommo posts to."""
    await connect(manager, kommo_account)
    await manager.get(f"{SETUP}/conta")
    await manager.post(f"{SETUP}/aplicar")
    return await destination(kommo_account)


async def destination(kommo_account: StandIn) -> str:
    """The only address that Kommo posts to."""
    async with kommo_account.client() as kommo:
        (hook,) = await kommo.webhooks()
    return hook.destination.removeprefix(PUBLIC)


async def test_another_webhook_address_and_the_grace_of_the_old(manager: Visitor, kommo_account: StandIn) -> None:
    old = await prepare(manager, kommo_account)
    await manager.get(PATH)
    assert "O anterior ainda vale até" not in manager.text
    await manager.post(f"{PATH}/avisos/trocar")
    await manager.follow()
    assert "Endereço trocado" in manager.text
    assert "O anterior ainda vale até" in manager.text
    new = await destination(kommo_account)
    assert new != old
    assert new.rsplit("/", 1)[1] not in manager.text
    for address, status in ((new, 200), (old, 200), (f"{new}x", 404)):
        assert (await manager.http.post(address, data={"account[id]": "1"})).status_code == status


async def test_no_other_address_while_kommo_does_not_answer(manager: Visitor, kommo_account: StandIn) -> None:
    old = await prepare(manager, kommo_account)
    await manager.get(PATH)
    await kommo_account.breaks("http_500", path="/api/v4/webhooks")
    await manager.post(f"{PATH}/avisos/trocar")
    await manager.follow()
    assert "não respondeu como devia" in manager.text
    await kommo_account.mends()
    assert await destination(kommo_account) == old


async def test_nobody_in_particular_takes_the_choice_back(
    manager: Visitor, kommo_account: StandIn, sessions: Sessions
) -> None:
    await connect(manager, kommo_account)
    await manager.get(f"{SETUP}/conta")
    user = re.findall(r'<option value="(\d+)"', manager.text)[0]
    for given, expected in ((user, int(user)), ("", None), ("1", None)):
        await manager.get(f"{SETUP}/conta")
        await manager.post(f"{SETUP}/etapas", {"responsible": given})
        async with transaction(sessions) as session:
            assert await default_responsible(session) == expected


async def test_attendants_do_not_get_in(attendant: Visitor) -> None:
    for path in (PATH, SETUP, f"{PATH}/conectar", f"{SETUP}/conta", "/kommo/oauth?code=x"):
        assert (await attendant.get(path)).status == 403
