"""Tables of the customer's decisions: what was proposed and every step from there, and what they told us to note."""

from datetime import date, datetime
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


class DataRight(StrEnum):
    """What a customer asks about their own data: LGPD art. 18, II (access), VI (erasure), III (correction)."""

    ACCESS = "access"
    ERASURE = "erasure"
    CORRECTION = "correction"


class RequestState(StrEnum):
    """Of a request about personal data. The staff close it."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class PrivacyRequest(Base):
    """A customer's request about their own data; its id is the protocol number they were told."""

    __tablename__ = "privacy_request"
    __table_args__ = (
        CheckConstraint("kind IN ('access', 'erasure', 'correction')", name="kind_known"),
        CheckConstraint("state IN ('open', 'done', 'refused')", name="state_known"),
        Index("uq_privacy_request_open_phone", "kind", "phone", unique=True, postgresql_where=text("state = 'open'")),
        Index(
            "uq_privacy_request_open_contact",
            "kind",
            "contact_id",
            unique=True,
            postgresql_where=text("state = 'open' AND phone IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    contact_id: Mapped[int | None] = mapped_column(BigInteger)
    # That a request was made and answered is kept when what it was about is erased.
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    answer_by: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    closed_at: Mapped[datetime | None]


class PaymentClaim(Base):
    """A customer says that they have paid. Nothing here makes anything paid: the staff look and write the payment."""

    __tablename__ = "payment_claim"
    __table_args__ = (CheckConstraint("state IN ('open', 'found', 'not_found')", name="state_known"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), unique=True)
    """What they wrote, or the picture they sent."""
    order_number: Mapped[str | None] = mapped_column(Text)
    """The OS with something to pay, when there is exactly one."""
    state: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
