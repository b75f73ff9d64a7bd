"""Saúde: is the connection alive, is the work done in time, what waits for a person, what does the model cost.

Parked rows are tried again by anybody of the staff, and discarded by a manager with a reason.
"""

from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, note
from assistant.staff.health import health
from assistant.staff.roles import Role
from assistant.staff.web.areas import Area, Place
from assistant.staff.web.forms import LARGEST_KEY, Form, read_form
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import go_to, page
from assistant.staff.web.visit import StaffRequest, visit_of
from integrations.kommo.chats.parked import LONGEST_REASON, ParkedKind, discard, retry

PATH = "/saude"
KINDS = {
    ParkedKind.EVENT: "Aviso do Kommo",
    ParkedKind.MESSAGE: "Resposta ao cliente",
    ParkedKind.TASK: "Tarefa para a equipe",
    ParkedKind.NOTE: "Nota no lead",
    ParkedKind.LEAD_FIELDS: "Campos do lead",
    ParkedKind.LEAD_WRITE: "Aviso de OS no lead",
}
GONE = "Isto já não está mais parado."


class Reason(Form):
    """Why something is left undone for good."""

    reason: str = Field(min_length=3, max_length=LONGEST_REASON)


@get(PATH, lowest=Role.ATENDENTE)
async def show_health(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """The page; names of customers stand beside what is parked, so it is noted."""
    note(session, visit_of(request).doer, Action.HEALTH_SEEN)
    return await _health_page(request, session)


@get(f"{PATH}/agora", lowest=Role.ATENDENTE, unattended=True)
async def show_now(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """The state alone, for the page to renew itself."""
    return await _health_page(request, session)


async def _health_page(request: StaffRequest, session: AsyncSession) -> Response[str]:
    now = datetime.now(UTC)
    state = await health(session, parts_of(request).settings, now)
    return page(request, "health.html", block="state", state=state, now=now, kinds=KINDS)


@post(f"{PATH}/parados/{{kind:str}}/{{row_id:int}}/tentar", lowest=Role.ATENDENTE)
async def try_again(
    kind: FromPath[str], row_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Have a parked row tried again."""
    known = _kind(kind, row_id)
    if not await retry(session, known, row_id, datetime.now(UTC)):
        return go_to(request, PATH, say=GONE)
    note(session, visit_of(request).doer, Action.PARKED_RETRIED, f"{known}:{row_id}")
    return go_to(request, PATH, say="Vai ser tentado de novo em instantes.")


@post(f"{PATH}/parados/{{kind:str}}/{{row_id:int}}/descartar", lowest=Role.GERENTE)
async def throw_out(
    kind: FromPath[str], row_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Leave a parked row undone for good."""
    known, form = _kind(kind, row_id), await read_form(request, Reason)
    if form.given is None:
        return go_to(request, PATH, say="Para descartar, escreva o motivo (pelo menos 3 letras).")
    if not await discard(session, known, row_id, form.given.reason, datetime.now(UTC)):
        return go_to(request, PATH, say=GONE)
    note(session, visit_of(request).doer, Action.PARKED_DISCARDED, f"{known}:{row_id}")
    return go_to(request, PATH, say="Descartado. O motivo ficou registrado.")


def _kind(kind: str, row_id: int) -> ParkedKind:
    if kind not in set(ParkedKind) or not 0 < row_id < LARGEST_KEY:
        raise NotFoundException
    return ParkedKind(kind)


AREA = Area("Saúde", PATH, Role.ATENDENTE, (show_health, show_now, try_again, throw_out), Place.HEALTH)
