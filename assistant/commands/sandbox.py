"""`autoprime sandbox`: the stand-in for Kommo, as its own program."""

import os
import sys

import click


@click.command(
    help="Run the Kommo sandbox (see `python -m integrations.kommo.sandbox --help`).",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    os.execv(sys.executable, [sys.executable, "-m", "integrations.kommo.sandbox", *arguments])
