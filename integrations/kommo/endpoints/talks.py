"""Talks and their messages: the customer's chat as Kommo keeps it (Chats API add-on).

Sources: developers.kommo.com `reference/get-talks`, `reference/get-conversation-messages`,
`reference/send-message-to-conversation`.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from integrations.kommo.answers import Page, read_one, read_page
from integrations.kommo.client import KommoClient, Params
from integrations.kommo.errors import BadAnswer, Rejected, TalkClosed
from integrations.kommo.schemas import ChatMessage, Talk

PAGE = 250
SEND_SCOPE = "send_external_messages"
READ_SCOPE = "list_external_messages"
UNPROCESSABLE = 422


async def list_talks(
    client: KommoClient,
    *,
    only_in_work: bool = False,
    contact_ids: Sequence[int] = (),
    lead_ids: Sequence[int] = (),
    talk_ids: Sequence[int] = (),
    page: int = 1,
    limit: int = PAGE,
) -> Page[Talk]:
    """One page of talks, newest first."""
    params: list[tuple[str, str | int]] = [("limit", limit), ("page", page)]
    params += [("filter[contact_id][]", found) for found in contact_ids]
    params += [("filter[entity_id]", found) for found in lead_ids[:1]]
    params += [("filter[talk_id][]", found) for found in talk_ids]
    params += [("filter[only_in_work]", 1)] if only_in_work else []
    return read_page("GET /talks", await client.get("/talks", params), "talks", Talk)


async def talks_in_work(client: KommoClient) -> AsyncIterator[Talk]:
    """All open talks, newest first, fetched page by page."""
    page = 1
    while True:
        found = await list_talks(client, only_in_work=True, page=page)
        for talk in found.items:
            yield talk
        if not found.has_next:
            return
        page += 1


async def get_talk(client: KommoClient, talk_id: int) -> Talk | None:
    """One talk; None when Kommo has none with this id (204). Raises `NotFound` where Kommo says 404."""
    document = await client.get("/talks/{talk_id}", talk_id=talk_id)
    return None if document is None else read_one("GET /talks/{talk_id}", document, Talk)


async def list_messages(
    client: KommoClient, talk_id: int, *, since: datetime | None = None, page: int = 1, limit: int = PAGE
) -> Page[ChatMessage]:
    """One page of a talk's messages, newest first, written at `since` or later. Free: uses up no paid message."""
    params: Params = [("limit", limit), ("page", page)]
    if since is not None:
        params = [*params, ("filter[created_at][from]", int(since.timestamp()))]
    document = await client.get("/talks/{talk_id}/messages", params, scope=READ_SCOPE, talk_id=talk_id)
    return read_page("GET /talks/{talk_id}/messages", document, "messages", ChatMessage)


async def messages_since(client: KommoClient, talk_id: int, since: datetime | None) -> AsyncIterator[ChatMessage]:
    """All messages of a talk written at `since` or later, newest first, page by page."""
    page = 1
    while True:
        found = await list_messages(client, talk_id, since=since, page=page)
        for message in found.items:
            yield message
        if not found.has_next:
            return
        page += 1


async def send_message(client: KommoClient, talk_id: int, text: str) -> str | None:
    """Send `text` into the talk; the id of the accepted message, None when Kommo's 202 names none.

    Accepted is not delivered: see the message's `delivery_status` later. Uses up one paid message. Never repeated
    after an unclear outcome. Raises `TalkClosed`, `PaymentRequired`, `Forbidden`, `NotFound`.
    """
    try:
        document = await client.send(
            "POST", "/talks/{talk_id}/send_message", {"text": text}, scope=SEND_SCOPE, talk_id=talk_id
        )
    except BadAnswer:
        return None
    except Rejected as refused:
        if refused.status != UNPROCESSABLE:
            raise
        # The only documented 422 of this call; its text is Kommo's to change.
        raise TalkClosed(
            refused.endpoint, refused.status, refused.title, refused.detail, refused.request_id, refused.flaws
        ) from refused
    found = document.get("id") if isinstance(document, dict) else None
    return str(found) if found else None


async def close_talk(client: KommoClient, talk_id: int) -> None:
    """Close a talk."""
    await client.send("POST", "/talks/{talk_id}/close", {}, repeatable=True, talk_id=talk_id)
