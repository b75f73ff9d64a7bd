"""Was it sent? Looks a message up in the talks of a chat by author, text and time; reads only, and costs no message.

Without the add-on Kommo does not let us read messages; then its event list tells at least that a robot sent something
in this talk, which counts as ours when no other reply claims it.
"""

import html
from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta

from integrations.kommo.client import KommoClient
from integrations.kommo.errors import Forbidden, NotFound, PaymentRequired
from integrations.kommo.replies.way import Target
from integrations.kommo.schemas import ChatMessage

CLOCKS_APART = timedelta(seconds=10)
"""How far Kommo's clock may be behind ours; its times are whole seconds."""

BOT = "bot"
"""`author.type` of a Salesbot's message and of our own call."""

ROBOT = 0
"""`created_by` of an event that no person caused."""


async def find_in_chat(
    client: KommoClient, target: Target, text: str, since: datetime, exclude_ids: Collection[str]
) -> str | None:
    """The oldest message of a bot with this text since then that no other reply is; None when there is none."""
    start = since - CLOCKS_APART
    try:
        async for talk_id in _talks(client, target):
            messages = await _messages(client, talk_id, start)
            found = [m for m in messages if _matches(m, text, start) and m.id not in exclude_ids]
            if found:
                return min(found, key=lambda message: message.created_at or start).id
    except (Forbidden, PaymentRequired):
        return await _find_by_event(client, target, start, exclude_ids)
    return None


async def _talks(client: KommoClient, target: Target) -> AsyncIterator[int]:
    """The talk itself, then the open talks of the same chat: a reply may have opened, or gone to, another one."""
    if target.talk_id is not None:
        yield target.talk_id
    if target.contact_id is None:
        return
    for talk in await client.talks(contact_id=target.contact_id, only_in_work=True):
        if talk.talk_id != target.talk_id and talk.chat_id == target.chat_id:
            yield talk.talk_id


async def _messages(client: KommoClient, talk_id: int, since: datetime) -> list[ChatMessage]:
    try:
        return await client.talk_messages(talk_id, since=since)
    except NotFound:
        return []


def _matches(message: ChatMessage, text: str, start: datetime) -> bool:
    ours = not message.incoming and message.author.type == BOT
    in_time = message.created_at is None or message.created_at >= start
    return ours and in_time and same_text(message.text, text)


def same_text(shown: str, sent: str) -> bool:
    """Whether a text as Kommo shows it is the one we sent: white space and HTML entities may differ."""
    return html.unescape(shown).split() == html.unescape(sent).split()


async def _find_by_event(
    client: KommoClient, target: Target, start: datetime, exclude_ids: Collection[str]
) -> str | None:
    found = [
        event
        async for event in client.outgoing_message_events(since=start)
        if event.created_by == ROBOT
        and event.message_id
        and event.message_id not in exclude_ids
        and _concerns(target, event.talk_id, event.entity_id)
    ]
    first = min(found, key=lambda event: event.created_at or start, default=None)
    return first.message_id if first else None


def _concerns(target: Target, talk_id: int | None, entity_id: int | None) -> bool:
    """Whether an event is about the target: the same talk, or its lead or contact where the event names no talk."""
    if talk_id is not None:
        return talk_id == target.talk_id
    return entity_id is not None and entity_id in (target.lead_id, target.contact_id)
