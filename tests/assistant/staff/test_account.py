"""Minha conta: the password, other sessions, the second step."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from litestar import Litestar
from pydantic import SecretStr
from sqlalchemy import select, update

from assistant.commands.kommo_rotate import STORED
from assistant.staff.models import AuditEntry, RecoveryCode, StaffUser
from assistant.staff.sealing import sealer_of
from integrations.database import Sessions, transaction
from integrations.kommo.connection.keys import rotate_keys
from integrations.kommo.connection.vault import create_vault, new_key
from tests.assistant.staff.conftest import OpenBrowser
from tests.assistant.staff.visitor import PASSWORD, Visitor, hire

BIA = "bia@oficina.example"
NEW = "um-fusca-azul-1974"
SETUP = "/minha-conta/duas-etapas"


async def test_a_new_password_ends_the_other_sessions(attendant: Visitor, browser: OpenBrowser) -> None:
    elsewhere = await browser().sign_in(BIA)
    await attendant.get("/minha-conta")
    await attendant.post("/minha-conta/senha", {"current": PASSWORD, "new": NEW, "again": NEW})
    assert attendant.leads_to == "/minha-conta"
    assert "Senha trocada" in (await attendant.follow()).text
    assert (await elsewhere.get("/inicio")).leads_to == "/entrar"
    stranger = browser()
    assert (await stranger.sign_in(BIA)).status == 401
    assert (await stranger.sign_in(BIA, NEW)).leads_to == "/inicio"


@pytest.mark.parametrize(
    ("current", "new", "again", "why"),
    [
        ("errada-demais", NEW, NEW, "Esta não é a sua senha atual."),
        (PASSWORD, NEW, NEW + "x", "não são iguais"),
        (PASSWORD, "curta", "curta", "pelo menos 10 caracteres"),
        (PASSWORD, "senha12345", "senha12345", "fácil demais"),
        (PASSWORD, "aaaaaaaaaaaa", "aaaaaaaaaaaa", "fácil demais"),
        (PASSWORD, "bia-souza-12", "bia-souza-12", "seu nome"),
        (PASSWORD, PASSWORD, PASSWORD, "diferente da atual"),
        (PASSWORD, "", "", "Preencha este campo."),
    ],
)
async def test_what_will_not_do_is_said_at_the_field(
    attendant: Visitor, current: str, new: str, again: str, why: str
) -> None:
    await attendant.get("/minha-conta")
    await attendant.post("/minha-conta/senha", {"current": current, "new": new, "again": again})
    assert (attendant.status, why in attendant.text) == (422, True)
    for typed in (current, new):
        assert not typed or f'value="{typed}"' not in attendant.text


async def test_a_stolen_session_cannot_try_passwords_for_long(attendant: Visitor) -> None:
    statuses = []
    for _ in range(6):
        await attendant.get("/minha-conta")
        await attendant.post("/minha-conta/senha", {"current": "errada-demais", "new": NEW, "again": NEW})
        statuses.append(attendant.status)
    assert statuses == [422] * 5 + [429]


async def test_other_sessions_can_be_ended(attendant: Visitor, browser: OpenBrowser) -> None:
    elsewhere = await browser().sign_in(BIA)
    await attendant.get("/minha-conta")
    assert attendant.text.count("<tr>") == 1 + 2
    await attendant.post("/minha-conta/sessoes/encerrar")
    assert (await attendant.follow()).text.count("<tr>") == 1 + 1
    assert (await elsewhere.get("/inicio")).leads_to == "/entrar"


async def test_without_keys_in_the_settings_the_second_step_is_not_offered(attendant: Visitor) -> None:
    assert "duas etapas" not in (await attendant.get("/minha-conta")).text
    assert (await attendant.get(SETUP)).status == 404


@pytest.fixture
def sealing(app: Litestar) -> None:
    """Keys in the settings."""
    sealed_with(app, new_key())


def sealed_with(app: Litestar, *keys: str) -> None:
    """The application as if it had been started with these keys."""
    settings = app.state.settings.model_copy(update={"secret_keys": SecretStr(",".join(keys))})
    app.state.staff = replace(app.state.staff, sealer=sealer_of(settings))


async def turn_on(visitor: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """Set the second step up as the pages lead; the app, and the recovery codes."""
    await visitor.get(SETUP)
    await visitor.post(f"{SETUP}/comecar", {"password": PASSWORD})
    await visitor.follow()
    key = re.search(r'class="key">([A-Z2-7 ]+)<', visitor.text)
    assert key is not None
    app = pyotp.TOTP(key[1].replace(" ", ""))
    await visitor.post(f"{SETUP}/ligar", {"code": app.at(datetime.now(UTC) - timedelta(seconds=30))})
    codes = re.findall(r"<li><code>([\w-]+)</code>", visitor.text)
    assert (visitor.status, len(codes)) == (200, 8)
    return app, codes


@pytest.mark.usefixtures("sealing")
async def test_the_login_asks_for_the_code_and_takes_each_once(attendant: Visitor, browser: OpenBrowser) -> None:
    app, _ = await turn_on(attendant)
    visitor = browser()
    assert (await visitor.sign_in(BIA, para="/minha-conta")).leads_to == "/entrar/codigo?para=/minha-conta"
    before = visitor.token
    assert (await visitor.get("/inicio")).leads_to == "/entrar"
    await visitor.get("/entrar/codigo?para=/minha-conta")
    assert (await visitor.post("/entrar/codigo", {"code": "000000"})).status == 401
    code = app.now()
    assert (await visitor.post("/entrar/codigo", {"code": code, "para": "/minha-conta"})).leads_to == "/minha-conta"
    assert visitor.token not in (None, before)
    again = await browser().sign_in(BIA)
    await again.follow()
    assert (await again.post("/entrar/codigo", {"code": code})).status == 401


@pytest.mark.usefixtures("sealing")
async def test_instead_of_the_code_another_account_may_sign_in(
    attendant: Visitor, browser: OpenBrowser, sessions: Sessions
) -> None:
    await turn_on(attendant)
    await hire(sessions, "dora@oficina.example")
    visitor = await browser().sign_in(BIA)
    await visitor.get("/entrar")
    assert (
        await visitor.post("/entrar", {"email": "dora@oficina.example", "password": PASSWORD})
    ).leads_to == "/inicio"


@pytest.mark.usefixtures("sealing")
async def test_a_recovery_code_opens_once(attendant: Visitor, browser: OpenBrowser, sessions: Sessions) -> None:
    _, codes = await turn_on(attendant)
    statuses = []
    for typed in (codes[0].upper().replace("-", " "), codes[0]):
        visitor = await browser().sign_in(BIA)
        await visitor.follow()
        statuses.append((await visitor.post("/entrar/codigo", {"code": typed})).status)
    assert statuses == [303, 401]
    assert codes[1] not in (await attendant.get(SETUP)).text
    async with transaction(sessions) as session:
        assert len((await session.scalars(select(RecoveryCode))).all()) == 7
        actions = (await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))).all()
    assert actions[-3:] == ["recovery_code_used", "signed_in", "code_refused"]


@pytest.mark.usefixtures("sealing")
async def test_without_the_key_recovery_codes_still_open(
    app: Litestar, attendant: Visitor, browser: OpenBrowser
) -> None:
    totp, codes = await turn_on(attendant)
    sealed_with(app, new_key())
    visitor = await browser().sign_in(BIA)
    await visitor.follow()
    assert (await visitor.post("/entrar/codigo", {"code": totp.now()})).status == 401
    assert (await visitor.post("/entrar/codigo", {"code": codes[0]})).leads_to == "/inicio"


async def test_a_replaced_key_leaves_the_second_step_as_it_was(
    app: Litestar, attendant: Visitor, browser: OpenBrowser, sessions: Sessions
) -> None:
    old, new = new_key(), new_key()
    sealed_with(app, old)
    totp, _ = await turn_on(attendant)
    settings = app.state.settings.model_copy(update={"secret_keys": SecretStr(f"{new},{old}")})
    async with transaction(sessions) as session:
        assert await rotate_keys(session, create_vault(settings), STORED) == 1
    sealed_with(app, new)
    visitor = await browser().sign_in(BIA)
    await visitor.follow()
    assert (await visitor.post("/entrar/codigo", {"code": totp.now()})).leads_to == "/inicio"


@pytest.mark.usefixtures("sealing")
async def test_codes_cannot_be_tried_for_long(attendant: Visitor, browser: OpenBrowser) -> None:
    await turn_on(attendant)
    visitor = await browser().sign_in(BIA)
    await visitor.follow()
    statuses = []
    for attempt in range(6):
        await visitor.get("/entrar/codigo")
        statuses.append((await visitor.post("/entrar/codigo", {"code": f"00000{attempt}"})).status)
    assert statuses == [401] * 5 + [429]


@pytest.mark.usefixtures("sealing")
async def test_the_secret_is_shown_during_the_set_up_and_never_again(attendant: Visitor, sessions: Sessions) -> None:
    await attendant.get(SETUP)
    assert (await attendant.post(f"{SETUP}/comecar", {"password": "errada-demais"})).status == 422
    app, _ = await turn_on(attendant)
    assert app.secret not in (await attendant.get(SETUP)).text.replace(" ", "")
    assert (await attendant.get(f"{SETUP}/qr.svg")).status == 404
    async with transaction(sessions) as session:
        stored = (await session.scalars(select(StaffUser.totp_sealed))).one()
    assert stored is not None
    assert app.secret not in stored


@pytest.mark.usefixtures("sealing")
async def test_the_picture_is_drawn_for_the_app(attendant: Visitor) -> None:
    await attendant.get(SETUP)
    await attendant.post(f"{SETUP}/comecar", {"password": PASSWORD})
    await attendant.get(f"{SETUP}/qr.svg")
    assert attendant.seen is not None
    assert attendant.seen.headers["Content-Type"] == "image/svg+xml"
    assert attendant.seen.headers["Cache-Control"] == "no-store"
    assert attendant.text.lstrip().startswith("<?xml")


@pytest.mark.usefixtures("sealing")
async def test_the_second_step_is_turned_off_with_the_password(attendant: Visitor, browser: OpenBrowser) -> None:
    await turn_on(attendant)
    await attendant.get(SETUP)
    assert (await attendant.post(f"{SETUP}/desligar", {"password": "errada-demais"})).status == 422
    assert (await attendant.post(f"{SETUP}/desligar", {"password": PASSWORD})).leads_to == "/minha-conta"
    assert (await browser().sign_in(BIA)).leads_to == "/inicio"


@pytest.mark.usefixtures("sealing")
async def test_a_right_password_waits_ten_minutes_for_its_code(
    attendant: Visitor, browser: OpenBrowser, sessions: Sessions
) -> None:
    app, _ = await turn_on(attendant)
    visitor = await browser().sign_in(BIA)
    await visitor.follow()
    async with transaction(sessions) as session:
        await session.execute(SHORTEN)
    assert (await visitor.post("/entrar/codigo", {"code": app.now()})).status == 403


SHORTEN = update(StaffUser.metadata.tables["staff_session"]).values(expires_at=datetime(2026, 1, 1, tzinfo=UTC))
