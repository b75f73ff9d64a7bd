"""/contacts and /companies: list, read, create, change. The two differ by a word in the path."""

from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from . import contacts, filters, shapes
from .api_common import acting_user, kind_of
from .context import Sandbox
from .errors import Flaw
from .inputs import Batch, ContactInput, read_batch, read_one
from .model import EntityKind
from .paging import page_of, query_of
from .records import Draft, check, thin
from .wire import AnyRequest, Doc, empty, hal, strings


@get(["/contacts", "/companies"])
async def list_contacts(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    kind, query = kind_of(request), query_of(request)
    with_ = set(strings(query.get("with")))
    rows = filters.contacts(box.world, kind, query)
    return page_of(request, kind, rows, lambda row: shapes.contact(box.world, row, with_))


@get(["/contacts/{contact_id:int}", "/companies/{contact_id:int}"])
async def show_contact(
    request: AnyRequest, contact_id: FromPath[int], box: NamedDependency[Sandbox]
) -> Response[object]:
    row = box.world.contacts.get(contact_id)
    if row is None or row.is_deleted or row.kind != kind_of(request):
        return empty()
    return hal(shapes.contact(box.world, row, set(strings(query_of(request).get("with")))))


@post(["/contacts", "/companies"], status_code=200)
async def add_contacts(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    kind, batch = kind_of(request), await read_batch(request, ContactInput)
    drafts, user_id = check_contacts(box, kind, batch), acting_user(request)
    made = [contacts.create(box, kind, item, drafts[index], user_id) for index, item in enumerate(batch.items)]
    contacts.announce_new(box, made)
    docs = [thin(kind, box.world, row, key, created=True) for (key, _), row in zip(batch, made, strict=True)]
    return hal(_listed(box, kind, docs))


@patch(["/contacts", "/companies"])
async def change_contacts(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    kind, batch = kind_of(request), await read_batch(request, ContactInput)
    return hal(_listed(box, kind, _change(box, kind, batch, acting_user(request))))


@patch(["/contacts/{contact_id:int}", "/companies/{contact_id:int}"])
async def change_contact(
    request: AnyRequest, contact_id: FromPath[int], box: NamedDependency[Sandbox]
) -> Response[object]:
    batch = await read_one(request, ContactInput)
    batch.items = [item.model_copy(update={"id": contact_id}) for item in batch.items]
    return hal(_change(box, kind_of(request), batch, acting_user(request))[0])


def check_contacts(box: Sandbox, kind: EntityKind, batch: Batch[ContactInput]) -> list[Draft]:
    """Check all items; 400 with every flaw found."""
    drafts: list[Draft] = []
    for key, item in batch:
        draft, flaws = check(box.world, kind, item)
        drafts.append(draft)
        batch.blame(key, *flaws)
    batch.settle()
    return drafts


def _change(box: Sandbox, kind: EntityKind, batch: Batch[ContactInput], user_id: int) -> list[Doc]:
    known = [box.world.contacts.get(item.id) if item.id is not None else None for item in batch.items]
    for (key, item), row in zip(batch, known, strict=True):
        if item.id is None:
            batch.blame(key, Flaw("FieldMissing", "id", "This field is missing."))
        elif row is None or row.is_deleted or row.kind != kind:
            batch.blame(key, Flaw("EntityNotFound", "id", "Entity not found"))
    drafts = check_contacts(box, kind, batch)
    rows = [row for row in known if row]
    changed = [
        contacts.change(box, row, item, draft, user_id)
        for row, item, draft in zip(rows, batch.items, drafts, strict=True)
    ]
    contacts.announce_changes(box, changed)
    return [thin(kind, box.world, row, None, created=False) for row in rows]


def _listed(box: Sandbox, kind: EntityKind, docs: list[Doc]) -> Doc:
    return {"_links": shapes.link(box.world, kind), "_embedded": {kind: docs}}


ROUTES = [list_contacts, show_contact, add_contacts, change_contacts, change_contact]
