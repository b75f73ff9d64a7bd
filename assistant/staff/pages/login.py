"""Entrar e sair: e-mail and password, the second step for those who have one, and the way out.

Every right login gets a new session; the cookie of before counts for nothing. What was typed reaches neither log nor
audit: the e-mail field may hold a password.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import structlog
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, Doer, about_user, note
from assistant.staff.models import StaffUser
from assistant.staff.roles import Role
from assistant.staff.second_step import is_right_code
from assistant.staff.sessions import (
    CODE_WITHIN,
    begin_session,
    end_session,
    forget_ended,
    new_token,
)
from assistant.staff.throttle import Counted, account, address, admit, forget_old, forgive, second_step
from assistant.staff.users import find_user
from assistant.staff.web.areas import Area
from assistant.staff.web.cookies import FORM, SESSION, clear_cookie, set_cookie
from assistant.staff.web.forms import Filled, Form, read_form
from assistant.staff.web.guards import own_path
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import go_to, page
from assistant.staff.web.visit import StaffRequest, visit_of
from integrations.database import transaction

log = structlog.get_logger()
FIRST_PAGE = "/inicio"


class SignIn(Form):
    """E-mail and password, and the page that was asked for."""

    email: str = Field(min_length=1, max_length=300)
    password: str = Field(min_length=1, max_length=1000)
    para: str = ""


class Code(Form):
    """The second step."""

    code: str = Field(min_length=1, max_length=60)
    para: str = ""


@get("/entrar", public=True)
async def show_login(request: StaffRequest, para: FromQuery[str] = "") -> Response[str]:
    """The form; whoever is signed in goes on."""
    if visit_of(request).member is not None:
        return go_to(request, own_path(para) or FIRST_PAGE)
    return _login_page(request, Filled(values={"para": para}))


def _login_page(request: StaffRequest, form: Filled[SignIn], status: int | None = None) -> Response[str]:
    visit, parts = visit_of(request), parts_of(request)
    secret = visit.secret or new_token()
    fresh = replace(visit, secret=secret)
    response = page(request, "login.html", status=status or form.status, form=form, visit=fresh, me=None)
    if visit.session_id is None:
        response.set_cookie(set_cookie(FORM, secret, secure=parts.secure))
    return response


@post("/entrar", public=True)
async def sign_in(request: StaffRequest) -> Response[str]:
    """Let in whoever knows the password, slowly when they did not a few times."""
    form, parts, visit = await read_form(request, SignIn), parts_of(request), visit_of(request)
    if form.given is None:
        return _login_page(request, form)
    email, now = form.given.email.lower(), datetime.now(UTC)
    who, where = account(email), address(visit.browser.address)
    async with transaction(parts.sessions) as session:
        wait = await admit(session, (who, where), now)
        user = await find_user(session, email)
    if wait is not None:
        return too_many(request, wait)
    usable = user if user is not None and _may_sign_in(user, now) else None
    if not await parts.passwords.matches(usable.password_hash if usable else None, form.given.password):
        async with transaction(parts.sessions) as session:
            note(session, visit.doer, Action.SIGN_IN_REFUSED, about_user(user.id) if user else None)
        form.refuse("E-mail ou senha não conferem.")
        return _login_page(request, form, status=401)
    assert usable is not None
    new_hash = (
        await parts.passwords.hash(form.given.password) if parts.passwords.outdated(usable.password_hash) else None
    )
    return await _admit_user(request, usable.id, (who, where), new_hash, form.given.para)


def _may_sign_in(user: StaffUser, now: datetime) -> bool:
    return user.disabled_at is None and (user.temporary_until is None or user.temporary_until > now)


async def _admit_user(
    request: StaffRequest, user_id: int, counted: tuple[Counted, Counted], new_hash: str | None, para: str
) -> Response[str]:
    """The password was right: a session, or the wait for the second step."""
    parts, now = parts_of(request), datetime.now(UTC)
    async with transaction(parts.sessions) as session:
        await forgive(session, *counted)
        user = await session.get_one(StaffUser, user_id)
        user.password_hash = new_hash or user.password_hash
        awaits_code = user.totp_since is not None
        token = await _new_session(session, request, user, now, awaits_code=awaits_code)
    wanted = own_path(para)
    if awaits_code:
        return _with_session(request, go_to(request, f"/entrar/codigo?para={quote(wanted or FIRST_PAGE)}"), token)
    return _with_session(request, go_to(request, wanted or FIRST_PAGE), token)


async def _new_session(
    session: AsyncSession, request: StaffRequest, user: StaffUser, now: datetime, *, awaits_code: bool
) -> str:
    """A session that did not exist before this login; the one of before ends."""
    visit, parts = visit_of(request), parts_of(request)
    if visit.session_id is not None:
        await end_session(session, visit.session_id)
    await forget_ended(session, now)
    await forget_old(session, now)
    if not awaits_code:
        user.last_login_at = now
        note(session, Doer(user.id, visit.browser.address, visit.reference), Action.SIGNED_IN)
    lasts = CODE_WITHIN if awaits_code else parts.limits.whole
    return await begin_session(session, user.id, visit.browser, lasts, now, awaits_code=awaits_code)


def _with_session(request: StaffRequest, response: Response[str], token: str) -> Response[str]:
    secure = parts_of(request).secure
    response.set_cookie(set_cookie(SESSION, token, secure=secure))
    response.set_cookie(clear_cookie(FORM, secure=secure))
    return response


@get("/entrar/codigo", public=True)
async def show_code(request: StaffRequest, para: FromQuery[str] = "") -> Response[str]:
    """The second step's form."""
    if visit_of(request).awaits_code_of is None:
        return go_to(request, "/entrar")
    return page(request, "login_code.html", form=Filled(values={"para": para}))


