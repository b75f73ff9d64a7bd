"""Looks at an account and says what would be done; changes nothing. Two calls to Kommo."""

from integrations.kommo.client import KommoClient
from integrations.kommo.setup.fields import field_items
from integrations.kommo.setup.steps import Plan
from integrations.kommo.setup.wanted import Wanted
from integrations.kommo.setup.webhooks import webhook_items


async def plan(client: KommoClient, wanted: Wanted) -> Plan:
    """How the account stands against `wanted`, each lack with the step that mends it. Raises `KommoError`."""
    hooks = await client.webhooks()
    fields = await client.lead_fields()
    return Plan((*webhook_items(hooks, wanted.webhook), *field_items(fields, wanted)))


async def webhook_plan(client: KommoClient, wanted: Wanted) -> Plan:
    """The part about webhooks alone. Raises `KommoError`."""
    return Plan(webhook_items(await client.webhooks(), wanted.webhook))
