"""`autoprime import`: what the button on the page Importação does, from the command line."""

import asyncio
import sys

import click

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from assistant.commands.subscribe import NO_ACCOUNT
from assistant.problem import Problem
from integrations.database import Sessions, create_sessions, transaction
from integrations.kommo.connection.accounts import kommo_account
from integrations.kommo.importer.batches import run_batch, start_batch
from integrations.kommo.importer.history import Reviewer
from integrations.kommo.importer.listing import ready_ids
from integrations.kommo.importer.models import ImportBatch, ImportRun
from integrations.kommo.importer.runs import Source, run_import, start_run
from integrations.kommo.pacing import Priority
from integrations.settings import Settings

OPERATOR = Reviewer(None, "linha de comando")


@click.command(help="Look at the qualified leads in Kommo. What lacks something waits on the page Importação.")
@click.option("--complete", is_flag=True, help="Import the leads that lack nothing and raise no question.")
@click.option("--most", type=click.IntRange(1, 500), default=500, show_default=True, help="Import so many at most.")
def command(complete: bool, most: int) -> None:
    with settings_with_database(log_level="ERROR") as settings:
        sys.exit(asyncio.run(_import(settings, most if complete else 0)))


async def _import(settings: Settings, most: int) -> int:
    async with engine_of(settings) as engine:
        sessions = create_sessions(engine)
        run = await _look(settings, sessions)
        click.echo(
            f"{run.fetched} leads in the stage: {run.ready} complete, {run.problem} with a question, "
            f"{run.known} decided before; {run.calls} calls."
        )
        if run.error:
            click.echo(run.error, err=True)
            return 1
        if most:
            _show(await _import_complete(settings, sessions, most))
        return 0


async def _look(settings: Settings, sessions: Sessions) -> ImportRun:
    """One look, done here; a look that is under way elsewhere is not repeated."""
    account = await kommo_account(settings, sessions)
    if account is None:
        raise Problem(NO_ACCOUNT)
    async with transaction(sessions) as session:
        run, started = await start_run(session, Source.COMMAND, OPERATOR.name)
    if not started:
        raise Problem(f"A look begun by {run.started_by or 'the service'} is under way: see the page Importação.")
    client = account.client(settings, sessions)
    try:
        await run_import(sessions, client.at(Priority.BULK), run.id)
    finally:
        await client.close()
    async with transaction(sessions) as session:
        return await session.get_one(ImportRun, run.id)


async def _import_complete(settings: Settings, sessions: Sessions, most: int) -> ImportBatch:
    async with transaction(sessions) as session:
        batch = await start_batch(session, OPERATOR, list(await ready_ids(session, most)))
    await run_batch(sessions, batch.id, settings.service_url)
    async with transaction(sessions) as session:
        return await session.get_one(ImportBatch, batch.id)


def _show(batch: ImportBatch) -> None:
    for _, number, name in batch.made:
        click.echo(f"{number}  {name}")
    for _, name, words in batch.refused:
        click.echo(f"not imported: {name}: {words}", err=True)
    click.echo(f"{len(batch.made)} imported, {len(batch.refused)} not.")
