"""/webhooks: who is told of what. The destination is the key; there is no id in any call."""

from urllib.parse import urlsplit

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from pydantic import Field

from . import shapes
from .api_common import acting_user, require_admin
from .context import Sandbox
from .errors import Flaw, Problem
from .inputs import Batch, ItemInput, read_one
from .model import Webhook
from .paging import query_of
from .wire import AnyRequest, branch, empty, hal, strings
from .world import World

MAX_WEBHOOKS = 100
_ENTITIES = ("lead", "contact", "company")
NAMES = frozenset(
    [
        f"{verb}_{entity}"
        for verb in ("add", "update", "delete", "restore", "responsible", "note")
        for entity in _ENTITIES
    ]
    + ["status_lead", "add_task", "update_task", "delete_task", "responsible_task", "add_talk", "update_talk"]
    + ["add_message", "add_outgoing_message", "add_chat_template_review"]
    + ["add_unsorted", "update_unsorted", "delete_unsorted"]
    + [f"{verb}_customer" for verb in ("add", "update", "delete", "responsible", "note")]
)
"""Every subscription name known, those that are unconfirmed on Kommo included."""


class WebhookInput(ItemInput):
    destination: str
    settings: list[str] = Field(default_factory=list)
    sort: int = 1


class DestinationInput(ItemInput):
    destination: str


@get("/webhooks")
async def list_webhooks(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    wanted = branch(query_of(request), "filter").get("destination")
    destinations = set(strings(wanted)) | ({wanted} if isinstance(wanted, str) else set())
    rows = [h for h in box.world.webhooks.rows.values() if not destinations or h.destination in destinations]
    if not rows:
        return empty()
    docs = [shapes.webhook(box.world, row) for row in rows]
    return hal({"_links": shapes.link(box.world, "webhooks"), "_embedded": {"webhooks": docs}})


@post("/webhooks", status_code=201)
async def add_webhook(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    """A known destination is changed: its events are replaced and it is switched on again (both assumed)."""
    require_admin(request, box.world)
    batch = await read_one(request, WebhookInput)
    _check(batch)
    given, world, now = batch.items[0], box.world, box.world.now()
    hook = _find(world, given.destination)
    if hook is None:
        if len(world.webhooks.rows) >= MAX_WEBHOOKS:
            raise Problem(400, f"Webhooks limit of {MAX_WEBHOOKS} is reached")
        hook = Webhook(world.webhooks.next_id(), given.destination, [], given.sort, acting_user(request), now, now)
    hook.settings = list(dict.fromkeys(given.settings))
    hook.sort, hook.updated_at, hook.disabled = given.sort, now, False
    world.webhooks.put(hook)
    return hal(shapes.webhook(world, hook), 201)


def _check(batch: Batch[WebhookInput]) -> None:
    for key, item in batch:
        address = urlsplit(item.destination)
        if address.scheme not in ("http", "https") or not address.hostname:
            batch.blame(key, Flaw("InvalidUrl", "destination", "This value is not a valid URL."))
        if not item.settings:
            batch.blame(key, Flaw("FieldMissing", "settings", "This field is missing."))
        for index, name in enumerate(item.settings):
            if name not in NAMES:
                words = "The value you selected is not a valid choice."
                batch.blame(key, Flaw("NotSupportedChoice", f"settings.{index}", words))
    batch.settle()


def _find(world: World, destination: str) -> Webhook | None:
    return next((hook for hook in world.webhooks.rows.values() if hook.destination == destination), None)


@delete("/webhooks", status_code=204)
async def delete_webhook(request: AnyRequest, box: NamedDependency[Sandbox]) -> None:
    batch = await read_one(request, DestinationInput)
    hook = _find(box.world, batch.items[0].destination)
    if hook is None:
        raise Problem(404, "Webhook not found")
    box.world.webhooks.drop(hook.id)


ROUTES = [list_webhooks, add_webhook, delete_webhook]
