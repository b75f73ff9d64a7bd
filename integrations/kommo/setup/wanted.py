"""What an account should have for us: fields of a lead, the webhook's events, the scopes of a token. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import SecretStr

from integrations.kommo.endpoints.talks import READ_SCOPE, SEND_SCOPE
from integrations.kommo.modefield import MODE_FIELD, MODE_TYPES, AssistantMode

EVENTS = (
    "add_message",
    "add_outgoing_message",
    "add_talk",
    "add_lead",
    "update_lead",
    "status_lead",
    "delete_lead",
    "restore_lead",
)
"""What we are told of (developers.kommo.com `reference/webhook-events`). `update_talk` is not documented on Kommo, and
an unknown name would have the whole subscription refused."""

SCOPES = ("crm", SEND_SCOPE, READ_SCOPE)
"""What the token should allow; the chat scopes only matter with the Chats API add-on."""

WRITING = ("text", "textarea")
CHOOSING = ("select", "radiobutton")


class LeadField(StrEnum):
    """The fields of a lead: what a new customer tells, and the OS that it became; found by these names."""

    PLATE = "Placa"
    MODEL = "Modelo/Marca"
    PROBLEM = "Problema Relatado"
    URGENCY = "Urgência"
    ORIGIN = "Origem"
    JOB_SIZE = "Tipo de Serviço"
    WARMTH = "Temperatura"
    ORDER_NUMBER = "Número da OS"


FIELD_TYPES: Mapping[LeadField, tuple[str, tuple[str, ...]]] = {
    LeadField.PLATE: ("text", ()),
    LeadField.MODEL: ("text", ()),
    LeadField.PROBLEM: ("textarea", ()),
    LeadField.URGENCY: ("select", ("Alta", "Média", "Baixa")),
    LeadField.ORIGIN: ("select", ("WhatsApp", "Instagram", "Google", "Indicação")),
    LeadField.JOB_SIZE: ("select", ("Rápido", "Médio", "Projeto")),
    LeadField.WARMTH: ("select", ("Quente", "Morno", "Frio")),
    LeadField.ORDER_NUMBER: ("text", ()),
}
"""Type and labels with which a missing field is made."""


@dataclass(frozen=True)
class WantedField:
    """A field that leads should have; one of the name with a type of `usable` does as well."""

    name: str
    kind: str
    labels: tuple[str, ...] = ()
    usable: tuple[str, ...] = WRITING
    field_id: int | None = None
    """Set when the settings name the field by its id: then it is looked for by that, and never made."""


@dataclass(frozen=True)
class Wanted:
    """What an account is compared with. `known` are the ids that our fields had when they were last seen."""

    webhook: SecretStr | None
    """The address Kommo should post to, secret included; None leaves webhooks alone."""
    fields: tuple[WantedField, ...]
    known: Mapping[str, int] = field(default_factory=dict)


def wanted_fields(reply_field: str) -> tuple[WantedField, ...]:
    """All fields: what new customers tell, who has the chat, and the one that the Salesbot sends."""
    told = (WantedField(name.value, kind, labels, _usable(kind)) for name, (kind, labels) in FIELD_TYPES.items())
    mode = WantedField(MODE_FIELD, "select", tuple(AssistantMode), MODE_TYPES)
    by_id = int(reply_field) if reply_field.strip().isdigit() else None
    return (*told, mode, WantedField(reply_field.strip(), "textarea", (), WRITING, by_id))


def _usable(kind: str) -> tuple[str, ...]:
    """A text field takes any answer, so it serves for a select as well; not the other way round."""
    return (*CHOOSING, *WRITING) if kind in CHOOSING else WRITING
