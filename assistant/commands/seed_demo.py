"""`autoprime seed-demo`."""

import asyncio
from datetime import datetime

import click

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from integrations.database import create_sessions, transaction
from integrations.settings import SHOP_ZONE, Settings
from integrations.workshop.demo import seed_demo
from migrations.upgrade import migrate


@click.command(help="Write the demo shop; a database that has customers is left alone.")
def command() -> None:
    with settings_with_database() as settings:
        seeded = asyncio.run(seed(settings))
    click.echo("The demo shop is in the database." if seeded else "There are customers already: nothing was written.")


async def seed(settings: Settings) -> bool:
    """Migrate, then write the demo shop if there are no customers."""
    async with engine_of(settings) as engine:
        await migrate(engine)
        async with transaction(create_sessions(engine)) as session:
            return await seed_demo(session, datetime.now(SHOP_ZONE))
