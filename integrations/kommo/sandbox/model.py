"""The rows of the stand-in account, as plain dataclasses; no behaviour, no wire format.

Times are unix seconds, as Kommo has them; `rev` is a counter of our own that orders changes for the phone page.
"""

from dataclasses import dataclass, field
from typing import Literal

EntityKind = Literal["leads", "contacts", "companies"]
"""An entity as the API's paths name it; webhooks and events use the singular."""

SINGULAR: dict[EntityKind, str] = {"leads": "lead", "contacts": "contact", "companies": "company"}
WON = 142
LOST = 143
ROBOT = 0
"""The user id Kommo gives for what no person did."""


@dataclass(slots=True)
class Account:
    id: int
    uuid: str
    name: str
    plan: str
    chats_limit: int
    chats_used: int
    scopes: list[str]
    bare_messages: bool
    leads_from_chats: bool
    widget_url: str | None
    signing_key: str
    created_at: int
    redirect_uri: str | None = None
    subdomain: str | None = None
    """The account's name since it was renamed; None while it has the name of the settings."""


@dataclass(slots=True)
class User:
    id: int
    name: str
    email: str
    is_admin: bool
    uuid: str
    is_active: bool = True


@dataclass(slots=True)
class Stage:
    id: int
    name: str
    sort: int
    color: str
    is_editable: bool = True
    type: int = 0


@dataclass(slots=True)
class Pipeline:
    id: int
    name: str
    sort: int
    is_main: bool
    stages: list[Stage]
    is_unsorted_on: bool = False
    is_archive: bool = False


@dataclass(slots=True)
class Choice:
    id: int
    value: str
    sort: int
    code: str | None = None


@dataclass(slots=True)
class Field:
    id: int
    entity: EntityKind
    name: str
    type: str
    sort: int
    code: str | None = None
    is_api_only: bool = False
    enums: list[Choice] = field(default_factory=list)
    required_statuses: list[dict[str, int]] = field(default_factory=list)
    group_id: str | None = None
    is_predefined: bool = False


@dataclass(slots=True)
class FieldValue:
    value: str | int | float | bool
    enum_id: int | None = None
    enum_code: str | None = None


@dataclass(slots=True)
class Tag:
    id: int
    entity: EntityKind
    name: str
    color: str | None = None


@dataclass(slots=True)
class Record:
    """What leads, contacts and companies have in common."""

    id: int
    name: str
    responsible_user_id: int
    created_by: int
    updated_by: int
    created_at: int
    updated_at: int
    is_deleted: bool = False
    values: dict[int, list[FieldValue]] = field(default_factory=dict)
    tag_ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Lead(Record):
    price: int = 0
    status_id: int = 0
    pipeline_id: int = 0
    loss_reason_id: int | None = None
    closed_at: int | None = None
    contact_ids: list[int] = field(default_factory=list)
    main_contact_id: int | None = None
    company_ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Contact(Record):
    """A person, or a company: the same shape, told apart by `kind`."""

    kind: Literal["contacts", "companies"] = "contacts"
    first_name: str = ""
    last_name: str = ""
    company_ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Event:
    id: str
    type: str
    entity_id: int
    entity_type: str
    created_by: int
    created_at: int
    value_after: list[dict[str, object]]
    value_before: list[dict[str, object]]


@dataclass(slots=True)
class Note:
    id: int
    entity: EntityKind
    entity_id: int
    note_type: str
    params: dict[str, object]
    created_by: int
    updated_by: int
    created_at: int
    updated_at: int
    responsible_user_id: int


@dataclass(slots=True)
class Task:
    id: int
    text: str
    complete_till: int
    task_type_id: int
    entity_id: int | None
    entity: EntityKind | None
    responsible_user_id: int
    created_by: int
    updated_by: int
    created_at: int
    updated_at: int
    duration: int = 0
    is_completed: bool = False
    result: str | None = None


@dataclass(slots=True)
class Webhook:
    id: int
    destination: str
    settings: list[str]
    sort: int
    created_by: int
    created_at: int
    updated_at: int
    disabled: bool = False


@dataclass(slots=True)
class Parcel:
    """One webhook body on its way, kept until it was taken or given up."""

    id: int
    webhook_id: int
    body: str
    due_at: float
    attempts: int = 0
    phone: str | None = None
    """Set for a customer's message: taking it makes the phone page show typing."""


@dataclass(slots=True)
class Token:
    """An access token that was handed out; `jti` is what its JWT carries."""

    jti: str
    user_id: int
    issued_at: float
    expires_at: float
    scopes: list[str]
    text: str
    long_lived: bool
    grant_id: str | None = None
    pair: int = 0
    used: bool = False


@dataclass(slots=True)
class Grant:
    """One authorisation by a user: the code, then a chain of refresh tokens."""

    id: str
    user_id: int
    code: str
    code_expires_at: float
    redirect_uri: str | None
    issued_at: float = 0.0
    code_used: bool = False
    refresh_token: str | None = None
    refresh_expires_at: float = 0.0
    previous_refresh: str | None = None
    pair: int = 0
    """Number of the newest pair; the first use of that one kills the refresh token before it."""
    revoked: bool = False
