"""Follow an accepted message until Kommo says that it was delivered or failed.

202 from Kommo means accepted, not delivered: outside the window, or on a broken number, a message is accepted and then
shows `delivery_status: error`. One read of the talk settles all of the conversation's messages. These looks come last
in the queue for Kommo's requests, and not at all while customers wait for a reply.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.jobs import enqueue
from integrations.kommo.chats.inbox import InboxRules
from integrations.kommo.chats.models import Conversation, Outbox, OutboxKind, OutboxState
from integrations.kommo.chats.outbox import delivery_job, queue_task
from integrations.kommo.chats.outcome import UNDELIVERED
from integrations.kommo.chats.talkreader import read_talk, talk_of
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import KommoError

log = structlog.get_logger(__name__)

LOOKS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4))
"""Pauses after the first look; then the message stays `accepted`: sent, delivery unknown."""
READ_BACK = timedelta(minutes=2)
PUT_OFF = timedelta(seconds=45)
"""The pause while customers wait: Kommo's calls are for them then."""
PUT_OFF_AT_MOST = timedelta(minutes=15)


async def follow_delivery(sessions: Sessions, client: KommoClient, outbox_id: int, rules: InboxRules) -> None:
    """One look; plans the next one while the message is neither delivered nor failed."""
    now = datetime.now(UTC)
    async with transaction(sessions) as session:
        row = await session.get(Outbox, outbox_id)
        if row is None or row.state != OutboxState.ACCEPTED or row.sent_at is None:
            return
        if now - row.sent_at < PUT_OFF_AT_MOST and await _customers_wait(session, now):
            await enqueue(session, delivery_job(outbox_id, PUT_OFF))
            return
        conversation = await session.get_one(Conversation, row.conversation_id)
    talk_id = row.talk_id or conversation.talk_id
    if talk_id is None:
        return
    try:
        talk, since = talk_of(conversation, talk_id), row.sent_at - READ_BACK
        messages = await read_talk(sessions, client, talk, rules, now, also_from=since)
        statuses = {message.id: message.delivery_status for message in messages}
    except KommoError as error:
        log.warning("delivery.look_failed", outbox=outbox_id, error=type(error).__name__)
        statuses = {}
    async with transaction(sessions) as session:
        await session.get_one(Conversation, conversation.id, with_for_update=True)
        await settle_deliveries(session, row.conversation_id, statuses, now)
        left = await session.get_one(Outbox, outbox_id)
        if left.state == OutboxState.ACCEPTED:
            left.delivery_checks += 1
            if left.delivery_checks <= len(LOOKS):
                await enqueue(session, delivery_job(outbox_id, LOOKS[left.delivery_checks - 1]))


async def _customers_wait(session: AsyncSession, now: datetime) -> bool:
    """Whether a turn is overdue or a reply is to be sent."""
    overdue = select(Conversation.id).where(Conversation.due_at < now).limit(1)
    unsent = select(Outbox.id).where(Outbox.state == OutboxState.QUEUED, Outbox.next_at <= now).limit(1)
    return (await session.execute(overdue)).first() is not None or (await session.execute(unsent)).first() is not None


async def settle_deliveries(
    session: AsyncSession, conversation_id: int, statuses: Mapping[str, str], now: datetime
) -> None:
    """Write down what Kommo says of the conversation's accepted messages; a failed one becomes a task."""
    for row in await _accepted(session, conversation_id):
        status = statuses.get(row.kommo_id or "", "")
        if status in ("delivered", "read"):
            row.state, row.settled_at = OutboxState.DELIVERED, now
        elif status == "error":
            row.state, row.settled_at, row.error = OutboxState.FAILED, now, "Kommo could not deliver it"
            await queue_task(session, conversation_id, f"undelivered:{row.id}", UNDELIVERED)
            log.warning("outbox.delivery_failed", outbox=row.id, conversation=conversation_id)


async def _accepted(session: AsyncSession, conversation_id: int) -> Sequence[Outbox]:
    query = select(Outbox).where(
        Outbox.conversation_id == conversation_id,
        Outbox.kind == OutboxKind.MESSAGE,
        Outbox.state == OutboxState.ACCEPTED,
        Outbox.kommo_id.is_not(None),
    )
    return (await session.execute(query.with_for_update())).scalars().all()
