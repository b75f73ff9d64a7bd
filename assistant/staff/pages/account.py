"""Minha conta: whoever is signed in sees themselves, changes the password, ends other sessions."""

from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, note
from assistant.staff.models import StaffUser
from assistant.staff.pages.login import too_many
from assistant.staff.pages.new_password import NewPassword, refuse_weak
from assistant.staff.proving import Wait, prove
from assistant.staff.roles import Role
from assistant.staff.sessions import end_sessions, open_sessions
from assistant.staff.totp import recovery_codes_left
from assistant.staff.users import change_password
from assistant.staff.web.areas import Area
from assistant.staff.web.forms import Filled, read_form
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import go_to, page
from assistant.staff.web.visit import StaffRequest, member_of, visit_of


class PasswordChange(NewPassword):
    """The password of now, and the new one twice."""

    current: str = Field(min_length=1, max_length=1000)


@get("/minha-conta", lowest=Role.ATENDENTE)
async def show_account(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """The page."""
    return await _account_page(request, session, Filled())


async def _account_page(request: StaffRequest, session: AsyncSession, form: Filled[PasswordChange]) -> Response[str]:
    parts, member = parts_of(request), member_of(request)
    sessions = await open_sessions(session, member.id, parts.limits, datetime.now(UTC))
    codes = await recovery_codes_left(session, member.id)
    offered = parts.sealer is not None
    return page(
        request,
        "account.html",
        status=form.status,
        form=form,
        sessions=sessions,
        codes_left=codes,
        second_step_offered=offered,
    )


@post("/minha-conta/senha", lowest=Role.ATENDENTE)
async def set_password(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Change the password; other sessions end, for whoever opened them may know the old one."""
    form, visit, parts = await read_form(request, PasswordChange), visit_of(request), parts_of(request)
    user = await session.get_one(StaffUser, member_of(request).id)
    if form.given is None:
        return await _account_page(request, session, form)
    proof = await prove(parts, user, form.given.current, visit)
    if isinstance(proof, Wait):
        return too_many(request, proof.time)
    if not proof:
        form.refuse("Esta não é a sua senha atual.", "current")
    elif await refuse_weak(form, form.given.new, user, parts.passwords) is None:
        change_password(user, await parts.passwords.hash(form.given.new))
        await end_sessions(session, user.id, but=visit.session_id)
        note(session, visit.doer, Action.PASSWORD_CHANGED)
        return go_to(request, "/minha-conta", say="Senha trocada. Suas outras sessões foram encerradas.")
    return await _account_page(request, session, form)


@post("/minha-conta/sessoes/encerrar", lowest=Role.ATENDENTE)
async def end_others(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """End every session of this person but this one."""
    visit = visit_of(request)
    await end_sessions(session, member_of(request).id, but=visit.session_id)
    note(session, visit.doer, Action.OTHER_SESSIONS_ENDED)
    return go_to(request, "/minha-conta", say="As outras sessões foram encerradas.")


AREA = Area("Minha conta", "/minha-conta", Role.ATENDENTE, (show_account, set_password, end_others))
