"""Tables of what the account's stages, users and fields mean to the shop, with the names they had when chosen."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base

NOW = text("now()")


class StageChoice(Base):
    """The stage that has a meaning (`Meaning`); a meaning without a row moves and imports nothing."""

    __tablename__ = "kommo_stage_choice"
    meaning: Mapped[str] = mapped_column(Text, primary_key=True)
    pipeline_id: Mapped[int] = mapped_column(BigInteger)
    pipeline_name: Mapped[str] = mapped_column(Text)
    stage_id: Mapped[int] = mapped_column(BigInteger)
    stage_name: Mapped[str] = mapped_column(Text)
    chosen_at: Mapped[datetime] = mapped_column(server_default=NOW)


class UserChoice(Base):
    """A Kommo user. At most one is responsible by default."""

    __tablename__ = "kommo_user_choice"
    __table_args__ = (
        Index("ix_kommo_user_choice_is_default", "is_default", unique=True, postgresql_where=text("is_default")),
    )
    kommo_user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    """Our own user; no foreign key, so that either side can go first."""
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    chosen_at: Mapped[datetime] = mapped_column(server_default=NOW)


class FieldSeen(Base):
    """A lead field of ours as it was last seen; what is here and no longer in Kommo was deleted there."""

    __tablename__ = "kommo_field_seen"
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    """Our own name of the field."""
    field_id: Mapped[int] = mapped_column(BigInteger)
    field_name: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime] = mapped_column(server_default=NOW)
