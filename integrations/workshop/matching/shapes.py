"""What is looked for and what is found: pure data, and the words that a reviewer reads."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Speaks(StrEnum):
    """Whether a reason is for or against two records being one."""

    FOR = "for"
    AGAINST = "against"


class ReasonKind(StrEnum):
    """Why a record was found, or why it may be another one."""

    SAME_DOCUMENT = "same_document"
    OTHER_DOCUMENT = "other_document"
    SAME_PHONE = "same_phone"
    PHONE_OF_ORDER = "phone_of_order"
    SHARED_PHONE = "shared_phone"
    SAME_EMAIL = "same_email"
    SAME_NAME = "same_name"
    CLOSE_NAME = "close_name"
    SAME_FIRST_NAME = "same_first_name"
    OTHER_GENERATION = "other_generation"
    OTHER_NAME = "other_name"
    COMPANY_AND_PERSON = "company_and_person"
    OWNS_VEHICLE = "owns_vehicle"
    BROUGHT_VEHICLE = "brought_vehicle"
    SAME_MODEL = "same_model"
    SAME_PLATE = "same_plate"
    SIMILAR_PLATE = "similar_plate"
    OTHER_PLATE = "other_plate"
    OTHER_MODEL = "other_model"
    OTHER_OWNER = "other_owner"
    OWNER_UNSURE = "owner_unsure"
    NO_OWNER = "no_owner"
    INACTIVE = "inactive"
    OF_CUSTOMER = "of_customer"


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for or against, with words for the reviewer."""

    kind: ReasonKind
    text: str
    speaks: Speaks = Speaks.FOR


@dataclass(frozen=True)
class Wanted:
    """Who and what a lead is about, each in the normal form of `integrations.contact`, or None."""

    name: str | None = None
    phones: tuple[str, ...] = ()
    document: str | None = None
    email: str | None = None
    plate: str | None = None
    brand: str | None = None
    model: str | None = None


def speaks_against(reasons: tuple[Reason, ...]) -> bool:
    return any(reason.speaks is Speaks.AGAINST for reason in reasons)


@dataclass(frozen=True)
class CustomerMatch:
    """A customer who may be the one. `certain` is never true while a reason speaks against."""

    customer_id: UUID
    full_name: str | None
    phone: str | None
    document: str | None
    score: float
    certain: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class VehicleMatch:
    """A vehicle that may be the one; `changed_owner` when it stands under somebody who is not the customer."""

    vehicle_id: UUID
    owner_id: UUID | None
    plate: str
    description: str
    certain: bool
    changed_owner: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class OpenOrder:
    """An OS that is not finished, which the lead may be about already."""

    id: UUID
    numero_os: str
    status: str | None
    plate: str | None
    vehicle: str | None
    client_name: str | None
    customer_id: UUID | None
    vehicle_id: UUID | None
    opened_at: datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Matches:
    """Everything found, best first."""

    customers: tuple[CustomerMatch, ...] = ()
    vehicles: tuple[VehicleMatch, ...] = ()
    open_orders: tuple[OpenOrder, ...] = ()

    @property
    def certain_customer(self) -> CustomerMatch | None:
        """The one customer who is certain, when there is exactly one."""
        certain = [match for match in self.customers if match.certain and not speaks_against(match.reasons)]
        return certain[0] if len(certain) == 1 else None
