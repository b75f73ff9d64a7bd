"""Writing pipelines and their stages, as an administrator may: add, rename, sort, delete. 142 and 143 stay."""

from litestar import Response, delete, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import Field

from .api_common import require_admin
from .context import Sandbox
from .errors import Problem, not_found
from .inputs import Input, ItemInput, Text, read_batch, read_one
from .model import LOST, WON, Pipeline, Stage
from .seed import closing_stages, incoming_stage
from .shapes import link, pipeline
from .wire import AnyRequest, Doc, hal
from .world import World

MAX_PIPELINES = 50
MAX_STAGES = 100
DEFAULT_COLOR = "#fffeb2"


class StageInput(ItemInput):
    name: Text | None = None
    sort: int | None = None
    color: str | None = None


class PipelineEmbedded(Input):
    statuses: list[StageInput] = Field(default_factory=list)


class PipelineInput(ItemInput):
    name: Text | None = None
    sort: int | None = None
    is_main: bool | None = None
    is_unsorted_on: bool | None = None
    embedded: PipelineEmbedded = Field(default_factory=PipelineEmbedded, alias="_embedded")


def _known(world: World, pipeline_id: int) -> Pipeline:
    row = world.pipelines.get(pipeline_id)
    if row is None:
        raise not_found()
    return row


def _stage_doc(world: World, row: Pipeline, stage: Stage) -> Doc:
    embedded = pipeline(world, row)["_embedded"]
    docs = embedded["statuses"] if isinstance(embedded, dict) else []
    found: Doc = next(doc for doc in docs if doc["id"] == stage.id)
    return found


@post("/leads/pipelines", status_code=200)
async def add_pipelines(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    world, batch = box.world, await read_batch(request, PipelineInput)
    require_admin(request, world)
    if len(world.pipelines.rows) + len(batch.items) > MAX_PIPELINES:
        raise Problem(400, f"Pipelines limit of {MAX_PIPELINES} is reached")
    docs = [pipeline(world, _new_pipeline(world, item)) | {"request_id": key} for key, item in batch]
    links = link(world, "leads/pipelines")
    return hal({"_total_items": len(docs), "_links": links, "_embedded": {"pipelines": docs}})


def _new_pipeline(world: World, item: PipelineInput) -> Pipeline:
    pipeline_id = world.pipelines.next_id()
    row = Pipeline(pipeline_id, item.name or "", item.sort or 10, False, [incoming_stage(world.next_stage_id())])
    row.is_unsorted_on = bool(item.is_unsorted_on)
    world.pipelines.put(row)
    for given in item.embedded.statuses:
        _add_stage(world, row, given)
    row.stages += closing_stages()
    return world.pipelines.put(row)


def _add_stage(world: World, row: Pipeline, item: StageInput) -> Stage:
    stage_id = item.id if item.id in (WON, LOST) else None
    if len(row.stages) >= MAX_STAGES:
        raise Problem(400, f"Statuses limit of {MAX_STAGES} is reached")
    after = max((stage.sort for stage in row.stages if stage.id not in (WON, LOST)), default=0)
    stage = Stage(
        stage_id or world.next_stage_id(), item.name or "", item.sort or after + 10, item.color or DEFAULT_COLOR
    )
    row.stages.append(stage)
    row.stages.sort(key=lambda known: known.sort)
    world.pipelines.put(row)
    return stage


@patch("/leads/pipelines/{pipeline_id:int}")
async def change_pipeline(
    request: AnyRequest, pipeline_id: FromPath[int], box: NamedDependency[Sandbox]
) -> Response[object]:
    world, batch = box.world, await read_one(request, PipelineInput)
    require_admin(request, world)
    row, item = _known(world, pipeline_id), batch.items[0]
    row.name, row.sort = item.name or row.name, item.sort or row.sort
    row.is_unsorted_on = row.is_unsorted_on if item.is_unsorted_on is None else item.is_unsorted_on
    return hal(pipeline(world, world.pipelines.put(row)))


@post("/leads/pipelines/{pipeline_id:int}/statuses", status_code=200)
async def add_stages(
    request: AnyRequest, pipeline_id: FromPath[int], box: NamedDependency[Sandbox]
) -> Response[object]:
    world, batch = box.world, await read_batch(request, StageInput)
    require_admin(request, world)
    row = _known(world, pipeline_id)
    made = [_add_stage(world, row, item) for item in batch.items]
    docs = [_stage_doc(world, row, stage) | {"request_id": key} for (key, _), stage in zip(batch, made, strict=True)]
    return hal({"_total_items": len(docs), "_embedded": {"statuses": docs}})


@patch("/leads/pipelines/{pipeline_id:int}/statuses/{status_id:int}")
async def change_stage(
    request: AnyRequest, pipeline_id: FromPath[int], status_id: FromPath[int], box: NamedDependency[Sandbox]
) -> Response[object]:
    """Renaming reaches 142 and 143 too; sort and colour only what is editable."""
    world, batch = box.world, await read_one(request, StageInput)
    require_admin(request, world)
    row, item = _known(world, pipeline_id), batch.items[0]
    stage = _stage(row, status_id)
    stage.name = item.name or stage.name
    if stage.is_editable:
        stage.sort, stage.color = item.sort or stage.sort, item.color or stage.color
        row.stages.sort(key=lambda known: known.sort)
    world.pipelines.put(row)
    return hal(_stage_doc(world, row, stage))


@delete("/leads/pipelines/{pipeline_id:int}/statuses/{status_id:int}", status_code=204)
async def delete_stage(
    request: AnyRequest, pipeline_id: FromPath[int], status_id: FromPath[int], box: NamedDependency[Sandbox]
) -> None:
    require_admin(request, box.world)
    row = _known(box.world, pipeline_id)
    stage = _stage(row, status_id)
    if not stage.is_editable:
        raise Problem(400, "This status cannot be deleted")
    row.stages.remove(stage)
    box.world.pipelines.put(row)


def _stage(row: Pipeline, status_id: int) -> Stage:
    stage = next((stage for stage in row.stages if stage.id == status_id), None)
    if stage is None:
        raise not_found()
    return stage


ROUTES = [add_pipelines, change_pipeline, add_stages, change_stage, delete_stage]
