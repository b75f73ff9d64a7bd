"""Draws the page of one lead: what is known of it, what was typed, and what is marked."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Response
from litestar.exceptions import NotFoundException
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.web.forms import LARGEST_KEY, WHOLE, Filled
from assistant.staff.web.parts import parts_of
from assistant.staff.web.rendering import page
from assistant.staff.web.visit import StaffRequest
from integrations.kommo.connection.status import connection_status
from integrations.kommo.importer.history import Done, history_of
from integrations.kommo.importer.listing import next_open
from integrations.kommo.importer.models import OPEN, CandidateState
from integrations.kommo.importer.reading import FIELDS, STATUSES
from integrations.kommo.importer.reviewing import Review, review
from integrations.kommo.importer.undoing import may_be_undone
from integrations.workshop.normal.choices import Urgency

PATH = "/importacao"


async def draw_candidate(
    request: StaffRequest, session: AsyncSession, candidate_id: int, form: Filled[Any] | None = None
) -> Response[str]:
    """The page; with `form` what was typed and what is wrong. 404 for a lead that there is not."""
    seen = await review(session, candidate_id) if 0 < candidate_id < LARGEST_KEY else None
    if seen is None:
        raise NotFoundException
    candidate, now = seen.candidate, datetime.now(UTC)
    account = await connection_status(session, parts_of(request).settings, now)
    return page(
        request,
        "import_review.html",
        status=200 if form is None else (409 if WHOLE in form.errors else form.status),
        seen=seen,
        candidate=candidate,
        state=CandidateState(candidate.state),
        open=candidate.state in OPEN,
        filled=_filled(seen, form),
        trouble=form.errors.get(WHOLE) if form else None,
        chosen=_chosen(seen, form),
        fields=FIELDS,
        statuses=list(STATUSES.items()),
        urgencies=[("", "Não informada"), *((one.value, one.value) for one in Urgency)],
        history=await history_of(session, candidate_id),
        done=Done,
        following=await next_open(session, candidate),
        lead_url=f"{account.base_url}/leads/detail/{candidate.lead_id}" if account.base_url else None,
        can_undo=may_be_undone(candidate, now),
    )


def _filled(seen: Review, form: Filled[Any] | None) -> Filled[Any]:
    """The form with what was typed, else with what would be written; problems stand at their fields."""
    typed = form.values if form is not None and "full_name" in form.values else None
    values: Mapping[str, str] = typed or {**seen.texts, "version_name": seen.texts["version"]}
    errors = {one["field"]: one["words"] for one in seen.candidate.problems if one["blocking"]}
    own = {name: words for name, words in form.errors.items() if name != WHOLE} if form is not None else {}
    return Filled(values=values, errors=errors | own)


def _chosen(seen: Review, form: Filled[Any] | None) -> str:
    """The customer that is marked: what was chosen, else a certain match, else a new one when nobody is like it."""
    if form is not None and form.values.get("customer"):
        return form.values["customer"]
    sure = seen.matches.certain_customer
    if sure is not None:
        return str(sure.customer_id)
    return "" if seen.matches.customers else "new"
