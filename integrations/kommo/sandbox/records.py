"""What writes of leads, contacts and companies have in common: users, custom fields, tags, and their events."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from .context import Sandbox
from .errors import Flaw
from .inputs import RecordInput, TagInput
from .model import SINGULAR, EntityKind, Event, FieldValue, Record, Tag
from .values import take
from .wire import Doc
from .world import World

UNKNOWN_CHOICE = "The value you selected is not a valid choice."


@dataclass(slots=True)
class Draft:
    """A checked write: custom field values by field id, ready to be applied."""

    values: dict[int, list[FieldValue]] = field(default_factory=dict)


def check(world: World, kind: EntityKind, item: RecordInput) -> tuple[Draft, list[Flaw]]:
    """Check what all records share."""
    values, flaws = take(world, kind, item.custom_fields_values)
    for name in ("responsible_user_id", "created_by", "updated_by"):
        user_id = getattr(item, name)
        if user_id and world.users.get(user_id) is None:
            flaws.append(Flaw("NotSupportedChoice", name, UNKNOWN_CHOICE))
    return Draft(values), flaws


def apply(box: Sandbox, kind: EntityKind, record: Record, item: RecordInput, draft: Draft, user_id: int) -> None:
    """Write the shared part of an accepted item into its record and note the events of it."""
    world, now = box.world, box.world.now()
    if item.gave("name") and item.name is not None:
        record.name = item.name
    if item.responsible_user_id and item.responsible_user_id != record.responsible_user_id:
        before, record.responsible_user_id = record.responsible_user_id, item.responsible_user_id
        _note_owner(world, kind, record, before, user_id)
    for field_id, values in draft.values.items():
        _set_value(world, kind, record, field_id, values, user_id)
    _apply_tags(world, kind, record, item, user_id)
    record.created_at = item.created_at or record.created_at
    record.updated_at = item.updated_at or max(now, record.updated_at)
    record.updated_by = item.updated_by if item.updated_by is not None else user_id


def _note_owner(world: World, kind: EntityKind, record: Record, before: int, user_id: int) -> None:
    after: list[Doc] = [{"responsible_user": {"id": record.responsible_user_id}}]
    add_event(
        world, "entity_responsible_changed", kind, record.id, user_id, after, [{"responsible_user": {"id": before}}]
    )


def _set_value(
    world: World, kind: EntityKind, record: Record, field_id: int, values: list[FieldValue], user_id: int
) -> None:
    before = record.values.get(field_id, [])
    if values == before:
        return
    if values:
        record.values[field_id] = values
    else:
        record.values.pop(field_id, None)
    name = f"custom_field_{field_id}_value_changed"
    shown = [_event_values(world, field_id, found) for found in (values, before)]
    add_event(world, name, kind, record.id, user_id, shown[0], shown[1])


def _event_values(world: World, field_id: int, values: list[FieldValue]) -> list[Doc]:
    field_type = world.fields.rows[field_id].type
    docs: list[Doc] = []
    for value in values:
        inner = {"field_id": field_id, "field_type": field_type, "enum_id": value.enum_id, "text": str(value.value)}
        docs.append({"custom_field_value": inner})
    return docs


def _apply_tags(world: World, kind: EntityKind, record: Record, item: RecordInput, user_id: int) -> None:
    """`_embedded.tags` replaces all tags (null clears them); `tags_to_add` and `tags_to_delete` change only those."""
    before = list(record.tag_ids)
    if item.embedded.gave("tags"):
        found = (known_tag(world, kind, given) for given in item.embedded.tags or [])
        record.tag_ids = [tag.id for tag in found if tag]
    for given in item.tags_to_add or []:
        tag = known_tag(world, kind, given)
        if tag and tag.id not in record.tag_ids:
            record.tag_ids.append(tag.id)
    gone = {(given.id, given.name) for given in item.tags_to_delete or []}
    names = {name for _, name in gone if name}
    ids = {tag_id for tag_id, _ in gone if tag_id}
    record.tag_ids = [i for i in record.tag_ids if i not in ids and world.tags.rows[i].name not in names]
    for name, changed in (
        ("entity_tag_added", [i for i in record.tag_ids if i not in before]),
        ("entity_tag_deleted", [i for i in before if i not in record.tag_ids]),
    ):
        if changed:
            after: list[Doc] = [{"tag": {"id": i, "name": world.tags.rows[i].name}} for i in changed]
            add_event(world, name, kind, record.id, user_id, after)


def known_tag(world: World, kind: EntityKind, given: TagInput) -> Tag | None:
    """The tag by id, or by name (made when new); ids differ per entity type."""
    if given.id is not None:
        found = world.tags.get(given.id)
        return found if found and found.entity == kind else None
    if not given.name:
        return None
    known = next((tag for tag in world.tags.rows.values() if tag.entity == kind and tag.name == given.name), None)
    return known or world.tags.put(Tag(world.tags.next_id(), kind, given.name))


def add_event(
    world: World,
    type_: str,
    kind: EntityKind,
    entity_id: int,
    user_id: int,
    after: list[Doc] | None = None,
    before: list[Doc] | None = None,
) -> None:
    """Note what happened, as `GET /events` will tell it."""
    event_id = "01" + secrets.token_hex(12)
    now = world.now()
    world.events.put(Event(event_id, type_, entity_id, SINGULAR[kind], user_id, now, after or [], before or []))


def thin(kind: EntityKind, world: World, record: Record, key: str | None, *, created: bool) -> Doc:
    """A write's reply for one item: Kommo tells ids and little else."""
    doc: Doc = {"id": record.id}
    if key is not None and created:
        doc["request_id"] = key
    if not created:
        doc["updated_at"] = record.updated_at
    if kind == "contacts":
        doc |= ({} if created else {"name": record.name}) | {"is_deleted": False, "is_unsorted": False}
    link: Mapping[str, object] = {"self": {"href": f"{world.base_url}/api/v4/{kind}/{record.id}"}}
    return doc | {"_links": link}
