"""Importação › one lead: what Kommo says, what will be written, who it may be; import, link, reject, reopen, undo.

A decision that was overtaken (somebody else was faster, the lead changed) changes nothing: the page is drawn again with
what was typed, and says what happened.
"""

from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, note
from assistant.staff.pages.import_drawing import PATH, draw_candidate
from assistant.staff.pages.import_forms import Link, Reason, Reviewed, Version
from assistant.staff.roles import Role
from assistant.staff.web.forms import LARGEST_KEY, Filled, read_form
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import go_to
from assistant.staff.web.visit import StaffRequest, member_of, visit_of
from integrations.database import savepoint
from integrations.kommo.importer import reviewing
from integrations.kommo.importer.errors import NotDone
from integrations.kommo.importer.failing import import_refused
from integrations.kommo.importer.history import Reviewer
from integrations.kommo.importer.importing import Decision, import_candidate, link_candidate
from integrations.kommo.importer.listing import next_open
from integrations.kommo.importer.models import Candidate
from integrations.kommo.importer.undoing import undo_import


@get(f"{PATH}/{{candidate_id:int}}", lowest=Role.ATENDENTE)
async def show_candidate(
    candidate_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """The page of one lead."""
    note(session, visit_of(request).doer, Action.LEAD_SEEN, str(candidate_id))
    return await draw_candidate(request, session, candidate_id)


@post(f"{PATH}/{{candidate_id:int}}/salvar", lowest=Role.ATENDENTE)
async def save(
    candidate_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Keep what was typed."""
    form = await read_form(request, Reviewed)

    async def act(given: Reviewed) -> Response[str]:
        await _edit(request, session, candidate_id, given)
        return go_to(request, f"{PATH}/{candidate_id}", say="Salvo.")

    return await _decide(request, session, candidate_id, form, act)


@post(f"{PATH}/{{candidate_id:int}}/importar", lowest=Role.ATENDENTE)
async def import_one(
    candidate_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Keep what was typed and make the OS."""
    form = await read_form(request, Reviewed)
    if form.given is not None and form.given.customers_seen and not form.given.customer:
        form.refuse("Escolha de quem é este carro: um cliente que já existe, ou cliente novo.", "customer")

    async def act(given: Reviewed) -> Response[str]:
        version = await _edit(request, session, candidate_id, given)
        url = parts_of(request).settings.service_url
        seen = (given.customers_seen, given.orders_seen)
        decision = Decision(candidate_id, version, given.chosen, *seen, service_url=url)
        made = await import_candidate(session, decision, reviewer_of(request), datetime.now(UTC))
        note(session, visit_of(request).doer, Action.LEAD_IMPORTED, str(candidate_id))
        return await _onward_with(request, session, candidate_id, f"Criada a {made.order_number}")

    return await _decide(request, session, candidate_id, form, act)


@post(f"{PATH}/{{candidate_id:int}}/ligar", lowest=Role.ATENDENTE)
async def link(
    candidate_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """The lead is about an OS that exists."""

    async def act(given: Link) -> Response[str]:
        url = parts_of(request).settings.service_url
        decision = Decision(candidate_id, given.version, None, service_url=url)
        made = await link_candidate(session, decision, given.order, reviewer_of(request), datetime.now(UTC))
        note(session, visit_of(request).doer, Action.LEAD_LINKED, str(candidate_id))
        return await _onward_with(request, session, candidate_id, f"Ligado à {made.order_number}")

    return await _decide(request, session, candidate_id, await read_form(request, Link), act)


@post(f"{PATH}/{{candidate_id:int}}/rejeitar", lowest=Role.ATENDENTE)
async def reject(
    candidate_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """This lead becomes no OS."""

    async def act(given: Reason) -> Response[str]:
        by, now = reviewer_of(request), datetime.now(UTC)
        candidate = await reviewing.reject(session, candidate_id, given.version, given.reason, by, now)
        note(session, visit_of(request).doer, Action.LEAD_REJECTED, str(candidate_id))
        return await _onward(request, session, candidate, f"{candidate.title}: rejeitado.")

    return await _decide(request, session, candidate_id, await read_form(request, Reason), act)


@post(f"{PATH}/{{candidate_id:int}}/aceitar", lowest=Role.ATENDENTE)
async def accept_news(
    candidate_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Let what Kommo says by now stand."""

    async def act(given: Version) -> Response[str]:
        await reviewing.take_over(session, candidate_id, given.version, reviewer_of(request))
        note(session, visit_of(request).doer, Action.LEAD_EDITED, str(candidate_id))
        return go_to(request, f"{PATH}/{candidate_id}", say="Os dados novos do Kommo foram aceitos.")

    return await _decide(request, session, candidate_id, await read_form(request, Version), act)


@post(f"{PATH}/{{candidate_id:int}}/reabrir", lowest=Role.ATENDENTE)
async def reopen(
    candidate_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Decide once more on a rejected lead."""

    async def act(_: Version) -> Response[str]:
        await reviewing.reopen(session, candidate_id, reviewer_of(request))
        note(session, visit_of(request).doer, Action.LEAD_REOPENED, str(candidate_id))
        return go_to(request, f"{PATH}/{candidate_id}", say="Reaberto.")

    return await _decide(request, session, candidate_id, await read_form(request, Version), act)


@post(f"{PATH}/{{candidate_id:int}}/desfazer", lowest=Role.ATENDENTE)
async def undo(
    candidate_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """Take an import back."""

    async def act(_: Version) -> Response[str]:
        words = await undo_import(session, candidate_id, reviewer_of(request), datetime.now(UTC))
        note(session, visit_of(request).doer, Action.IMPORT_UNDONE, str(candidate_id))
        return go_to(request, f"{PATH}/{candidate_id}", say=f"Importação desfeita. {' '.join(words)}")

    return await _decide(request, session, candidate_id, await read_form(request, Version), act)


def reviewer_of(request: StaffRequest) -> Reviewer:
    """Whoever is signed in, as the history names them."""
    member = member_of(request)
    return Reviewer(member.id, member.name)


async def _edit(request: StaffRequest, session: AsyncSession, candidate_id: int, given: Reviewed) -> int:
    """Keep what was typed; the version that it has then."""
    by, now = reviewer_of(request), datetime.now(UTC)
    kept = await reviewing.edit(
        session, candidate_id, given.version, given.typed, no_plate=given.no_plate, by=by, now=now
    )
    if kept.version != given.version:
        note(session, visit_of(request).doer, Action.LEAD_EDITED, str(candidate_id))
    return kept.version


async def _decide(
    request: StaffRequest,
    session: AsyncSession,
    candidate_id: int,
    form: Filled[Any],
    act: Callable[[Any], Coroutine[Any, Any, Response[str]]],
) -> Response[str]:
    """Carry a decision out, or draw the page again with what was typed and why it was not."""
    if not 0 < candidate_id < LARGEST_KEY:
        raise NotFoundException
    if form.given is not None and not form.errors:
        try:
            async with savepoint(session):
                return await act(form.given)
        except NotDone as reason:
            session.expire_all()
            form.refuse(str(reason))
        except DBAPIError as error:
            session.expire_all()
            form.refuse(await import_refused(session, candidate_id, error, reviewer_of(request)))
    return await draw_candidate(request, session, candidate_id, form)


async def _onward_with(request: StaffRequest, session: AsyncSession, candidate_id: int, did: str) -> Response[str]:
    """On to the next lead, saying what was done for this one."""
    candidate = await session.get_one(Candidate, candidate_id)
    return await _onward(request, session, candidate, f"{did} para {candidate.title}.")


async def _onward(request: StaffRequest, session: AsyncSession, candidate: Candidate, say: str) -> Response[str]:
    """On to the next lead that waits, else to the list."""
    following = await next_open(session, candidate)
    return go_to(request, f"{PATH}/{following}" if following else PATH, say=say)


REVIEW_ROUTES: Sequence[Any] = (show_candidate, save, import_one, link, reject, accept_news, reopen, undo)
