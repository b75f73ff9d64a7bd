"""What Kommo's API answers, as models that take what it really sends.

Kommo writes numbers as strings, leaves keys out, sends `null`, `""` or `[]` for "nothing" and adds fields without
notice. Every model ignores unknown fields; only an entity's own id is required. Times become aware (UTC).
Source: developers.kommo.com `reference/…`, and bodies seen in public projects.
"""

from typing import Annotated

from pydantic import AliasChoices, AliasPath, BaseModel, BeforeValidator, ConfigDict, Field

from integrations.kommo.loose import (
    Flag,
    Moment,
    Number,
    RequiredId,
    TextId,
    TextValue,
    read_dict,
    read_int,
    read_list,
    read_text,
)


class Entity(BaseModel):
    """Base of everything Kommo answers."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Account(Entity):
    """`GET /account`. The plan is not in it: only calls refused with 402 tell about that."""

    id: RequiredId
    name: TextValue = ""
    subdomain: TextValue = ""
    current_user_id: Number = None
    country: TextValue = ""
    currency: TextValue = ""
    version: Number = None
    drive_url: TextValue = ""
    amojo_id: TextValue = ""


class Talk(Entity):
    """One talk: a stretch of conversation in a chat, open (`is_in_work`) or closed."""

    talk_id: RequiredId = Field(validation_alias=AliasChoices("talk_id", "id"))
    chat_id: TextValue = ""
    contact_id: Number = None
    entity_id: Number = None
    entity_type: TextValue = ""
    status: TextValue = ""
    is_in_work: Flag = False
    is_read: Flag = False
    origin: TextValue = ""
    created_at: Moment = None
    updated_at: Moment = None

    @property
    def lead_id(self) -> int | None:
        """The lead this talk hangs on; None without one."""
        return self.entity_id if self.entity_type in ("lead", "leads", "2", "") else None


class ChatAuthor(Entity):
    """Who wrote a chat message: `external` the customer, `internal` a person of the staff, `bot` a bot or our call."""

    id: TextValue = ""
    type: TextValue = ""
    name: TextValue = ""
    user_id: Number = None


class Attachment(Entity):
    """A file, picture or voice note of a chat message."""

    type: TextValue = ""
    link: TextValue = ""
    file_name: TextValue = ""


class ChatMessage(Entity):
    """One message of a talk, as `GET /talks/{id}/messages` shows it."""

    id: TextId
    type: TextValue = ""
    message_type: TextValue = "text"
    origin: TextValue = ""
    text: TextValue = ""
    author: Annotated[ChatAuthor, BeforeValidator(read_dict)] = ChatAuthor()
    attachment: Annotated[Attachment | None, BeforeValidator(lambda value: value or None)] = None
    delivery_status: TextValue = ""
    created_at: Moment = None

    @property
    def incoming(self) -> bool:
        """Whether the customer wrote it."""
        return self.type == "incoming" or (self.type == "" and self.author.type == "external")


class FieldEntry(Entity):
    """One value of a custom field. `value` stays as sent: text, number, bool, or an object for files."""

    value: object = None
    enum_id: Number = None
    enum_code: TextValue = Field("", validation_alias=AliasChoices("enum_code", "enum"))


class FieldValue(Entity):
    """A custom field of a lead or contact with its values."""

    field_id: Number = None
    field_name: TextValue = ""
    field_code: TextValue = ""
    field_type: TextValue = ""
    values: Annotated[list[FieldEntry], BeforeValidator(read_list)] = Field(default_factory=list)


class WithFields(Entity):
    """What leads and contacts have in common."""

    id: RequiredId
    name: TextValue = ""
    responsible_user_id: Number = None
    created_at: Moment = None
    updated_at: Moment = None
    is_deleted: Flag = False
    custom_fields_values: Annotated[list[FieldValue], BeforeValidator(read_list)] = Field(default_factory=list)

    def texts(self, *, field_id: int | None = None, code: str | None = None) -> list[str]:
        """The values of the field with this id or code, as text, empty ones left out."""
        entries = (
            entry
            for found in self.custom_fields_values
            if (found.field_id == field_id if field_id else found.field_code == code)
            for entry in found.values
        )
        return [text for entry in entries if (text := read_text(entry.value).strip())]


class Linked(Entity):
    """A link to another entity."""

    id: RequiredId
    is_main: Flag = False


class Contact(WithFields):
    """A contact; its phones are values of the field with code PHONE."""

    first_name: TextValue = ""
    last_name: TextValue = ""
    leads: Annotated[list[Linked], BeforeValidator(read_list)] = Field(
        default_factory=list, validation_alias=AliasPath("_embedded", "leads")
    )

    @property
    def phones(self) -> list[str]:
        """The contact's phones as written in Kommo, the first one first."""
        return self.texts(code="PHONE")


