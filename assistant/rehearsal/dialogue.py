"""What a dialogue file says: who writes what, what each reply must and must not hold, what the database holds then.

The format, described in docs/dialogues.md, as models that refuse what they do not know. Reads no file: `loading.py`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from assistant.rehearsal.features import PLANNED, PROVIDED
from integrations.settings import SHOP_ZONE
from integrations.workshop.models import Order

TUESDAY_MORNING = datetime(2026, 11, 24, 10, tzinfo=SHOP_ZONE)
"""When a dialogue begins that says nothing else: the shop is open, no holiday is near."""
DURATION = re.compile(r"(\d+)\s*(min|h|d)")
UNITS = {"min": "minutes", "h": "hours", "d": "days"}

Setting = Literal["pix_key", "payment_ways", "warranty_days", "proposal_hours", "slot_capacity"]
"""The settings of the shop that a dialogue may set."""
Kind = Literal["text", "voice", "picture", "video", "file", "location", "contact", "sticker", "reaction"]


class Strict(BaseModel):
    """Unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _listed(value: object) -> object:
    """One thing where a list is meant."""
    return value if isinstance(value, list) or value is None else [value]


def _known_order_fields(changes: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    known = {column.key for column in Order.__mapper__.column_attrs}
    if wrong := sorted({name for fields in changes.values() for name in fields} - known):
        raise ValueError(f"no such column of an order: {', '.join(wrong)}")
    return changes


def _is_duration(value: str) -> str:
    if not DURATION.fullmatch(value):
        raise ValueError("write a time as 30min, 26h or 3d")
    return value


def _can_be_needed(needs: Sequence[str]) -> Sequence[str]:
    if unknown := sorted(set(needs) - PROVIDED - set(PLANNED)):
        known = ", ".join(sorted(PROVIDED | set(PLANNED)))
        raise ValueError(f"no feature named {', '.join(unknown)}; there are: {known}")
    return needs


def _is_pattern(facts: Sequence[str | Sequence[str]]) -> Sequence[str | Sequence[str]]:
    for fact in facts:
        for text in [fact] if isinstance(fact, str) else fact:
            if text.startswith("/"):
                _compiled(text)
    return facts


def _compiled(text: str) -> None:
    if not text.endswith("/") or len(text) < 3:
        raise ValueError(f"a pattern stands between slashes: {text}")
    try:
        re.compile(text[1:-1])
    except re.error as error:
        raise ValueError(f"not a regular expression: {text} ({error})") from None


Text = Annotated[str, Field(min_length=1)]
Fact = Text | Annotated[tuple[Text, ...], Field(min_length=2)]
"""A text, or several of which one is enough. `/…/` is a pattern."""
Facts = Annotated[tuple[Fact, ...], BeforeValidator(_listed), AfterValidator(_is_pattern)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Duration = Annotated[str, AfterValidator(_is_duration)]
Rows = Mapping[str, tuple[Mapping[str, Any], ...]]


class Query(Strict):
    """A look into the database and what it must find."""

    sql: Text
    rows: tuple[tuple[Any, ...], ...]


class Expected(Strict):
    """What the database must hold. What is left out is not looked at, but for orders: those not named are unchanged."""

    orders: Annotated[Mapping[str, Mapping[str, Any]], AfterValidator(_known_order_fields)] = {}
    items: Mapping[str, Mapping[str, str]] = {}
    """Status of an order's items, by description."""
    proposals: tuple[str, ...] | None = None
    """The states of all proposals, oldest first."""
    handoffs: tuple[str, ...] | None = None
    """Why people of the shop were called, in any order, each reason once."""
    tasks: int | None = None
    """How many tasks the staff got."""
    counts: Mapping[str, int] = {}
    """Rows in a table."""
    sql: tuple[Query, ...] = ()


class Person(Strict):
    """Who writes. `phone` null: a channel without numbers."""

    phone: str | None
    name: str | None = None
    """The name of the Kommo contact."""


class Message(Strict):
    """A message that is not text."""

    kind: Kind
    text: str = ""


class Replied(Strict):
    """What has to be in the reply to a step and what must not be."""

    says: Facts = ()
    never: Texts = ()

    @model_validator(mode="after")
    def _never_is_pattern(self) -> "Replied":
        _is_pattern(self.never)
        return self


class CustomerStep(Replied):
    """The customer writes one message or several at once."""

    customer: Annotated[tuple[Annotated[str, Field(min_length=1)] | Message, ...], BeforeValidator(_listed)]
    by: str | None = None
    """Who of `others` writes; the main person when left out."""
    silent: bool = False
    may_be_silent: bool = False
    expect: Expected | None = None

    @model_validator(mode="after")
    def _either_silent_or_saying(self) -> "CustomerStep":
        if self.silent and self.says:
            raise ValueError("a silent reply says nothing: take out either `silent` or `says`")
        return self


class StaffStep(Replied):
    """A person of the shop writes in the chat. A reply follows only when they hand it back."""

    staff: Text


class LaterStep(Replied):
    """Time passes, and what the clock does happens. A reply is one without a new message."""

    later: Duration


class ChangeStep(Strict):
    """Somebody of the shop changes something meanwhile: SQL, or a name of `fixtures.yaml`."""

    change: Texts


KINDS_OF_STEP = ("customer", "staff", "later", "change")


def _kind_of_step(value: object) -> str | None:
    if not isinstance(value, Mapping):
        return None
    found = [kind for kind in KINDS_OF_STEP if kind in value]
    return found[0] if len(found) == 1 else None


Step = Annotated[
    Annotated[CustomerStep, Tag("customer")]
    | Annotated[StaffStep, Tag("staff")]
    | Annotated[LaterStep, Tag("later")]
    | Annotated[ChangeStep, Tag("change")],
    Discriminator(
        _kind_of_step,
        custom_error_type="step",
        custom_error_message="a step has exactly one of: customer, staff, later, change",
    ),
]


class Dialogue(Strict):
    """A whole dialogue."""

    title: Text
    who: Text | Person
    """The full name of a customer in the shop's database, or a phone with the name of the Kommo contact."""
    others: Mapping[str, Text | Person] = {}
    needs: Annotated[tuple[Text, ...], BeforeValidator(_listed), AfterValidator(_can_be_needed)] = ()
    at: datetime = TUESDAY_MORNING
    """When it begins, on the shop's clock."""
    settings: Mapping[Setting, str | int | None] = {}
    setup: Texts = ()
    """SQL, or names of `fixtures.yaml`."""
    rows: Rows = {}
    never: Texts = ()
    """What no reply may hold."""
    steps: tuple[Step, ...]
    expect: Expected = Expected()

    @model_validator(mode="after")
    def _people_are_known(self) -> "Dialogue":
        if not any(isinstance(step, CustomerStep) for step in self.steps):
            raise ValueError("nobody writes: `steps` needs a step with `customer`")
        named = {step.by for step in self.steps if isinstance(step, CustomerStep) and step.by}
        if unknown := sorted(named - set(self.others)):
            raise ValueError(f"`by` names nobody of `others`: {', '.join(unknown)}")
        return self

    @property
    def begins(self) -> datetime:
        """`at`, aware."""
        return self.at if self.at.tzinfo else self.at.replace(tzinfo=SHOP_ZONE)


def duration(text: str) -> timedelta:
    """`26h` as a time."""
    found = DURATION.fullmatch(text)
    assert found is not None
    return timedelta(**{UNITS[found[2]]: int(found[1])})
