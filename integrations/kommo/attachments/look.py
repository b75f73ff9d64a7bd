"""What staff may see of attachments: those of a message, and the bytes of one. For pages behind a login only.

Show a file as a download with the media type of its row and `X-Content-Type-Options: nosniff`, whatever it is called.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction
from integrations.kommo.attachments.models import Attachment, AttachmentState
from integrations.kommo.attachments.shelf import Shelf

ORPHAN_AFTER = timedelta(hours=1)
"""A file on the shelf without a row may be younger than its row's commit."""


@dataclass(frozen=True)
class Opened:
    """The bytes of an attachment, and what they are by content."""

    content: bytes
    media_type: str


async def attachments_of(session: AsyncSession, message_ids: Sequence[int]) -> Sequence[Attachment]:
    """The attachments of these messages."""
    query = select(Attachment).where(Attachment.message_id.in_(message_ids)).order_by(Attachment.id)
    return (await session.execute(query)).scalars().all()


async def open_attachment(sessions: Sessions, shelf: Shelf, attachment_id: int) -> Opened | None:
    """A kept attachment; None for any other, and when its file is not on this machine."""
    async with transaction(sessions) as session:
        row = await session.get(Attachment, attachment_id)
    if row is None or row.state != AttachmentState.KEPT or row.sha256 is None or row.media_type is None:
        return None
    content = await asyncio.to_thread(shelf.read, row.sha256)
    return None if content is None else Opened(content, row.media_type)


async def late_attachments(session: AsyncSession, late: datetime, now: datetime, most: int) -> Sequence[int]:
    """Attachments that should have been looked after before `late` and that nobody holds."""
    query = (
        select(Attachment.id)
        .where(
            Attachment.state == AttachmentState.PENDING,
            Attachment.next_at < late,
            or_(Attachment.lease_until.is_(None), Attachment.lease_until < now),
        )
        .order_by(Attachment.id)
        .limit(most)
    )
    return (await session.execute(query)).scalars().all()


async def throw_away_orphans(sessions: Sessions, shelf: Shelf) -> int:
    """Delete the files whose last row was erased; how many there were."""
    aged = await asyncio.to_thread(lambda: list(shelf.older_than(ORPHAN_AFTER)))
    thrown = 0
    for sha256 in aged:
        async with transaction(sessions) as session:
            known = (await session.execute(select(Attachment.id).where(Attachment.sha256 == sha256).limit(1))).first()
        if known is None:
            await asyncio.to_thread(shelf.throw_away, sha256)
            thrown += 1
    return thrown
