"""A person at Kommo's screens, under /sandbox/: draws bots, changes fields, stages, pipelines and users.

No API of Kommo draws a bot; the rest it can do as well, but a person needs no token.
"""

from typing import Literal

from litestar import delete, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from .context import Sandbox
from .control import ControlInput, read_control
from .errors import BadControl
from .inputs import Text
from .model import Field, Pipeline, Stage
from .model_chats import Bot
from .wire import AnyRequest, Doc
from .world import World


class BotInput(ControlInput):
    name: Text
    script: Literal["field_reply", "greeting"] = "field_reply"
    field: str | int | None = None
    """Name or id of the lead's field that it sends."""
    text: str = ""
    active: bool = True


class BotChange(ControlInput):
    name: Text | None = None
    active: bool | None = None


class NameInput(ControlInput):
    name: Text


class StageChange(ControlInput):
    name: Text | None = None
    pipeline_id: int | None = None


class UserChange(ControlInput):
    name: Text | None = None
    is_active: bool | None = None


class PipelineChange(ControlInput):
    name: Text | None = None
    is_archive: bool | None = None


@post("/bots", status_code=201)
async def draw_bot(request: AnyRequest, box: NamedDependency[Sandbox]) -> Doc:
    """A bot whose one step sends a field of the lead, or a greeting that answers every message."""
    given, world = await read_control(request, BotInput), box.world
    field = _field_named(world, given.field) if given.script == "field_reply" else None
    bot = Bot(world.bots.next_id(), given.name, given.script, field.id if field else None, world.now())
    bot.is_active, bot.text = given.active, given.text
    return _bot(world.bots.put(bot))


@patch("/bots/{bot_id:int}")
async def change_bot(request: AnyRequest, bot_id: FromPath[int], box: NamedDependency[Sandbox]) -> Doc:
    given, bot = await read_control(request, BotChange), box.world.bots.get(bot_id)
    if bot is None:
        raise BadControl(f"There is no bot {bot_id}", 404)
    bot.name = given.name or bot.name
    bot.is_active = bot.is_active if given.active is None else given.active
    return _bot(box.world.bots.put(bot))


@delete("/bots/{bot_id:int}", status_code=204)
async def delete_bot(bot_id: FromPath[int], box: NamedDependency[Sandbox]) -> None:
    box.world.bots.drop(bot_id)


def _bot(bot: Bot) -> Doc:
    return {"id": bot.id, "name": bot.name, "script": bot.script, "field_id": bot.field_id, "active": bot.is_active}


@patch("/fields/{field_id:int}")
async def rename_field(request: AnyRequest, field_id: FromPath[int], box: NamedDependency[Sandbox]) -> Doc:
    given, field = await read_control(request, NameInput), _field(box.world, field_id)
    field.name = given.name
    box.world.fields.put(field)
    return {"id": field.id, "name": field.name}


@delete("/fields/{field_id:int}", status_code=204)
async def delete_field(field_id: FromPath[int], box: NamedDependency[Sandbox]) -> None:
    box.world.fields.drop(_field(box.world, field_id).id)


@patch("/stages/{stage_id:int}")
async def change_stage(request: AnyRequest, stage_id: FromPath[int], box: NamedDependency[Sandbox]) -> Doc:
    """Another name; or another pipeline, where the stage keeps its id (assumed: Kommo documents no such move)."""
    given, world = await read_control(request, StageChange), box.world
    pipeline, stage = _stage(world, stage_id)
    stage.name = given.name or stage.name
    if given.pipeline_id is not None:
        target = _pipeline(world, given.pipeline_id)
        pipeline.stages.remove(stage)
        target.stages.append(stage)
        target.stages.sort(key=lambda known: known.sort)
        world.pipelines.put(target)
    world.pipelines.put(pipeline)
    return {"id": stage.id, "name": stage.name}


@delete("/stages/{stage_id:int}", status_code=204)
async def delete_stage(stage_id: FromPath[int], box: NamedDependency[Sandbox]) -> None:
    pipeline, stage = _stage(box.world, stage_id)
    pipeline.stages.remove(stage)
    box.world.pipelines.put(pipeline)


@patch("/pipelines/{pipeline_id:int}")
async def change_pipeline(request: AnyRequest, pipeline_id: FromPath[int], box: NamedDependency[Sandbox]) -> Doc:
    given, pipeline = await read_control(request, PipelineChange), _pipeline(box.world, pipeline_id)
    pipeline.name = given.name or pipeline.name
    pipeline.is_archive = pipeline.is_archive if given.is_archive is None else given.is_archive
    box.world.pipelines.put(pipeline)
    return {"id": pipeline.id, "name": pipeline.name, "is_archive": pipeline.is_archive}


@delete("/pipelines/{pipeline_id:int}", status_code=204)
async def delete_pipeline(pipeline_id: FromPath[int], box: NamedDependency[Sandbox]) -> None:
    """Any but the main one: new leads begin there."""
    pipeline = _pipeline(box.world, pipeline_id)
    if pipeline.is_main:
        raise BadControl("The main pipeline stays")
    box.world.pipelines.drop(pipeline.id)


@patch("/users/{user_id:int}")
async def change_user(request: AnyRequest, user_id: FromPath[int], box: NamedDependency[Sandbox]) -> Doc:
    given, user = await read_control(request, UserChange), box.world.users.get(user_id)
    if user is None:
        raise BadControl(f"There is no user {user_id}", 404)
    user.name = given.name or user.name
    user.is_active = user.is_active if given.is_active is None else given.is_active
    box.world.users.put(user)
    return {"id": user.id, "name": user.name, "is_active": user.is_active}


def _field_named(world: World, given: str | int | None) -> Field:
    fields = [field for field in world.fields.rows.values() if field.entity == "leads"]
    found = next((field for field in fields if given in (field.id, field.name, str(field.id))), None)
    if found is None:
        raise BadControl(f"field must name a field of leads: {', '.join(field.name for field in fields) or 'none yet'}")
    return found


def _field(world: World, field_id: int) -> Field:
    field = world.fields.get(field_id)
    if field is None or field.is_predefined:
        raise BadControl(f"There is no field {field_id} that a person may change", 404)
    return field


def _pipeline(world: World, pipeline_id: int) -> Pipeline:
    pipeline = world.pipelines.get(pipeline_id)
    if pipeline is None:
        raise BadControl(f"There is no pipeline {pipeline_id}", 404)
    return pipeline


def _stage(world: World, stage_id: int) -> tuple[Pipeline, Stage]:
    for pipeline in world.pipelines.rows.values():
        for stage in pipeline.stages:
            if stage.id == stage_id and stage.is_editable:
                return pipeline, stage
    raise BadControl(f"There is no stage {stage_id} that a person may change", 404)


ROUTES = [
    draw_bot,
    change_bot,
    delete_bot,
    rename_field,
    delete_field,
    change_stage,
    delete_stage,
    change_pipeline,
    delete_pipeline,
    change_user,
]
