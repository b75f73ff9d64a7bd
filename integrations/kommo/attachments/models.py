"""The table of attachments: one row for each file that a customer's message brings."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base

NOW = sql("now()")


class AttachmentState(StrEnum):
    """The life of an attachment: pending → kept, refused by our rules, failed on the way, or gone at its source."""

    PENDING = "pending"
    KEPT = "kept"
    REFUSED = "refused"
    FAILED = "failed"
    GONE = "gone"


class Attachment(Base):
    """One file of a message. Its bytes lie on the shelf under `sha256`, never in the database."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'kept', 'refused', 'failed', 'gone')", name="state_known"),
        Index("ix_attachment_pending", "next_at", postgresql_where=sql("state = 'pending'")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), unique=True)
    kind: Mapped[str] = mapped_column(Text)
    """Kommo's message_type: what the file says it is."""
    link: Mapped[str | None] = mapped_column(Text)
    """Where Kommo has it; NULL until the talk was read, when the webhook did not say."""
    state: Mapped[str] = mapped_column(Text, server_default=sql("'pending'"))
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it was refused or not to be had; of a kept voice note, why nothing was heard."""
    sha256: Mapped[str | None] = mapped_column(Text, index=True)
    media_type: Mapped[str | None] = mapped_column(Text)
    """What its content is."""
    size: Mapped[int | None] = mapped_column(BigInteger)
    transcript: Mapped[str | None] = mapped_column(Text)
    """What the recogniser heard and was believed."""
    heard_at: Mapped[datetime | None]
    """When a recogniser last listened, whatever came of it."""
    wait_until: Mapped[datetime | None]
    """The turn waits until then for the transcript; NULL when it does not wait."""
    attempts: Mapped[int] = mapped_column(server_default=sql("0"))
    next_at: Mapped[datetime] = mapped_column(server_default=NOW)
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    settled_at: Mapped[datetime | None]
