"""Tasks and notes for the staff. Neither can be made twice by a repeat: an unclear outcome goes to the caller."""

from datetime import datetime
from typing import Literal

from integrations.kommo.answers import Page, read_page
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import BadAnswer
from integrations.kommo.schemas import Created, Task

FOLLOW_UP = 1
EntityType = Literal["leads", "contacts", "companies"]


async def create_task(
    client: KommoClient,
    text: str,
    due: datetime,
    *,
    entity_type: EntityType | None = None,
    entity_id: int | None = None,
    responsible_user_id: int | None = None,
) -> int:
    """A follow-up task, on a lead or contact if given; its id. `due` must be aware. Raises `BadAnswer` without one."""
    task: dict[str, object] = {"text": text, "complete_till": int(due.timestamp()), "task_type_id": FOLLOW_UP}
    if entity_type and entity_id:
        task |= {"entity_type": entity_type, "entity_id": entity_id}
    if responsible_user_id:
        task["responsible_user_id"] = responsible_user_id
    return _created("POST /tasks", await client.send("POST", "/tasks", [task]), "tasks")


async def open_tasks(client: KommoClient, entity_type: EntityType, entity_id: int, page: int = 1) -> Page[Task]:
    """The open tasks of a lead or contact: to look whether an unclear `create_task` did happen."""
    params: list[tuple[str, str | int]] = [
        ("limit", 250),
        ("page", page),
        ("filter[is_completed]", 0),
        ("filter[entity_type]", entity_type),
        ("filter[entity_id][]", entity_id),
    ]
    return read_page("GET /tasks", await client.get("/tasks", params), "tasks", Task)


async def create_note(client: KommoClient, entity_type: EntityType, entity_id: int, text: str) -> int:
    """A common note on a lead or contact; its id. Raises `BadAnswer` without one."""
    note = {"entity_id": entity_id, "note_type": "common", "params": {"text": text}}
    template = f"/{entity_type}/notes"
    return _created(f"POST {template}", await client.send("POST", template, [note]), "notes")


def _created(endpoint: str, document: object, name: str) -> int:
    rows = read_page(endpoint, document, name, Created)
    if rows.unreadable:
        raise rows.unreadable[0]
    if not rows.items:
        raise BadAnswer(endpoint, None, (f"_embedded.{name}",))
    return rows.items[0].id
