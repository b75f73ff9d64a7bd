"""Tasks and notes for the staff. A repeat would make a second one: an unclear outcome goes to the caller."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from integrations.kommo.answers import read_one, read_page
from integrations.kommo.caller import Caller
from integrations.kommo.errors import BadAnswer
from integrations.kommo.loose import RequiredId, read_dict, read_text
from integrations.kommo.schemas import Created, Entity, Task

FOLLOW_UP = 1
CLOCKS = timedelta(minutes=1)
"""How far Kommo's clock and ours may differ."""
EntityType = Literal["leads", "contacts", "companies"]


class Note(Entity):
    """A note on a lead or contact; `params.text` of a common one."""

    id: RequiredId
    params: Annotated[dict[str, object], BeforeValidator(read_dict)] = Field(default_factory=dict)

    @property
    def text(self) -> str:
        return read_text(self.params.get("text"))


class TaskCalls(Caller):
    """`/tasks` and `/{entity}/notes`."""

    async def create_task(
        self,
        text: str,
        due: datetime,
        *,
        entity_type: EntityType | None = None,
        entity_id: int | None = None,
        responsible_user_id: int | None = None,
    ) -> int:
        """A follow-up task, on a lead or contact if given; its id. `due` is aware. Raises `BadAnswer` without an id."""
        task: dict[str, object] = {"text": text, "complete_till": int(due.timestamp()), "task_type_id": FOLLOW_UP}
        if entity_type and entity_id:
            task |= {"entity_type": entity_type, "entity_id": entity_id}
        if responsible_user_id:
            task["responsible_user_id"] = responsible_user_id
        return _created("POST /tasks", await self.send("POST", "/tasks", [task]), "tasks")

    async def task(self, task_id: int) -> Task | None:
        """One task; None when Kommo has none with this id."""
        document = await self.get("/tasks/{task_id}", task_id=task_id)
        return None if document is None else read_one("GET /tasks/{task_id}", document, Task)

    async def open_tasks(self, entity_type: EntityType, entity_id: int) -> list[Task]:
        """The open tasks of a lead or contact: to look whether an unclear `create_task` did happen."""
        params: list[tuple[str, str | int]] = [
            ("limit", 250),
            ("filter[is_completed]", 0),
            ("filter[entity_type]", entity_type),
            ("filter[entity_id][]", entity_id),
        ]
        return [task async for task in self.rows("/tasks", "tasks", Task, params)]

    async def create_note(self, entity_type: EntityType, entity_id: int, text: str) -> int:
        """A common note on a lead or contact; its id. Raises `BadAnswer` without an id."""
        note = {"entity_id": entity_id, "note_type": "common", "params": {"text": text}}
        template = f"/{entity_type}/notes"
        return _created(f"POST {template}", await self.send("POST", template, [note]), "notes")

    async def notes(self, entity_type: EntityType, entity_id: int, since: datetime) -> list[Note]:
        """The common notes of a lead or contact changed since then: to look whether a `create_note` did happen."""
        params: list[tuple[str, str | int]] = [
            ("limit", 250),
            ("filter[note_type][]", "common"),
            ("filter[updated_at][from]", int(since.timestamp())),
        ]
        template = f"/{entity_type}/{{entity_id}}/notes"
        return [note async for note in self.rows(template, "notes", Note, params, entity_id=entity_id)]

    async def find_note(self, entity_type: EntityType, entity_id: int, text: str, tried_at: datetime) -> int | None:
        """The note with this text that an unclear attempt at `tried_at` or later made after all."""
        notes = await self.notes(entity_type, entity_id, tried_at - CLOCKS)
        return next((note.id for note in notes if note.text.strip() == text.strip()), None)


def _created(endpoint: str, document: object, name: str) -> int:
    rows = read_page(endpoint, document, name, Created)
    if not rows.items:
        raise BadAnswer(endpoint, None, (f"_embedded.{name}.0.id",))
    return rows.items[0].id
