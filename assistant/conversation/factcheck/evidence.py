"""What may be stated: the facts of one order, or of the shop, gathered from tool results and profile texts.

An `Evidence` only holds; `sources.py` fills it and the claims (`money.py`, `dates.py`, …) ask it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

Path = tuple[str, ...]
"""Names of the fields that lead to a value, outermost first."""


SLOT_FIELDS = ("slot_at", "last_slot_day")
"""Fields of moments at which a visit may begin."""
BOOKED_FIELD = "booked_for"
"""The field of a visit that is booked or requested."""
TOTAL_OF_VISITS = "total_of_visits"
"""What all visits cost together: no field, a sum (`sums.py`)."""
VISIT_FIELDS = (*SLOT_FIELDS, BOOKED_FIELD, "new_visit_at")


class Unit(StrEnum):
    """Units of a duration."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Stage(StrEnum):
    """Where an order stands, as far as customers are told; the shop's labels are read into it."""

    DIAGNOSIS = "diagnosis"
    QUOTE = "quote"
    WAITING_APPROVAL = "waiting_approval"
    WAITING_PARTS = "waiting_parts"
    READY_TO_START = "ready_to_start"
    IN_PROGRESS = "in_progress"
    READY = "ready"
    DELIVERED = "delivered"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Amount(NamedTuple):
    """Reais, and the field they come from."""

    value: Decimal
    path: Path


class Moment(NamedTuple):
    """A day (or a span of days) and, where known, the time of day. A bare time of day has no days."""

    first: date | None
    last: date | None
    at: time | None
    instant: datetime | None
    path: Path
    weekday: int | None = None
    """For opening hours: the weekday they are of."""

    @property
    def is_forecast(self) -> bool:
        """Whether the shop expects this, so that it may be told as the future."""
        return (
            any(word in self.path[-1] for word in ("expect", "forecast", "previs", "ready", "due"))
            if self.path
            else False
        )

    @property
    def is_visit(self) -> bool:
        """Whether this is when a customer comes or may come: it says nothing else about car or shop."""
        return bool(self.path) and self.path[-1] in VISIT_FIELDS

    @property
    def is_about_parts(self) -> bool:
        """Whether this is when a part arrives, which says nothing about when the car is ready."""
        return any("part" in name or "peca" in name for name in self.path)


class Length(NamedTuple):
    """How long something lasts."""

    units: Decimal
    unit: Unit


@dataclass(eq=False)
class Evidence:
    """The facts of one order or vehicle; with `shop` set, those that belong to none (hours, address, pix key)."""

    name: str
    shop: bool = False
    trusted: bool = False
    """Profile texts, written by the shop for customers: what they say may be said of any order."""
    order: str | None = None
    amounts: list[Amount] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)
    open_on: set[int] = field(default_factory=set)
    """Weekdays that have opening hours; empty when a source does not tell them."""
    told: set[str] = field(default_factory=set)
    """Names of the fields of all records; kept with the shop."""
    counts: dict[str, set[int]] = field(default_factory=dict)
    """How many of its kind the sources list; kept with the shop, for all of them together."""
    flags: dict[str, bool] = field(default_factory=dict)
    """What a field says yes or no to."""
    lengths: set[Length] = field(default_factory=set)
    percentages: set[Decimal] = field(default_factory=set)
    instalments: set[Decimal] = field(default_factory=set)
    numbers: set[Decimal] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    plates: set[str] = field(default_factory=set)
    vehicles: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    """Names by which the customer may be addressed; kept with the shop."""
    contacts: set[str] = field(default_factory=set)
    stages: set[Stage] = field(default_factory=set)
    """Where the order is, by its stage field."""
    decisions: set[Stage] = field(default_factory=set)
    """Where it is by other fields: a quote sent and not decided, a decision, a day of delivery."""
    past_stages: set[Stage] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    """Names of the fields that hold something."""
    texts: list[str] = field(default_factory=list)
    """Free texts in plain form: what may be quoted word for word."""
    described: list[str] = field(default_factory=list)
    """Those of them that say what was done or found."""
    problems: list[str] = field(default_factory=list)
    """Those that say what the customer came for."""
    parts: list["Part"] = field(default_factory=list)
    steps: list[tuple[Stage, Moment]] = field(default_factory=list)
    """Stages of the history and when they were reached."""

    @property
    def warranties(self) -> list["Part"]:
        """The lines that a warranty of their own is told of."""
        return [part for part in self.parts if "warrant" in part.path[-1]]

    def takes_identity_of(self, other: "Evidence") -> None:
        """An order found inside a vehicle's record has its plate and model."""
        self.plates |= other.plates
        self.vehicles |= other.vehicles


@dataclass
class Part:
    """One line of an order with a price or a day of its own: an item of the quote, a payment, a part, a warranty."""

    words: str
    path: Path
    amounts: set[Decimal] = field(default_factory=set)
    moments: list[Moment] = field(default_factory=list)
    digits: set[str] = field(default_factory=set)
    """Of a place of the shop: its phone and house number, bare."""
    price_of_one: Decimal | None = None
    kind: str = ""
    """Of an item of a quote: part or service."""
    days: int | None = None
    """Of a warranty: how long it is."""
    runs: bool | None = None
    """Of a warranty: whether it still does."""

    @property
    def is_payment(self) -> bool:
        """Whether it is money received: its words are only how it was paid."""
        return "paid" in self.path[-1] or "payment" in self.path[-1]


Scope = Sequence[Evidence]
