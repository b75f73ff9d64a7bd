"""Tasks: list, read, add, change, complete. There is no deleting."""

from collections.abc import Iterable, Iterator, Mapping

from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from . import hookshapes, shapes
from .api_account import TASK_TYPES
from .api_common import acting_user, entity_kind, find
from .context import Sandbox
from .errors import Flaw
from .filters import bound
from .inputs import Batch, Input, ItemInput, Text, UnixTime, read_batch, read_one
from .model import EntityKind, Task
from .paging import page_of, query_of
from .records import UNKNOWN_CHOICE, add_event
from .wire import AnyRequest, Doc, branch, empty, hal, strings, whole
from .world import World

ENTITIES = ("leads", "contacts", "companies")
TYPE_IDS = tuple(int(type_id) for type_id, _, _ in TASK_TYPES)


class ResultInput(Input):
    text: str


class TaskChange(ItemInput):
    text: Text | None = None
    complete_till: UnixTime | None = None
    task_type_id: int | None = None
    entity_id: int | None = None
    entity_type: str | None = None
    responsible_user_id: int | None = None
    duration: int | None = None
    is_completed: bool | None = None
    result: ResultInput | None = None
    created_by: int | None = None


class TaskInput(TaskChange):
    text: Text
    complete_till: UnixTime


