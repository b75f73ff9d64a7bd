"""Tables of the chats: conversations, their messages in both directions, and the outbox.

A conversation is one Kommo chat (`chat_id`); talks come and go inside it. Whoever stores a message or finishes a turn
locks the conversation row first, so what happens in one conversation happens one after the other.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base

NOW = sql("now()")


class Conversation(Base):
    """One customer's chat on one channel, with who is speaking and when the next turn is due."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_due", "due_at", postgresql_where=sql("due_at IS NOT NULL")),
        Index("ix_conversation_quiet_until", "quiet_until", postgresql_where=sql("quiet_until IS NOT NULL")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    chat_key: Mapped[str] = mapped_column(Text, unique=True)
    """Kommo's `chat_id`; `talk:ID` where a body carried none."""
    talk_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    contact_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    lead_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    origin: Mapped[str | None] = mapped_column(Text)
    phones: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Normal forms of the contact's phones, as Kommo has them."""
    contact_name: Mapped[str | None] = mapped_column(Text)
    contact_checked_at: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]
    """A person has taken over until then; what customers write meanwhile waits unanswered."""
    handed_back_at: Mapped[datetime | None]
    """When a person last gave the chat back: what they wrote before takes it over no more."""
    due_at: Mapped[datetime | None]
    """When unanswered messages are to be answered; NULL when there are none, or while a person has the chat."""
    burst_since: Mapped[datetime | None]
    """When the first of the unanswered messages was stored; the wait for silence is capped from here."""
    failures: Mapped[int] = mapped_column(server_default=sql("0"))
    """Turns that broke in a row."""
    lease_token: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    """Fencing token: grows with every claim; a turn holding an older one may not finish."""
    lease_until: Mapped[datetime | None]
    last_customer_at: Mapped[datetime | None]
    last_staff_at: Mapped[datetime | None]
    continue_url: Mapped[str | None] = mapped_column(Text)
    """Where a waiting Salesbot (widget_request) takes its answer."""
    continue_at: Mapped[datetime | None]
    talk_seen_at: Mapped[datetime | None]
    """Up to when the talk's messages were read from Kommo without a gap."""
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Direction(StrEnum):
    """Which way a message went, seen from the shop."""

    IN = "in"
    OUT = "out"


class AuthorType(StrEnum):
    """Kommo's `author.type`: the customer, a person of the staff, a bot or our own API call."""

    EXTERNAL = "external"
    INTERNAL = "internal"
    BOT = "bot"


class Message(Base):
    """One chat message, unique by Kommo's message id whatever way and however often it arrived."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("direction IN ('in', 'out')", name="direction_known"),
        Index("ix_message_conversation_id_sent_at", "conversation_id", "sent_at", "id"),
        Index(
            "ix_message_unanswered",
            "conversation_id",
            postgresql_where=sql("direction = 'in' AND turn_id IS NULL AND NOT history"),
        ),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kommo_id: Mapped[str] = mapped_column(Text, unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    direction: Mapped[str] = mapped_column(Text)
    author_type: Mapped[str] = mapped_column(Text)
    author_id: Mapped[str | None] = mapped_column(Text)
    message_type: Mapped[str] = mapped_column(Text, server_default=sql("'text'"))
    text: Mapped[str] = mapped_column(Text, server_default=sql("''"))
    attachment: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    talk_id: Mapped[int | None] = mapped_column(BigInteger)
    sent_at: Mapped[datetime]
    """When Kommo says it was written."""
    via: Mapped[str] = mapped_column(Text)
    """How it reached us: webhook, sweep, send."""
    history: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Was there before us, or too old to answer: context only."""
    turn_id: Mapped[int | None] = mapped_column(BigInteger)
    """The turn that answered it (incoming); no foreign key, turns live a floor above."""
    delivery_status: Mapped[str | None] = mapped_column(Text)
    edited_at: Mapped[datetime | None]
    """When we learnt that the customer had changed it."""
    first_text: Mapped[str | None] = mapped_column(Text)
    """What it said first, when the customer changed it before it was answered."""
    deleted_at: Mapped[datetime | None]
    """When we learnt that the customer had taken it back: no responder sees it any more."""
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class OutboxKind(StrEnum):
    """What is to be done at Kommo."""

    MESSAGE = "message"
    TASK = "task"
    NOTE = "note"
    LEAD_FIELDS = "lead_fields"
    """Custom fields of the lead; the row's text is JSON, field name → value."""


