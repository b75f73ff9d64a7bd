"""Tables of what the staff set on their pages: settings that stand before the environment's, and the shop's own days.

Ours, not the shop's: its application does not know them. Who changed what is in the staff's audit log.
"""

from datetime import date, datetime, time

from sqlalchemy import BigInteger, CheckConstraint, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base

NOW = text("now()")


class ShopSetting(Base):
    """One setting by its name in `Settings`; an absent row means that the environment's value holds."""

    __tablename__ = "shop_setting"
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    changed_by: Mapped[int | None] = mapped_column(BigInteger)


class ShopDay(Base):
    """One calendar day with hours of its own: a holiday of the town, a day off, or a holiday that is worked."""

    __tablename__ = "shop_day"
    __table_args__ = (CheckConstraint("(opens IS NULL AND closes IS NULL) OR opens < closes", name="hours_make_sense"),)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    """What customers are told: "Aniversário da cidade"."""
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    """Both NULL: closed all day."""
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    changed_by: Mapped[int | None] = mapped_column(BigInteger)
