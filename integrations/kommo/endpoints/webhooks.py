"""Webhook subscriptions; the destination is their key. Source: developers.kommo.com `reference/add-webhooks`."""

from collections.abc import Sequence

from integrations.kommo.answers import read_one, read_page
from integrations.kommo.client import KommoClient, Params
from integrations.kommo.schemas import Webhook


async def list_webhooks(client: KommoClient, destination: str | None = None) -> list[Webhook]:
    """The subscriptions of the account, or those of one destination."""
    params: Params = [("filter[destination]", destination)] if destination else []
    page = read_page("GET /webhooks", await client.get("/webhooks", params), "webhooks", Webhook)
    return list(page.items)


async def subscribe(client: KommoClient, destination: str, events: Sequence[str]) -> Webhook:
    """Subscribe a destination, or change what a known one is told of. Safe to repeat: the destination is the key."""
    body = {"destination": destination, "settings": list(events), "sort": 1}
    document = await client.send("POST", "/webhooks", body, repeatable=True)
    return read_one("POST /webhooks", document, Webhook)


async def unsubscribe(client: KommoClient, destination: str) -> None:
    """End the subscription of a destination. Raises `NotFound` when there is none."""
    await client.send("DELETE", "/webhooks", {"destination": destination}, repeatable=True)
