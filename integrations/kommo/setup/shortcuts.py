"""The least that a start needs, with few calls: our webhook and our fields, without a plan and without asking.

Everything here may be run again and again: it looks first and changes only what differs. `autoprime run` uses it, so
nothing here may lead to SQLAlchemy.
"""

import structlog

from integrations.kommo.client import KommoClient
from integrations.kommo.labels import label_key
from integrations.kommo.modefield import MODE_FIELD, AssistantMode, find_mode_field, missing_values
from integrations.kommo.setup.wanted import EVENTS, FIELD_TYPES, LeadField

log = structlog.get_logger(__name__)


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


async def ensure_lead_fields(client: KommoClient) -> tuple[LeadField, ...]:
    """Make the fields that the account lacks; those made. A field of the name, whatever its type, stays as it is.

    Raises `KommoError`.
    """
    known = {label_key(field.name) for field in await client.lead_fields()}
    missing = tuple(field for field in LeadField if label_key(field) not in known)
    for field in missing:
        kind, labels = FIELD_TYPES[field]
        await client.create_lead_field(field.value, kind, labels)
    if missing:
        log.info("kommo.lead_fields_made", fields=len(missing))
    return missing
