"""The sweep: messages that no webhook brought are found by reading the talks that moved.

Once a minute the talks in work are listed (one call for 250 of them). A talk whose `updated_at` is explained by a
message already stored is left alone; only the others are read. The same minute finds rows whose job vanished.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, enqueue
from integrations.kommo.chats.inbox import InboxRules, enqueue_turn
from integrations.kommo.chats.models import OPEN_STATES, Conversation, Message, Outbox, OutboxKind
from integrations.kommo.chats.outbox import TASK_JOB, enqueue_send
from integrations.kommo.chats.talkreader import read_talk
from integrations.kommo.client import KommoClient
from integrations.kommo.events import EVENTS_JOB
from integrations.kommo.models import EventState, KommoAccount, KommoEvent
from integrations.kommo.schemas import Talk

log = structlog.get_logger(__name__)

SLACK = timedelta(seconds=2)
"""A talk's `updated_at` may lie so much after the time of the message that moved it (assumed)."""
LATE = timedelta(seconds=10)
"""A row that should have been looked at so long ago has lost its job."""
READ_BACK = timedelta(minutes=5)


async def begin_sweep(sessions: Sessions, base_url: str, now: datetime, every: timedelta) -> bool:
    """Whether this process may sweep now; of all replicas one does in each interval."""
    async with transaction(sessions) as session:
        await session.execute(insert(KommoAccount).values(base_url=base_url).on_conflict_do_nothing())
        due = KommoAccount.swept_at.is_(None) | (KommoAccount.swept_at < now - every * 0.8)
        statement = update(KommoAccount).where(KommoAccount.base_url == base_url, due).values(swept_at=now)
        return (await session.execute(statement.returning(KommoAccount.base_url))).first() is not None


async def sweep_talks(sessions: Sessions, client: KommoClient, rules: InboxRules, now: datetime) -> int:
    """Read the talks in work that moved without our seeing why; returns how many messages that brought."""
    found = 0
    async for talk in client.all_talks(only_in_work=True):
        if talk.origin and talk.origin not in rules.origins:
            continue
        since = await _unexplained_since(sessions, talk, rules, now)
        if since is not None:
            found += await read_talk(sessions, client, talk, since, rules, now)
            await _seen(sessions, talk)
    if found:
        log.info("sweep.found_messages", messages=found)
    return found


async def _unexplained_since(sessions: Sessions, talk: Talk, rules: InboxRules, now: datetime) -> datetime | None:
    """From when on the talk has to be read; None when the messages we have explain its last change."""
    moved = talk.updated_at or now
    horizon = now - rules.answer_within
    if moved < horizon:
        return None
    async with transaction(sessions) as session:
        query = (
            select(Message.sent_at, Conversation.talk_seen_at)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(Message.talk_id == talk.talk_id, Conversation.chat_key == (talk.chat_id or f"talk:{talk.talk_id}"))
            .order_by(Message.sent_at.desc())
            .limit(1)
        )
        row = (await session.execute(query)).first()
    if row is None:
        return horizon
    newest, seen = row
    if moved <= newest + SLACK or (seen is not None and moved <= seen):
        return None
    return max(newest - READ_BACK, horizon)


async def _seen(sessions: Sessions, talk: Talk) -> None:
    key = talk.chat_id or f"talk:{talk.talk_id}"
    async with transaction(sessions) as session:
        await session.execute(
            update(Conversation).where(Conversation.chat_key == key).values(talk_seen_at=talk.updated_at)
        )


async def rescue(session: AsyncSession, now: datetime) -> Mapping[str, int]:
    """Give a new job to every row that waits for one: events, due turns, open outbox rows."""
    events = await _late_events(session, now)
    if events:
        await enqueue(session, NewJob(EVENTS_JOB, {"ids": list(events)}, dedupe=f"events:{min(events)}:{len(events)}"))
    turns = (
        (await session.execute(select(Conversation).where(Conversation.due_at < now - LATE).limit(500))).scalars().all()
    )
    for conversation in turns:
        await enqueue_turn(session, conversation.id, now, now, "rescue")
    late = (Outbox.state.in_(OPEN_STATES), Outbox.next_at < now - LATE)
    chats = (
        (
            await session.execute(
                select(Outbox.conversation_id).where(*late, Outbox.kind == OutboxKind.MESSAGE).distinct().limit(500)
            )
        )
        .scalars()
        .all()
    )
    for conversation_id in chats:
        await enqueue_send(session, conversation_id, "rescue")
    tasks = (
        (await session.execute(select(Outbox.id).where(*late, Outbox.kind == OutboxKind.TASK).limit(500)))
        .scalars()
        .all()
    )
    await enqueue(session, *(NewJob(TASK_JOB, {"outbox": row}, dedupe=f"task:{row}") for row in tasks))
    return {"events": len(events), "turns": len(turns), "chats": len(chats), "tasks": len(tasks)}


async def _late_events(session: AsyncSession, now: datetime) -> Sequence[int]:
    query = (
        select(KommoEvent.id)
        .where(KommoEvent.state == EventState.PENDING, KommoEvent.received_at < now - LATE)
        .order_by(KommoEvent.id)
        .limit(500)
    )
    return (await session.execute(query)).scalars().all()
