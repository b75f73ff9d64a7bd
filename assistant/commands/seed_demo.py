"""`autoprime seed-demo`."""

import asyncio
from datetime import datetime

import click

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from assistant.staff.passwords import Passwords
from assistant.staff.roles import Role
from assistant.staff.users import create_user, find_user
from integrations.database import create_sessions, transaction
from integrations.settings import SHOP_ZONE, Settings
from integrations.workshop.demo import seed_demo
from migrations.upgrade import migrate


@click.command(help="Write the demo shop; a database that has customers is left alone.")
@click.option("--manager", help="E-mail of a manager to create, unless there is one by this address.")
@click.option("--manager-password", envvar="DEMO_MANAGER_PASSWORD", show_envvar=True, help="Their password.")
def command(manager: str | None, manager_password: str | None) -> None:
    with settings_with_database() as settings:
        seeded = asyncio.run(seed(settings))
        if manager and manager_password:
            asyncio.run(create_manager(settings, manager, manager_password))
    click.echo("The demo shop is in the database." if seeded else "There are customers already: nothing was written.")


async def create_manager(settings: Settings, email: str, password: str) -> None:
    """Somebody to look at the staff's pages with; an account that exists keeps its password."""
    async with engine_of(settings) as engine, transaction(create_sessions(engine)) as session:
        if await find_user(session, email) is None:
            await create_user(session, email, "Ana Demonstração", Role.GERENTE, await Passwords().hash(password))


async def seed(settings: Settings) -> bool:
    """Migrate, then write the demo shop if there are no customers."""
    async with engine_of(settings) as engine:
        await migrate(engine)
        async with transaction(create_sessions(engine)) as session:
            return await seed_demo(session, datetime.now(SHOP_ZONE))
