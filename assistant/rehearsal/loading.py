"""Dialogues from files: a file that cannot be used is refused with its name and the field that is wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.problem import Problem
from assistant.rehearsal.dialogue import KINDS_OF_STEP, ChangeStep, Dialogue

FIXTURES = "fixtures.yaml"
"""The file beside the dialogues that names states of the shop."""
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Script:
    """A dialogue with the name of its file."""

    name: str
    dialogue: Dialogue


@dataclass(frozen=True)
class Scripts:
    """The dialogues of a folder, by name, and the states of the shop that they name."""

    all: tuple[Script, ...]
    fixtures: Mapping[str, Sequence[str]]


def load_folder(folder: Path) -> Scripts:
    """All dialogues of a folder; raises `Problem` that names the first file that cannot be used, and why."""
    fixtures = _fixtures(folder / FIXTURES)
    paths = [path for path in sorted(folder.rglob("*.yaml")) if path.name != FIXTURES]
    if not paths:
        raise Problem(f"{folder}: there is no dialogue in it (files named *.yaml)")
    scripts = tuple(Script(path.stem, load(path)) for path in paths)
    for path, script in zip(paths, scripts, strict=True):
        _names_are_known(path, script.dialogue, fixtures)
    return Scripts(scripts, fixtures)


def load(path: Path) -> Dialogue:
    """One dialogue; raises `Problem`."""
    try:
        return Dialogue.model_validate(_read(path))
    except ValidationError as error:
        raise Problem("\n".join(f"{path}: {_where(found['loc'])}: {_why(found)}" for found in error.errors())) from None


def is_name(text: str) -> bool:
    """Whether a line of `setup` or `change` names a fixture; everything else is SQL."""
    return NAME.fullmatch(text) is not None


def _read(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Problem(f"{path}: cannot be read: {' '.join(str(error).split())}") from None


def _fixtures(path: Path) -> Mapping[str, Sequence[str]]:
    if not path.exists():
        return {}
    try:
        return TypeAdapter(dict[str, list[str]]).validate_python(_read(path))
    except ValidationError as error:
        found = error.errors()[0]
        raise Problem(f"{path}: {_where(found['loc'])}: {found['msg']} (a name, and its SQL as a list)") from None


def _names_are_known(path: Path, dialogue: Dialogue, fixtures: Mapping[str, Sequence[str]]) -> None:
    changes = [line for step in dialogue.steps if isinstance(step, ChangeStep) for line in step.change]
    for line in (*dialogue.setup, *changes):
        if is_name(line) and line not in fixtures:
            raise Problem(f"{path}: {line!r} is no name in {FIXTURES}")


def _where(location: Sequence[int | str]) -> str:
    """`steps.3.says` as a reader counts: the third step."""
    parts = list(location)
    if parts[:1] == ["steps"] and len(parts) > 2 and parts[2] in KINDS_OF_STEP:
        # Pydantic names the kind of step after its place.
        del parts[2]
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in parts) or "the file"


def _why(found: Mapping[str, Any]) -> str:
    return str(found["msg"]).removeprefix("Value error, ")
