"""The rows of chats and of the bots that speak in them; see `model.py` for the rest of the account."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from .model import EntityKind


class AuthorType(StrEnum):
    EXTERNAL = "external"
    INTERNAL = "internal"
    BOT = "bot"


class Via(StrEnum):
    """By which way a message came about: known here, never said by Kommo's own API."""

    CUSTOMER = "customer"
    API = "api"
    SALESBOT = "salesbot"
    TEMPLATE = "template"
    STAFF = "staff"


class Delivery(StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    ERROR = "error"


@dataclass(slots=True)
class Chat:
    """One customer's WhatsApp thread; its talks come and go."""

    id: str
    phone: str
    contact_id: int
    author_id: str
    name: str
    last_incoming_at: float | None = None


@dataclass(slots=True)
class Talk:
    id: int
    chat_id: str
    contact_id: int
    entity_id: int | None
    origin: str
    created_at: int
    updated_at: int
    is_in_work: bool = True
    is_read: bool = False
    rate: int = 0


@dataclass(slots=True)
class Attachment:
    type: str
    link: str
    file_name: str


@dataclass(slots=True)
class Message:
    id: str
    rev: int
    chat_id: str
    talk_id: int
    contact_id: int
    incoming: bool
    text: str
    message_type: str
    author_id: str
    author_name: str
    author_type: AuthorType
    via: Via
    created_at: int
    at: float
    delivery_status: Delivery
    entity_id: int | None = None
    user_id: int | None = None
    attachment: Attachment | None = None


@dataclass(slots=True)
class Bot:
    """A Salesbot as a person drew it; the API shows its name but never its script."""

    id: int
    name: str
    script: Literal["field_reply", "ask_widget", "greeting"]
    field_id: int | None
    created_at: int
    is_active: bool = True
    text: str = ""
    """What a greeting says to every message of a customer: its trigger, as a new bot's is preset."""


@dataclass(slots=True)
class BotRun:
    """A bot at work on one entity; while it is here, no other run begins on that entity."""

    id: str
    bot_id: int
    entity: EntityKind
    entity_id: int
    started_at: float
    message_text: str | None = None
    continue_id: int | None = None
