"""Rows as webhooks show them: other names than the API's, and everything ends up as a string in the form body."""

from datetime import UTC, datetime

from .model import Contact, EntityKind, Lead, Note, Task
from .model_chats import Message, Talk
from .values import hooked
from .wire import Doc
from .world import World

ELEMENT_TYPES: dict[EntityKind, int] = {"contacts": 1, "leads": 2, "companies": 3}


def lead(world: World, row: Lead, before: Doc | None = None) -> Doc:
    """`leads[add|update|status|responsible]`; `before` brings the `old_…` keys. No contact ids, as in Kommo."""
    doc: Doc = {"id": row.id, "name": row.name, "status_id": row.status_id, "price": row.price}
    doc |= {
        "responsible_user_id": row.responsible_user_id,
        "last_modified": row.updated_at,
        "modified_user_id": row.updated_by,
        "created_user_id": row.created_by,
        "date_create": row.created_at,
        "pipeline_id": row.pipeline_id,
        "account_id": world.account.id,
        "custom_fields": hooked(world, "leads", row.values),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
    if row.tag_ids:
        doc["tags"] = _tags(world, row.tag_ids)
    return doc | (before or {})


def _tags(world: World, ids: list[int]) -> list[Doc]:
    return [{"id": tag.id, "name": tag.name} for tag in map(world.tags.get, ids) if tag]


def contact(world: World, row: Contact, before: Doc | None = None) -> Doc:
    doc: Doc = {
        "id": row.id,
        "name": row.name,
        "responsible_user_id": row.responsible_user_id,
        "date_create": row.created_at,
        "last_modified": row.updated_at,
        "created_user_id": row.created_by,
        "modified_user_id": row.updated_by,
        "account_id": world.account.id,
        "custom_fields": hooked(world, row.kind, row.values),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "type": "contact" if row.kind == "contacts" else "company",
    }
    linked = world.leads_of.get(row.id, [])
    if linked:
        # Indices here are the lead ids themselves: huge, and in no sequence.
        doc["linked_leads_id"] = {str(lead_id): {"ID": lead_id} for lead_id in linked}
    if row.tag_ids:
        doc["tags"] = _tags(world, row.tag_ids)
    return doc | (before or {})


def talk(row: Talk) -> Doc:
    return {
        "talk_id": row.id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "rate": row.rate,
        "contact_id": row.contact_id,
        "chat_id": row.chat_id,
        "entity_id": row.entity_id,
        "entity_type": "lead" if row.entity_id else None,
        "is_in_work": row.is_in_work,
        "is_read": row.is_read,
        "origin": row.origin,
    }


def message(world: World, row: Message) -> Doc:
    """`message[add]`, `outgoing_message[add]` and the bare `add`; entity keys are absent without an entity."""
    doc: Doc = {
        "id": row.id,
        "chat_id": row.chat_id,
        "talk_id": row.talk_id,
        "contact_id": row.contact_id,
        "text": row.text,
        "message_type": row.message_type,
        "created_at": row.created_at,
        "origin": world.talks.rows[row.talk_id].origin,
        "type": "incoming" if row.incoming else "outgoing",
    }
    if row.entity_id is not None:
        entity: Doc = {"entity_type": "lead", "entity_id": row.entity_id}
        doc |= {"element_type": ELEMENT_TYPES["leads"], "element_id": row.entity_id} | entity
    author: Doc = {"id": row.author_id, "type": row.author_type, "name": row.author_name}
    if row.user_id is not None:
        author["user_id"] = row.user_id
    doc["author"] = author
    if not row.incoming:
        chat = world.chats.rows[row.chat_id]
        doc["recipient"] = {"id": chat.author_id, "name": chat.name, "type": "external"}
    if row.attachment:
        attachment = row.attachment
        doc["attachment"] = {"type": attachment.type, "link": attachment.link, "file_name": attachment.file_name}
    return doc


def task(world: World, row: Task, before: Doc | None = None) -> Doc:
    doc: Doc = {
        "id": row.id,
        "element_id": row.entity_id,
        "element_type": ELEMENT_TYPES[row.entity] if row.entity else None,
        "task_type": row.task_type_id,
        "date_create": _clock(row.created_at),
        "text": row.text,
        "status": row.is_completed,
        "account_id": world.account.id,
        "created_user_id": row.created_by,
        "last_modified": _clock(row.updated_at),
        "responsible_user_id": row.responsible_user_id,
        "complete_till": _clock(row.complete_till),
        "complete_before": row.complete_till,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
    if row.result is not None:
        doc["result"] = {"id": row.id, "text": row.result}
    return doc | (before or {})


def _clock(unix: int) -> str:
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%d %H:%M:%S")


def note(row: Note) -> Doc:
    """`leads[note][0][note]`; only the text of a common note is carried (4 = text, as the numeric types go)."""
    inner: Doc = {
        "id": row.id,
        "note_type": 4,
        "element_type": ELEMENT_TYPES[row.entity],
        "element_id": row.entity_id,
        "text": row.params.get("text", ""),
        "attachement": "",
        "date_create": _clock(row.created_at),
        "created_by": row.created_by,
        "main_user_id": row.responsible_user_id,
        "created_at": row.created_at,
    }
    return {"note": inner}
