"""A new password in the place of one that somebody else knows: the only page open until it is done."""

from typing import Any, Self

from litestar import Response, get, post
from litestar.di import NamedDependency
from pydantic import Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, note
from assistant.staff.models import StaffUser
from assistant.staff.passwords import Passwords, weakness
from assistant.staff.roles import Role
from assistant.staff.sessions import end_sessions
from assistant.staff.users import change_password
from assistant.staff.web.areas import Area
from assistant.staff.web.forms import Filled, Form, read_form
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import go_to, page
from assistant.staff.web.visit import StaffRequest, member_of, visit_of


class NewPassword(Form):
    """The new password, twice."""

    new: str = Field(min_length=1, max_length=1000)
    again: str = Field(max_length=1000, default="")

    @model_validator(mode="after")
    def _same(self) -> Self:
        if self.new != self.again:
            raise ValueError("As duas senhas novas não são iguais.")
        return self


@get("/trocar-senha", lowest=Role.ATENDENTE, while_changing=True)
async def show_new_password(request: StaffRequest) -> Response[str]:
    """The form."""
    if not member_of(request).must_change:
        return go_to(request, "/minha-conta")
    return page(request, "new_password.html", form=Filled())


@post("/trocar-senha", lowest=Role.ATENDENTE, while_changing=True)
async def set_new_password(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Take the new password; other sessions end."""
    form, visit = await read_form(request, NewPassword), visit_of(request)
    user = await session.get_one(StaffUser, member_of(request).id)
    if form.given is not None and await refuse_weak(form, form.given.new, user, parts_of(request).passwords) is None:
        change_password(user, await parts_of(request).passwords.hash(form.given.new))
        await end_sessions(session, user.id, but=visit.session_id)
        note(session, visit.doer, Action.PASSWORD_CHANGED)
        return go_to(request, "/inicio", say="Senha trocada. Use a nova da próxima vez.")
    return page(request, "new_password.html", status=422, form=form)


async def refuse_weak(form: Filled[Any], new: str, user: StaffUser, passwords: Passwords) -> str | None:
    """Say at the field why this password will not do; `None` when it will."""
    reason = weakness(new, user.email, user.name)
    if reason is None and await passwords.matches(user.password_hash, new):
        reason = "Escolha uma senha diferente da atual."
    if reason is not None:
        form.refuse(reason, "new")
    return reason


AREA = Area("Trocar senha", "/trocar-senha", Role.ATENDENTE, (show_new_password, set_new_password))
