"""The table of summaries: what was spoken of before the messages that a responder sees."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base


class ConversationSummary(Base):
    """One row a conversation; it covers the messages up to `up_to_message_id`."""

    __tablename__ = "conversation_summary"
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversation.id"), primary_key=True)
    up_to_message_id: Mapped[int] = mapped_column(BigInteger)
    """No foreign key: messages may be deleted, the summary stays."""
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What the text says, to add to it."""
    updated_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
