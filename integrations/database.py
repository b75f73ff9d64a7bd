"""The database: engine, declarative base and `transaction()`, the only way a transaction begins.

Query functions take a session first and never commit; whoever opens the transaction decides its end.
No transaction stays open across a network call to Kommo or to a model (docs/architecture.md).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, ClassVar

from sqlalchemy import DateTime, MetaData, Numeric, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, mapped_column

Sessions = async_sessionmaker[AsyncSession]

Timestamp = Annotated[datetime, mapped_column(DateTime(timezone=True))]
"""A moment in time (`timestamptz`); always aware."""

MONEY = Numeric(12, 2)
"""Reais with two decimals; read and written as `Decimal`, never float."""


class Base(DeclarativeBase):
    """Base of every table. Constraint names are fixed so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: DateTime(timezone=True)}


def async_url(database_url: str) -> str:
    """The same database for SQLAlchemy's asyncpg dialect: accepts `postgres://` and `postgresql://`.

    libpq's `sslmode`, which hosting providers put into their URLs, is called `ssl` there and takes the same values.
    """
    url = make_url(_postgresql(database_url)).set(drivername="postgresql+asyncpg")
    if mode := url.query.get("sslmode"):
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return url.render_as_string(hide_password=False)


def driver_dsn(database_url: str) -> str:
    """The same database for asyncpg itself, which understands libpq's parameters."""
    return f"postgresql://{_postgresql(database_url).partition('://')[2]}"


def _postgresql(database_url: str) -> str:
    scheme, _, rest = database_url.partition("://")
    if scheme.split("+")[0] not in ("postgres", "postgresql"):
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {scheme}://")
    return f"postgresql://{rest}"


def create_engine(database_url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine whose sessions speak UTC-aware times; connections are checked before use."""
    return create_async_engine(
        async_url(database_url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        # An exception's text goes to the log, and parameters hold customers' words.
        hide_parameters=True,
        connect_args={"timeout": 10, "server_settings": {"application_name": "autoprime", "timezone": "UTC"}},
    )


def create_sessions(engine: AsyncEngine) -> Sessions:
    """The session factory handed to everything that opens transactions."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def transaction(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """One unit of work: commits when the block ends, rolls back when it raises.

    A failed COMMIT raises here, so a caller never reports success for it.
    """
    async with sessions.begin() as session:
        yield session


@asynccontextmanager
async def savepoint(session: AsyncSession) -> AsyncIterator[None]:
    """A part of a unit of work that may fail alone: what it did is gone when the block raises, the rest stays."""
    async with session.begin_nested():
        yield