@post("/entrar/codigo", public=True)
async def give_code(request: StaffRequest) -> Response[str]:
    """Let in whoever has the code of now, or a recovery code."""
    parts, visit, now = parts_of(request), visit_of(request), datetime.now(UTC)
    user_id = visit.awaits_code_of
    if user_id is None:
        return go_to(request, "/entrar")
    form = await read_form(request, Code)
    if form.given is None:
        return page(request, "login_code.html", status=422, form=form)
    who, where = second_step(user_id), address(visit.browser.address)
    async with transaction(parts.sessions) as session:
        wait = await admit(session, (who, where), now)
    if wait is not None:
        return too_many(request, wait)
    async with transaction(parts.sessions) as session:
        user = await session.get_one(StaffUser, user_id, with_for_update=True)
        doer = Doer(user_id, visit.browser.address, visit.reference)
        if await is_right_code(session, parts.sealer, user, form.given.code, doer):
            await forgive(session, who, where)
            token = await _new_session(session, request, user, now, awaits_code=False)
            return _with_session(request, go_to(request, own_path(form.given.para) or FIRST_PAGE), token)
        note(session, doer, Action.CODE_REFUSED)
    form.refuse("Este código não confere ou já foi usado. Espere o próximo e tente de novo.", "code")
    return page(request, "login_code.html", status=401, form=form)


@post("/sair", lowest=Role.ATENDENTE, while_changing=True)
async def sign_out(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """End this session."""
    visit = visit_of(request)
    assert visit.session_id is not None
    await end_session(session, visit.session_id)
    note(session, visit.doer, Action.SIGNED_OUT)
    response = go_to(request, "/entrar")
    response.set_cookie(clear_cookie(SESSION, secure=parts_of(request).secure))
    return response


def too_many(request: StaffRequest, wait: timedelta) -> Response[str]:
    """How long to wait; the same whether the account exists or not."""
    log.warning("staff.login_throttled")
    seconds = int(wait.total_seconds())
    response = page(request, "throttled.html", status=429, minutes=-(-seconds // 60))
    response.headers["Retry-After"] = str(seconds)
    return response


AREA = Area("Entrar", "/entrar", Role.ATENDENTE, (show_login, sign_in, show_code, give_code, sign_out))
