"""Rows as the API's JSON shows them."""

from collections.abc import Collection, Iterable

from .model import SINGULAR, Contact, EntityKind, Event, Lead, Note, Pipeline, Record, Tag, Task, Webhook
from .model_chats import Message, Talk
from .values import shown
from .wire import Doc
from .world import World


def link(world: World, path: str) -> Doc:
    return {"self": {"href": f"{world.base_url}/api/v4/{path}"}}


def tags(world: World, ids: list[int]) -> list[Doc]:
    return [tag(found) for found in map(world.tags.get, ids) if found]


def tag(row: Tag) -> Doc:
    return {"id": row.id, "name": row.name, "color": row.color}


def _record(world: World, row: Record) -> Doc:
    return {
        "id": row.id,
        "name": row.name,
        "responsible_user_id": row.responsible_user_id,
        "group_id": 0,
        "created_by": row.created_by,
        "updated_by": row.updated_by,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "closest_task_at": closest_task(world, row.id),
        "is_deleted": row.is_deleted,
        "custom_fields_values": shown(world, row.values),
        "account_id": world.account.id,
    }


def closest_task(world: World, entity_id: int) -> int | None:
    open_tasks = (world.tasks.rows[i] for i in world.tasks_of.get(entity_id, ()))
    return min((task.complete_till for task in open_tasks if not task.is_completed), default=None)


def lead(world: World, row: Lead, with_: Collection[str] = ()) -> Doc:
    embedded: Doc = {"tags": tags(world, row.tag_ids), "companies": linked(world, "companies", row.company_ids)}
    if "contacts" in with_:
        docs = linked(world, "contacts", row.contact_ids)
        embedded["contacts"] = [doc | {"is_main": doc["id"] == row.main_contact_id} for doc in docs]
    if "loss_reason" in with_:
        embedded["loss_reason"] = []
    if "catalog_elements" in with_:
        embedded["catalog_elements"] = []
    doc = _record(world, row)
    doc |= {
        "price": row.price,
        "status_id": row.status_id,
        "pipeline_id": row.pipeline_id,
        "loss_reason_id": row.loss_reason_id,
        "closed_at": row.closed_at,
        "score": None,
        "labor_cost": None,
        "is_price_computed": False,
        "_links": link(world, f"leads/{row.id}"),
        "_embedded": embedded,
    }
    if "source_id" in with_:
        doc["source_id"] = None
    if "is_price_modified_by_robot" in with_:
        doc["is_price_modified_by_robot"] = False
    return doc


def linked(world: World, kind: EntityKind, ids: Iterable[int]) -> list[Doc]:
    """Other records inside `_embedded`: an id and where it is read."""
    return [{"id": i, "_links": link(world, f"{kind}/{i}")} for i in ids]


def leads_of(world: World, row: Contact) -> list[int]:
    """The leads of a contact or of a company."""
    if row.kind == "contacts":
        return list(world.leads_of.get(row.id, ()))
    return [lead.id for lead in world.leads.rows.values() if row.id in lead.company_ids and not lead.is_deleted]


def contacts_of(world: World, company: Contact) -> list[int]:
    """The people of a company."""
    rows = world.contacts.rows.values()
    return [row.id for row in rows if company.id in row.company_ids and not row.is_deleted]


def contact(world: World, row: Contact, with_: Collection[str] = ()) -> Doc:
    embedded: Doc = {"tags": tags(world, row.tag_ids)}
    if row.kind == "contacts":
        embedded["companies"] = linked(world, "companies", row.company_ids)
    elif "contacts" in with_:
        embedded["contacts"] = linked(world, "contacts", contacts_of(world, row))
    if "leads" in with_:
        embedded["leads"] = linked(world, "leads", leads_of(world, row))
    if "catalog_elements" in with_:
        embedded["catalog_elements"] = []
    doc = _record(world, row)
    if row.kind == "contacts":
        doc |= {"first_name": row.first_name, "last_name": row.last_name, "is_unsorted": False}
    return doc | {"_links": link(world, f"{row.kind}/{row.id}"), "_embedded": embedded}


