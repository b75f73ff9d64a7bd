"""What the commands share: settings with a database behind them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.problem import Problem
from integrations.database import create_engine
from integrations.embedded import embedded_postgres
from integrations.logs import configure_logs
from integrations.settings import Settings, load_settings


@contextmanager
def settings_with_database(settings: Settings | None = None, log_level: str | None = None) -> Iterator[Settings]:
    """Settings whose `database_url` is set: the given one, or the embedded PostgreSQL's while the block runs."""
    loaded = settings or load_settings()
    configure_logs(log_level or loaded.log_level)
    if loaded.database_url is not None:
        yield loaded
        return
    with embedded_postgres(loaded.data_dir) as url:
        yield loaded.model_copy(update={"database_url": url})


@asynccontextmanager
async def engine_of(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """An engine on a database that was seen to answer; raises `Problem` when it does not."""
    assert settings.database_url is not None
    engine = create_engine(settings.database_url, pool_size=settings.database_pool)
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
