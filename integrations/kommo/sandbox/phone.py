"""The customers' phones under /sandbox/: what they write, what they see, and what the staff answer by hand.

`GET /sandbox/chats/{phone}/stream` is a stream of server-sent events for the page: `message` (a new message, or a known
one whose delivery changed: same id) and `typing`. Its event ids are positions: a reconnecting browser misses nothing.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Literal

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import ServerSentEvent, ServerSentEventMessage

from . import bots
from .api_common import find
from .chats import Author, customer_writes, last_talk, open_talk, send
from .context import Sandbox
from .control import ControlInput, known_user, read_control
from .errors import BadControl
from .model import Contact
from .model_chats import Attachment, AuthorType, Chat, Message, Via
from .paging import query_of
from .wire import AnyRequest, Doc, whole
from .world import World

PHONE = re.compile(r"\+?(\d{8,15})")
PING_SECONDS = 15.0
SHOWN_AT_ONCE = 300
AttachmentType = Literal["voice", "picture", "file", "video", "audio", "sticker", "location", "contact"]


class AttachmentInput(ControlInput):
    type: AttachmentType
    link: str
    file_name: str = ""


class WriteInput(ControlInput):
    text: str = ""
    attachment: AttachmentInput | None = None
    name: str = ""
    """The WhatsApp profile's name, used when the number is new."""


class StaffInput(ControlInput):
    text: str
    user_id: int | None = None


def digits_of(phone: str) -> str:
    """A phone of a path; 400 for anything but digits with country code."""
    match = PHONE.fullmatch(phone)
    if not match:
        raise BadControl("phone must be 8 to 15 digits with country code, as in /sandbox/chats/5511987654321/messages")
    return match[1]


def _chat(world: World, digits: str) -> Chat | None:
    chat_id = world.chat_of_phone.get(digits)
    return world.chats.rows[chat_id] if chat_id else None


def _message(row: Message) -> Doc:
    attachment = row.attachment
    return {
        "id": row.id,
        "direction": "in" if row.incoming else "out",
        "text": row.text,
        "sent_at": datetime.fromtimestamp(row.at, UTC).isoformat(timespec="milliseconds"),
        "via": row.via,
        "delivery_status": row.delivery_status,
        "attachment": {"type": attachment.type, "link": attachment.link} if attachment else None,
    }


def _receipt(row: Message) -> Doc:
    return {"id": row.id, "contact_id": row.contact_id, "lead_id": row.entity_id, "talk_id": row.talk_id}


def _messages(world: World, chat: Chat) -> list[Message]:
    """All messages of a chat, oldest first, through all its talks."""
    ids = (i for talk_id in world.talks_of_chat.get(chat.id, ()) for i in world.messages_of_talk[talk_id])
    return [world.messages.rows[i] for i in ids]


@post("/chats/{phone:str}/messages", status_code=201)
async def write(request: AnyRequest, phone: FromPath[str], box: NamedDependency[Sandbox]) -> Doc:
    """A customer writes; an unknown number becomes contact, lead and talk, as in Kommo."""
    digits = digits_of(phone)
    given = await read_control(request, WriteInput)
    if not given.text.strip() and given.attachment is None:
        raise BadControl('Send {"text": "…"} or {"attachment": {"type": "voice", "link": "https://…"}}')
    attached = given.attachment
    attachment = Attachment(attached.type, attached.link, attached.file_name) if attached else None
    message = customer_writes(box, digits, given.name, given.text, attachment)
    bots.on_customer_message(box, message)
    return _receipt(message)


@get("/chats/{phone:str}/messages")
async def list_messages(phone: FromPath[str], box: NamedDependency[Sandbox]) -> list[Doc]:
    """What the phone shows, oldest first; an empty list for a number that never wrote."""
    chat = _chat(box.world, digits_of(phone))
    return [_message(row) for row in _messages(box.world, chat)] if chat else []


