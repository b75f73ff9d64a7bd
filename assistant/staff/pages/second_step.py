"""Verificação em duas etapas: turned on with an authenticator app, turned off with the password.

The secret is shown while it is being set up and never again; recovery codes are shown once, in the answer that makes
them.
"""

from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from pydantic import Field, SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, note
from assistant.staff.models import StaffUser
from assistant.staff.pages.login import too_many
from assistant.staff.proving import Wait, prove
from assistant.staff.roles import Role
from assistant.staff.second_step import opened
from assistant.staff.throttle import address, admit, forgive
from assistant.staff.throttle import second_step as counted_codes
from assistant.staff.totp import address_for_app, grouped, new_recovery_codes, new_secret, picture, take_code
from assistant.staff.users import turn_second_step_off
from assistant.staff.web.areas import Area
from assistant.staff.web.forms import Filled, Form, read_form
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import go_to, page
from assistant.staff.web.visit import StaffRequest, member_of, visit_of
from integrations.database import transaction

PATH = "/minha-conta/duas-etapas"


class Password(Form):
    """The password, once more."""

    password: str = Field(min_length=1, max_length=1000)


class AppCode(Form):
    """What the app shows."""

    code: str = Field(min_length=1, max_length=20)


@get(PATH, lowest=Role.ATENDENTE)
async def show_second_step(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Off, being set up, or on."""
    return _second_step_page(request, await _user(request, session), Filled())


async def _user(request: StaffRequest, session: AsyncSession) -> StaffUser:
    """Whoever is signed in, locked; without keys in the settings there is no such page."""
    if parts_of(request).sealer is None:
        raise NotFoundException
    return await session.get_one(StaffUser, member_of(request).id, with_for_update=True)


def _second_step_page(
    request: StaffRequest, user: StaffUser, form: Filled[Password] | Filled[AppCode]
) -> Response[str]:
    secret = _being_set_up(request, user)
    shown = grouped(secret) if secret is not None else None
    return page(
        request, "second_step.html", status=form.status, form=form, secret=shown, since=user.totp_since, codes=()
    )


def _being_set_up(request: StaffRequest, user: StaffUser) -> SecretStr | None:
    return opened(parts_of(request).sealer, user) if user.totp_since is None else None


@get(f"{PATH}/qr.svg", lowest=Role.ATENDENTE, media_type="image/svg+xml")
async def show_picture(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[bytes]:
    """The secret as a picture for the app's camera, until the set-up is done."""
    user = await _user(request, session)
    secret = _being_set_up(request, user)
    if secret is None:
        raise NotFoundException
    return Response(picture(address_for_app(secret, user.email)), media_type="image/svg+xml")


@post(f"{PATH}/comecar", lowest=Role.ATENDENTE)
async def begin(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """A fresh secret, that counts once its first code was given."""
    user, form = await _user(request, session), await read_form(request, Password)
    refused = await _refused(request, user, form)
    if refused is not None:
        return refused
    sealer = parts_of(request).sealer
    if sealer is not None and user.totp_since is None:
        user.totp_sealed = sealer.seal(new_secret())
    return go_to(request, PATH)


async def _refused(request: StaffRequest, user: StaffUser, form: Filled[Password]) -> Response[str] | None:
    """The answer when the password is not right."""
    if form.given is not None:
        proof = await prove(parts_of(request), user, form.given.password, visit_of(request))
        if isinstance(proof, Wait):
            return too_many(request, proof.time)
        if proof:
            return None
        form.refuse("Esta não é a sua senha.", "password")
    return _second_step_page(request, user, form)


@post(f"{PATH}/ligar", lowest=Role.ATENDENTE)
async def turn_on(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """The first code proves that the app has the secret; from now on the login asks for one."""
    visit, parts, form = visit_of(request), parts_of(request), await read_form(request, AppCode)
    user, now = await _user(request, session), datetime.now(UTC)
    secret = _being_set_up(request, user)
    if secret is None:
        return go_to(request, PATH)
    if form.given is None:
        return _second_step_page(request, user, form)
    who, where = counted_codes(user.id), address(visit.browser.address)
    async with transaction(parts.sessions) as counting:
        wait = await admit(counting, (who, where), now)
    if wait is not None:
        return too_many(request, wait)
    if not take_code(user, secret, form.given.code, now):
        form.refuse("Este código não confere. Confira a hora do celular e tente o próximo código.", "code")
        return _second_step_page(request, user, form)
    await forgive(session, who, where)
    user.totp_since = now
    note(session, visit.doer, Action.SECOND_STEP_ON)
    codes = await new_recovery_codes(session, user.id)
    return page(request, "second_step.html", form=Filled(), secret=None, since=now, codes=codes)


@post(f"{PATH}/desligar", lowest=Role.ATENDENTE)
async def turn_off(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Back to the password alone; also gives up a set-up half-way."""
    user, form = await _user(request, session), await read_form(request, Password)
    refused = await _refused(request, user, form)
    if refused is not None:
        return refused
    await turn_second_step_off(session, user)
    note(session, visit_of(request).doer, Action.SECOND_STEP_OFF)
    return go_to(request, "/minha-conta", say="A verificação em duas etapas está desligada.")


AREA = Area("Duas etapas", PATH, Role.ATENDENTE, (show_second_step, show_picture, begin, turn_on, turn_off))
