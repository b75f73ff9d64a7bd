"""The select field *Assistente* of leads: found by its name, made when it is missing, remembered for a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

from integrations.kommo.client import KommoClient
from integrations.kommo.labels import find_field, same_label
from integrations.kommo.schemas import CustomField

MODE_FIELD = "Assistente"
MODE_TYPES = ("select", "radiobutton")
REMEMBER_SECONDS = 600.0


class AssistantMode(StrEnum):
    """The values of the select field, as staff read them. An empty field means `ACTIVE`."""

    ACTIVE = "Ativo"
    PAUSED = "Pausado"
    PERSON = "Pessoa"


@dataclass(frozen=True)
class ModeField:
    """The field's id, and the ids of its values."""

    id: int
    choices: Mapping[AssistantMode, int]


class ModeFields:
    """Finds the field of one account; one instance a worker process."""

    def __init__(self, client: KommoClient) -> None:
        self._client = client
        self._found: ModeField | None = None
        self._until = 0.0

    async def find(self) -> ModeField | None:
        """The field, or None when the account has none with all the values. Raises `KommoError`."""
        if monotonic() >= self._until:
            found = await find_mode_field(self._client)
            self._found = as_mode_field(found) if found is not None else None
            self._until = monotonic() + (REMEMBER_SECONDS if self._found else REMEMBER_SECONDS / 10)
        return self._found


async def find_mode_field(client: KommoClient) -> CustomField | None:
    """The field by its name; the oldest when there are several."""
    return find_field(await client.lead_fields(), MODE_FIELD, MODE_TYPES)


def is_mode_field(name: str) -> bool:
    """Whether a field's name is the one of the field *Assistente*."""
    return same_label(name, MODE_FIELD)


def missing_values(field: CustomField) -> list[AssistantMode]:
    """Those of the values that the field does not offer."""
    offered = {choice.value.strip().casefold() for choice in field.enums}
    return [mode for mode in AssistantMode if mode.casefold() not in offered]


def as_mode_field(field: CustomField) -> ModeField | None:
    """The field as we use it; None when it lacks one of the values."""
    if missing_values(field):
        return None
    ids = {choice.value.strip().casefold(): choice.id for choice in field.enums}
    return ModeField(field.id, {mode: ids[mode.casefold()] for mode in AssistantMode})
