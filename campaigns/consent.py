"""May we write first to this person? The ledger of what customers told us, asked before anything we begin.

Answers to a customer's own questions do not ask here. The shop's basis for writing first is its legitimate interest
(LGPD art. 7, IX) with an opt-out at any time (art. 18, § 2), so who has said nothing may be written to. Query functions
take a session and never commit; lines are added, never changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.models import ConsentEntry, ConsentState, Purpose
from integrations.contact import normal_phone


@dataclass(frozen=True)
class Said:
    """What a customer said about being written to, and where."""

    state: ConsentState
    source: str
    at: datetime
    conversation_id: int
    message_id: int


async def may_write_first(session: AsyncSession, phone: str | None, contact_id: int | None) -> bool:
    """Whether we may begin: False for nobody, and as soon as the phone or the contact has opted out."""
    if normal_phone(phone) is None and contact_id is None:
        return False
    return not await opted_out(session, phone, contact_id)


async def opted_out(session: AsyncSession, phone: str | None, contact_id: int | None) -> bool:
    """Whether the newest word of the phone, or of the contact, is an opt-out."""
    normal = normal_phone(phone)
    by_phone = await _newest(session, ConsentEntry.phone == normal) if normal else None
    by_contact = await _newest(session, ConsentEntry.contact_id == contact_id) if contact_id is not None else None
    return ConsentState.OPTED_OUT in (by_phone, by_contact)


async def note_consent(session: AsyncSession, said: Said, phones: Sequence[str], contact_id: int | None) -> None:
    """Add what was said to the ledger, a line for each phone of the contact."""
    lines: list[str | None] = [*dict.fromkeys(phones)]
    for phone in lines or [None]:
        session.add(
            ConsentEntry(
                phone=phone,
                contact_id=contact_id,
                purpose=Purpose.MARKETING,
                state=said.state,
                source=said.source,
                conversation_id=said.conversation_id,
                message_id=said.message_id,
                at=said.at,
            )
        )


async def _newest(session: AsyncSession, whose: ColumnElement[bool]) -> str | None:
    query = select(ConsentEntry.state).where(whose, ConsentEntry.purpose == Purpose.MARKETING)
    return (await session.execute(query.order_by(ConsentEntry.id.desc()).limit(1))).scalar_one_or_none()
