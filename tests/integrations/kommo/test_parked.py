"""Parked rows: seen, tried again by a job that looks first, discarded with a reason; each only while it is parked."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from integrations.backlog import backlog
from integrations.database import Sessions, transaction
from integrations.kommo.chats.models import Conversation, Outbox, OutboxKind, OutboxState
from integrations.kommo.chats.parked import ParkedKind, count_parked, discard, list_parked, retry
from integrations.kommo.models import EventState, KommoEvent

NOW = datetime.now(UTC)
EFFECTS = [(ParkedKind.MESSAGE, "send"), (ParkedKind.TASK, "task"), (ParkedKind.LEAD_FIELDS, "lead_fields")]


async def parked_effect(sessions: Sessions, kind: ParkedKind) -> int:
    """A parked outbox row of a conversation with Maria."""
    async with transaction(sessions) as session:
        chat = Conversation(chat_key="chat", contact_name="Maria Souza")
        session.add(chat)
        await session.flush()
        row = Outbox(
            conversation_id=chat.id,
            dedupe_key="key",
            kind=OutboxKind(kind),
            text="{}",
            state=OutboxState.PARKED,
            sends=3,
            error="Rejected: 400",
            settled_at=NOW,
        )
        session.add(row)
        await session.flush()
        return row.id


async def parked_event(sessions: Sessions) -> int:
    async with transaction(sessions) as session:
        event = KommoEvent(event_key="key", body="a=1", state=EventState.PARKED, attempts=5, error="KeyError")
        session.add(event)
        await session.flush()
        return event.id


async def jobs(sessions: Sessions) -> list[str]:
    async with transaction(sessions) as session:
        return list((await session.scalars(text("SELECT entrypoint FROM pgqueuer ORDER BY id"))).all())


@pytest.mark.parametrize(("kind", "job"), EFFECTS)
async def test_a_parked_effect_is_tried_again_as_unclear(sessions: Sessions, kind: ParkedKind, job: str) -> None:
    row_id = await parked_effect(sessions, kind)
    async with transaction(sessions) as session:
        (seen,) = await list_parked(session)
        assert (seen.kind, seen.id, seen.error, seen.contact_name) == (kind, row_id, "Rejected: 400", "Maria Souza")
        assert await retry(session, kind, row_id, NOW)
    async with transaction(sessions) as session:
        row = await session.get_one(Outbox, row_id)
        assert (row.state, row.sends, row.error, row.settled_at) == (OutboxState.UNCLEAR, 0, None, None)
        assert await count_parked(session) == 0
        assert not await retry(session, kind, row_id, NOW)
    assert await jobs(sessions) == [job]


async def test_a_parked_event_starts_anew(sessions: Sessions) -> None:
    event_id = await parked_event(sessions)
    async with transaction(sessions) as session:
        assert await retry(session, ParkedKind.EVENT, event_id, NOW)
        waiting = await backlog(session)
        assert (waiting.waiting, waiting.running) == (1, 0)
        assert waiting.oldest is not None
    async with transaction(sessions) as session:
        event = await session.get_one(KommoEvent, event_id)
        assert (event.state, event.attempts, event.error) == (EventState.PENDING, 0, None)
        assert not await discard(session, ParkedKind.EVENT, event_id, "velho", NOW)
    assert await jobs(sessions) == ["kommo_events"]


async def test_what_is_discarded_keeps_the_reason_and_gets_no_job(sessions: Sessions) -> None:
    row_id, event_id = await parked_effect(sessions, ParkedKind.NOTE), await parked_event(sessions)
    async with transaction(sessions) as session:
        assert not await discard(session, ParkedKind.TASK, row_id, "outra coisa", NOW)
        assert await discard(session, ParkedKind.NOTE, row_id, "resolvido por telefone", NOW)
        assert await discard(session, ParkedKind.EVENT, event_id, "teste", NOW)
    async with transaction(sessions) as session:
        row, event = await session.get_one(Outbox, row_id), await session.get_one(KommoEvent, event_id)
        assert (row.state, row.error) == (OutboxState.SKIPPED, "discarded: resolvido por telefone")
        assert (event.state, event.error) == (EventState.IGNORED, "discarded: teste")
        assert (await backlog(session)).waiting == 0
    assert await jobs(sessions) == []
