"""Bring a database to the newest schema, from any number of processes at once.

A session-level advisory lock lets one process migrate while the others wait and then find nothing to do.
"""

from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

log = structlog.get_logger(__name__)
LOCK = 7_201_104_711
"""Key of the advisory lock: arbitrary, ours."""


def configuration(connection: Connection) -> Config:
    """Alembic's configuration without a file, on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


async def migrate(engine: AsyncEngine) -> None:
    """Upgrade to the newest revision; waits for another process that is doing it."""
    async with engine.connect() as guard:
        await guard.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        await guard.commit()
        try:
            async with engine.connect() as connection:
                await connection.run_sync(_upgrade)
                await connection.commit()
        finally:
            await guard.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
            await guard.commit()


def _upgrade(connection: Connection) -> None:
    before = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    config = configuration(connection)
    newest = ScriptDirectory.from_config(config).get_current_head()
    if before != newest:
        command.upgrade(config, "head")
        log.info("database.migrated", before=before, after=newest)


async def pending(engine: AsyncEngine) -> bool:
    """Whether the database lacks a migration this version needs."""
    async with engine.connect() as connection:
        return await connection.run_sync(_pending)


def _pending(connection: Connection) -> bool:
    newest = ScriptDirectory.from_config(configuration(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() != newest
