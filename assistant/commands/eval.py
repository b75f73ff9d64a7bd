"""`autoprime eval`: how well the embedded understanding does on labelled messages."""

import json
from pathlib import Path

import click

from assistant.conversation.embedded.evaluate import evaluate
from integrations.settings import load_settings


@click.command(help='Measure on lines {"text", "intents": [..], "plate": ".."|null}; prints JSON.')
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--verbose", is_flag=True, help="Also list the wrong cases, on standard error.")
def command(file: Path, verbose: bool) -> None:
    figures, wrong = evaluate(file.read_text(encoding="utf-8").splitlines(), load_settings().data_dir / "cache")
    click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
    if verbose:
        for line in wrong:
            click.echo(line, err=True)
