"""Custom fields of a lead, from the outbox: what a customer told, never over what a person typed.

Each write reads the lead first and fills only fields that are empty or still hold what we wrote. What we are about to
write is noted before the call, so that after an unclear end it is known again as ours. A PATCH of the same values
changes nothing, so an unclear one is simply done again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.chats.models import OPEN_STATES, Conversation, Outbox, OutboxKind, OutboxState, WrittenField
from integrations.kommo.chats.outbox import LEAD_FIELDS_JOB
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import KommoError
from integrations.kommo.labels import find_field, same_label
from integrations.kommo.patience import GIVE_UP_AFTER, pause_after
from integrations.kommo.schemas import CustomField, Lead
from integrations.leases import LEASE

log = structlog.get_logger(__name__)

TURN_PAUSE = timedelta(seconds=2)
CHOOSING = ("select", "radiobutton")
FILLABLE = ("text", "textarea", *CHOOSING)
"""Types that take what a customer said; in a field of another type Kommo would refuse the whole write."""
NO_LEAD = "the contact has no lead"


async def queue_lead_fields(session: AsyncSession, conversation_id: int, key: str, values: Mapping[str, str]) -> None:
    """Queue values for fields of the conversation's lead, by field name; a known key queues nothing."""
    written = json.dumps(dict(values), ensure_ascii=False)
    statement = (
        insert(Outbox)
        .values(conversation_id=conversation_id, dedupe_key=key, kind=OutboxKind.LEAD_FIELDS, text=written)
        .on_conflict_do_nothing()
        .returning(Outbox.id)
    )
    outbox_id = (await session.execute(statement)).scalar_one_or_none()
    if outbox_id is not None:
        await enqueue(session, _job(outbox_id))


def _job(outbox_id: int, after: timedelta = timedelta(0), version: object = "") -> NewJob:
    dedupe = f"lead_fields:{outbox_id}:{version}" if version != "" else f"lead_fields:{outbox_id}"
    return NewJob(LEAD_FIELDS_JOB, {"outbox": outbox_id}, after=after, dedupe=dedupe, priority=Priority.BACKGROUND)


@dataclass(frozen=True)
class Write:
    """A claimed row: what to write where, without what a newer row of the conversation writes anyway."""

    outbox_id: int
    attempts: int
    created_at: datetime
    lead_id: int
    wanted: Mapping[str, str]


class LeadFieldWriter:
    """Carries out the rows; one instance a worker process."""

    def __init__(self, sessions: Sessions, client: KommoClient) -> None:
        self._sessions = sessions
        self._client = client

    async def run(self, outbox_id: int) -> None:
        """Write the fields of one row, or plan another try."""
        async with transaction(self._sessions) as session:
            write = await _claim(session, outbox_id, datetime.now(UTC))
        if write is None:
            return
        try:
            written = await self._write(write)
        except KommoError as error:
            await self._failed(write, error)
            return
        async with transaction(self._sessions) as session:
            await _settle(session, write, written)
        log.info("lead_fields.written", outbox=outbox_id, lead=write.lead_id, fields=len(written))

    async def _write(self, write: Write) -> Mapping[str, str]:
        """What was written into which field."""
        fields = await self._client.lead_fields()
        lead = await self._client.lead(write.lead_id)
        async with transaction(self._sessions) as session:
            ours = await _ours(session, write.lead_id)
            free: dict[str, str] = {}
            values: dict[int, str | None] = {}
            for name, value in write.wanted.items():
                field = find_field(fields, name, FILLABLE)
                label = None if field is None else _as_field_takes(field, value)
                if lead is not None and field is not None and label and _is_free(lead, field, ours.get(name)):
                    free[name], values[field.id] = label, label
            await _note(session, write.lead_id, free)
        if values:
            await self._client.set_lead_fields(write.lead_id, values)
        return free

    async def _failed(self, write: Write, error: KommoError) -> None:
        now = datetime.now(UTC)
        wait = pause_after(write.attempts)
        async with transaction(self._sessions) as session:
            row = await session.get_one(Outbox, write.outbox_id, with_for_update=True)
            row.error, row.lease_until = str(error)[:300], None
            if not error.worth_waiting or now - write.created_at > GIVE_UP_AFTER:
                row.state, row.settled_at = OutboxState.PARKED, now
                log.error("lead_fields.parked", outbox=row.id, error=type(error).__name__)
                return
            row.state, row.next_at = OutboxState.QUEUED, now + wait
            await enqueue(session, _job(row.id, wait, row.attempts))


