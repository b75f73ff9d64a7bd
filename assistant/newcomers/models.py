"""The table of what new customers told: one row a conversation, with the message each fact came from."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base


class LeadFacts(Base):
    """What is known of somebody new in a conversation."""

    __tablename__ = "lead_facts"
    __table_args__ = (
        CheckConstraint("urgency IN ('Alta', 'Média', 'Baixa')", name="urgency_known"),
        CheckConstraint("origin IN ('WhatsApp', 'Instagram', 'Google', 'Indicação')", name="origin_known"),
        CheckConstraint("job_size IN ('quick', 'medium', 'project')", name="job_size_known"),
        CheckConstraint("warmth IN ('hot', 'warm', 'cold')", name="warmth_known"),
    )
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversation.id"), primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    plate: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str | None] = mapped_column(Text)
    symptom: Mapped[str | None] = mapped_column(Text)
    urgency: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(Text)
    job_size: Mapped[str | None] = mapped_column(Text)
    warmth: Mapped[str | None] = mapped_column(Text)
    sources: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """Fact → id of the message it came from."""
    asked: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """What was asked already, whatever was answered."""
    claims_customer: Mapped[bool] = mapped_column(server_default=text("false"))
    """Says to be a customer under another number; staff have to confirm."""
    handed: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The essential facts that the consultant was told; NULL before the hand-over."""
    lead_id: Mapped[int | None] = mapped_column(BigInteger)
    """The Kommo lead that `queued` is about."""
    queued: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """Field of that lead → value last put into the outbox for it."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
