"""`autoprime migrate`."""

import asyncio

import click

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from integrations.settings import Settings
from migrations.upgrade import migrate


@click.command(help="Bring the database to the newest schema. Safe to run from any number of machines at once.")
def command() -> None:
    with settings_with_database() as settings:
        asyncio.run(migrate_database(settings))


async def migrate_database(settings: Settings) -> None:
    """Migrate the database of these settings."""
    async with engine_of(settings) as engine:
        await migrate(engine)
