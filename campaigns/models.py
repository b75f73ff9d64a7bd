"""The consent ledger's table: who does not want to be written to first, and the message that says so."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base


class Purpose(StrEnum):
    """What a consent is about."""

    MARKETING = "marketing"
    """Whatever we write first: follow-ups, reminders, campaigns."""


class ConsentState(StrEnum):
    """What the customer wants."""

    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"


class ConsentEntry(Base):
    """One line of the ledger. Lines are only added; the newest one of a phone or contact counts."""

    __tablename__ = "consent_entry"
    __table_args__ = (
        CheckConstraint("state IN ('opted_out', 'opted_in')", name="state_known"),
        CheckConstraint("purpose IN ('marketing')", name="purpose_known"),
        Index("ix_consent_entry_phone", "phone", "purpose", "id"),
        Index("ix_consent_entry_contact_id", "contact_id", "purpose", "id"),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    phone: Mapped[str | None] = mapped_column(Text)
    """Normal form; NULL for a contact without a number (Instagram, Messenger)."""
    contact_id: Mapped[int | None] = mapped_column(BigInteger)
    """Kommo's contact."""
    purpose: Mapped[str] = mapped_column(Text, server_default=text("'marketing'"))
    state: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    """How we know: `customer_message`, `erasure_request`."""
    # An erased conversation takes the proof with it; that this number must not be written to has to stay.
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    """The customer's message: the proof."""
    at: Mapped[datetime]
