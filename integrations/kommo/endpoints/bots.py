"""Salesbots: list, launch, stop, and continue one that waits for a widget's answer.

Sources: developers.kommo.com `reference/launch-a-salesbot`, `docs/widget-request`.
No API makes a bot or shows its script.
"""

from typing import Literal

from integrations.kommo.caller import Caller
from integrations.kommo.schemas_bots import Bot

PAGE = 250
BotEntity = Literal["leads", "contacts"]


class BotCalls(Caller):
    """`/bots` and `/salesbot`."""

    async def bots(self) -> list[Bot]:
        """All bots of the account."""
        return [bot async for bot in self.rows("/bots", "items", Bot, [("limit", PAGE)])]

    async def run_bot(self, bot_id: int, entity_id: int, entity_type: BotEntity = "leads") -> None:
        """Launch a bot. Accepted is not run: while another bot is at work on the entity, nothing happens."""
        body = {"entity_id": entity_id, "entity_type": entity_type}
        await self.send("POST", "/bots/{bot_id}/run", body, bot_id=bot_id)

    async def stop_bot(self, bot_id: int, lead_id: int) -> None:
        """Stop a bot at work on a lead."""
        body = {"entity_id": lead_id, "entity_type": "leads"}
        await self.send("POST", "/bots/{bot_id}/stop", body, repeatable=True, bot_id=bot_id)

    async def continue_bot(self, bot_id: int, continue_id: int, reply: str) -> None:
        """Answer a waiting bot, which sends it as `{{json.reply}}`. Raises `NotFound` when it waits no more."""
        body = {"data": {"status": "success", "reply": reply}}
        template = "/salesbot/{bot_id}/continue/{continue_id}"
        await self.send("POST", template, body, bot_id=bot_id, continue_id=continue_id)
