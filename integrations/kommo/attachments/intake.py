"""A stored message that brings a file gets its attachment row and job, in the inbox's own transaction.

Only files that staff may need: a sticker, a reaction and a place have none. Takes a session, never commits.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.jobs import NewJob, Priority, enqueue
from integrations.kommo.attachments.models import Attachment, AttachmentState
from integrations.kommo.chats.models import Message

ATTACHMENT_JOB = "attachment"

HEARD = frozenset({"voice", "audio", "ptt"})
"""What a recogniser can listen to."""
FILES = HEARD | {"picture", "image", "photo", "video", "file", "document"}
"""What is a file even where the webhook brings no link to it."""
WITHOUT_FILE = frozenset({"sticker", "reaction", "location"})


async def expect_attachment(
    session: AsyncSession, message_id: int, kind: str, told: Mapping[str, Any] | None, wait: timedelta, now: datetime
) -> None:
    """Note the message's file, if it has one. The turn may wait for a voice note to be heard, for `wait` at most."""
    link = (told or {}).get("link") or None
    if kind in WITHOUT_FILE or (link is None and kind not in FILES):
        return
    awaited = bool(wait) and kind in HEARD
    values = {
        "message_id": message_id,
        "kind": kind,
        "link": link,
        "wait_until": now + wait if awaited else None,
        "next_at": now,
    }
    statement = insert(Attachment).values(values).on_conflict_do_nothing().returning(Attachment.id)
    attachment_id = (await session.execute(statement)).scalar_one_or_none()
    if attachment_id is not None:
        await enqueue(session, attachment_job(attachment_id, awaited=awaited))


def attachment_job(attachment_id: int, *, after: timedelta = timedelta(0), awaited: bool, version: str = "") -> NewJob:
    """A job that looks after one attachment; one that a turn waits for goes with the turns."""
    key = f"attachment:{attachment_id}:{version}"
    priority = Priority.REPLY if awaited else Priority.NORMAL
    return NewJob(ATTACHMENT_JOB, {"attachment": attachment_id}, after=after, dedupe=key, priority=priority)


async def hearing_until(session: AsyncSession, conversation_id: int) -> datetime | None:
    """Until when the conversation's turn waits for voice notes that nobody has heard yet."""
    query = (
        select(func.max(Attachment.wait_until))
        .join(Message, Message.id == Attachment.message_id)
        .where(
            Attachment.state == AttachmentState.PENDING,
            Message.conversation_id == conversation_id,
            Message.turn_id.is_(None),
            Message.deleted_at.is_(None),
        )
    )
    return (await session.execute(query)).scalar_one()