@get("/tasks")
async def list_tasks(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    query = query_of(request)
    rows: Iterable[Task] = _filtered(box.world, branch(query, "filter"))
    for name, direction in branch(query, "order").items():
        if name in ("created_at", "complete_till", "id"):
            rows = sorted(rows, key=lambda row: int(getattr(row, name)), reverse=direction == "desc")
    return page_of(request, "tasks", rows, lambda row: shapes.task(box.world, row))


def _filtered(world: World, filter_: Mapping[str, object]) -> Iterator[Task]:
    wanted = {
        "id": set(strings(filter_.get("id"))),
        "responsible_user_id": set(strings(filter_.get("responsible_user_id"))),
        "task_type_id": set(strings(filter_.get("task_type"))),
        "entity": set(strings(filter_.get("entity_type"))),
        "entity_id": set(strings(filter_.get("entity_id"))),
    }
    done, updated = strings(filter_.get("is_completed")), branch(filter_, "updated_at")
    low, high = bound(updated, "from", 0), bound(updated, "to", 1 << 40)
    for task in _candidates(world, wanted["entity_id"]):
        fits = all(not values or str(getattr(task, name)) in values for name, values in wanted.items())
        if fits and (not done or task.is_completed == (done[0] in ("1", "true"))) and low <= task.updated_at <= high:
            yield task


def _candidates(world: World, entity_ids: set[str]) -> Iterable[Task]:
    if not entity_ids:
        return world.tasks.rows.values()
    ids = [task_id for i in entity_ids for task_id in world.tasks_of.get(whole(i) or 0, ())]
    return [world.tasks.rows[task_id] for task_id in sorted(ids)]


@get("/tasks/{task_id:int}")
async def show_task(task_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    row = box.world.tasks.get(task_id)
    return hal(shapes.task(box.world, row)) if row else empty()


@post("/tasks", status_code=200)
async def add_tasks(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    world, batch, user_id = box.world, await read_batch(request, TaskInput), acting_user(request)
    for key, item in batch:
        _check(world, batch, key, item)
        if item.entity_id is not None:
            kind = entity_kind(item.entity_type) if item.entity_type in ENTITIES else None
            if kind is None or find(world, kind, item.entity_id) is None:
                batch.blame(key, Flaw("EntityNotFound", "entity_id", "Entity not found"))
    batch.settle()
    rows = [_create(world, item, user_id) for item in batch.items]
    box.courier.announce("add_task", "task", "add", [hookshapes.task(world, row) for row in rows])
    docs = [_thin(world, row) | {"request_id": key} for (key, _), row in zip(batch, rows, strict=True)]
    return hal(_listed(world, docs))


def _check(world: World, batch: Batch[TaskInput] | Batch[TaskChange], key: str, item: TaskChange) -> None:
    if item.task_type_id is not None and item.task_type_id not in TYPE_IDS:
        batch.blame(key, Flaw("NotSupportedChoice", "task_type_id", UNKNOWN_CHOICE))
    if item.responsible_user_id and world.users.get(item.responsible_user_id) is None:
        batch.blame(key, Flaw("NotSupportedChoice", "responsible_user_id", UNKNOWN_CHOICE))


def _create(world: World, item: TaskInput, user_id: int) -> Task:
    now, kind = world.now(), entity_kind(item.entity_type) if item.entity_type and item.entity_id else None
    creator = item.created_by if item.created_by is not None else user_id
    entity_id = item.entity_id if kind else None
    task = Task(
        id=world.tasks.next_id(),
        text=item.text,
        complete_till=item.complete_till,
        task_type_id=item.task_type_id or TYPE_IDS[0],
        entity_id=entity_id,
        entity=kind,
        responsible_user_id=item.responsible_user_id or user_id,
        created_by=creator,
        updated_by=creator,
        created_at=now,
        updated_at=now,
        duration=item.duration or 0,
        is_completed=bool(item.is_completed),
        result=item.result.text if item.result else None,
    )
    if entity_id is not None:
        world.tasks_of[entity_id].append(task.id)
    _event(world, "task_added", task, creator)
    return world.tasks.put(task)


def _event(world: World, name: str, task: Task, user_id: int) -> None:
    kind: EntityKind = task.entity or "leads"
    add_event(world, name, kind, task.entity_id or 0, user_id, [{"task": {"id": task.id, "text": task.text}}])


@patch("/tasks")
async def change_tasks(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    return hal(_listed(box.world, _change(box, await read_batch(request, TaskChange), acting_user(request))))


@patch("/tasks/{task_id:int}")
async def change_task(request: AnyRequest, task_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    batch = await read_one(request, TaskChange)
    batch.items = [item.model_copy(update={"id": task_id}) for item in batch.items]
    return hal(_change(box, batch, acting_user(request))[0])


def _change(box: Sandbox, batch: Batch[TaskChange], user_id: int) -> list[Doc]:
    world = box.world
    known = [world.tasks.get(item.id) if item.id is not None else None for item in batch.items]
    for (key, item), row in zip(batch, known, strict=True):
        _check(world, batch, key, item)
        if row is None:
            batch.blame(key, Flaw("EntityNotFound", "id", "Entity not found"))
    batch.settle()
    rows = [row for row in known if row]
    hooks = [_apply(world, row, item, user_id) for row, item in zip(rows, batch.items, strict=True)]
    box.courier.announce("update_task", "task", "update", hooks)
    passed = [doc for doc in hooks if "old_responsible_user_id" in doc]
    box.courier.announce("responsible_task", "task", "update", passed)
    return [_thin(world, row) | {"updated_at": row.updated_at} for row in rows]


def _apply(world: World, task: Task, item: TaskChange, user_id: int) -> Doc:
    """Write a change; returns its webhook item with the `old_…` keys."""
    before: Doc = {}
    if item.text and item.text != task.text:
        before["old_text"], task.text = task.text, item.text
        _event(world, "task_text_changed", task, user_id)
    if item.responsible_user_id and item.responsible_user_id != task.responsible_user_id:
        before["old_responsible_user_id"], task.responsible_user_id = task.responsible_user_id, item.responsible_user_id
    if item.complete_till and item.complete_till != task.complete_till:
        task.complete_till = item.complete_till
        _event(world, "task_deadline_changed", task, user_id)
    if item.result:
        task.result = item.result.text
    if item.is_completed and not task.is_completed:
        before["action_close"] = 1
        _event(world, "task_completed", task, user_id)
    task.is_completed = task.is_completed if item.is_completed is None else item.is_completed
    task.task_type_id, task.duration = item.task_type_id or task.task_type_id, item.duration or task.duration
    task.updated_at, task.updated_by = world.now(), user_id
    world.tasks.put(task)
    return hookshapes.task(world, task, before)


def _thin(world: World, row: Task) -> Doc:
    return {"id": row.id, "_links": shapes.link(world, f"tasks/{row.id}")}


def _listed(world: World, docs: list[Doc]) -> Doc:
    return {"_links": shapes.link(world, "tasks"), "_embedded": {"tasks": docs}}


ROUTES = [list_tasks, show_task, add_tasks, change_tasks, change_task]
