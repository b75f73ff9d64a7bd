"""The table of matters handed over to people."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base


class HandoffState(StrEnum):
    """`ESCALATED`: nobody reacted in time and the staff were told again. A person's message in the chat closes both."""

    OPEN = "open"
    ESCALATED = "escalated"
    CLOSED = "closed"


STILL_OPEN = (HandoffState.OPEN, HandoffState.ESCALATED)


class Handoff(Base):
    """One matter of a conversation that a person has to take; of each reason one at a time."""

    __tablename__ = "handoff"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'escalated', 'closed')", name="state_known"),
        Index(
            "uq_handoff_open_matter",
            "conversation_id",
            "reason",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_handoff_due", "escalate_at", postgresql_where=text("state = 'open'")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    reason: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    """What the staff read, with what was added later."""
    state: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id"))
    """The turn that handed it over; its task in the outbox has the key `turn:ID:task`."""
    opened_at: Mapped[datetime]
    escalate_at: Mapped[datetime | None]
    """When somebody should have reacted; NULL when the customer waits for nothing."""
    escalated_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
