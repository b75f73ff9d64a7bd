"""A vehicle as people name it, split into brand, model, version, colour and year.

By the list of what drives in Brazil (brands.yaml, written for this project). What the list does not know stays as it
was typed: a model without a brand is worth more than a wrong brand. Of two years (`2012/2013`, year of manufacture and
of the model, as on the registration) the model's counts, as price tables do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter
from rapidfuzz.fuzz import ratio

from integrations.contact import ACCENTED, WITHOUT_ACCENT
from integrations.workshop.normal.reading import Problem, Read

WORD = re.compile(r"\d+\.\d+|[^\W_]+")
YEARS = re.compile(r"\b(?:(?:19|20)?\d{2}\s?[/\\]\s?)?((?:19[5-9]|20[0-4])\d)\b|\b\d{2}/(\d{2})\b")
COLOR = re.compile(
    r"prata|pret[ao]|branc[ao]|cinza|vermelh[ao]|azul|verde|amarel[ao]|bege|marrom|dourad[ao]|vinho|grafite|chumbo|"
    r"laranja|rox[ao]|rosa",
    re.IGNORECASE,
)
LONGEST_NAME = 4
"""Words of the longest names in the list."""
SHORTEST_GUESSED = 4
LIKE = 82
"""How alike, of 100, a misspelt name must be: one letter in five, two in ten."""
FOLDED = str.maketrans(ACCENTED, WITHOUT_ACCENT)


@dataclass(frozen=True)
class VehicleName:
    """What a text names. `version` is what is left over: engine, trim, body."""

    model: str
    brand: str | None = None
    version: str | None = None
    color: str | None = None
    year: str | None = None

    @property
    def text(self) -> str:
        """All of it in one line, brand first."""
        return " ".join(filter(None, (self.brand, self.model, self.version, self.color, self.year)))


@dataclass(frozen=True)
class Names:
    """The list, by letters and digits alone."""

    brands: Mapping[str, str]
    models: Mapping[str, Mapping[str, str]]
    """By brand."""
    owners: Mapping[str, Sequence[str]]
    """The brands that have a model of this name."""


@cache
def names() -> Names:
    """The list of brands.yaml."""
    content = yaml.safe_load(Path(__file__).with_name("brands.yaml").read_text(encoding="utf-8"))
    listed = TypeAdapter(dict[str, dict[str, list[str]]]).validate_python(content)
    models = {brand: {key(model): model for model in entry["models"]} for brand, entry in listed.items()}
    owners: dict[str, list[str]] = {}
    for brand, theirs in models.items():
        for model in theirs:
            owners.setdefault(model, []).append(brand)
    brands = {key(name): brand for brand, entry in listed.items() for name in (brand, *entry["also"])}
    return Names(brands, models, owners)


def key(name: str) -> str:
    """A name's letters and digits, small and without accents: `"T-Cross"` → `"tcross"`."""
    return re.sub(r"[^a-z0-9]", "", name.translate(FOLDED).lower())


def read_vehicle(typed: str | None) -> Read[VehicleName]:
    """`"vw gol 1.6 2012 prata"` → Volkswagen, Gol, version 1.6, prata, 2012."""
    text = " ".join((typed or "").split())
    words = WORD.findall(text)
    if not words:
        return Read.failed(Problem.EMPTY)
    brand, words = _take_brand(words)
    model, rest = _take_model(words, brand)
    if model is None:
        brand, words = (brand, words) if brand else _guess_brand(words)
        model, rest = _guess_model(words, brand)
    if model is not None and brand is None:
        brand = names().owners[key(model)][0]
    year, rest = _take_year(text, rest)
    color = next((word.lower() for word in rest if COLOR.fullmatch(word)), None)
    rest = [word for word in rest if word.lower() != color]
    if model is None and not rest:
        return Read(VehicleName(" ".join(words) or text, brand))
    if model is None:
        model, rest = " ".join(rest), []
    return Read(VehicleName(model, brand, " ".join(rest) or None, color, year))


def _spans(count: int) -> list[tuple[int, int]]:
    """Runs of words, the longest first and from the left."""
    return [(start, start + size) for size in range(LONGEST_NAME, 0, -1) for start in range(count - size + 1)]


def _take_brand(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """The brand that is named first, and the words without any name of it."""
    left, found = list(words), None
    while True:
        named = _brand_at(left, found)
        if named is None:
            return found, left
        start, end, found = named
        del left[start:end]


def _brand_at(words: Sequence[str], wanted: str | None) -> tuple[int, int, str] | None:
    for start, end in _spans(len(words)):
        run = key("".join(words[start:end]))
        brand = names().brands.get(run)
        if brand is not None and wanted in (None, brand) and not (wanted and run in names().models[brand]):
            return start, end, brand
    return None


def _take_model(words: Sequence[str], brand: str | None) -> tuple[str | None, list[str]]:
    """The longest name of a model; a bare number is one only behind its brand (`Peugeot 2008`)."""
    for start, end in _spans(len(words)):
        run = key("".join(words[start:end]))
        owners = [brand] if brand else names().owners.get(run, ())
        for owner in owners:
            if run in names().models[owner] and (brand or not run.isdigit()):
                return names().models[owner][run], [*words[:start], *words[end:]]
    return None, list(words)


def _guess_brand(words: Sequence[str]) -> tuple[str | None, list[str]]:
    known = names().brands
    start, name = _closest([key(word) for word in words], list(known))
    return (known[name], [*words[:start], *words[start + 1 :]]) if name else (None, list(words))


def _guess_model(words: Sequence[str], brand: str | None) -> tuple[str | None, list[str]]:
    """A misspelt model of this brand, or of any."""
    pool = names().models[brand] if brand else {k: names().models[o[0]][k] for k, o in names().owners.items()}
    start, name = _closest([key(word) for word in words], [k for k in pool if not k.isdigit()])
    return (pool[name], [*words[:start], *words[start + 1 :]]) if name else (None, list(words))


def _closest(words: Sequence[str], known: Sequence[str]) -> tuple[int, str]:
    """The word most like a known name, and that name; an empty name when none is alike enough."""
    scored = (
        (ratio(word, name), -place, name)
        for place, word in enumerate(words)
        if len(word) >= SHORTEST_GUESSED and not any(map(str.isdigit, word))
        for name in known
        if len(name) >= SHORTEST_GUESSED
    )
    score, place, name = max(scored, default=(0.0, 0, ""))
    return (-place, name) if score >= LIKE else (0, "")


def _take_year(text: str, words: Sequence[str]) -> tuple[str | None, list[str]]:
    """The model's year, if one is among the words that are left, and the words without the years."""
    years = [match for match in YEARS.finditer(text) if (match[1] or match[2]) in words]
    if not years:
        return None, list(words)
    parts = set(re.findall(r"\d+", years[-1].group()))
    year = years[-1][1] or f"20{years[-1][2]}"
    return year, [word for word in words if word not in parts]
