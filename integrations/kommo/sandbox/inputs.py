"""Bodies of writes: the schemas, and reading a batch so that every flaw is named as Kommo names it.

Types are strict, as Kommo's are ("1" is no int); unknown keys are ignored. One bad item refuses the whole batch.
"""

import math
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from .errors import Flaw, Invalid, Problem
from .paging import MAX_LIMIT
from .wire import AnyRequest, Doc, read_json


def whole_seconds(given: object) -> object:
    """A time with a fraction without it: a client that sends `datetime.timestamp()` is understood (assumed)."""
    return int(given) if isinstance(given, float) and math.isfinite(given) else given


UnixTime = Annotated[int, BeforeValidator(whole_seconds), Field(ge=0, le=253_402_300_799)]
"""Unix seconds, up to the last one that a calendar can name (31 December 9999)."""


class Input(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    def gave(self, name: str) -> bool:
        """Whether the caller sent this key at all: what is left out stays as it is."""
        return name in self.model_fields_set


class ItemInput(Input):
    """One item of a batch; `request_id` is echoed, never kept."""

    request_id: str | int | None = None
    id: int | None = None


class TagInput(Input):
    id: int | None = None
    name: str | None = None


class LinkedInput(Input):
    id: int | None = None
    is_main: bool | None = None


class EmbeddedInput(Input):
    tags: list[TagInput] | None = None
    contacts: list[LinkedInput] | None = None
    companies: list[LinkedInput] | None = None


class RecordInput(ItemInput):
    """What leads, contacts and companies have in common."""

    name: str | None = None
    responsible_user_id: int | None = None
    created_by: int | None = None
    updated_by: int | None = None
    created_at: UnixTime | None = None
    updated_at: UnixTime | None = None
    custom_fields_values: list[Doc] | None = None
    tags_to_add: list[TagInput] | None = None
    tags_to_delete: list[TagInput] | None = None
    embedded: EmbeddedInput = Field(default=EmbeddedInput(), alias="_embedded")


class LeadInput(RecordInput):
    price: int | None = None
    status_id: int | None = None
    pipeline_id: int | None = None
    loss_reason_id: int | None = None
    closed_at: UnixTime | None = None


class ContactInput(RecordInput):
    first_name: str | None = None
    last_name: str | None = None


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("This value should not be blank.")
    return text


Text = Annotated[str, AfterValidator(_not_blank)]
"""A string with something in it."""

Item = TypeVar("Item", bound=Input)


class Batch(Generic[Item]):
    """The items of one write, with a list of flaws that further checks may add to."""

    def __init__(self, items: Sequence[Item], keys: Sequence[str]) -> None:
        self.items = items
        self._keys = keys
        self._flaws: dict[str, list[Flaw]] = {}

    def __iter__(self) -> "zip[tuple[str, Item]]":
        return zip(self._keys, self.items, strict=True)

    def blame(self, key: str, *flaws: Flaw) -> None:
        if flaws:
            self._flaws.setdefault(key, []).extend(flaws)

    def settle(self) -> None:
        """400 with all flaws found so far."""
        if self._flaws:
            raise Invalid(self._flaws)


async def read_batch(request: AnyRequest, schema: type[Item], limit: int = MAX_LIMIT) -> Batch[Item]:
    """The array a POST or a collection PATCH must bring."""
    body = await read_json(request)
    if not isinstance(body, list) or not body:
        raise Problem(400, "Request body must be a not empty array of objects")
    if len(body) > limit:
        # Assumed for writes: the words that Kommo has for lists.
        raise Problem(422, f"Limit {limit} per page")
    return _batch(body, schema)


async def read_one(request: AnyRequest, schema: type[Item]) -> Batch[Item]:
    """The single object a PATCH of one entity must bring."""
    body = await read_json(request)
    if not isinstance(body, dict):
        raise Problem(400, "Request body must be an object")
    return _batch([body], schema)


async def read_object(request: AnyRequest, schema: type[Item]) -> Item:
    """The object a call without a batch must bring."""
    return (await read_one(request, schema)).items[0]


def _batch(body: list[object], schema: type[Item]) -> Batch[Item]:
    items: list[Item] = []
    flaws: dict[str, list[Flaw]] = {}
    keys = [_request_key(raw, index) for index, raw in enumerate(body)]
    for key, raw in zip(keys, body, strict=True):
        try:
            items.append(schema.model_validate(raw))
        except ValidationError as error:
            flaws.setdefault(key, []).extend(_flaws(error))
    if flaws:
        raise Invalid(flaws)
    return Batch(items, keys)


def _request_key(raw: object, index: int) -> str:
    given = raw.get("request_id") if isinstance(raw, dict) else None
    return str(given) if isinstance(given, str | int) else str(index)


def _flaws(error: ValidationError) -> list[Flaw]:
    found: dict[str, Flaw] = {}
    for detail in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in detail["loc"])
        missing = detail["type"] == "missing"
        words = "This field is missing." if missing else detail["msg"]
        found.setdefault(path, Flaw("FieldMissing" if missing else "InvalidType", path, words))
    return list(found.values())
