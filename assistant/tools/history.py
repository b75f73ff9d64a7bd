"""The tool about past visits: what was done, when, for how much, and whether its warranty still runs.

Reads delivered orders of the speaker only; refused items count as not done.
"""

from datetime import date
from decimal import Decimal

from pydantic import Field

from assistant.tools.toolbox import Arguments, Result


class Visit(Result):
    """A delivered order. `total` in R$."""

    number: str
    vehicle: str
    plate: str | None
    opened_on: date | None
    delivered_on: date | None
    problem: str | None
    services: tuple[str, ...]
    parts: tuple[str, ...]
    total: Decimal | None
    warranty_until: date | None
    """Last day of the warranty; None when the date of delivery is unknown."""
    under_warranty: bool


class ServiceHistory(Result):
    """The speaker's past visits, latest first."""

    visits: tuple[Visit, ...]
    warranty_days: int


class ServiceHistoryArguments(Arguments):
    plate: str | None = Field(None, description="The plate the customer named; narrows the customer's own visits only.")
