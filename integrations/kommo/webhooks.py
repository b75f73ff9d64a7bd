"""What a webhook body of Kommo says, as typed items. Pure parsing: no I/O, no database.

All shapes of the documentation and those seen live are read: `message[add][0][…]`, the bare `add[0][…]` at the root,
`outgoing_message[add]`, `talk[add|update]`, `leads[…]`, and everything else as `Ignored` with its kind. Each
item of the body becomes exactly one item here; only `UndecodableBody` is ever raised.
Sources: developers.kommo.com `docs/webhooks-general`, `reference/webhook-events`, changelog 2026-07-01.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from integrations.kommo.formtree import Node, UndecodableBody, parse
from integrations.kommo.loose import read_bool, read_moment
from integrations.kommo.webhook_leads import LeadChanged, LeadDeleted, positive_id, read_lead

__all__ = [
    "Author",
    "File",
    "Ignored",
    "IncomingMessage",
    "LeadChanged",
    "LeadDeleted",
    "MessageChanged",
    "MessageDeleted",
    "OutgoingMessage",
    "TalkChanged",
    "UndecodableBody",
    "WebhookItem",
    "account_id",
    "parse_webhook",
    "webhook_kinds",
]

BARE_ACTIONS = ("add", "update", "delete")
"""Actions that stand at the root when Kommo leaves out the entity's name (seen for chat messages)."""

NO_EVENTS = ("account",)
"""Root names that describe the sender and are no event."""


@dataclass(frozen=True)
class Author:
    """Who wrote: `external` the customer, `internal` a person of the staff, `bot` a Salesbot or our own call."""

    type: str
    id: str
    name: str
    user_id: int | None


@dataclass(frozen=True)
class File:
    """An attachment; `link` may be empty when Kommo left it out."""

    type: str
    link: str
    file_name: str


@dataclass(frozen=True)
class ChatItem:
    """What incoming and outgoing messages have in common. `id` is Kommo's message id, the same in every source."""

    id: str
    chat_id: str
    talk_id: int | None
    contact_id: int | None
    lead_id: int | None
    origin: str
    text: str
    message_type: str
    attachment: File | None
    author: Author
    created_at: datetime


class IncomingMessage(ChatItem):
    """A customer wrote."""


class MessageChanged(ChatItem):
    """A customer changed a message. Kommo documents no such webhook: the shape of `message[add]` is assumed."""


@dataclass(frozen=True)
class MessageDeleted:
    """A message was taken back. Assumed too, with no more than the id."""

    id: str


class OutgoingMessage(ChatItem):
    """Somebody answered in the chat: a person, a bot or our own call."""


@dataclass(frozen=True)
class TalkChanged:
    """A talk was opened, closed or read."""

    action: str
    talk_id: int
    chat_id: str
    contact_id: int | None
    lead_id: int | None
    is_in_work: bool
    origin: str
    updated_at: datetime


@dataclass(frozen=True)
class Ignored:
    """An item we do not act on. `missing` names what kept a known kind from being read; `entity_id` its id, if any."""

    kind: str
    entity_id: str = ""
    missing: tuple[str, ...] = ()


WebhookItem = (
    IncomingMessage
    | MessageChanged
    | MessageDeleted
    | OutgoingMessage
    | TalkChanged
    | LeadChanged
    | LeadDeleted
    | Ignored
)


def parse_webhook(body: bytes | str | Node, received_at: datetime | None = None) -> list[WebhookItem]:
    """The items of a body, in its order. `received_at` stands in for a time that Kommo left out (default: now).

    Raises `UndecodableBody`, and nothing else whatever the body holds. A body already read by `formtree.parse` is
    taken as it is.
    """
    now = received_at or datetime.now(UTC)
    return [_item(root, action, node, now) for root, action, node in _entries(parse(body))]


def webhook_kinds(body: bytes | str | Node) -> tuple[str, ...]:
    """The kinds of a body, each once, sorted: `message.add`, `leads.status`… Raises `UndecodableBody`."""
    return tuple(sorted({_kind(root, action) for root, action, _ in _entries(parse(body))}))


def account_id(body: bytes | str | Node) -> int | None:
    """The account a body says it comes from; None when it does not say. Raises `UndecodableBody`."""
    root = parse(body)
    stated = (node.text("account_id") for _, _, node in _entries(root))
    return next((found for text in (root.text("account", "id"), *stated) if (found := positive_id(text))), None)


