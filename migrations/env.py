"""What Alembic runs: our tables' metadata, one transaction a migration, and no waiting for locks of a running shop."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from integrations.database import Base, async_url
from integrations.settings import load_settings
from migrations.tables import ours


def run(connection: Connection) -> None:
    """Upgrade on an open connection; a lock held by the shop's application fails after five seconds, not never."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        include_object=ours,
        compare_server_default=False,
    )
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()


async def run_from_command_line() -> None:
    """For the `alembic` command: connects by the service's own settings."""
    url = load_settings().database_url
    if url is None:
        raise SystemExit("DATABASE_URL is not set; `autoprime migrate` also knows the embedded PostgreSQL")
    engine = create_async_engine(async_url(url), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(run_from_command_line())