class CatalogLink(Entity):
    """A product of a lead: an element of one of the account's lists (`with=catalog_elements`)."""

    id: RequiredId
    quantity: object = Field(None, validation_alias=AliasPath("metadata", "quantity"))
    catalog_id: Number = Field(None, validation_alias=AliasPath("metadata", "catalog_id"))
    price_id: Number = Field(None, validation_alias=AliasPath("metadata", "price_id"))


class CatalogElement(WithFields):
    """An element of a list: a product with its name, its prices are custom fields."""


class Lead(WithFields):
    """A lead. 142 (won) and 143 (lost) exist in every pipeline."""

    status_id: Number = None
    pipeline_id: Number = None
    price: Number = None
    closed_at: Moment = None
    contacts: Annotated[list[Linked], BeforeValidator(read_list)] = Field(
        default_factory=list, validation_alias=AliasPath("_embedded", "contacts")
    )
    products: Annotated[list[CatalogLink], BeforeValidator(read_list)] = Field(
        default_factory=list, validation_alias=AliasPath("_embedded", "catalog_elements")
    )

    @property
    def main_contact_id(self) -> int | None:
        """The main contact, else the first one; None when asked for without `with=contacts`."""
        ordered = sorted(self.contacts, key=lambda link: not link.is_main)
        return ordered[0].id if ordered else None


class Event(Entity):
    """One entry of the account's event list; `created_by` 0 is a robot."""

    id: TextId
    type: TextValue = ""
    entity_id: Number = None
    entity_type: TextValue = ""
    created_by: Annotated[int, BeforeValidator(lambda value: read_int(value) or 0)] = 0
    created_at: Moment = None
    value_after: Annotated[list[dict[str, object]], BeforeValidator(read_list)] = Field(default_factory=list)

    @property
    def message_id(self) -> str:
        """The chat message a chat event is about; "" for other events."""
        return read_text(self._message.get("id"))

    @property
    def talk_id(self) -> int | None:
        """The talk a chat event is about."""
        try:
            return read_int(self._message.get("talk_id"))
        except ValueError:
            return None

    @property
    def _message(self) -> dict[str, object]:
        found = (value.get("message") for value in self.value_after)
        return next((message for message in found if isinstance(message, dict)), {})


class Webhook(Entity):
    """A webhook subscription; the destination is its key."""

    id: Number = None
    destination: TextValue = ""
    settings: Annotated[list[str], BeforeValidator(read_list)] = Field(default_factory=list)
    disabled: Flag = False


class FieldChoice(Entity):
    """One value that a select field offers."""

    id: RequiredId
    value: TextValue = ""


class CustomField(Entity):
    """A custom field as the account defines it. `enums` are the labels of a select field."""

    id: RequiredId
    name: TextValue = ""
    type: TextValue = ""
    code: TextValue = ""
    enums: Annotated[list[FieldChoice], BeforeValidator(read_list)] = Field(default_factory=list)


class Stage(Entity):
    """A stage of a pipeline."""

    id: RequiredId
    name: TextValue = ""
    sort: Number = None
    pipeline_id: Number = None
    type: Number = None


class Pipeline(Entity):
    """A pipeline with its stages."""

    id: RequiredId
    name: TextValue = ""
    is_main: Flag = False
    is_archive: Flag = False
    stages: Annotated[list[Stage], BeforeValidator(read_list)] = Field(
        default_factory=list, validation_alias=AliasPath("_embedded", "statuses")
    )


class Created(Entity):
    """What a write answers: little more than the id."""

    id: RequiredId


class Task(Entity):
    """A task for the staff."""

    id: RequiredId
    text: TextValue = ""
    entity_id: Number = None
    entity_type: TextValue = ""
    is_completed: Flag = False
    complete_till: Moment = None
    created_at: Moment = None
