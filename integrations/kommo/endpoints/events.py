"""The account's event list: who did what and when, without texts.

Source: developers.kommo.com `reference/events-list`. Its order is not documented and its limit is given as 250 and, for
amoCRM, as 100: so 100 a page, and the caller sorts.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from integrations.kommo.answers import read_page
from integrations.kommo.client import KommoClient
from integrations.kommo.schemas import Event, read_int, read_text

PAGE = 100
OUTGOING = "outgoing_chat_message"
ROBOT = 0


@dataclass(frozen=True)
class SentEvent:
    """A chat message left the account. `by_robot`: a bot or a call of ours, not a person."""

    message_id: str
    talk_id: int | None
    entity_id: int | None
    user_id: int
    at: datetime

    @property
    def by_robot(self) -> bool:
        return self.user_id == ROBOT


async def list_events(client: KommoClient, types: str, since: datetime) -> AsyncIterator[Event]:
    """Events of these types (comma-separated) at `since` or later, page by page, in no known order."""
    page = 1
    while True:
        params: list[tuple[str, str | int]] = [
            ("filter[type]", types),
            ("filter[created_at][from]", int(since.timestamp())),
            ("limit", PAGE),
            ("page", page),
        ]
        found = read_page("GET /events", await client.get("/events", params), "events", Event)
        for event in found.items:
            yield event
        if not found.has_next:
            return
        page += 1


async def sent_since(client: KommoClient, since: datetime) -> list[SentEvent]:
    """Every chat message that left the account since then, oldest first: one look serves many talks."""
    found = [_sent(event) async for event in list_events(client, OUTGOING, since)]
    return sorted(found, key=lambda sent: sent.at)


def _sent(event: Event) -> SentEvent:
    message: dict[str, object] = {}
    for value in event.value_after:
        inner = value.get("message")
        message = inner if isinstance(inner, dict) else message
    return SentEvent(
        message_id=read_text(message.get("id")),
        talk_id=read_int(message.get("talk_id")),
        entity_id=event.entity_id,
        user_id=event.created_by,
        at=event.created_at or datetime.fromtimestamp(0, UTC),
    )
