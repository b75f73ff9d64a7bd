"""The table of the limiter: when the next call of an account may go out. Touched by limiter.py only."""

from datetime import datetime

from sqlalchemy import Text, text
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base


class KommoLimiter(Base):
    """One row per account (its base URL): the next free slot, and until when Kommo refuses calls (429)."""

    __tablename__ = "kommo_limiter"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    next_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    blocked_until: Mapped[datetime | None]