def _entries(root: Node) -> Iterator[tuple[str, str, Node]]:
    """Every item with the names it stands under; a bare `add[0]` has the root name ""."""
    for name, branch in root.items():
        if name in NO_EVENTS:
            continue
        if name in BARE_ACTIONS:
            yield from (("", name, item) for _, item in branch.items())
        else:
            yield from ((name, action, item) for action, rows in branch.items() for item in _rows(rows))
        if branch.values:
            yield name, "", branch


def _rows(rows: Node) -> Iterator[Node]:
    """The items of one action; a value written where items belong is an item of its own."""
    yield from rows.children.values()
    if rows.values:
        yield Node(rows.values)


def _kind(root: str, action: str) -> str:
    return ".".join(part for part in (root or "message", action) if part)


def _item(root: str, action: str, node: Node, now: datetime) -> WebhookItem:
    kind = _kind(root, action)
    if kind in ("message.add", "message.update", "outgoing_message.add"):
        return _message(kind, node, now)
    if kind == "message.delete" and node.text("id"):
        return MessageDeleted(node.text("id"))
    if kind in ("talk.add", "talk.update"):
        return _talk(kind, action, node, now)
    if (lead := read_lead(kind, node)) is not None:
        return lead
    return Ignored(kind, node.first(("id",), ("uid",), ("note", "id"), ("talk_id",)))


def _message(kind: str, node: Node, now: datetime) -> WebhookItem:
    """A chat message; the direction is its own `type`, else the name it came under."""
    missing = tuple(name for name, found in (("id", node.text("id")), ("chat_id", _chat_or_talk(node))) if not found)
    if missing:
        return Ignored(kind, node.text("id"), missing)
    outgoing = node.text("type") == "outgoing" or (not node.text("type") and kind.startswith("outgoing"))
    author_type = node.text("author", "type") or ("" if outgoing else "external")
    file = _file(node)
    make = OutgoingMessage if outgoing else MessageChanged if kind == "message.update" else IncomingMessage
    return make(
        id=node.text("id"),
        chat_id=node.text("chat_id"),
        talk_id=positive_id(node.text("talk_id")),
        contact_id=positive_id(node.text("contact_id")) or _entity(node, "contact"),
        lead_id=_entity(node, "lead"),
        origin=node.text("origin"),
        text=node.text("text"),
        message_type=node.text("message_type") or (file.type if file and file.type else "text"),
        attachment=file,
        author=_author(node.child("author"), author_type),
        created_at=_moment(node.text("created_at")) or now,
    )


def _author(node: Node, kind: str) -> Author:
    return Author(kind, node.text("id"), node.text("name"), positive_id(node.text("user_id")))


def _chat_or_talk(node: Node) -> str:
    """What the message can be filed under: its chat, or the talk where a body has only that."""
    return node.text("chat_id") or str(positive_id(node.text("talk_id")) or "")


def _talk(kind: str, action: str, node: Node, now: datetime) -> WebhookItem:
    talk_id = positive_id(node.text("talk_id")) or positive_id(node.text("id"))
    if talk_id is None:
        return Ignored(kind, node.text("id"), ("talk_id",))
    return TalkChanged(
        action=action,
        talk_id=talk_id,
        chat_id=node.text("chat_id"),
        contact_id=positive_id(node.text("contact_id")) or _entity(node, "contact"),
        lead_id=_entity(node, "lead"),
        is_in_work=read_bool(node.text("is_in_work")),
        origin=node.text("origin"),
        updated_at=_moment(node.text("updated_at")) or _moment(node.text("created_at")) or now,
    )


ENTITY_TYPES = {"lead": ("lead", "leads", "2"), "contact": ("contact", "contacts", "1")}


def _entity(node: Node, entity: str) -> int | None:
    """The id of the lead or contact the item hangs on, under its new (`entity_…`) or old (`element_…`) name."""
    for prefix in ("entity", "element"):
        if node.text(f"{prefix}_type") in ENTITY_TYPES[entity] and (found := positive_id(node.text(f"{prefix}_id"))):
            return found
    return None


def _file(node: Node) -> File | None:
    branch = node.child("attachment")
    found = File(branch.text("type"), branch.text("link"), branch.text("file_name"))
    return found if any((found.type, found.link, found.file_name)) else None


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text)
    except ValueError:
        return None
