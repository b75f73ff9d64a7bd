"""`autoprime kommo rotate-keys` and `rotate-webhook`: other keys for what is stored, another secret for the webhook."""

import asyncio
from datetime import timedelta

import click

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from assistant.commands.subscribe import subscribe_current
from assistant.problem import Problem
from assistant.staff.models import StaffUser
from integrations.database import create_sessions, transaction
from integrations.kommo.connection.keys import SEALED, rotate_keys
from integrations.kommo.connection.vault import Unopened, create_vault
from integrations.kommo.connection.webhook_secrets import rotate_webhook_secret
from integrations.settings import Settings

STORED = (*SEALED, StaffUser.totp_sealed)
"""Every column of the database that holds something sealed."""


@click.command(
    "rotate-keys", help="Seal stored tokens and secrets with the first key of AUTOPRIME_SECRET_KEYS; all or nothing."
)
def rotate_keys_command() -> None:
    with settings_with_database() as settings:
        done = asyncio.run(seal_anew(settings))
    click.echo(f"{done} stored secrets are sealed with the first key. The other keys can be removed now.")


async def seal_anew(settings: Settings) -> int:
    """How many values were sealed anew."""
    vault = create_vault(settings)
    async with engine_of(settings) as engine:
        try:
            async with transaction(create_sessions(engine)) as session:
                return await rotate_keys(session, vault, STORED)
        except Unopened:
            raise Problem("Nothing was changed: AUTOPRIME_SECRET_KEYS lacks a key that is still in use.") from None


@click.command("rotate-webhook", help="Give the webhook's address a new secret and subscribe it at Kommo.")
@click.option("--grace-hours", default=24, show_default=True, type=click.IntRange(0, 720), help="The old one's end.")
def rotate_webhook_command(grace_hours: int) -> None:
    with settings_with_database() as settings:
        asyncio.run(new_webhook_secret(settings, timedelta(hours=grace_hours)))
    click.echo(f"Kommo posts to a new address now. Delete the old one in Kommo: it is taken for {grace_hours} h more.")


async def new_webhook_secret(settings: Settings, grace: timedelta) -> None:
    """Make it and tell Kommo; what Kommo still posts to the old address is taken until the grace is over."""
    if settings.webhook_secret is not None:
        raise Problem("The secret is AUTOPRIME_WEBHOOK_SECRET: change it there, restart, and `autoprime subscribe`.")
    vault = create_vault(settings)
    async with engine_of(settings) as engine, transaction(create_sessions(engine)) as session:
        await rotate_webhook_secret(session, vault, grace)
    await subscribe_current(settings)
