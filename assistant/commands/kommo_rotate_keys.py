"""`autoprime kommo rotate-keys`: after it, only the first key of AUTOPRIME_SECRET_KEYS is needed."""

import asyncio

import click

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from assistant.problem import Problem
from integrations.database import create_sessions, transaction
from integrations.kommo.connection.keys import rotate_keys
from integrations.kommo.connection.vault import Unopened, create_vault
from integrations.settings import Settings


@click.command(help="Seal stored tokens and secrets with the first key of AUTOPRIME_SECRET_KEYS; all or nothing.")
def command() -> None:
    with settings_with_database() as settings:
        done = asyncio.run(rotate(settings))
    click.echo(f"{done} stored secrets are sealed with the first key. The other keys can be removed now.")


async def rotate(settings: Settings) -> int:
    """How many values were sealed anew."""
    vault = create_vault(settings)
    async with engine_of(settings) as engine:
        try:
            async with transaction(create_sessions(engine)) as session:
                return await rotate_keys(session, vault)
        except Unopened:
            raise Problem(
                "Nothing was changed: a key that is still in use is missing in AUTOPRIME_SECRET_KEYS."
            ) from None
