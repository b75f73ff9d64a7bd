"""`autoprime new-key`."""

import click

from integrations.kommo.connection.vault import new_key


@click.command(help="Print a fresh key for AUTOPRIME_SECRET_KEYS; nothing is stored.")
def command() -> None:
    click.echo(new_key())
