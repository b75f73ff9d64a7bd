"""The job behind a stored event: parse it, put its messages into the inbox, mark the event.

One event a transaction: a bad one is counted, retried and finally parked for a person, and takes no other with it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.chats.corrections import correct, take_back
from integrations.kommo.chats.inbox import InboxRules, receive
from integrations.kommo.chats.leadmodes import lead_shows
from integrations.kommo.chats.reading import LONGEST_ID, from_webhook
from integrations.kommo.chats.waiting import handle_waiting_bot
from integrations.kommo.client import KommoClient
from integrations.kommo.events import EVENTS_JOB
from integrations.kommo.formtree import UndecodableBody, parse
from integrations.kommo.importer.watch import lead_moved
from integrations.kommo.modefield import is_mode_field
from integrations.kommo.models import EventSource, EventState, KommoEvent
from integrations.kommo.webhooks import (
    Ignored,
    IncomingMessage,
    LeadChanged,
    LeadDeleted,
    MessageChanged,
    MessageDeleted,
    OutgoingMessage,
    TalkChanged,
    WebhookItem,
    account_id,
    parse_webhook,
    webhook_kinds,
)

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 5


async def handle_events(
    sessions: Sessions, client: KommoClient, ids: Sequence[int], rules: InboxRules, now: datetime, account: int | None
) -> None:
    """Handle the events that are still pending among `ids`; `account` is the only one listened to, if given."""
    for event_id in ids:
        try:
            async with transaction(sessions) as session:
                source = await _handle(session, event_id, rules, now, account)
            if source == EventSource.WIDGET:
                await handle_waiting_bot(sessions, client, event_id, rules, now)
        except Exception as error:
            log.exception("event.failed", event=event_id)
            await _failed(sessions, event_id, type(error).__name__)


async def _handle(
    session: AsyncSession, event_id: int, rules: InboxRules, now: datetime, account: int | None
) -> str | None:
    """Handle a webhook's body; a waiting bot's request is left to the caller, because it needs Kommo."""
    query = select(KommoEvent).where(KommoEvent.id == event_id, KommoEvent.state == EventState.PENDING)
    event = (await session.execute(query.with_for_update(skip_locked=True))).scalar_one_or_none()
    if event is None or event.source == EventSource.WIDGET:
        return event.source if event else None
    event.handled_at = now
    try:
        root = parse(event.body)
    except UndecodableBody as error:
        event.state, event.error = EventState.PARKED, str(error)[:200]
        return event.source
    sender = account_id(root)
    if account is not None and sender is not None and sender != account:
        event.state, event.error = EventState.IGNORED, f"account {sender} is not ours"
        return event.source
    event.kinds = ",".join(webhook_kinds(root))
    used = [await _take(session, item, rules, now) for item in parse_webhook(root, event.received_at)]
    event.state = EventState.DONE if any(used) else EventState.IGNORED
    return event.source


async def _take(session: AsyncSession, item: WebhookItem, rules: InboxRules, now: datetime) -> bool:
    """Whether the item was of a kind we act on."""
    match item:
        case IncomingMessage() | OutgoingMessage():
            await receive(session, from_webhook(item), rules, "webhook", now)
            return True
        case LeadChanged(lead_id, fields, pipeline_id, status_id):
            shown = next((value for name, value in fields.items() if is_mode_field(name)), "")
            looked_at = await lead_moved(session, lead_id, pipeline_id, status_id, now)
            return await lead_shows(session, lead_id, shown) or looked_at
        case LeadDeleted(lead_id):
            return await lead_moved(session, lead_id, None, None, now)
        case MessageChanged():
            await correct(session, from_webhook(item), rules, "webhook", now)
            return True
        case MessageDeleted(kommo_id):
            await take_back(session, kommo_id[:LONGEST_ID], now)
            return True
        case TalkChanged() | Ignored():
            return False


async def _failed(sessions: Sessions, event_id: int, error: str) -> None:
    """Count the failure; try again later, a little longer each time, or park the event."""
    async with transaction(sessions) as session:
        event = await session.get(KommoEvent, event_id, with_for_update=True)
        if event is None or event.state != EventState.PENDING:
            return
        event.attempts += 1
        event.error = error
        if event.attempts >= MAX_ATTEMPTS:
            event.state = EventState.PARKED
            return
        retry = NewJob(
            EVENTS_JOB, {"ids": [event_id]}, after=timedelta(seconds=2**event.attempts), priority=Priority.INTAKE
        )
        await enqueue(session, retry)
