"""Findings on a terminal and as JSON, in the operator's language."""

import shutil
import textwrap
from collections.abc import Sequence

import click

from integrations.kommo.check.running import stops_work
from integrations.kommo.findings import Finding, Language, State

ENGLISH = Language.ENGLISH
MARKS = {State.OK: "ok", State.WARNING: "warning", State.MISSING: "MISSING", State.UNKNOWN: "unknown"}
COLOURS = {State.OK: "green", State.WARNING: "yellow", State.MISSING: "red", State.UNKNOWN: "cyan"}
MARK_WIDTH = 9
NAME_WIDTH = 26
NARROWEST = 72


def show_table(found: Sequence[Finding]) -> None:
    """One line a finding, and below it what to do."""
    width = max(NARROWEST, shutil.get_terminal_size((110, 24)).columns)
    for one in found:
        name = one.name(ENGLISH)
        if len(name) > NAME_WIDTH - 2:
            name = f"{name[: NAME_WIDTH - 3]}…"
        mark = click.style(MARKS[one.state].ljust(MARK_WIDTH), fg=COLOURS[one.state])
        text, *more = _wrapped(one.text(ENGLISH), width)
        click.echo(f"{mark}{name.ljust(NAME_WIDTH)}{text}")
        for line in [*more, *_wrapped(f"→ {one.todo(ENGLISH)}" if one.todo(ENGLISH) else "", width)]:
            click.echo(" " * (MARK_WIDTH + NAME_WIDTH) + line)
    click.echo(f"\n{summary(found)}")


def summary(found: Sequence[Finding]) -> str:
    """How many of each state, and whether the service can work."""
    counted = {state: sum(one.state is state for one in found) for state in State}
    figures = ", ".join(f"{count} {MARKS[state]}" for state, count in counted.items() if count)
    return f"{figures}. " + ("Something lacks that stops work." if stops_work(found) else "Nothing stops work.")


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width - MARK_WIDTH - NAME_WIDTH, subsequent_indent="  " if text[:1] == "→" else "")


def as_json(found: Sequence[Finding]) -> dict[str, object]:
    """`ok` is the exit status; each finding has a fixed `code` besides its words."""
    return {
        "ok": not stops_work(found),
        "findings": [
            {
                "code": one.code.value,
                "name": one.name(ENGLISH),
                "state": one.state.value,
                "text": one.text(ENGLISH),
                "todo": one.todo(ENGLISH),
            }
            for one in found
        ],
    }
