"""`autoprime eval`: how well the embedded understanding does on labelled messages."""

import json
from pathlib import Path

import click
from pydantic import ValidationError

from assistant.conversation.embedded.evaluate import Case, evaluate, outcomes
from assistant.conversation.embedded.understanding import Understander
from assistant.problem import Problem
from integrations.settings import load_settings


@click.command(help='Measure on lines {"text", "intents": [..], "plate": ".."|null}; prints JSON.')
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--verbose", is_flag=True, help="Also list the wrong cases, on standard error.")
def command(file: Path, verbose: bool) -> None:
    understander = Understander.load(load_settings().data_dir / "cache")
    lines = file.read_text(encoding="utf-8").splitlines()
    try:
        click.echo(json.dumps(evaluate(lines, understander), ensure_ascii=False, indent=2))
        if verbose:
            _show_wrong(understander, [Case.model_validate_json(line) for line in lines if line.strip()])
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        raise Problem(f"{file}: a line cannot be read: {found['msg']} at {found['loc']}") from None


def _show_wrong(understander: Understander, cases: list[Case]) -> None:
    for outcome in outcomes(understander, cases):
        if not outcome.right:
            wrong = {"text": outcome.case.text, "intents": outcome.case.intents, "predicted": outcome.understood.main}
            click.echo(json.dumps({**wrong, "sure": outcome.understood.sure}, ensure_ascii=False), err=True)