def talk(world: World, row: Talk) -> Doc:
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
        "status": "in_work" if row.is_in_work else "closed",
        "origin": row.origin,
        "missed_at": None,
        "account_id": world.account.id,
        "_links": link(world, f"talks/{row.id}"),
        "_embedded": {
            "contacts": [{"id": row.contact_id, "_links": link(world, f"contacts/{row.contact_id}")}],
            "leads": [{"id": row.entity_id, "_links": link(world, f"leads/{row.entity_id}")}] if row.entity_id else [],
        },
    }


def message(world: World, row: Message) -> Doc:
    attachment = row.attachment
    return {
        "id": row.id,
        "type": "incoming" if row.incoming else "outgoing",
        "message_type": row.message_type,
        "origin": world.talks.rows[row.talk_id].origin,
        "text": row.text,
        "author": {"id": row.author_id, "type": row.author_type, "name": row.author_name, "avatar_url": ""},
        "attachment": {"type": attachment.type, "link": attachment.link, "file_name": attachment.file_name}
        if attachment
        else None,
        "delivery_status": row.delivery_status,
        "created_at": row.created_at,
    }


def pipeline(world: World, row: Pipeline) -> Doc:
    stages: list[Doc] = [
        {
            "id": stage.id,
            "name": stage.name,
            "sort": stage.sort,
            "is_editable": stage.is_editable,
            "pipeline_id": row.id,
            "color": stage.color,
            "type": stage.type,
            "account_id": world.account.id,
            "_links": link(world, f"leads/pipelines/{row.id}/statuses/{stage.id}"),
        }
        for stage in row.stages
    ]
    return {
        "id": row.id,
        "name": row.name,
        "sort": row.sort,
        "is_main": row.is_main,
        "is_unsorted_on": row.is_unsorted_on,
        "is_archive": row.is_archive,
        "account_id": world.account.id,
        "_links": link(world, f"leads/pipelines/{row.id}"),
        "_embedded": {"statuses": stages},
    }


def event(world: World, row: Event) -> Doc:
    return {
        "id": row.id,
        "type": row.type,
        "entity_id": row.entity_id,
        "entity_type": row.entity_type,
        "created_by": row.created_by,
        "created_at": row.created_at,
        "value_after": row.value_after,
        "value_before": row.value_before,
        "account_id": world.account.id,
        "_links": link(world, f"events/{row.id}"),
    }


def note(world: World, row: Note) -> Doc:
    return {
        "id": row.id,
        "entity_id": row.entity_id,
        "created_by": row.created_by,
        "updated_by": row.updated_by,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "responsible_user_id": row.responsible_user_id,
        "group_id": 0,
        "note_type": row.note_type,
        "params": row.params,
        "account_id": world.account.id,
        "_links": link(world, f"{row.entity}/notes/{row.id}"),
    }


def task(world: World, row: Task) -> Doc:
    return {
        "id": row.id,
        "created_by": row.created_by,
        "updated_by": row.updated_by,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "responsible_user_id": row.responsible_user_id,
        "group_id": 0,
        "entity_id": row.entity_id,
        "entity_type": row.entity,
        "duration": row.duration,
        "is_completed": row.is_completed,
        "task_type_id": row.task_type_id,
        "text": row.text,
        # PHP's empty array: no result reads as [] and not as null.
        "result": {"text": row.result} if row.result is not None else [],
        "complete_till": row.complete_till,
        "account_id": world.account.id,
        "_links": link(world, f"tasks/{row.id}"),
    }


def webhook(world: World, row: Webhook) -> Doc:
    return {
        "id": row.id,
        "destination": row.destination,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "account_id": world.account.id,
        "created_by": row.created_by,
        "sort": row.sort,
        "disabled": row.disabled,
        "settings": row.settings,
    }


def entity_word(kind: EntityKind) -> str:
    """The singular that events and webhooks use."""
    return SINGULAR[kind]
