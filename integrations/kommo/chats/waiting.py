"""A Salesbot waits for our text: note where it takes it, and see to it that the customer's message is in the inbox.

The request names a lead or contact and no message id, so the message itself is read from the talk; webhook, sweep and
request then store it once. Where talks cannot be read (no add-on), the text that the bot sent along is taken, unless
the same text came in a moment ago.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select, update

from integrations.database import Sessions, transaction
from integrations.kommo.chats.inbox import SAME_MESSAGE, WIDGET_PREFIX, InboxRules, Seen, receive
from integrations.kommo.chats.models import AuthorType, Conversation, Direction, Message
from integrations.kommo.chats.talkreader import read_talk
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import Forbidden, PaymentRequired
from integrations.kommo.models import EventState, KommoEvent
from integrations.kommo.schemas import Talk

log = structlog.get_logger(__name__)

UNRESOLVED = re.compile(r"\{\{.*\}\}", re.DOTALL)
"""A placeholder that the bot could not resolve arrives as it is written in the script."""


@dataclass(frozen=True)
class Waiting:
    """What the bot's request said (see `assistant/widget.py`, which checked it)."""

    lead_id: int | None
    contact_id: int | None
    continue_url: str
    message: str


async def handle_waiting_bot(
    sessions: Sessions, client: KommoClient, event_id: int, rules: InboxRules, now: datetime
) -> None:
    """Handle a stored request; raises `KommoError` when Kommo cannot be asked, to be tried again."""
    async with transaction(sessions) as session:
        event = await session.get_one(KommoEvent, event_id)
        if event.state != EventState.PENDING:
            return
        waiting = Waiting(**json.loads(event.body))
    talk = await _talk_of(client, waiting, rules)
    if talk is not None:
        await _bring_message(sessions, client, talk, waiting, event_id, rules, now)
        key = talk.chat_id or f"talk:{talk.talk_id}"
        async with transaction(sessions) as session:
            changed = {"continue_url": waiting.continue_url, "continue_at": now}
            await session.execute(update(Conversation).where(Conversation.chat_key == key).values(changed))
    async with transaction(sessions) as session:
        state = EventState.IGNORED if talk is None else EventState.DONE
        done = {"state": state, "handled_at": now, "kinds": "widget_request"}
        await session.execute(update(KommoEvent).where(KommoEvent.id == event_id).values(done))


async def _talk_of(client: KommoClient, waiting: Waiting, rules: InboxRules) -> Talk | None:
    """The newest open talk of the lead's main contact."""
    contact_id = waiting.contact_id
    if contact_id is None and waiting.lead_id is not None:
        lead = await client.lead(waiting.lead_id)
        # With several contacts on a lead it is not known which of them the bot speaks with.
        contact_id = lead.main_contact_id if lead and len(lead.contacts) == 1 else None
    if contact_id is None:
        return None
    talks = await client.talks(contact_id=contact_id, only_in_work=True)
    fitting = (t for t in talks if rules.answers(t.origin or None) and t.lead_id in (None, waiting.lead_id))
    return max(fitting, key=lambda talk: talk.talk_id, default=None)


async def _bring_message(
    sessions: Sessions,
    client: KommoClient,
    talk: Talk,
    waiting: Waiting,
    event_id: int,
    rules: InboxRules,
    now: datetime,
) -> None:
    try:
        await read_talk(sessions, client, talk, rules, now)
        return
    except (Forbidden, PaymentRequired):
        log.info("widget.talk_not_readable", talk=talk.talk_id)
    said = "" if UNRESOLVED.fullmatch(waiting.message.strip()) else waiting.message.strip()
    async with transaction(sessions) as session:
        known = select(Message.id).where(
            Message.conversation_id.in_(select(Conversation.id).where(Conversation.talk_id == talk.talk_id)),
            Message.direction == Direction.IN,
            Message.sent_at > now - SAME_MESSAGE,
            func.btrim(Message.text) == said,
        )
        if said and (await session.execute(known)).first() is None:
            await receive(session, _as_seen(talk, waiting, event_id, now), rules, "widget", now)


def _as_seen(talk: Talk, waiting: Waiting, event_id: int, now: datetime) -> Seen:
    return Seen(
        kommo_id=f"{WIDGET_PREFIX}{event_id}",
        chat_id=talk.chat_id or None,
        talk_id=talk.talk_id,
        contact_id=talk.contact_id,
        lead_id=talk.lead_id,
        origin=talk.origin or None,
        direction=Direction.IN,
        author_type=AuthorType.EXTERNAL,
        author_id=None,
        message_type="text",
        text=waiting.message,
        attachment=None,
        sent_at=now,
    )
