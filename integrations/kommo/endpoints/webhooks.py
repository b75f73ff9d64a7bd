"""Webhook subscriptions; the destination is their key. Source: developers.kommo.com `reference/add-webhooks`."""

from collections.abc import Sequence

from integrations.kommo.answers import read_one
from integrations.kommo.caller import Caller, Params
from integrations.kommo.schemas import Webhook


class WebhookCalls(Caller):
    """`/webhooks`."""

    async def webhooks(self, destination: str | None = None) -> list[Webhook]:
        """The subscriptions of the account, or those of one destination."""
        params: Params = [("filter[destination]", destination)] if destination else []
        found = (await self.page("/webhooks", "webhooks", Webhook, params)).items
        return [hook for hook in found if destination in (None, hook.destination)]

    async def subscribe(self, destination: str, events: Sequence[str]) -> Webhook:
        """Subscribe a destination, or change what a known one is told of. Repeated when unclear."""
        body = {"destination": destination, "settings": list(events), "sort": 1}
        document = await self.send("POST", "/webhooks", body, repeatable=True)
        return read_one("POST /webhooks", document, Webhook)

    async def unsubscribe(self, destination: str) -> None:
        """End the subscription of a destination. Raises `NotFound` when there is none."""
        await self.send("DELETE", "/webhooks", {"destination": destination}, repeatable=True)
