"""What the commands share: an engine on a database that answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.problem import Problem
from integrations.database import create_engine
from integrations.settings import Settings


@asynccontextmanager
async def engine_of(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """An engine on a database that was seen to answer; raises `Problem` when it does not."""
    engine = create_engine(settings.required_database_url(), pool_size=settings.database_pool)
    try:
        try:
            async with engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:
            raise Problem(
                f"The database of DATABASE_URL does not answer ({type(error).__name__}: {error}). "
                "Check host, name, user and password, and that the server runs."
            ) from error
        yield engine
    finally:
        await engine.dispose()
