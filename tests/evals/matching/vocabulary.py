"""The words of vocabulary.yaml: names, companies and cars of the labelled set."""

from pathlib import Path

import yaml
from pydantic import TypeAdapter

_TEXTS = TypeAdapter(dict[str, str]).validate_python(
    yaml.safe_load(Path(__file__).with_name("vocabulary.yaml").read_text(encoding="utf-8"))
)


def _words(name: str) -> tuple[str, ...]:
    return tuple(_TEXTS[name].split())


def _pairs(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((word.split("/")[0], word.split("/")[1]) for word in _words(name))


MEN, WOMEN = _words("men"), _words("women")
SECOND_MEN, SECOND_WOMEN = _words("second_men"), _words("second_women")
FAMILIES = _words("families")
TRADES, TRADE_NAMES = _words("trades"), _words("trade_names")
CARS = _pairs("cars")
NICKNAMES = dict(_pairs("nicknames"))
AREAS = ("11", "11", "11", "11", "11", "12", "13", "19", "21", "41")
