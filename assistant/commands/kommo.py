"""`autoprime kommo`: look after the connected account. For the operator."""

import click

from assistant.commands.kommo_rotate import rotate_keys_command, rotate_webhook_command


@click.group(help="Look after the connected Kommo account.")
def command() -> None:
    pass


command.add_command(rotate_keys_command)
command.add_command(rotate_webhook_command)
