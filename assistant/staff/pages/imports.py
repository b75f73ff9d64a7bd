"""Importação: the leads that wait for a decision, the look at Kommo, and importing all complete ones at once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.audit import Action, note
from assistant.staff.pages.import_drawing import PATH
from assistant.staff.pages.import_forms import Versions
from assistant.staff.pages.import_review import REVIEW_ROUTES, reviewer_of
from assistant.staff.roles import Role
from assistant.staff.web.areas import Area, Place
from assistant.staff.web.forms import LARGEST_KEY, Form, read_form
from assistant.staff.web.rendering import go_to, page
from assistant.staff.web.visit import StaffRequest, member_of, visit_of
from integrations.kommo.importer import listing
from integrations.kommo.importer.automatic import MOST_PER_HOUR, automatic, set_automatic
from integrations.kommo.importer.batches import MOST, complete_ones, start_batch
from integrations.kommo.importer.models import OPEN, CandidateState, ImportBatch
from integrations.kommo.importer.runs import Source, newest_run, start_run
from integrations.kommo.importer.watch import qualified_stage

SHOWN_AFTER = timedelta(minutes=10)
"""How long the result of the last look stands on the page."""
LONGEST_SEARCH = 100


class PerHour(Form):
    """How many leads may be imported an hour without a person."""

    per_hour: int = Field(ge=0, le=MOST_PER_HOUR)


@get(PATH, lowest=Role.ATENDENTE)
async def show_imports(
    request: StaffRequest,
    session: NamedDependency[AsyncSession],
    estado: FromQuery[str] = "",
    busca: FromQuery[str] = "",
    depois: FromQuery[str] = "",
) -> Response[str]:
    """The list; names and phones stand in it, so it is noted."""
    note(session, visit_of(request).doer, Action.IMPORTS_SEEN)
    search = busca.strip()[:LONGEST_SEARCH]
    listed = await listing.list_candidates(session, _states(estado), search, listing.Place.read(depois))
    now, counts = datetime.now(UTC), await listing.counts(session)
    return page(
        request,
        "imports.html",
        listed=listed,
        counts=counts,
        waiting=sum(counts[state] for state in OPEN),
        states=CandidateState,
        chosen=estado if estado in set(CandidateState) else "",
        search=search,
        run=await newest_run(session),
        shown_since=now - SHOWN_AFTER,
        chosen_stage=await qualified_stage(session) is not None,
        per_hour=(await automatic(session)).per_hour,
        most_per_hour=MOST_PER_HOUR,
    )


@post(f"{PATH}/buscar", lowest=Role.ATENDENTE)
async def fetch_leads(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Have a worker look at all qualified leads."""
    if await qualified_stage(session) is None:
        return go_to(request, PATH, say="Antes, alguém da gerência precisa escolher a etapa “Qualificado” no Preparo.")
    _, started = await start_run(session, Source.BUTTON, member_of(request).name)
    note(session, visit_of(request).doer, Action.IMPORT_STARTED)
    return go_to(request, PATH, say=None if started else "A busca já está em andamento.")


@get(f"{PATH}/andamento", lowest=Role.ATENDENTE, unattended=True)
async def show_run(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """How far the look is, for the page to renew that part; at its end the whole page is asked for again."""
    run = await newest_run(session)
    if run is None or run.state != "running":
        return Response("", headers={"HX-Refresh": "true"})
    return page(request, "imports.html", block="run", run=run, shown_since=datetime.now(UTC) - SHOWN_AFTER)


@get(f"{PATH}/lote", lowest=Role.ATENDENTE)
async def show_summary(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """What importing all complete candidates would do."""
    note(session, visit_of(request).doer, Action.IMPORTS_SEEN)
    rows = await complete_ones(session)
    pairs = " ".join(f"{row.id}:{row.version}" for row in rows)
    return page(request, "import_summary.html", rows=rows, pairs=pairs, most=MOST)


@post(f"{PATH}/lote", lowest=Role.ATENDENTE)
async def import_all(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Have those imported that stood in the summary."""
    form = await read_form(request, Versions)
    if form.given is None or not form.given.pairs:
        return go_to(request, PATH, say="Não havia nada para importar.")
    batch = await start_batch(session, reviewer_of(request), form.given.pairs)
    note(session, visit_of(request).doer, Action.IMPORT_BATCH_STARTED, str(batch.id))
    return go_to(request, f"{PATH}/lote/{batch.id}")


@get(f"{PATH}/lote/{{batch_id:int}}", lowest=Role.ATENDENTE)
async def show_batch(
    batch_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """How far a batch is, and what became of it."""
    return page(request, "import_batch.html", batch=await _batch(session, batch_id))


@get(f"{PATH}/lote/{{batch_id:int}}/agora", lowest=Role.ATENDENTE, unattended=True)
async def show_batch_now(
    batch_id: FromPath[int], request: StaffRequest, session: NamedDependency[AsyncSession]
) -> Response[str]:
    """The same alone, for the page to renew itself."""
    return page(request, "import_batch.html", block="result", batch=await _batch(session, batch_id))


@post(f"{PATH}/automatica", lowest=Role.GERENTE)
async def set_per_hour(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """Say how many may be imported an hour without a person."""
    form, member = await read_form(request, PerHour), member_of(request)
    if form.given is None:
        return go_to(request, PATH, say=f"Escreva um número de 0 a {MOST_PER_HOUR}.")
    await set_automatic(session, form.given.per_hour, member.id, datetime.now(UTC))
    note(session, visit_of(request).doer, Action.IMPORT_AUTOMATIC_SET, str(form.given.per_hour))
    on = f"ligada: até {form.given.per_hour} por hora" if form.given.per_hour else "desligada"
    return go_to(request, PATH, say=f"Importação automática {on}.")


def _states(given: str) -> Sequence[CandidateState]:
    return (CandidateState(given),) if given in set(CandidateState) else OPEN


async def _batch(session: AsyncSession, batch_id: int) -> ImportBatch:
    batch = await session.get(ImportBatch, batch_id) if 0 < batch_id < LARGEST_KEY else None
    if batch is None:
        raise NotFoundException
    return batch


ROUTES = (show_imports, fetch_leads, show_run, show_summary, import_all, show_batch, show_batch_now, set_per_hour)
AREA = Area("Importação", PATH, Role.ATENDENTE, (*ROUTES, *REVIEW_ROUTES), Place.IMPORT)
