"""The job that brings a lead's field *Assistente* and our chats together, whoever of the two changed.

The field is read before it is written. A value that we neither wrote nor wanted is a person's choice and is carried
out; otherwise what we want is written. One job a lead at a time, by a lease, so that our own writing, which comes back
as a webhook, is never taken for a person's.
"""

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.kommo.chats.leadmodes import enqueue_mode
from integrations.kommo.chats.models import Conversation, LeadMode
from integrations.kommo.chats.takeover import set_mode
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import KommoError
from integrations.kommo.modefield import AssistantMode, ModeField, ModeFields
from integrations.kommo.schemas import Lead

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than one reading and one writing may take with their repeats."""
TRY_AGAIN = timedelta(seconds=30)


async def sync_mode(
    sessions: Sessions, client: KommoClient, fields: ModeFields, lead_id: int, answer_within: timedelta
) -> None:
    """Look at one lead's field, carry out what a person chose, or write what it should show."""
    async with transaction(sessions) as session:
        if not await _claim(session, lead_id, datetime.now(UTC)):
            return
    try:
        field = await fields.find()
        lead = await client.lead(lead_id) if field is not None else None
        if field is None or lead is None:
            await _forget(sessions, lead_id)
            return
        wanted = await _take_over_change(sessions, lead_id, shown_mode(lead, field), answer_within)
        if wanted is not None:
            await client.set_lead_choice(lead_id, field.id, field.choices[wanted])
            await _written(sessions, lead_id, wanted)
    except KommoError as error:
        await _failed(sessions, lead_id, error)


def shown_mode(lead: Lead, field: ModeField) -> AssistantMode | None:
    """What the lead's field shows; None for a value that is none of ours."""
    shown = next(iter(lead.texts(field_id=field.id)), AssistantMode.ACTIVE.value)
    return next((mode for mode in AssistantMode if mode.value.casefold() == shown.casefold()), None)


async def _claim(session: AsyncSession, lead_id: int, now: datetime) -> bool:
    row = await session.get(LeadMode, lead_id, with_for_update=True)
    if row is None:
        return False
    if row.lease_until is not None and row.lease_until > now:
        # Another one may have read the field before it changed: look again when it is through.
        await enqueue_mode(session, lead_id, timedelta(seconds=2), f"after:{now.timestamp()}")
        return False
    row.lease_until = now + LEASE
    return True


async def _take_over_change(
    sessions: Sessions, lead_id: int, shown: AssistantMode | None, answer_within: timedelta
) -> AssistantMode | None:
    """Carry out a person's choice, if the field shows one; else what has to be written, if anything."""
    async with transaction(sessions) as session:
        # Conversations before the field's row, in the order in which everybody locks them.
        chats = select(Conversation.id).where(Conversation.lead_id == lead_id).order_by(Conversation.id)
        await session.execute(chats.with_for_update())
        row = await session.get_one(LeadMode, lead_id, with_for_update=True)
        if shown is not None and shown not in (row.shown, row.wanted, row.writing):
            await set_mode(session, lead_id, shown, datetime.now(UTC), answer_within)
            row.shown = row.wanted = shown
        elif shown is not None and shown == row.wanted:
            row.shown = shown
        if shown is None or row.shown == row.wanted:
            row.wanted, row.writing, row.lease_until = row.shown, None, None
            return None
        row.writing = row.wanted
        return AssistantMode(row.wanted)


async def _written(sessions: Sessions, lead_id: int, wanted: AssistantMode) -> None:
    async with transaction(sessions) as session:
        row = await session.get_one(LeadMode, lead_id, with_for_update=True)
        row.shown, row.writing, row.lease_until = wanted, None, None
        if row.wanted != wanted:
            await enqueue_mode(session, lead_id, version=f"next:{datetime.now(UTC).timestamp()}")
    log.info("mode.written", lead=lead_id, mode=wanted.name)


async def _forget(sessions: Sessions, lead_id: int) -> None:
    """The account has no such field, or no such lead: nothing to keep in step with."""
    async with transaction(sessions) as session:
        await session.execute(delete(LeadMode).where(LeadMode.lead_id == lead_id))


async def _failed(sessions: Sessions, lead_id: int, error: KommoError) -> None:
    """Try again a little later; what Kommo refuses for good is given up: the chat itself is not affected."""
    if not error.worth_waiting:
        log.warning("mode.not_written", lead=lead_id, error=type(error).__name__)
        await _forget(sessions, lead_id)
        return
    async with transaction(sessions) as session:
        row = await session.get_one(LeadMode, lead_id, with_for_update=True)
        row.lease_until = None
        await enqueue_mode(session, lead_id, TRY_AGAIN, f"again:{datetime.now(UTC).timestamp()}")
