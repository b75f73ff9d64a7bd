"""Configurações › Usuários: a manager invites people, gives them a role, resets passwords, lets somebody in no more.

Whoever is invited gets a temporary password, which is shown once, in the answer that makes it, and must be changed at
the first login.
"""

from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from pydantic import Field, field_validator
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, about_user, note
from assistant.staff.models import StaffUser
from assistant.staff.passwords import temporary_password
from assistant.staff.roles import Role
from assistant.staff.users import (
    EmailTaken,
    LastManager,
    all_users,
    change_role,
    create_user,
    disable,
    give_temporary,
    normal_email,
    turn_second_step_off,
)
from assistant.staff.web.areas import Area, Place
from assistant.staff.web.forms import LARGEST_KEY, Filled, Form, read_form
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import go_to, page
from assistant.staff.web.visit import StaffRequest, member_of, visit_of

PATH = "/configuracoes/usuarios"


class Invitation(Form):
    """Who is to get in."""

    name: str = Field(min_length=1, max_length=120)
    email: str = Field(min_length=1, max_length=254)
    role: Role

    @field_validator("email")
    @classmethod
    def _an_email(cls, value: str) -> str:
        return normal_email(value)


class RoleChange(Form):
    """Another role."""

    role: Role


@get(PATH, lowest=Role.GERENTE)
async def show_people(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Everybody who may sign in."""
    note(session, visit_of(request).doer, Action.USERS_SEEN)
    return await _people_page(request, session, Filled())


async def _people_page(
    request: StaffRequest,
    session: AsyncSession,
    form: Filled[Invitation],
    given: tuple[StaffUser, str] | None = None,
) -> Response[str]:
    """`given`: for whom a temporary password was made just now, and the password."""
    people = await all_users(session)
    return page(request, "people.html", status=form.status, form=form, people=people, given=given, roles=list(Role))


@post(PATH, lowest=Role.GERENTE)
async def invite(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Create the account and show its temporary password."""
    form, password = await read_form(request, Invitation), temporary_password()
    if form.given is None:
        return await _people_page(request, session, form)
    wanted, hashed = form.given, await parts_of(request).passwords.hash(password)
    try:
        user = await create_user(session, wanted.email, wanted.name, wanted.role, hashed)
    except EmailTaken as taken:
        form.refuse(str(taken), "email")
        return await _people_page(request, session, form)
    await give_temporary(session, user, hashed, datetime.now(UTC))
    note(session, visit_of(request).doer, Action.USER_CREATED, about_user(user.id))
    return await _people_page(request, session, Filled(), (user, password))


@post(f"{PATH}/{{user_id:int}}/funcao", lowest=Role.GERENTE)
async def set_role(
    user_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Give another role."""
    user, form = await _somebody_else(request, session, user_id), await read_form(request, RoleChange)
    if form.given is None:
        return go_to(request, PATH, say="Escolha uma das funções.")
    try:
        await change_role(session, user, form.given.role)
    except LastManager as last:
        return go_to(request, PATH, say=str(last))
    note(session, visit_of(request).doer, Action.USER_ROLE_CHANGED, about_user(user.id))
    return go_to(request, PATH, say=f"{user.name} agora é {user.role}.")


@post(f"{PATH}/{{user_id:int}}/senha", lowest=Role.GERENTE)
async def reset_password(
    user_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """A temporary password for somebody who forgot theirs; they are signed out everywhere."""
    user, password = await _somebody_else(request, session, user_id), temporary_password()
    await give_temporary(session, user, await parts_of(request).passwords.hash(password), datetime.now(UTC))
    note(session, visit_of(request).doer, Action.USER_PASSWORD_RESET, about_user(user.id))
    return await _people_page(request, session, Filled(), (user, password))


@post(f"{PATH}/{{user_id:int}}/duas-etapas", lowest=Role.GERENTE)
async def reset_second_step(
    user_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """For somebody who lost the phone and the recovery codes."""
    user = await _somebody_else(request, session, user_id)
    await turn_second_step_off(session, user)
    note(session, visit_of(request).doer, Action.USER_SECOND_STEP_OFF, about_user(user.id))
    return go_to(request, PATH, say=f"{user.name} entra só com a senha agora.")


@post(f"{PATH}/{{user_id:int}}/desativar", lowest=Role.GERENTE)
async def disable_user(
    user_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Let in no more, from now on."""
    user = await _somebody_else(request, session, user_id)
    try:
        await disable(session, user, datetime.now(UTC))
    except LastManager as last:
        return go_to(request, PATH, say=str(last))
    note(session, visit_of(request).doer, Action.USER_DISABLED, about_user(user.id))
    return go_to(request, PATH, say=f"{user.name} não entra mais.")


@post(f"{PATH}/{{user_id:int}}/ativar", lowest=Role.GERENTE)
async def enable_user(
    user_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Let in again, with the password of before."""
    user = await _somebody_else(request, session, user_id)
    user.disabled_at = None
    note(session, visit_of(request).doer, Action.USER_ENABLED, about_user(user.id))
    return go_to(request, PATH, say=f"{user.name} pode entrar de novo.")


async def _somebody_else(request: StaffRequest, session: AsyncSession, user_id: int) -> StaffUser:
    """The person; one's own account is changed in Minha conta, and so nobody shuts themselves out here."""
    known = user_id != member_of(request).id and 0 < user_id < LARGEST_KEY
    user = await session.get(StaffUser, user_id, with_for_update=True) if known else None
    if user is None:
        raise NotFoundException
    return user


AREA = Area(
    "Usuários",
    PATH,
    Role.GERENTE,
    (show_people, invite, set_role, reset_password, reset_second_step, disable_user, enable_user),
    Place.SETTINGS,
)
