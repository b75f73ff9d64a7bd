"""What a stage of the account can mean to the shop. Data only."""

from collections.abc import Mapping
from enum import StrEnum

from integrations.workshop.stages import Stage

WON, LOST = 142, 143
"""Stages that Kommo has in every pipeline, whatever they are called there."""

INCOMING = 1
"""`type` of the stage *Incoming leads*, into which no lead can be moved (assumed)."""


class Meaning(StrEnum):
    """A meaning, as the database has it. All but `QUALIFIED` are stages of an order; `label` is what staff read."""

    QUALIFIED = "qualified"
    DIAGNOSIS = "diagnosis"
    QUOTING = "quoting"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_PARTS = "awaiting_parts"
    READY_TO_START = "ready_to_start"
    IN_PROGRESS = "in_progress"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    REFUSED = "refused"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return "Qualificado" if self is Meaning.QUALIFIED else STAGES[self].value


STAGES: Mapping[Meaning, Stage] = {
    meaning: Stage[meaning.name] for meaning in Meaning if meaning is not Meaning.QUALIFIED
}
"""The stage of an order that each meaning stands for."""

MEANINGS: Mapping[Stage, Meaning] = {stage: meaning for meaning, stage in STAGES.items()}
"""What an order's stage looks for among the choices; `Stage.OTHER` has none and moves no lead."""
