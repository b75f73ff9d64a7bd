"""`autoprime subscribe`: tell Kommo where to post its events, and make the lead fields that are missing there."""

import asyncio

import click

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from assistant.problem import Problem
from assistant.subscription import subscribe
from integrations.database import create_sessions, transaction
from integrations.kommo.connection.accounts import kommo_account
from integrations.kommo.connection.webhook_secrets import webhook_address
from integrations.settings import Settings

NO_ACCOUNT = (
    "No Kommo account is connected: set AUTOPRIME_KOMMO_URL and AUTOPRIME_KOMMO_TOKEN, or connect one on the "
    "settings page."
)


@click.command(help="Subscribe this service's webhook in the Kommo account; safe to repeat.")
def command() -> None:
    with settings_with_database() as settings:
        changed = asyncio.run(subscribe_current(settings))
    click.echo("Kommo now posts its events here." if changed else "Kommo already posts its events here.")


async def subscribe_current(settings: Settings) -> bool:
    """Subscribe at the account in use; True when something had to be changed."""
    async with engine_of(settings) as engine:
        sessions = create_sessions(engine)
        account = await kommo_account(settings, sessions)
        if account is None:
            raise Problem(NO_ACCOUNT)
        async with transaction(sessions) as session:
            destination = await webhook_address(session, settings)
        return await subscribe(account.base_url, account.tokens, destination, settings.kommo_timeout)