async def _claim(session: AsyncSession, outbox_id: int, now: datetime) -> Write | None:
    """The row to write now; rows of one conversation wait for each other, so that an older value never comes last."""
    row = await session.get(Outbox, outbox_id)
    if row is None:
        return None
    conversation = await session.get_one(Conversation, row.conversation_id, with_for_update=True)
    await session.refresh(row, with_for_update=True)
    if row.state not in OPEN_STATES or row.next_at > now or (row.lease_until is not None and row.lease_until > now):
        return None
    others = [other for other in await _open_rows(session, row.conversation_id) if other.id != row.id]
    if any(other.lease_until is not None and other.lease_until > now for other in others):
        row.next_at = now + TURN_PAUSE
        await enqueue(session, _job(row.id, TURN_PAUSE, now.timestamp()))
        return None
    if conversation.lead_id is None:
        row.state, row.error, row.settled_at = OutboxState.SKIPPED, NO_LEAD, now
        return None
    row.state, row.attempts, row.lease_until = OutboxState.SENDING, row.attempts + 1, now + 4 * LEASE
    newer = {name for other in others if other.id > row.id for name in json.loads(other.text)}
    wanted = {name: value for name, value in json.loads(row.text).items() if name not in newer}
    return Write(row.id, row.attempts, row.created_at, conversation.lead_id, wanted)


async def _open_rows(session: AsyncSession, conversation_id: int) -> list[Outbox]:
    query = select(Outbox).where(
        Outbox.conversation_id == conversation_id,
        Outbox.kind == OutboxKind.LEAD_FIELDS,
        Outbox.state.in_(OPEN_STATES),
    )
    return list((await session.execute(query)).scalars())


def _as_field_takes(field: CustomField, value: str) -> str | None:
    """The value as the field takes it: a select's own label, None when it has no such label."""
    if field.type not in CHOOSING:
        return value
    return next((choice.value for choice in field.enums if same_label(choice.value, value)), None)


def _is_free(lead: Lead, field: CustomField, ours: WrittenField | None) -> bool:
    """Whether the field is empty, or holds what we wrote."""
    standing = lead.texts(field_id=field.id)
    if not standing:
        return True
    return ours is not None and standing[0].strip() in {text.strip() for text in (ours.value, ours.sending) if text}


async def _ours(session: AsyncSession, lead_id: int) -> Mapping[str, WrittenField]:
    rows = (await session.execute(select(WrittenField).where(WrittenField.lead_id == lead_id))).scalars()
    return {row.name: row for row in rows}


async def _note(session: AsyncSession, lead_id: int, values: Mapping[str, str]) -> None:
    """Note what is about to be written."""
    for name, value in values.items():
        note = insert(WrittenField).values(lead_id=lead_id, name=name, sending=value)
        await session.execute(
            note.on_conflict_do_update(index_elements=["lead_id", "name"], set_={"sending": note.excluded.sending})
        )


async def _settle(session: AsyncSession, write: Write, written: Mapping[str, str]) -> None:
    now = datetime.now(UTC)
    for name, value in written.items():
        noted = await session.get_one(WrittenField, (write.lead_id, name))
        noted.value, noted.sending, noted.written_at = value, None, now
    row = await session.get_one(Outbox, write.outbox_id, with_for_update=True)
    row.state, row.lease_until, row.error, row.settled_at = OutboxState.ACCEPTED, None, None, now
