"""/leads and /leads/{id}: list, read, create, change."""

from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from . import filters, leads, shapes
from .api_common import acting_user, find
from .context import Sandbox
from .errors import Flaw
from .inputs import Batch, LeadInput, read_batch, read_one
from .model import Lead
from .paging import page_of, query_of
from .records import UNKNOWN_CHOICE, Draft, check, thin
from .wire import AnyRequest, Doc, empty, hal, strings


@get("/leads")
async def list_leads(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    query = query_of(request)
    with_ = set(strings(query.get("with")))
    rows = filters.leads(box.world, query)
    return page_of(request, "leads", rows, lambda row: shapes.lead(box.world, row, with_))


@get("/leads/{lead_id:int}")
async def show_lead(request: AnyRequest, lead_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    row = box.world.leads.get(lead_id)
    if row is None or row.is_deleted:
        return empty()
    return hal(shapes.lead(box.world, row, set(strings(query_of(request).get("with")))))


@post("/leads", status_code=200)
async def add_leads(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    batch = await read_batch(request, LeadInput)
    drafts = check_leads(box, batch)
    user_id = acting_user(request)
    made = [leads.create(box, item, drafts[index], user_id) for index, item in enumerate(batch.items)]
    leads.announce_new(box, made)
    docs = [thin("leads", box.world, row, key, created=True) for (key, _), row in zip(batch, made, strict=True)]
    return hal(_listed(box, docs))


@patch("/leads")
async def change_leads(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    return hal(_listed(box, _change(box, await read_batch(request, LeadInput), acting_user(request))))


@patch("/leads/{lead_id:int}")
async def change_lead(request: AnyRequest, lead_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    batch = await read_one(request, LeadInput)
    batch.items = [item.model_copy(update={"id": lead_id}) for item in batch.items]
    return hal(_change(box, batch, acting_user(request))[0])


def check_leads(box: Sandbox, batch: Batch[LeadInput], known: list[Lead | None] | None = None) -> list[Draft]:
    """Check all items; 400 with every flaw found. `known` are the leads that a change is about."""
    drafts: list[Draft] = []
    for index, (key, item) in enumerate(batch):
        draft, flaws = check(box.world, "leads", item)
        drafts.append(draft)
        batch.blame(key, *flaws)
        leads.check_stage(box.world, batch, key, item, known[index] if known else None)
        for contact in item.embedded.contacts or []:
            if find(box.world, "contacts", contact.id) is None:
                batch.blame(key, Flaw("NotSupportedChoice", "_embedded.contacts.0.id", UNKNOWN_CHOICE))
    batch.settle()
    return drafts


def _change(box: Sandbox, batch: Batch[LeadInput], user_id: int) -> list[Doc]:
    known = [box.world.leads.get(item.id) if item.id is not None else None for item in batch.items]
    for (key, item), row in zip(batch, known, strict=True):
        if item.id is None:
            batch.blame(key, Flaw("FieldMissing", "id", "This field is missing."))
        elif row is None or row.is_deleted:
            batch.blame(key, Flaw("EntityNotFound", "id", "Entity not found"))
    drafts = check_leads(box, batch, known)
    rows = [row for row in known if row]
    changed = [
        leads.change(box, row, item, draft, user_id) for row, item, draft in zip(rows, batch.items, drafts, strict=True)
    ]
    leads.announce_changes(box, changed)
    return [thin("leads", box.world, row, None, created=False) for row in rows]


def _listed(box: Sandbox, docs: list[Doc]) -> Doc:
    return {"_links": shapes.link(box.world, "leads"), "_embedded": {"leads": docs}}


ROUTES = [list_leads, show_lead, add_leads, change_leads, change_lead]
