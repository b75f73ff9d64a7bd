"""Tables of the connection to Kommo: the account we speak to and every event it sent.

An event is stored once, as received, before anything else happens with it; its own state is the truth, a job row only
says that somebody should look.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base

NOW = text("now()")


class EventState(StrEnum):
    """What became of an event. `PARKED` waits for a person after repeated failures."""

    PENDING = "pending"
    DONE = "done"
    IGNORED = "ignored"
    PARKED = "parked"


class EventSource(StrEnum):
    """By which door an event came in."""

    WEBHOOK = "webhook"
    WIDGET = "widget"


class KommoEvent(Base):
    """One body that Kommo posted, kept as it was sent."""

    __tablename__ = "kommo_event"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'done', 'ignored', 'parked')", name="state_known"),
        Index("ix_kommo_event_pending", "received_at", postgresql_where=text("state = 'pending'")),
        Index("ix_kommo_event_parked", "id", postgresql_where=text("state = 'parked'")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_key: Mapped[str] = mapped_column(Text, unique=True)
    """SHA-256 of the body, or `widget:` and the token's `jti`."""
    source: Mapped[str] = mapped_column(Text, server_default=text("'webhook'"))
    body: Mapped[str] = mapped_column(Text)
    kinds: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default=text("'pending'"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(server_default=NOW)
    handled_at: Mapped[datetime | None]


class KommoAccount(Base):
    """The account this service answers for, by its base URL, with what was learnt of it."""

    __tablename__ = "kommo_account"
    base_url: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    connected_at: Mapped[datetime] = mapped_column(server_default=NOW)
    """Messages older than this were there before us and are history, never answered."""
    swept_at: Mapped[datetime | None]
    token_refused_at: Mapped[datetime | None]
    """When Kommo last answered 401 to the token of the settings."""
    payment_refused_at: Mapped[datetime | None]
    """When Kommo last answered 402 to a message: none left, or no add-on."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
