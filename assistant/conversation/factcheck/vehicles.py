"""Vehicle models: those sold in Brazil, and whatever the records of this turn call a vehicle.

Words that are also ordinary Portuguese ("up", "uno", "bora", "santana") count only where they are written as a name.
"""

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import Evidence
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.reading import Reading, plain
from assistant.conversation.factcheck.vocabulary import words

BRANDS = words(
    "volkswagen vw audi chevrolet gm fiat ford toyota honda hyundai renault nissan jeep bmw mercedes peugeot citroen",
    "kia mitsubishi volvo porsche seat skoda byd chery",
)
MODELS = words(
    "gol golf polo jetta voyage virtus nivus tiguan tcross taos amarok passat fusca kombi saveiro spacefox crossfox",
    "touareg tera variant brasilia quantum",
    "a1 a3 a4 a5 a6 a7 a8 q2 q3 q5 q7 q8 r8 s3 s4 s5 rs3 rs4 rs5 rs6 rs7 rsq3 rsq8 sq5 etron",
    "onix corolla civic hb20 hb20s fiesta palio siena argo mobi cronos toro renegade kicks sandero duster celta corsa",
    "astra vectra cruze s10 hilux hrv crv wrv ecosport creta tucson cobalt meriva zafira montana captiva equinox yaris",
    "etios ix35 sportage kwid captur versa sentra frontier 206 207 208 2008 3008 c3 c4 l200 pajero",
)
NAMES_ONLY = words(
    "fox up bora parati santana tt uno strada fit city ka focus fusion ranger compass commander logan march spin",
    "tracker prisma agile pulse fastback idea punto stilo doblo ducato master accord camry",
)
OWNED = rf"\b(?:o|seu|do|ao|no|um|pelo|este|esse|meu|{'|'.join(BRANDS)})\s+"
SPLIT = {
    "tcross": r"t[- ]?cross",
    "etron": r"e[- ]?tron",
    "hrv": r"hr-?v",
    "crv": r"cr-?v",
    "wrv": r"wr-?v",
    "spacefox": r"space\s?fox",
    "crossfox": r"cross\s?fox",
}


@dataclass(frozen=True)
class VehicleClaim(Claim):
    """A vehicle model by its plain name."""

    kind: ClassVar[Kind] = Kind.VEHICLE
    model: str

    @property
    def key(self) -> Hashable:
        return self.model

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return self.model in evidence.vehicles

    def teach(self, evidence: Evidence) -> None:
        evidence.vehicles.add(self.model)


def models_in(label: str) -> set[str]:
    """The model words of a record's vehicle label, known or not: `"VW T-Cross 1.0"` → `{"tcross"}`."""
    reading = Reading.of(label)
    known = {claim.model for claim in find(reading, ())} | {word for word in plain(label).split() if word in NAMES_ONLY}
    if known:
        return known
    return {word for word in re.findall(r"[a-z][\w-]+", reading.plain) if word not in BRANDS}


def find(reading: Reading, extra: Iterable[str]) -> Iterator[VehicleClaim]:
    """Every model in `reading`; `extra` are models that only the records of this turn know."""
    certain = frozenset(extra)
    taken: list[tuple[int, int]] = []
    for pattern in (_pattern(certain), _CERTAIN, _AS_NAMES):
        for match in pattern.finditer(reading.without(taken).plain):
            start, end = match.span("model")
            written, model = reading.text[start:end], re.sub(r"[-\s]", "", match["model"])
            if pattern is not _AS_NAMES or written[0].isupper() or written[0].isdigit():
                taken.append((start, end))
                yield VehicleClaim(start, end, written, model)


@lru_cache(maxsize=256)
def _pattern(models: frozenset[str], owned: str = "") -> re.Pattern[str]:
    """Any of `models` as a whole word; with `owned`, only after an article, a possessive or a brand."""
    ordered = sorted(models, key=len, reverse=True)
    names = "|".join(SPLIT.get(model, re.escape(model)) for model in ordered)
    return re.compile(rf"{owned}(?<![\w-])(?P<model>{names or '(?!)'})(?![\w-])")


_CERTAIN = _pattern(frozenset(MODELS) - {model for model in MODELS if model.isdigit()})
_AS_NAMES = _pattern(frozenset(NAMES_ONLY) | {model for model in MODELS if model.isdigit()}, OWNED)
