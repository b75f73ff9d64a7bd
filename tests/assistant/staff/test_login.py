"""Signing in and out over HTTP: sessions, throttling, and what a stranger may learn from it."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, text, update

from assistant.staff.models import AuditEntry, LoginThrottle, StaffSession, StaffUser
from assistant.staff.passwords import NOBODY, Passwords
from integrations.database import Sessions, transaction
from tests.assistant.staff.conftest import OpenBrowser
from tests.assistant.staff.visitor import HTMX, PASSWORD, SESSION, Visitor, hire, person

BIA = "bia@oficina.example"
WRONG = "E-mail ou senha não conferem."


async def test_whoever_is_not_signed_in_gets_the_login(visitor: Visitor) -> None:
    assert (await visitor.get("/")).leads_to == "/inicio"
    assert (await visitor.follow()).leads_to == "/entrar"
    assert (await visitor.follow()).status == 200
    assert "Senha" in visitor.text


async def test_a_right_password_opens_the_first_page(visitor: Visitor, sessions: Sessions) -> None:
    await hire(sessions, BIA)
    assert (await visitor.sign_in("  BIA@oficina.example ")).leads_to == "/inicio"
    assert "Olá, Bia" in (await visitor.follow()).text
    assert (await visitor.get("/entrar")).leads_to == "/inicio"


async def test_the_page_that_was_asked_for_opens_after_the_login(visitor: Visitor, sessions: Sessions) -> None:
    await hire(sessions, BIA)
    assert (await visitor.get("/minha-conta")).leads_to == "/entrar?para=/minha-conta"
    await visitor.follow()
    await visitor.post("/entrar", {"email": BIA, "password": PASSWORD, "para": "/minha-conta"})
    assert visitor.leads_to == "/minha-conta"


@pytest.mark.parametrize(
    "para",
    [
        "https://evil.example/",
        "//evil.example/x",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: a=b",
        "/\t/evil.example",
        "http:evil.example",
        "evil.example",
    ],
)
async def test_nobody_is_led_to_another_site(visitor: Visitor, sessions: Sessions, para: str) -> None:
    await hire(sessions, BIA)
    await visitor.get("/entrar")
    assert (await visitor.post("/entrar", {"email": BIA, "password": PASSWORD, "para": para})).leads_to == "/inicio"
    visitor.seen = await visitor.http.get("/entrar", params={"para": para}, follow_redirects=False)
    assert visitor.leads_to == "/inicio"


async def test_a_wrong_password_and_an_unknown_account_look_the_same(visitor: Visitor, sessions: Sessions) -> None:
    await hire(sessions, BIA)
    pages = []
    for email in (BIA, "ninguem@oficina.example"):
        await visitor.sign_in(email, "errada-demais")
        assert (visitor.status, WRONG in visitor.text) == (401, True)
        pages.append(re.sub(r"\w+@oficina\.example", "", visitor.text))
    assert pages[0] == pages[1]


def test_for_an_unknown_account_the_same_work_is_done() -> None:
    """The hash that is compared then asks for the parameters of all others."""
    assert not Passwords().outdated(NOBODY)


async def test_a_password_that_was_typed_is_in_no_page_and_no_audit_line(
    visitor: Visitor, sessions: Sessions, capfd: pytest.CaptureFixture[str]
) -> None:
    await visitor.sign_in("digitei-a-senha-aqui", "minha-senha-secreta")
    assert "minha-senha-secreta" not in visitor.text
    async with transaction(sessions) as session:
        lines = (await session.execute(text("SELECT audit_log::text FROM audit_log"))).scalars().all()
        throttle = (await session.execute(text("SELECT login_throttle::text FROM login_throttle"))).scalars().all()
    everywhere = " ".join([*lines, *throttle, *capfd.readouterr()])
    assert "digitei-a-senha" not in everywhere
    assert "minha-senha-secreta" not in everywhere


async def test_every_login_has_a_new_session_and_the_one_of_before_is_over(
    visitor: Visitor, browser: OpenBrowser, sessions: Sessions
) -> None:
    """Fixation: a cookie that somebody planted is worth nothing after the login."""
    await hire(sessions, BIA)
    planted = "planted-by-somebody-else-0123456789abcdefg"
    visitor.http.cookies.set(SESSION, planted, domain="oficina.test")
    await visitor.sign_in(BIA)
    first = visitor.seen.cookies[SESSION] if visitor.seen else ""
    assert first not in ("", planted)
    visitor.http.cookies.clear()
    visitor.http.cookies.set(SESSION, first, domain="oficina.test")
    await visitor.get("/minha-conta")
    form = {"_csrf": visitor.csrf(), "email": BIA, "password": PASSWORD}
    visitor.seen = await visitor.http.post("/entrar", data=form, follow_redirects=False)
    assert visitor.seen.cookies[SESSION] != first
    for token in (planted, first):
        other = browser()
        other.http.cookies.set(SESSION, token, domain="oficina.test")
        assert (await other.get("/inicio")).leads_to == "/entrar"


async def test_only_a_hash_of_the_token_is_stored(attendant: Visitor, sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        rows = (await session.execute(text("SELECT staff_session::text FROM staff_session"))).scalars().all()
    assert len(rows) == 1
    assert attendant.token is not None
    assert attendant.token not in rows[0]
    assert attendant.token.encode().hex() not in rows[0]


async def test_after_signing_out_the_old_cookie_opens_nothing(attendant: Visitor) -> None:
    token = attendant.token
    await attendant.get("/inicio")
    assert (await attendant.post("/sair")).leads_to == "/entrar"
    assert attendant.token is None
    assert token is not None
    attendant.http.cookies.set(SESSION, token, domain="oficina.test")
    assert (await attendant.get("/inicio")).leads_to == "/entrar"


@pytest.mark.parametrize(("column", "age"), [("seen_at", timedelta(hours=2)), ("expires_at", timedelta(0))])
async def test_a_session_ends_by_itself(attendant: Visitor, sessions: Sessions, column: str, age: timedelta) -> None:
    """When nobody used it, and after a day's work in any case."""
    assert (await attendant.get("/inicio")).status == 200
    async with transaction(sessions) as session:
        await session.execute(update(StaffSession).values({column: datetime.now(UTC) - age}))
    assert (await attendant.get("/inicio")).leads_to == "/entrar"


