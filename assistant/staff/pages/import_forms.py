"""The forms of Importação: what they send, and what the page showed when they were drawn."""

from uuid import UUID

from pydantic import Field, field_validator

from assistant.staff.web.forms import Form
from integrations.kommo.importer.reading import FIELDS
from integrations.kommo.importer.reviewing import LONGEST_REASON

LONGEST = 2000


class Reviewed(Form):
    """The form of the review: every field as text, and what the page showed when it was drawn."""

    version: int
    full_name: str = Field("", max_length=LONGEST)
    phone: str = Field("", max_length=LONGEST)
    document: str = Field("", max_length=LONGEST)
    email: str = Field("", max_length=LONGEST)
    plate: str = Field("", max_length=LONGEST)
    brand: str = Field("", max_length=LONGEST)
    model: str = Field("", max_length=LONGEST)
    version_name: str = Field("", max_length=LONGEST)
    year: str = Field("", max_length=LONGEST)
    color: str = Field("", max_length=LONGEST)
    problem: str = Field("", max_length=LONGEST)
    urgency: str = Field("", max_length=LONGEST)
    origin: str = Field("", max_length=LONGEST)
    value: str = Field("", max_length=LONGEST)
    status: str = Field("", max_length=LONGEST)
    no_plate: bool = False
    customer: str = ""
    customers_seen: tuple[UUID, ...] = ()
    orders_seen: tuple[UUID, ...] = ()

    @field_validator("customers_seen", "orders_seen", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return value.split() if isinstance(value, str) else value

    @property
    def typed(self) -> dict[str, str]:
        """The texts by the names of `FIELDS`; the car's version is not the candidate's."""
        texts = self.model_dump(include=set(FIELDS) - {"version"})
        return {**texts, "version": self.version_name}

    @property
    def chosen(self) -> UUID | None:
        """The customer that was chosen; None for a new one."""
        return UUID(self.customer) if self.customer not in ("", "new") else None


class Versions(Form):
    """Candidates with the versions that the summary showed: `12:3 13:1`."""

    pairs: list[tuple[int, int]]

    @field_validator("pairs", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [pair.split(":") for pair in value.split()] if isinstance(value, str) else value


class Version(Form):
    """What the page showed."""

    version: int


class Reason(Version):
    """Why a lead becomes no OS."""

    reason: str = Field(min_length=3, max_length=LONGEST_REASON)


class Link(Version):
    """Which OS the lead belongs to."""

    order: UUID
