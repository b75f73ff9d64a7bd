"""`autoprime export-dialogue`: a stored conversation as a dialogue file."""

import asyncio

import click

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from assistant.rehearsal.export import export_dialogue
from integrations.database import create_sessions, transaction
from integrations.settings import Settings


@click.command(help="Write stored conversation CONVERSATION (its id) as a dialogue file, anonymised, to the output.")
@click.argument("conversation", type=int)
def command(conversation: int) -> None:
    with settings_with_database(log_level="CRITICAL") as settings:
        text = asyncio.run(export(settings, conversation))
    click.echo(text, nl=False)


async def export(settings: Settings, conversation: int) -> str:
    """The text of the file."""
    async with engine_of(settings) as engine, transaction(create_sessions(engine)) as session:
        return await export_dialogue(session, conversation)
