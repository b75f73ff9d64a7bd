"""The command line, `autoprime`.

A subcommand's module is imported when it is called, so that the web process does not carry the worker's classifier in
its memory and `--help` stays quick. (Click documents this as "lazily loading subcommands".)
"""

import asyncio
import importlib
import keyword
import sys
from collections.abc import Sequence

import click

from assistant.problem import Problem
from integrations.embedded import EmbeddedFailed
from integrations.settings import WrongSettings

COMMANDS = {
    "run": "Start everything on this machine: PostgreSQL, service, worker and, in the demo, the Kommo sandbox.",
    "serve": "Run the web process.",
    "worker": "Run a worker process; any number of them may run.",
    "sandbox": "Run the Kommo sandbox.",
    "migrate": "Bring the database to the newest schema.",
    "seed-demo": "Write the demo shop into a database without customers.",
    "user": "Create, list and disable the staff's accounts, and reset their passwords.",
    "new-key": "Print a fresh key for AUTOPRIME_SECRET_KEYS.",
    "kommo": "Prepare the Kommo account, see whether it works end to end, rotate keys and the webhook's address.",
    "import": "Look at the qualified leads in Kommo, and import the complete ones if asked to.",
    "subscribe": "Make Kommo post its events to this service.",
    "ask": "Answer one message and show how, sending nothing.",
    "eval": "Measure the embedded understanding on labelled messages.",
    "eval-dialogues": "Play whole dialogues from files and judge them by facts and the database.",
    "export-dialogue": "Write a stored conversation as a dialogue file, anonymised.",
    "trace": "Show a turn: its messages, tools, drafts and what was sent.",
}


class LazyGroup(click.Group):
    """A group whose commands live in `assistant.commands`, each as `command` in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name.replace("-", "_")
        module = importlib.import_module(f"assistant.commands.{name}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup)
def autoprime() -> None:
    """Doctor Auto Prime's WhatsApp assistant. Settings come from the environment or .env: see docs/operate.md."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; a known problem is one line on standard error and exit status 1."""
    try:
        autoprime(args=arguments, prog_name="autoprime", standalone_mode=True)
    except (WrongSettings, EmbeddedFailed, Problem) as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(130)
