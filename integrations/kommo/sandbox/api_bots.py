"""/bots and the continue call of a widget_request: launching, stopping, listing; scripts stay hidden."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import Field

from . import bots
from .api_common import entity_kind, find
from .context import Sandbox
from .errors import Problem, not_found
from .inputs import Input, ItemInput, read_batch, read_object
from .model_chats import Bot, BotRun
from .paging import page_of
from .wire import AnyRequest, Doc, empty, hal
from .world import World

MAX_HANDLERS = 10
MAX_SHOWN = 80
NO_RECORD = "There is no continue record with id"


class RunInput(Input):
    entity_id: int
    entity_type: str


class RunManyInput(ItemInput):
    bot_id: int
    entity_id: int
    entity_type: str


class HandlerInput(Input):
    handler: str
    params: Doc = Field(default_factory=dict)


class ContinueInput(Input):
    data: Doc = Field(default_factory=dict)
    execute_handlers: list[HandlerInput] = Field(default_factory=list)


def _bot(world: World, bot: Bot) -> Doc:
    active = bot.is_active and (bot.script != "ask_widget" or bool(world.account.widget_url))
    return {
        "id": bot.id,
        "name": bot.name,
        "type_functionality": "salesbot",
        "settings": {"active": active},
        "account_id": world.account.id,
        "created_at": bot.created_at,
        "updated_at": bot.created_at,
    }


@get("/bots")
async def list_bots(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    """Under `items`, unlike every other list."""
    return page_of(request, "items", box.world.bots.rows.values(), lambda row: _bot(box.world, row))


@get("/bots/{bot_id:int}")
async def show_bot(bot_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    bot = box.world.bots.get(bot_id)
    return hal(_bot(box.world, bot)) if bot else empty()


@post("/bots/{bot_id:int}/run", status_code=202)
async def run_bot(request: AnyRequest, bot_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    """202 also when another bot is at work on the entity: then nothing happens, and nothing says so."""
    given = await read_object(request, RunInput)
    _launch(box, bot_id, given.entity_type, given.entity_id)
    return hal({}, 202)


@post("/bots/run", status_code=202)
async def run_bots(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    batch = await read_batch(request, RunManyInput, 100)
    for item in batch.items:
        _launch(box, item.bot_id, item.entity_type, item.entity_id)
    return hal({}, 202)


@post("/bots/{bot_id:int}/stop", status_code=202)
async def stop_bot(request: AnyRequest, bot_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    given = await read_object(request, RunInput)
    bot = box.world.bots.get(bot_id)
    if bot is None:
        raise not_found("Bot not found")
    if given.entity_type != "leads":
        raise Problem(400, "entity_type must be leads")
    bots.stop(box, bot, "leads", given.entity_id)
    return hal({}, 202)


def _launch(box: Sandbox, bot_id: int, entity_type: str, entity_id: int) -> None:
    bot = box.world.bots.get(bot_id)
    if bot is None:
        raise not_found("Bot not found")
    if entity_type not in ("leads", "contacts"):
        raise Problem(400, "entity_type must be leads or contacts")
    kind = entity_kind(entity_type)
    if find(box.world, kind, entity_id) is None:
        raise Problem(400, "Entity not found")
    bots.launch(box, bot, kind, entity_id)


@post("/salesbot/{bot_id:int}/continue/{continue_id:int}", status_code=202)
async def go_on(
    request: AnyRequest, bot_id: FromPath[int], continue_id: FromPath[int], box: NamedDependency[Sandbox]
) -> Response[object]:
    given = await read_object(request, ContinueInput)
    texts = [str(given.data.get("reply", "")), *_shown(given.execute_handlers)]
    run = _waiting(box.world, bot_id, continue_id)
    if run is None:
        raise not_found(f"{NO_RECORD} {continue_id}")
    bots.go_on(box, run, [text for text in texts if text.strip()])
    return empty(202)


def _waiting(world: World, bot_id: int, continue_id: int) -> BotRun | None:
    runs = world.runs.rows.values()
    return next((run for run in runs if run.bot_id == bot_id and run.continue_id == continue_id), None)


def _shown(handlers: list[HandlerInput]) -> list[str]:
    if len(handlers) > MAX_HANDLERS:
        raise Problem(400, f"execute_handlers must have at most {MAX_HANDLERS} items")
    texts = [str(given.params.get("value", "")) for given in handlers if given.handler == "show"]
    if any(len(text) > MAX_SHOWN for text in texts):
        raise Problem(400, f"A show value must have at most {MAX_SHOWN} characters")
    return texts


ROUTES = [list_bots, show_bot, run_bot, run_bots, stop_bot, go_on]
