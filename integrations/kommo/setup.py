"""Connects the service to an account: our webhook, our fields on the lead, what the account allows.

Everything here may be run again and again: it looks first and changes only what differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import structlog

from integrations.kommo.client import KommoClient
from integrations.kommo.endpoints.talks import READ_SCOPE, SEND_SCOPE
from integrations.kommo.errors import Forbidden, NotFound, PaymentRequired
from integrations.kommo.modefield import MODE_FIELD, AssistantMode, find_mode_field, missing_values
from integrations.kommo.schemas import Account

log = structlog.get_logger(__name__)

EVENTS = ("add_message", "add_outgoing_message", "add_talk", "update_lead")
"""What we are told of (developers.kommo.com `reference/webhook-events`). `update_talk` is not documented on Kommo, and
an unknown name would have the whole subscription refused."""

SCOPES = ("crm", SEND_SCOPE, READ_SCOPE)
"""What the token should allow; the chat scopes only matter with the Chats API add-on."""


async def subscribe_webhook(client: KommoClient, destination: str) -> bool:
    """Make Kommo post our events to `destination`; whether anything had to be changed. Raises `KommoError`.

    A webhook that Kommo has disabled, or that misses an event, is subscribed anew; events that somebody added stay.
    """
    known = next(iter(await client.webhooks(destination)), None)
    if known and not known.disabled and set(EVENTS) <= set(known.settings):
        return False
    kept = known.settings if known else ()
    await client.subscribe(destination, tuple(dict.fromkeys((*EVENTS, *kept))))
    log.info("kommo.webhook_subscribed", was_known=known is not None, was_disabled=bool(known and known.disabled))
    return True


async def prepare_mode_field(client: KommoClient) -> bool:
    """See to it that leads have the field *Assistente*; whether anything had to be changed. Raises `KommoError`."""
    known = await find_mode_field(client)
    if known is None:
        await client.create_lead_field(MODE_FIELD, "select", tuple(AssistantMode))
    elif missing := missing_values(known):
        await client.set_field_choices(known, missing)
    else:
        return False
    log.info("kommo.mode_field_prepared", was_known=known is not None)
    return True


class LeadField(StrEnum):
    """The fields of a lead into which is written what a new customer tells; found by these names."""

    PLATE = "Placa"
    MODEL = "Modelo/Marca"
    PROBLEM = "Problema Relatado"
    URGENCY = "Urgência"
    ORIGIN = "Origem"
    JOB_SIZE = "Tipo de Serviço"
    WARMTH = "Temperatura"


FIELD_TYPES: Mapping[LeadField, tuple[str, tuple[str, ...]]] = {
    LeadField.PLATE: ("text", ()),
    LeadField.MODEL: ("text", ()),
    LeadField.PROBLEM: ("textarea", ()),
    LeadField.URGENCY: ("select", ("Alta", "Média", "Baixa")),
    LeadField.ORIGIN: ("select", ("WhatsApp", "Instagram", "Google", "Indicação")),
    LeadField.JOB_SIZE: ("select", ("Rápido", "Médio", "Projeto")),
    LeadField.WARMTH: ("select", ("Quente", "Morno", "Frio")),
}
"""Type and labels with which a missing field is made."""


async def ensure_lead_fields(client: KommoClient) -> tuple[LeadField, ...]:
    """Make the fields that the account lacks; those made. A field of the name, whatever its type, stays as it is.

    Raises `KommoError`.
    """
    known = {field.name.strip().casefold() for field in await client.lead_fields()}
    missing = tuple(field for field in LeadField if field.value.casefold() not in known)
    for field in missing:
        kind, labels = FIELD_TYPES[field]
        await client.create_lead_field(field.value, kind, labels)
    if missing:
        log.info("kommo.lead_fields_made", fields=len(missing))
    return missing


@dataclass(frozen=True)
class AccountFacts:
    """What was learnt of an account. `scopes` is None when the token does not say."""

    account: Account
    scopes: frozenset[str] | None
    reads_talks: bool | None
    """Whether messages of talks can be read (add-on and scope); None when no talk was there to try it on."""

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        """Scopes to tick in the integration's settings."""
        return () if self.scopes is None else tuple(scope for scope in SCOPES if scope not in self.scopes)


async def account_facts(client: KommoClient) -> AccountFacts:
    """Who the account is and what its token and plan allow, without sending anything. Raises `KommoError`."""
    return AccountFacts(await client.account(), await client.scopes(), await _reads_talks(client))


async def _reads_talks(client: KommoClient) -> bool | None:
    """Try to read the newest talk: Kommo names the plan nowhere else."""
    talk = next(iter(await client.talks()), None)
    if talk is None:
        return None
    try:
        await client.talk_messages(talk.talk_id, since=talk.updated_at)
    except (Forbidden, PaymentRequired):
        return False
    except NotFound:
        return None
    return True
