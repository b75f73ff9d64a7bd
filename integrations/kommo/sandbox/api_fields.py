"""/{entity}/custom_fields: list, read, create, change, delete."""

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from .api_common import kind_of, paths, require_admin
from .context import Sandbox
from .errors import Flaw, not_found
from .inputs import Batch, Input, ItemInput, Text, read_batch, read_one
from .model import Choice, EntityKind, Field
from .paging import page_of
from .shapes import link
from .values import CHOICES
from .wire import AnyRequest, Doc, empty, hal
from .world import World

PLAIN_TYPES = ("text", "numeric", "checkbox", "select", "multiselect", "date", "url", "textarea", "radiobutton")
OTHER_TYPES = ("streetaddress", "smart_address", "birthday", "legal_entity", "date_time", "price", "category", "items")
RARE_TYPES = ("tracking_data", "linked_entity", "chained_list", "monetary", "file")
TYPES = frozenset(PLAIN_TYPES + OTHER_TYPES + RARE_TYPES)
CHOICE_IDS_FROM = 3_000_001


class ChoiceInput(Input):
    id: int | None = None
    value: Text
    sort: int | None = None
    code: str | None = None


class FieldChange(ItemInput):
    name: Text | None = None
    type: str | None = None
    code: str | None = None
    sort: int | None = None
    group_id: str | None = None
    is_api_only: bool | None = None
    enums: list[ChoiceInput] | None = None
    required_statuses: list[dict[str, int]] | None = None


class FieldInput(FieldChange):
    name: Text
    type: str


def _field(world: World, row: Field) -> Doc:
    enums = [{"id": c.id, "value": c.value, "sort": c.sort, "code": c.code} for c in row.enums]
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type,
        "account_id": world.account.id,
        "code": row.code,
        "sort": row.sort,
        "is_api_only": row.is_api_only,
        "enums": enums or None,
        "group_id": row.group_id,
        "required_statuses": row.required_statuses,
        "is_deletable": not row.is_predefined,
        "is_predefined": row.is_predefined,
        "entity_type": row.entity,
        "tracking_callback": None,
        "remind": None,
        "triggers": [],
        "currency": None,
        "hidden_statuses": [],
        "chained_lists": None,
        "_links": link(world, f"{row.entity}/custom_fields/{row.id}"),
    }


@get(paths("/custom_fields"))
async def list_fields(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    kind = kind_of(request)
    rows = (field for field in box.world.fields.rows.values() if field.entity == kind)
    return page_of(request, "custom_fields", rows, lambda row: _field(box.world, row))


@get(paths("/custom_fields/{field_id:int}"))
async def show_field(request: AnyRequest, field_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    row = box.world.fields.get(field_id)
    return hal(_field(box.world, row)) if row and row.entity == kind_of(request) else empty()


@post(paths("/custom_fields"), status_code=201)
async def add_fields(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    require_admin(request, box.world)
    kind, batch = kind_of(request), await read_batch(request, FieldInput)
    for key, item in batch:
        if item.type not in TYPES:
            batch.blame(key, Flaw("NotSupportedChoice", "type", "The value you selected is not a valid choice."))
        if item.type in CHOICES and not item.enums:
            batch.blame(key, Flaw("FieldMissing", "enums", "This field is missing."))
        if item.code and any(f.code == item.code and f.entity == kind for f in box.world.fields.rows.values()):
            batch.blame(key, Flaw("NotUnique", "code", "This value is already used."))
    batch.settle()
    docs = [_field(box.world, _create(box.world, kind, item)) | {"request_id": key} for key, item in batch]
    return hal(_listed(box.world, kind, docs), 201)


def _create(world: World, kind: EntityKind, item: FieldInput) -> Field:
    field_id = world.fields.next_id()
    field = Field(field_id, kind, item.name, item.type, item.sort or 500 + len(world.fields.rows), item.code)
    field.is_api_only, field.group_id = bool(item.is_api_only), item.group_id
    field.required_statuses = item.required_statuses or []
    if item.enums:
        field.enums = _choices(world, [], item.enums)
    return world.fields.put(field)


def next_choice_id(world: World) -> int:
    used = (choice.id for field in world.fields.rows.values() for choice in field.enums)
    return max(used, default=CHOICE_IDS_FROM) + 1


def _choices(world: World, before: list[Choice], given: list[ChoiceInput]) -> list[Choice]:
    """The new list: what comes without an id is new, known ids keep theirs, what is left out is gone."""
    first_free, known = next_choice_id(world), {choice.id for choice in before}
    return [
        Choice(item.id if item.id in known and item.id else first_free + n, item.value, item.sort or n + 1, item.code)
        for n, item in enumerate(given)
    ]


@patch(paths("/custom_fields"))
async def change_fields(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    require_admin(request, box.world)
    kind = kind_of(request)
    docs = _change(box.world, kind, await read_batch(request, FieldChange))
    return hal(_listed(box.world, kind, docs))


@patch(paths("/custom_fields/{field_id:int}"))
async def change_field(request: AnyRequest, field_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    batch = await read_one(request, FieldChange)
    batch.items = [item.model_copy(update={"id": field_id}) for item in batch.items]
    return hal(_change(box.world, kind_of(request), batch)[0])


def _change(world: World, kind: EntityKind, batch: Batch[FieldChange]) -> list[Doc]:
    known = [world.fields.get(item.id) if item.id is not None else None for item in batch.items]
    for (key, item), row in zip(batch, known, strict=True):
        if row is None or row.entity != kind:
            batch.blame(key, Flaw("EntityNotFound", "id", "Entity not found"))
        elif item.type not in (None, row.type):
            batch.blame(key, Flaw("NotSupportedChoice", "type", "Type of a field cannot be changed."))
    batch.settle()
    rows = [row for row in known if row]
    for row, item in zip(rows, batch.items, strict=True):
        row.name, row.sort = item.name or row.name, item.sort or row.sort
        row.is_api_only = row.is_api_only if item.is_api_only is None else item.is_api_only
        row.required_statuses = item.required_statuses or row.required_statuses
        if item.enums is not None and row.type in CHOICES:
            row.enums = _choices(world, row.enums, item.enums)
        world.fields.put(row)
    return [_field(world, row) for row in rows]


@delete(paths("/custom_fields/{field_id:int}"), status_code=204)
async def delete_field(request: AnyRequest, field_id: FromPath[int], box: NamedDependency[Sandbox]) -> None:
    row = box.world.fields.get(field_id)
    if row is None or row.entity != kind_of(request) or row.is_predefined:
        raise not_found()
    box.world.fields.drop(field_id)


def _listed(world: World, kind: EntityKind, docs: list[Doc]) -> Doc:
    return {
        "_total_items": len(docs),
        "_embedded": {"custom_fields": docs},
        "_links": link(world, f"{kind}/custom_fields"),
    }


ROUTES = [list_fields, show_field, add_fields, change_fields, change_field, delete_field]
