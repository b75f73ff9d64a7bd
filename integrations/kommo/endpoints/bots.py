"""Salesbots: list, launch, stop, and continue one that waits for a widget's answer.

Sources: developers.kommo.com `reference/launch-a-salesbot`, `docs/widget-request`.
No API makes a bot or shows its script.
"""

from typing import Literal

from integrations.kommo.answers import read_page
from integrations.kommo.client import KommoClient
from integrations.kommo.schemas import Bot

PAGE = 250
Entity = Literal["leads", "contacts"]


async def list_bots(client: KommoClient) -> list[Bot]:
    """All bots of the account."""
    found: list[Bot] = []
    page = 1
    while True:
        document = await client.get("/bots", [("limit", PAGE), ("page", page)])
        rows = read_page("GET /bots", document, "items", Bot)
        found += rows.items
        if not rows.has_next:
            return found
        page += 1


async def run_bot(client: KommoClient, bot_id: int, entity_id: int, entity: Entity = "leads") -> None:
    """Launch a bot on a lead or contact. Accepted is not run: while another bot is at work there, nothing happens."""
    await client.send("POST", "/bots/{bot_id}/run", {"entity_id": entity_id, "entity_type": entity}, bot_id=bot_id)


async def stop_bot(client: KommoClient, bot_id: int, lead_id: int) -> None:
    """Stop a bot at work on a lead."""
    body = {"entity_id": lead_id, "entity_type": "leads"}
    await client.send("POST", "/bots/{bot_id}/stop", body, repeatable=True, bot_id=bot_id)


async def continue_bot(client: KommoClient, bot_id: int, continue_id: int, reply: str) -> None:
    """Give a waiting bot its answer, which it sends as `{{json.reply}}`. Raises `NotFound` when it waits no more."""
    body = {"data": {"status": "success", "reply": reply}}
    await client.send("POST", "/salesbot/{bot_id}/continue/{continue_id}", body, bot_id=bot_id, continue_id=continue_id)
