"""The table of turns, one row for every attempt to answer a customer with its full trace, and of spent budgets."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Identity, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base


class TurnState(StrEnum):
    """How a turn ended. `SUPERSEDED`: a newer message arrived or another worker took over; nothing was sent."""

    RUNNING = "running"
    ANSWERED = "answered"
    SILENT = "silent"
    SUPERSEDED = "superseded"
    FAILED = "failed"


class Turn(Base):
    """One attempt to answer the unanswered messages of a conversation."""

    __tablename__ = "turn"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'answered', 'silent', 'superseded', 'failed')", name="state_known"),
        Index("ix_turn_conversation_id_started_at", "conversation_id", "started_at"),
        Index("ix_turn_costly_started_at", "started_at", postgresql_where=text("cost_usd IS NOT NULL")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    lease_token: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text, server_default=text("'running'"))
    responder: Mapped[str | None] = mapped_column(Text)
    intents: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    reply: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it was silent, superseded or failed."""
    trace: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """Drafts, what the fact check refused, tools called with their results."""
    prompt_tokens: Mapped[int] = mapped_column(server_default=text("0"))
    completion_tokens: Mapped[int] = mapped_column(server_default=text("0"))
    cost_usd: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    started_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    finished_at: Mapped[datetime | None]


class ModelBudgetDay(Base):
    """A day of the shop on which the model's budget was used up; its row is what makes it known once."""

    __tablename__ = "model_budget_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    reached_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
