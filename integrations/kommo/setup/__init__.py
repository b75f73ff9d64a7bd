"""START HERE: what an account needs for us, seen and made. Nothing in this package may lead to SQLAlchemy.

    wanted.py      what there should be: fields, events, scopes
    planning.py    `plan(client, wanted)`: looks, changes nothing; each thing with a finding and, if it lacks, a step
    fields.py      … the part of the lead's fields        webhooks.py   … the part of the webhooks
    applying.py    `apply(client, plan)`: carries the steps out one by one, each after another look
    shortcuts.py   what `autoprime run` does at its start without asking

Whether the account works end to end is `integrations/kommo/check`; what its stages and users mean to the shop is
`integrations/kommo/mapping`. Only the light part is imported here.
"""

from integrations.kommo.setup.shortcuts import ensure_lead_fields, prepare_mode_field, subscribe_webhook
from integrations.kommo.setup.wanted import EVENTS, FIELD_TYPES, SCOPES, LeadField, Wanted, WantedField, wanted_fields

__all__ = [
    "EVENTS",
    "FIELD_TYPES",
    "SCOPES",
    "LeadField",
    "Wanted",
    "WantedField",
    "ensure_lead_fields",
    "prepare_mode_field",
    "subscribe_webhook",
    "wanted_fields",
]
