"""Configurações › Auditoria: who saw and did what, newest first, for one person or everybody."""

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import WORDS, Action, note, read_log
from assistant.staff.roles import Role
from assistant.staff.users import all_users
from assistant.staff.web.areas import Area, Place
from assistant.staff.web.rendering import page
from assistant.staff.web.visit import StaffRequest, visit_of

PATH = "/configuracoes/auditoria"
PAGE_SIZE = 50
Person = Annotated[str, QueryParameter(name="pessoa")]
Before = Annotated[int | None, QueryParameter(name="antes", ge=1, le=2**62)]


@get(PATH, lowest=Role.GERENTE)
async def show_trail(
    request: StaffRequest,
    session: NamedDependency[AsyncSession],
    person: Person = "",
    before: Before = None,
) -> Response[str]:
    """One page of the log; `pessoa` is an id or nothing, `antes` the last line of the page before."""
    people = await all_users(session)
    names = {user.id: user.name for user in people}
    chosen = int(person) if person.isdecimal() and int(person) in names else None
    rows = await read_log(session, user_id=chosen, before=before, limit=PAGE_SIZE + 1)
    note(session, visit_of(request).doer, Action.AUDIT_SEEN)
    lines = [(entry, name, _told(entry.action), _about(entry.about, names)) for entry, name in rows[:PAGE_SIZE]]
    more = rows[PAGE_SIZE - 1][0].id if len(rows) > PAGE_SIZE else None
    options = [("", "Todos"), *((user.id, user.name) for user in people)]
    return page(
        request,
        "trail.html",
        block="lines",
        lines=lines,
        options=options,
        chosen=chosen,
        more=more,
        first=before is None,
    )


def _told(action: str) -> str:
    return WORDS[Action(action)] if action in set(Action) else action


def _about(about: str | None, names: dict[int, str]) -> str:
    """What a line is about, in words."""
    kind, _, number = (about or "").partition(":")
    if kind == "staff_user" and number.isdecimal():
        return names.get(int(number), f"usuário {number}")
    return about or ""


AREA = Area("Auditoria", PATH, Role.GERENTE, (show_trail,), Place.SETTINGS)