@post("/chats/{phone:str}/staff-messages", status_code=201)
async def staff_write(request: AnyRequest, phone: FromPath[str], box: NamedDependency[Sandbox]) -> Doc:
    """A person answers from Kommo's screen or phone; a closed talk is followed by a new one."""
    digits = digits_of(phone)
    given = await read_control(request, StaffInput)
    user_id, world = known_user(box, given.user_id), box.world
    chat = _chat(world, digits)
    if chat is None:
        raise BadControl("This number has no chat yet: let the customer write first", 404)
    if not given.text.strip():
        raise BadControl('Send {"text": "…", "user_id": …}')
    user = world.users.rows[user_id]
    author = Author(user.uuid, user.name, AuthorType.INTERNAL, Via.STAFF, user.id)
    message = send(box, open_talk(box, chat), author, given.text)
    return _receipt(message)


@get("/chats/{phone:str}")
async def show_chat(phone: FromPath[str], box: NamedDependency[Sandbox]) -> Doc:
    """A chat's ids, and whether somebody seems to be typing an answer."""
    digits, world = digits_of(phone), box.world
    chat = _chat(world, digits)
    if chat is None:
        return {"phone": digits, "name": None, "contact_id": None, "lead_id": None, "talk_id": None, "typing": False}
    talk = last_talk(world, chat)
    return {
        "phone": digits,
        "name": chat.name,
        "contact_id": chat.contact_id,
        "lead_id": talk.entity_id if talk else None,
        "talk_id": talk.id if talk else None,
        "typing": box.signals.is_typing(chat.phone, world.clock()),
    }


@get("/customers")
async def list_customers(box: NamedDependency[Sandbox]) -> list[Doc]:
    """Everybody with a phone, who wrote last first, then by name."""
    rows = [_customer(box.world, number, contact) for number, contact in _numbers(box.world)]
    return sorted(rows, key=lambda row: (str(row["last_at"] or ""), ""), reverse=True)


def _numbers(world: World) -> list[tuple[str, Contact]]:
    found = []
    for number, ids in world.phones.items():
        contact = next((c for c in (find(world, "contacts", i) for i in ids) if isinstance(c, Contact)), None)
        if contact:
            found.append((number, contact))
    return found


def _customer(world: World, number: str, contact: Contact) -> Doc:
    chat = _chat(world, number)
    talk = last_talk(world, chat) if chat else None
    ids = world.messages_of_talk[talk.id] if talk else []
    shown = _message(world.messages.rows[ids[-1]]) if ids else {}
    return {
        "name": contact.name,
        "phone": number,
        "last_message": shown.get("text"),
        "last_at": shown.get("sent_at"),
    }


@get("/chats/{phone:str}/stream")
async def stream(request: AnyRequest, phone: FromPath[str], box: NamedDependency[Sandbox]) -> ServerSentEvent:
    """Messages as they come. `?after=` or Last-Event-ID: only what is newer than that position."""
    digits = digits_of(phone)
    given = request.headers.get("last-event-id") or query_of(request).get("after") or "0"
    after = whole(given)
    if after is None:
        raise BadControl("after must be the id of an event of this stream")
    return ServerSentEvent(_events(box, digits, after))


async def _events(box: Sandbox, digits: str, after: int) -> AsyncIterator[ServerSentEventMessage]:
    """What changed since `after`, then whatever changes, with a ping now and then to notice a gone browser."""
    changed = box.signals.watch(digits)
    typing: bool | None = None
    try:
        while not box.signals.closed:
            changed.clear()
            chat = _chat(box.world, digits)
            for row in _newer(box.world, chat, after):
                after = row.rev
                yield ServerSentEventMessage(json.dumps(_message(row)), "message", str(row.rev))
            now_typing = bool(chat and box.signals.is_typing(chat.phone, box.world.clock()))
            if now_typing != typing:
                typing = now_typing
                yield ServerSentEventMessage(json.dumps({"typing": typing}), "typing")
            if not await _wait(changed, 1.0 if typing else PING_SECONDS) and not typing:
                # Without data it is a comment line and no event: the page hears nothing of it.
                yield ServerSentEventMessage(data=None, comment="ping")
    finally:
        box.signals.unwatch(digits, changed)


def _newer(world: World, chat: Chat | None, after: int) -> list[Message]:
    if chat is None:
        return []
    rows = [row for row in _messages(world, chat)[-SHOWN_AT_ONCE:] if row.rev > after]
    return sorted(rows, key=lambda row: row.rev)


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


ROUTES = [write, list_messages, staff_write, show_chat, list_customers, stream]