class OutboxState(StrEnum):
    """The life of an effect: queued → sending → accepted → delivered | failed; or parked, skipped.

    `SENDING` past its lease, and `UNCLEAR`, mean that the call may have happened: it is looked up before any repeat.
    """

    QUEUED = "queued"
    SENDING = "sending"
    UNCLEAR = "unclear"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    PARKED = "parked"
    SKIPPED = "skipped"


OPEN_STATES = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNCLEAR)


class Outbox(Base):
    """One effect at Kommo, written before the call: a message to the customer, a task or a note for the staff."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("kind IN ('message', 'task', 'note', 'lead_fields')", name="kind_known"),
        CheckConstraint(
            "state IN ('queued', 'sending', 'unclear', 'accepted', 'delivered', 'failed', 'parked', 'skipped')",
            name="state_known",
        ),
        Index(
            "ix_outbox_open",
            "conversation_id",
            "id",
            postgresql_where=sql("state IN ('queued', 'sending', 'unclear')"),
        ),
        Index("ix_outbox_conversation_id_created_at", "conversation_id", "created_at"),
        Index("ix_outbox_parked", "id", postgresql_where=sql("state = 'parked'")),
        Index("ix_outbox_sent_at", "sent_at", postgresql_where=sql("kind = 'message'")),
        Index("ix_outbox_paid_sent_at", "sent_at", postgresql_where=sql("kind = 'message' AND way = 'talks'")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    dedupe_key: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    answers_at: Mapped[datetime | None]
    """Time of the customer's newest message this answers; a person who wrote after it makes the reply needless."""
    state: Mapped[str] = mapped_column(Text, server_default=sql("'queued'"))
    way: Mapped[str | None] = mapped_column(Text)
    kommo_id: Mapped[str | None] = mapped_column(Text, index=True)
    talk_id: Mapped[int | None] = mapped_column(BigInteger)
    """The talk it was sent into."""
    attempts: Mapped[int] = mapped_column(server_default=sql("0"))
    """How often a worker took it up, look-ups included."""
    sends: Mapped[int] = mapped_column(server_default=sql("0"))
    """How often Kommo was asked to send it."""
    next_at: Mapped[datetime] = mapped_column(server_default=NOW)
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    sending_at: Mapped[datetime | None]
    """When it was taken up first: a message of ours in the talk since then may be this one."""
    called_at: Mapped[datetime | None]
    """When Kommo was last asked to send it."""
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    delivery_checks: Mapped[int] = mapped_column(server_default=sql("0"))


class LeadMode(Base):
    """The field *Assistente* of one lead: what it shows as far as we know, and what it should show."""

    __tablename__ = "lead_mode"
    lead_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    shown: Mapped[str] = mapped_column(Text)
    """What was last read from Kommo or written there by us; another value in it is a person's."""
    wanted: Mapped[str] = mapped_column(Text)
    writing: Mapped[str | None] = mapped_column(Text)
    """Noted before the call: the field may show it although nobody has heard of it yet."""
    lease_until: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)


class WrittenField(Base):
    """What we last wrote into a custom field of a lead, to know it again: anything else there is a person's."""

    __tablename__ = "kommo_lead_field"
    lead_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str | None] = mapped_column(Text)
    """What stands there as far as we wrote it; NULL while the first write is under way."""
    sending: Mapped[str | None] = mapped_column(Text)
    """What a write that is under way, or whose end is not known, puts there."""
    written_at: Mapped[datetime] = mapped_column(server_default=NOW)
