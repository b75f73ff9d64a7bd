"""Talks and their messages: the customer's chat as Kommo keeps it (Chats API add-on).

Sources: developers.kommo.com `reference/get-talks`, `reference/get-conversation-messages`,
`reference/send-message-to-conversation`.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from integrations.kommo.answers import read_one
from integrations.kommo.caller import Caller, Params
from integrations.kommo.errors import BadAnswer, NotFound, Rejected, TalkClosed
from integrations.kommo.schemas import ChatMessage, Talk

PAGE = 250
SEND_SCOPE = "send_external_messages"
READ_SCOPE = "list_external_messages"
UNPROCESSABLE = 422


class TalkCalls(Caller):
    """`/talks`."""

    async def talks(
        self, *, contact_id: int | None = None, talk_ids: Sequence[int] = (), only_in_work: bool = False
    ) -> list[Talk]:
        """The newest talks of a contact or with these ids, newest first, 250 at most."""
        params = _filters(contact_id, talk_ids, only_in_work)
        return list((await self.page("/talks", "talks", Talk, params)).items)

    def all_talks(self, *, only_in_work: bool = False) -> AsyncIterator[Talk]:
        """All talks of the account, newest first, streamed page by page."""
        return self.rows("/talks", "talks", Talk, _filters(None, (), only_in_work))

    async def talk(self, talk_id: int) -> Talk | None:
        """One talk; None when Kommo has none with this id."""
        try:
            document = await self.get("/talks/{talk_id}", talk_id=talk_id)
        except NotFound:
            return None
        return None if document is None else read_one("GET /talks/{talk_id}", document, Talk)

    async def talk_messages(self, talk_id: int, *, since: datetime | None = None) -> list[ChatMessage]:
        """A talk's messages written at `since` or later, newest first. Uses up no paid message.

        Raises `Forbidden` without the scope and `PaymentRequired` without the add-on.
        """
        params: Params = [("limit", PAGE)]
        if since is not None:
            params = [*params, ("filter[created_at][from]", int(since.timestamp()))]
        rows = self.rows(
            "/talks/{talk_id}/messages", "messages", ChatMessage, params, scope=READ_SCOPE, talk_id=talk_id
        )
        return [message async for message in rows]

    async def send_message(self, talk_id: int, text: str) -> str | None:
        """Send `text` into the talk; the id of the accepted message, None when Kommo's 202 names none.

        Accepted is not delivered: see the message's `delivery_status` later. Uses up one paid message. Never repeated
        after an unclear outcome. Raises `TalkClosed`, `PaymentRequired`, `Forbidden`, `NotFound`.
        """
        template = "/talks/{talk_id}/send_message"
        try:
            document = await self.send("POST", template, {"text": text}, scope=SEND_SCOPE, talk_id=talk_id)
        except BadAnswer:
            return None
        except Rejected as refused:
            if refused.status != UNPROCESSABLE:
                raise
            # The only documented 422 of this call; its text is Kommo's to change.
            raise TalkClosed(**vars(refused)) from refused
        found = document.get("id") if isinstance(document, dict) else None
        return str(found) if found else None

    async def close_talk(self, talk_id: int) -> None:
        """Close a talk."""
        await self.send("POST", "/talks/{talk_id}/close", {}, repeatable=True, talk_id=talk_id)


def _filters(contact_id: int | None, talk_ids: Sequence[int], only_in_work: bool) -> Params:
    params: list[tuple[str, str | int]] = [("limit", PAGE)]
    params += [("filter[contact_id][]", contact_id)] if contact_id else []
    params += [("filter[talk_id][]", talk_id) for talk_id in talk_ids]
    params += [("filter[only_in_work]", 1)] if only_in_work else []
    return params
