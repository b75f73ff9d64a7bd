"""`autoprime kommo …`: what concerns the connected account; each subcommand is `command` in a module `kommo_…`."""

import importlib

import click

SUBCOMMANDS = {
    "rotate-keys": "Seal stored tokens and secrets with the first key of AUTOPRIME_SECRET_KEYS.",
}


class KommoGroup(click.Group):
    """Loads only the subcommand that was called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUBCOMMANDS:
            return None
        command = importlib.import_module(f"assistant.commands.kommo_{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.group(cls=KommoGroup, help="Look after the connected Kommo account.")
def command() -> None:
    """Only the subcommands do something."""
