"""A finding, and the catalogue that words it. Reads one file of the package, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from integrations.kommo.findings.codes import Code

CATALOGUE = Path(__file__).with_name("catalogue.yaml")
Param = str | int | datetime | tuple[str, str]
"""A pair is the same thing in English and in Portuguese."""


class State(StrEnum):
    """What a finding means for the work. `MISSING`: work stops until it is there; `WARNING`: it goes on with a loss."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Language(StrEnum):
    """Who reads: the operator English, the staff Portuguese."""

    ENGLISH = "en"
    PORTUGUESE = "pt"


class Wording(BaseModel):
    """The words of a code in one language, with `{parameters}`. `step` says what set-up would do about it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    text: str
    todo: str = ""
    step: str = ""


class Entry(BaseModel):
    """A code's state and its words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: State
    en: Wording
    pt: Wording

    def wording(self, language: Language) -> Wording:
        return self.en if language is Language.ENGLISH else self.pt


@cache
def catalogue() -> Mapping[Code, Entry]:
    """Every code's entry."""
    return TypeAdapter(dict[Code, Entry]).validate_python(yaml.safe_load(CATALOGUE.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. What people named in Kommo is in `params` as they wrote it: escape it in pages."""

    code: Code
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def state(self) -> State:
        return catalogue()[self.code].state

    def name(self, language: Language) -> str:
        """What was looked at, in a word or two."""
        return self._say(catalogue()[self.code].wording(language).name, language)

    def text(self, language: Language) -> str:
        """How it stands, in a sentence."""
        return self._say(catalogue()[self.code].wording(language).text, language)

    def todo(self, language: Language) -> str:
        """What to do about it; empty when there is nothing."""
        return self._say(catalogue()[self.code].wording(language).todo, language)

    def step(self, language: Language) -> str:
        """What set-up would do about it; empty when it does nothing."""
        return self._say(catalogue()[self.code].wording(language).step, language)

    def _say(self, template: str, language: Language) -> str:
        return template.format_map({name: _shown(value, language) for name, value in self.params.items()}).strip()


def finding(code: Code, **params: Param) -> Finding:
    """A finding of this code."""
    return Finding(code, params)


def _shown(value: Param, language: Language) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if language is Language.ENGLISH else "%d/%m/%Y")
    if isinstance(value, tuple):
        return value[0] if language is Language.ENGLISH else value[1]
    return str(value)
