"""`autoprime eval-dialogues`: whole dialogues from files, played and judged."""

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from assistant.commands.postgres import settings_with_database
from assistant.problem import Problem
from assistant.rehearsal.databases import Databases
from assistant.rehearsal.features import missing
from assistant.rehearsal.loading import Script, Scripts, load_folder
from assistant.rehearsal.play import Played, Props, make_props, play
from assistant.rehearsal.score import Trialled, score
from integrations.settings import ResponderChoice, Settings, WrongSettings


@click.command(help="Play the dialogues of DIR, each on a database of its own, and judge them; prints JSON.")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--responder", type=click.Choice(["embedded", "model"]), default="embedded", show_default=True)
@click.option("--trials", type=click.IntRange(1, 100), default=1, show_default=True, help="Plays of each dialogue.")
@click.option("--only", metavar="NAME", help="Play only dialogues whose file name holds NAME.")
def command(folder: Path, responder: str, trials: int, only: str | None) -> None:
    scripts = load_folder(folder)
    chosen = [script for script in scripts.all if only is None or only in script.name]
    if not chosen:
        raise Problem(f"{folder}: no dialogue is named like {only!r}")
    with settings_with_database(log_level="CRITICAL") as settings:
        wanted = settings.model_copy(update={"responder": ResponderChoice(responder)})
        figures = asyncio.run(evaluate(wanted, scripts, chosen, trials))
    click.echo(json.dumps(figures, ensure_ascii=False, indent=2))


async def evaluate(settings: Settings, scripts: Scripts, chosen: list[Script], trials: int) -> dict[str, Any]:
    """The figures of these dialogues."""
    plays: dict[str, list[Played]] = {}
    skipped: dict[str, str] = {}
    if settings.responder is ResponderChoice.MODEL and settings.openai_api_key is None:
        raise WrongSettings("OPENAI_API_KEY: is needed by --responder model and not set")
    databases = Databases(settings.required_database_url())
    try:
        async with make_props(settings) as props:
            for script in chosen:
                if lacking := missing(script.dialogue.needs):
                    skipped[script.name] = f"needs {', '.join(lacking)}"
                    continue
                plays[script.name] = [await _play(databases, scripts, script, settings, props) for _ in range(trials)]
    finally:
        await databases.close()
    name = settings.model if settings.responder is ResponderChoice.MODEL else None
    return score(Trialled(settings.responder.value, name, trials, plays, skipped))


async def _play(databases: Databases, scripts: Scripts, script: Script, settings: Settings, props: Props) -> Played:
    async with databases.copy(script.dialogue.begins) as url:
        try:
            return await play(script.dialogue, scripts.fixtures, url, settings, props)
        except Problem as problem:
            raise Problem(f"{script.name}: {problem}") from None