async def test_numbers_that_renew_themselves_keep_no_session_alive(attendant: Visitor, sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        old = datetime.now(UTC) - timedelta(minutes=30)
        await session.execute(update(StaffSession).values(seen_at=old))
    await attendant.get("/inicio/numeros", HTMX)
    async with transaction(sessions) as session:
        assert (await session.execute(select(StaffSession.seen_at))).scalar_one() == old
    await attendant.get("/inicio")
    async with transaction(sessions) as session:
        assert (await session.execute(select(StaffSession.seen_at))).scalar_one() > old


async def test_an_account_that_is_guessed_at_has_to_wait(visitor: Visitor, sessions: Sessions) -> None:
    """Even for the right password, and the page says how long; then it opens, and the count begins anew."""
    await hire(sessions, BIA)
    for _ in range(5):
        assert (await visitor.sign_in(BIA, "errada-demais")).status == 401
    assert (await visitor.sign_in(BIA)).status == 429
    assert "Espere 1 minuto e" in visitor.text
    assert visitor.seen is not None
    assert 0 < int(visitor.seen.headers["Retry-After"]) <= 60
    await let_time_pass(sessions, timedelta(minutes=2))
    assert (await visitor.sign_in(BIA)).leads_to == "/inicio"
    async with transaction(sessions) as session:
        keys = (await session.scalars(select(LoginThrottle.key))).all()
    assert [key.partition(":")[0] for key in keys] == ["address"]


async def test_each_further_failure_makes_the_wait_longer(visitor: Visitor, sessions: Sessions) -> None:
    waits = []
    for attempt in range(9):
        await visitor.sign_in("ninguem@oficina.example", "errada-demais")
        if attempt >= 4:
            await visitor.sign_in("ninguem@oficina.example", "errada-demais")
            assert visitor.seen is not None
            waits.append(round(int(visitor.seen.headers["Retry-After"]) / 60))
            await let_time_pass(sessions, timedelta(minutes=16))
    assert waits == [1, 2, 4, 8, 15]


async def test_an_address_that_tries_many_accounts_has_to_wait(visitor: Visitor, sessions: Sessions) -> None:
    statuses = [(await visitor.sign_in(f"pessoa{n}@x.example", "errada-demais")).status for n in range(31)]
    assert statuses == [401] * 30 + [429]


async def test_attempts_at_once_are_counted_like_one_after_the_other(browser: OpenBrowser, sessions: Sessions) -> None:
    await hire(sessions, BIA)
    visitors = [browser() for _ in range(12)]
    await asyncio.gather(*(visitor.get("/entrar") for visitor in visitors))
    form = {"email": BIA, "password": "errada-demais"}
    await asyncio.gather(*(visitor.post("/entrar", form) for visitor in visitors))
    assert sorted(visitor.status for visitor in visitors) == [401] * 5 + [429] * 7


async def test_a_hash_with_other_parameters_is_made_anew_at_the_login(visitor: Visitor, sessions: Sessions) -> None:
    user_id = await hire(sessions, BIA)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with transaction(sessions) as session:
        await session.execute(update(StaffUser).values(password_hash=weak))
    assert (await visitor.sign_in(BIA)).leads_to == "/inicio"
    assert "m=19456,t=2,p=1" in (await person(sessions, user_id)).password_hash
    visitor.http.cookies.clear()
    assert (await visitor.sign_in(BIA)).leads_to == "/inicio"


async def test_a_temporary_password_must_be_changed_before_anything_else(visitor: Visitor, sessions: Sessions) -> None:
    await hire(sessions, BIA, temporary=True)
    assert (await visitor.sign_in(BIA)).leads_to == "/inicio"
    for path in ("/inicio", "/minha-conta", "/configuracoes/usuarios"):
        assert (await visitor.get(path)).leads_to == "/trocar-senha"
    await visitor.follow()
    for new, why in ((PASSWORD, "diferente da atual"), ("curta", "10 caracteres"), ("bia-souza-1", "seu nome")):
        assert (await visitor.post("/trocar-senha", {"new": new, "again": new})).status == 422
        assert why in visitor.text
    assert (await visitor.post("/trocar-senha", {"new": "um-carro-azul-9", "again": "outra"})).status == 422
    assert "não são iguais" in visitor.text
    await visitor.post("/trocar-senha", {"new": "um-carro-azul-9", "again": "um-carro-azul-9"})
    assert visitor.leads_to == "/inicio"
    assert "Senha trocada" in (await visitor.follow()).text
    assert "Senha trocada" not in (await visitor.get("/inicio")).text


async def test_a_temporary_password_opens_nothing_after_three_days(visitor: Visitor, sessions: Sessions) -> None:
    await hire(sessions, BIA, temporary=True)
    async with transaction(sessions) as session:
        await session.execute(update(StaffUser).values(temporary_until=datetime.now(UTC)))
    assert (await visitor.sign_in(BIA)).status == 401


async def test_whoever_is_disabled_is_out_at_once(attendant: Visitor, sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        await session.execute(update(StaffUser).values(disabled_at=func.now()))
    assert (await attendant.get("/inicio")).leads_to == "/entrar"
    assert (await attendant.sign_in(BIA)).status == 401


async def test_logins_are_in_the_audit_log(attendant: Visitor, sessions: Sessions) -> None:
    await attendant.get("/inicio")
    await attendant.post("/sair")
    await attendant.sign_in(BIA, "errada-demais")
    async with transaction(sessions) as session:
        lines = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    assert [line.action for line in lines] == ["signed_in", "signed_out", "sign_in_refused"]
    assert [line.user_id is None for line in lines] == [False, False, True]
    assert all(line.reference for line in lines)


async def let_time_pass(sessions: Sessions, span: timedelta) -> None:
    """As if the waits had begun so much earlier."""
    async with transaction(sessions) as session:
        await session.execute(update(LoginThrottle).values(blocked_until=LoginThrottle.blocked_until - span))
