"""The table of the shared call limiter."""

from datetime import datetime

from sqlalchemy import Text, text
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base


class LimiterRow(Base):
    """When the next call to one Kommo account may start."""

    __tablename__ = "kommo_limiter"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    next_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    blocked_until: Mapped[datetime | None]
