"""Notes of leads, contacts and companies: list, read, add, change."""

from collections.abc import Iterable, Iterator, Mapping

from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from . import hookshapes, shapes
from .api_common import acting_user, find, kind_of, paths
from .context import Sandbox
from .errors import Flaw, not_found
from .filters import bound
from .inputs import Batch, ItemInput, read_batch, read_one
from .model import SINGULAR, EntityKind, Note
from .paging import page_of, query_of
from .records import UNKNOWN_CHOICE, add_event
from .wire import AnyRequest, Doc, branch, empty, hal, strings
from .world import World

REQUIRED_PARAMS: dict[str, tuple[str, ...]] = {
    "common": ("text",),
    "service_message": ("service", "text"),
    "extended_service_message": ("service", "text"),
    "call_in": ("uniq", "duration", "source", "link", "phone"),
    "call_out": ("uniq", "duration", "source", "link", "phone"),
    "sms_in": ("text", "phone"),
    "sms_out": ("text", "phone"),
    "geolocation": ("text", "address", "longitude", "latitude"),
    "attachment": ("file_uuid", "version_uuid", "file_name"),
}
"""Note types that can be written, and what their `params` must hold."""


class NoteChange(ItemInput):
    entity_id: int | None = None
    note_type: str | None = None
    params: Doc | None = None
    created_by: int | None = None
    responsible_user_id: int | None = None
    is_need_to_trigger_digital_pipeline: bool | None = None


@get(paths("/notes"))
async def list_notes(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    kind, world = kind_of(request), box.world
    rows = (note for note in world.notes.rows.values() if note.entity == kind)
    return page_of(request, "notes", _filtered(request, rows), lambda row: shapes.note(world, row))


@get(paths("/{entity_id:int}/notes"))
async def list_notes_of(
    request: AnyRequest, entity_id: FromPath[int], box: NamedDependency[Sandbox]
) -> Response[object]:
    world = box.world
    rows = (world.notes.rows[i] for i in world.notes_of.get((kind_of(request), entity_id), ()))
    return page_of(request, "notes", _filtered(request, rows), lambda row: shapes.note(world, row))


def _filtered(request: AnyRequest, rows: Iterable[Note]) -> Iterator[Note]:
    filter_ = branch(query_of(request), "filter")
    types, ids = set(strings(filter_.get("note_type"))), set(strings(filter_.get("id")))
    entity_ids, updated = set(strings(filter_.get("entity_id"))), branch(filter_, "updated_at")
    low, high = bound(updated, "from", 0), bound(updated, "to", 1 << 40)
    for row in rows:
        kept = (not types or row.note_type in types) and (not ids or str(row.id) in ids)
        if kept and (not entity_ids or str(row.entity_id) in entity_ids) and low <= row.updated_at <= high:
            yield row


@get([*paths("/notes/{note_id:int}"), *paths("/{entity_id:int}/notes/{note_id:int}")])
async def show_note(request: AnyRequest, note_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    row = box.world.notes.get(note_id)
    return hal(shapes.note(box.world, row)) if row and row.entity == kind_of(request) else empty()


@post(paths("/notes"), status_code=200)
async def add_notes(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    return _add(request, box, await read_batch(request, NoteChange))


@post(paths("/{entity_id:int}/notes"), status_code=200)
async def add_notes_to(
    request: AnyRequest, entity_id: FromPath[int], box: NamedDependency[Sandbox]
) -> Response[object]:
    batch = await read_batch(request, NoteChange)
    batch.items = [item.model_copy(update={"entity_id": entity_id}) for item in batch.items]
    return _add(request, box, batch)


def _add(request: AnyRequest, box: Sandbox, batch: Batch[NoteChange]) -> Response[object]:
    kind, user_id = kind_of(request), acting_user(request)
    for key, item in batch:
        if find(box.world, kind, item.entity_id) is None:
            batch.blame(key, Flaw("EntityNotFound", "entity_id", "Entity not found"))
        batch.blame(key, *_param_flaws(item.note_type or "common", item.params or {}))
    batch.settle()
    rows = [_create(box, kind, item, user_id) for item in batch.items]
    name, root = f"note_{SINGULAR[kind]}", "contacts" if kind == "companies" else kind
    box.courier.announce(name, root, "note", [hookshapes.note(row) for row in rows])
    docs = [_thin(box.world, row) | {"request_id": key} for (key, _), row in zip(batch, rows, strict=True)]
    return hal(_listed(box.world, kind, docs))


def _param_flaws(note_type: str, params: Mapping[str, object]) -> list[Flaw]:
    required = REQUIRED_PARAMS.get(note_type)
    if required is None:
        return [Flaw("NotSupportedChoice", "note_type", UNKNOWN_CHOICE)]
    return [Flaw("FieldMissing", f"params.{name}", "This field is missing.") for name in required if name not in params]


def _create(box: Sandbox, kind: EntityKind, item: NoteChange, user_id: int) -> Note:
    world, now, entity_id = box.world, box.world.now(), item.entity_id or 0
    creator = item.created_by if item.created_by is not None else user_id
    note = Note(
        world.notes.next_id(),
        kind,
        entity_id,
        item.note_type or "common",
        item.params or {},
        creator,
        creator,
        now,
        now,
        user_id,
    )
    note.responsible_user_id = item.responsible_user_id or user_id
    world.notes.put(note)
    world.notes_of[kind, entity_id].append(note.id)
    event = "common_note_added" if note.note_type == "common" else f"{note.note_type}_note_added"
    add_event(world, event, kind, entity_id, creator, [{"note": {"id": note.id}}])
    return note


@patch(paths("/notes"))
async def change_notes(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    docs = _change(request, box, await read_batch(request, NoteChange))
    return hal(_listed(box.world, kind_of(request), docs))


@patch([*paths("/notes/{note_id:int}"), *paths("/{entity_id:int}/notes/{note_id:int}")])
async def change_note(request: AnyRequest, note_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    batch = await read_one(request, NoteChange)
    batch.items = [item.model_copy(update={"id": note_id}) for item in batch.items]
    return hal(_change(request, box, batch)[0])


def _change(request: AnyRequest, box: Sandbox, batch: Batch[NoteChange]) -> list[Doc]:
    world, kind = box.world, kind_of(request)
    known = [world.notes.get(item.id) if item.id is not None else None for item in batch.items]
    for (key, item), row in zip(batch, known, strict=True):
        if row is None or row.entity != kind:
            raise not_found(f"Note {item.id} not found")
        batch.blame(key, *_param_flaws(row.note_type, item.params or row.params))
    batch.settle()
    rows = [row for row in known if row]
    for row, item in zip(rows, batch.items, strict=True):
        row.params, row.updated_at, row.updated_by = item.params or row.params, world.now(), acting_user(request)
        world.notes.put(row)
    return [_thin(world, row) | {"updated_at": row.updated_at} for row in rows]


def _thin(world: World, row: Note) -> Doc:
    links = shapes.link(world, f"{row.entity}/{row.entity_id}/notes/{row.id}")
    return {"id": row.id, "entity_id": row.entity_id, "_links": links}


def _listed(world: World, kind: EntityKind, docs: list[Doc]) -> Doc:
    return {"_links": shapes.link(world, f"{kind}/notes"), "_embedded": {"notes": docs}}


ROUTES = [list_notes, list_notes_of, show_note, add_notes, add_notes_to, change_notes, change_note]
