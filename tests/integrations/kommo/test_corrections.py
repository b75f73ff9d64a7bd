"""Changed and deleted messages, as webhooks and a talk's list tell of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from integrations.database import Sessions, transaction
from integrations.kommo.chats.handle import handle_events
from integrations.kommo.chats.inbox import InboxRules
from integrations.kommo.chats.talkreader import read_talk
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.models import KommoEvent
from integrations.kommo.pacing import Unlimited
from integrations.kommo.schemas import Talk
from tests.integrations.kommo.attachments.conftest import MakeServer, make_server

__all__ = ["make_server"]

RULES = InboxRules(
    origins=frozenset({"waba"}),
    quiet=timedelta(seconds=6),
    cap=timedelta(seconds=30),
    takeover=timedelta(hours=12),
    answer_within=timedelta(hours=23),
    answer_from=datetime(2020, 1, 1, tzinfo=UTC),
)


async def webhook(sessions: Sessions, action: str, **fields: object) -> str:
    """Kommo posts this about the message m-1; what became of the event."""
    told = {"id": "m-1", "chat_id": "c-1", "talk_id": 1, "origin": "waba", "type": "incoming", **fields}
    body = urlencode({f"message[{action}][0][{name}]": value for name, value in told.items()})
    async with transaction(sessions) as session:
        event = KommoEvent(event_key=uuid4().hex, body=body)
        session.add(event)
        await session.flush()
    client = KommoClient("http://127.0.0.1:9", StaticToken(SecretStr("none")), Unlimited(), 1)
    await handle_events(sessions, client, [event.id], RULES, datetime.now(UTC), None)
    await client.close()
    return str((await rows(sessions, "SELECT state FROM kommo_event ORDER BY id DESC LIMIT 1"))[0][0])


async def rows(sessions: Sessions, query: str) -> Sequence[tuple[Any, ...]]:
    async with transaction(sessions) as session:
        return [tuple(row) for row in (await session.execute(text(query))).all()]


def now() -> int:
    return int(datetime.now(UTC).timestamp())


MESSAGE = "SELECT text, first_text, edited_at IS NOT NULL, deleted_at IS NOT NULL FROM message"


async def test_a_changed_message_is_the_newest_version(sessions: Sessions) -> None:
    await webhook(sessions, "add", text="oi", created_at=now())
    assert await webhook(sessions, "update", text="olá", created_at=now()) == "done"
    await webhook(sessions, "update", text="olá, tudo bem?", created_at=now())
    assert await rows(sessions, MESSAGE) == [("olá, tudo bem?", "oi", True, False)]


async def test_who_changes_a_message_gets_the_silence_again(sessions: Sessions) -> None:
    await webhook(sessions, "add", text="oi", created_at=now())
    await rows(sessions, "UPDATE conversation SET due_at = now() RETURNING 1")
    await webhook(sessions, "update", text="olá", created_at=now())
    assert await rows(sessions, "SELECT due_at > now() + interval '4 seconds' FROM conversation") == [(True,)]


async def test_a_change_of_a_message_that_never_came_is_a_message(sessions: Sessions) -> None:
    await webhook(sessions, "update", text="oi", created_at=now())
    assert await rows(sessions, MESSAGE) == [("oi", None, False, False)]
    assert await rows(sessions, "SELECT due_at IS NOT NULL FROM conversation") == [(True,)]


async def test_a_message_that_is_taken_back(sessions: Sessions) -> None:
    await webhook(sessions, "add", text="oi", created_at=now())
    assert await webhook(sessions, "delete") == "done"
    assert await rows(sessions, MESSAGE) == [("oi", None, False, True)]


async def test_nobody_takes_back_what_the_shop_wrote(sessions: Sessions) -> None:
    fields = {"type": "outgoing", "author[type]": "internal", "text": "oi", "created_at": now()}
    await webhook(sessions, "add", **{key.replace("[type]", "][type"): value for key, value in fields.items()})
    await webhook(sessions, "delete")
    await webhook(sessions, "update", text="olá", created_at=now())
    assert await rows(sessions, MESSAGE) == [("oi", None, False, False)]


@pytest.mark.parametrize(("shown", "expected"), [("olá", ("olá", "oi")), ("oi", ("oi", None)), ("", ("oi", None))])
async def test_the_talks_list_shows_the_newest_version(
    sessions: Sessions, make_server: MakeServer, shown: str, expected: tuple[str, str | None]
) -> None:
    """And a voice note that we heard, which it shows without words, keeps its words."""
    await webhook(sessions, "add", text="oi", created_at=now())
    server = await make_server()
    row = f'{{"id": "m-1", "type": "incoming", "text": "{shown}", "created_at": {now()}}}'
    server.gives("/api/v4/talks/1/messages", f'{{"_embedded": {{"messages": [{row}]}}}}'.encode())
    async with KommoClient(server.url, StaticToken(SecretStr("key")), Unlimited(), 2) as client:
        await read_talk(sessions, client, Talk(talk_id=1, chat_id="c-1"), RULES, datetime.now(UTC))
    assert (await rows(sessions, MESSAGE))[0][:2] == expected
