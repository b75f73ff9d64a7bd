"""The account's event list: who did what and when, without texts.

Source: developers.kommo.com `reference/events-list`. Its order is not documented and its limit is given as 250 and, for
amoCRM, as 100: so 100 a page, and the caller sorts.
"""

from collections.abc import AsyncIterator
from datetime import datetime

from integrations.kommo.caller import Caller
from integrations.kommo.schemas import Event

PAGE = 100
OUTGOING = "outgoing_chat_message"


class EventCalls(Caller):
    """`/events`."""

    def events(self, types: str, *, since: datetime) -> AsyncIterator[Event]:
        """Events of these types (comma-separated) at `since` or later, streamed page by page, in no known order."""
        params: list[tuple[str, str | int]] = [
            ("filter[type]", types),
            ("filter[created_at][from]", int(since.timestamp())),
            ("limit", PAGE),
        ]
        return self.rows("/events", "events", Event, params)

    def outgoing_message_events(self, *, since: datetime) -> AsyncIterator[Event]:
        """Every chat message that left the account since then: one look serves many talks (see `Event.message_id`)."""
        return self.events(OUTGOING, since=since)
