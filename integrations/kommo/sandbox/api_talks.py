"""/talks: list, read, close, their messages, and sending (the Chats API add-on)."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from . import shapes
from .api_common import acting_user, token_of
from .chats import Author, close_talk, send
from .context import Sandbox
from .errors import Problem, not_found
from .filters import bound
from .inputs import Input, read_object
from .model_chats import Attachment, AuthorType, Message, Talk, Via
from .paging import page_of, query_of
from .tokens import require_scope
from .wire import AnyRequest, branch, hal, strings, whole
from .world import World

PLANS_WITH_CHATS = ("trial", "pro", "enterprise", "technical")
NO_PLAN = "Endpoint not available for current account tariff"
USED_UP = "Over chat API limit"


class AttachmentInput(Input):
    drive_uuid: str
    drive_version_uuid: str
    type: str


class SendInput(Input):
    text: str | None = None
    attachment: AttachmentInput | None = None


@get("/talks")
async def list_talks(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    """Newest talk first."""
    rows = _filtered(box.world, branch(query_of(request), "filter"))
    return page_of(request, "talks", rows, lambda row: shapes.talk(box.world, row))


def _filtered(world: World, filter_: Mapping[str, object]) -> Iterator[Talk]:
    contact_ids = set(strings(filter_.get("contact_id")))
    entity_ids = set(strings(filter_.get("entity_id")))
    in_work = strings(filter_.get("only_in_work")) in (["1"], ["true"])
    for talk in _candidates(world, filter_, contact_ids):
        if in_work and not talk.is_in_work:
            continue
        if contact_ids and str(talk.contact_id) not in contact_ids:
            continue
        if entity_ids and str(talk.entity_id) not in entity_ids:
            continue
        yield talk


def _candidates(world: World, filter_: Mapping[str, object], contact_ids: set[str]) -> Iterable[Talk]:
    """Where to look, narrowest index first, newest talk first."""
    talk_ids = [found for found in map(whole, strings(filter_.get("talk_id"))) if found is not None]
    if not talk_ids and contact_ids:
        chats = [chat for i in contact_ids for chat in world.chats_of.get(whole(i) or 0, ())]
        talk_ids = [talk_id for chat in chats for talk_id in world.talks_of_chat.get(chat, ())]
    elif not talk_ids and "talk_id" not in filter_:
        return reversed(world.talks.rows.values())
    return [world.talks.rows[i] for i in sorted(set(talk_ids), reverse=True) if i in world.talks.rows]


def _talk(world: World, talk_id: int) -> Talk:
    talk = world.talks.get(talk_id)
    if talk is None:
        raise not_found()
    return talk


@get("/talks/{talk_id:int}")
async def show_talk(talk_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    return hal(shapes.talk(box.world, _talk(box.world, talk_id)))


@post("/talks/{talk_id:int}/close", status_code=202)
async def close(request: AnyRequest, talk_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    close_talk(box, _talk(box.world, talk_id), acting_user(request))
    return hal({}, 202)


@get("/talks/{talk_id:int}/messages")
async def list_messages(request: AnyRequest, talk_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    """Newest first; free of charge, and it works for closed talks too."""
    world = box.world
    require_scope(world, token_of(request), "list_external_messages")
    _require_plan(world)
    talk = _talk(world, talk_id)
    created = branch(branch(query_of(request), "filter"), "created_at")
    low, high = bound(created, "from", 0), bound(created, "to", 1 << 40)
    newest_first = (world.messages.rows[i] for i in reversed(world.messages_of_talk[talk.id]))
    rows = (m for m in takewhile(_Since(low), newest_first) if m.created_at <= high)
    return page_of(request, "messages", rows, lambda row: shapes.message(world, row))


class _Since:
    def __init__(self, low: int) -> None:
        self.low = low

    def __call__(self, message: Message) -> bool:
        return message.created_at >= self.low


@post("/talks/{talk_id:int}/send_message", status_code=202)
async def send_message(request: AnyRequest, talk_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    """202 means accepted: whether it was delivered is told by the message's `delivery_status` later."""
    world = box.world
    require_scope(world, token_of(request), "send_external_messages")
    _require_plan(world)
    given = await read_object(request, SendInput)
    if not (given.text or "").strip() and given.attachment is None:
        raise Problem(400, "text or attachment is required")
    talk = _talk(world, talk_id)
    if not talk.is_in_work:
        raise Problem(422, "Talk is closed")
    account = world.account
    if account.chats_used >= account.chats_limit:
        raise Problem(402, USED_UP)
    account.chats_used += 1
    world.accounts.put(account)
    author = Author(world.settings.client_id, "Integração", AuthorType.BOT, Via.API)
    message = send(box, talk, author, given.text or "", _attachment(given.attachment))
    return hal({"id": message.id}, 202)


def _attachment(given: AttachmentInput | None) -> Attachment | None:
    """Assumed link: there is no drive behind this account, so it leads nowhere."""
    if given is None:
        return None
    if given.type not in ("picture", "file"):
        raise Problem(400, "attachment.type must be picture or file")
    return Attachment(given.type, f"https://drive.invalid/{given.drive_uuid}/{given.drive_version_uuid}", "")


def _require_plan(world: World) -> None:
    if world.account.plan.lower() not in PLANS_WITH_CHATS:
        raise Problem(402, NO_PLAN)


ROUTES = [list_talks, show_talk, close, list_messages, send_message]
