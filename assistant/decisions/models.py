"""Tables of the customer's decisions: what was proposed to them, and every step it took from there."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base


class ProposalState(StrEnum):
    """The life of a proposal. Only an `OPEN` one can be confirmed, and it leaves that state once.

    `LAPSED`: the talk went on to something else. `REPLACED`: by another proposal. `STALE`: what it was about had
    changed when the yes came.
    """

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    REPLACED = "replaced"
    EXPIRED = "expired"
    STALE = "stale"


class Proposal(Base):
    """Something that will be done on the customer's explicit yes, as it was told to them."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'confirmed', 'declined', 'lapsed', 'replaced', 'expired', 'stale')", name="state_known"
        ),
        Index("uq_proposal_open", "conversation_id", unique=True, postgresql_where=text("state = 'open'")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id"))
    """The turn whose reply proposed it last."""
    kind: Mapped[str] = mapped_column(Text)
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The tool result that proposed it: what will be done, and for which version of what."""
    state: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    asked: Mapped[int] = mapped_column(server_default=text("1"))
    """How often the customer was asked."""
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    closed_at: Mapped[datetime | None]


class ProposalStep(Base):
    """One step of a proposal: which state it reached, by whom, when, and by which message or turn."""

    __tablename__ = "proposal_step"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    """customer, assistant or clock."""
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turn.id"))
    at: Mapped[datetime]
