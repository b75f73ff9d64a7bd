"""A fitted linear classifier and its file: weights per feature, looked up and added, in numpy alone.

Fitting needs scikit-learn and is done elsewhere (`training.py`), so that a running worker does not hold that library
in memory. A file is plain arrays (`.npz`, no pickles) and is believed only under the fingerprint it was made for.
"""

import os
import zipfile
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from numpy.typing import NDArray

from assistant.conversation.embedded.features import character_features, word_features
from assistant.conversation.embedded.intents import Intent

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Space:
    """One group of features: where each stands, and how much it says (inverse document frequency)."""

    index: dict[str, int]
    idf: Floats

    def vector(self, counts: Counter[str]) -> tuple[list[int], Floats]:
        """Positions and values of a message: (1 + log count) x idf, shortened to length one.

        Features never seen have no position but their part in the length, so that a message of unknown words gets
        small margins and comes out as unsure.
        """
        positions = [self.index[feature] for feature in counts if feature in self.index]
        values = [counts[feature] for feature in counts if feature in self.index]
        weighted = (1 + np.log(np.asarray(values, dtype=np.float32))) * self.idf[positions]
        unseen = sum(1 for feature in counts if feature not in self.index) * self.rarest**2
        length = float(np.sqrt(weighted @ weighted + unseen))
        return positions, weighted / length if length else weighted

    @cached_property
    def rarest(self) -> float:
        """The weight of a feature that occurs once."""
        return float(self.idf.max())


@dataclass(frozen=True)
class Classifier:
    """Scores of all intents for a message in normal form."""

    intents: tuple[Intent, ...]
    words: Space
    characters: Space
    word_weights: Floats
    character_weights: Floats
    bias: Floats
    sharpness: float
    """What the margins are multiplied with before they become probabilities; fitted by cross-validation."""
    known: frozenset[str]

    def probabilities(self, normal: str) -> dict[Intent, float]:
        """Calibrated probabilities; they add up to one."""
        word_at, word_values = self.words.vector(word_features(normal, self.known))
        char_at, char_values = self.characters.vector(character_features(normal))
        margins = word_values @ self.word_weights[word_at] + char_values @ self.character_weights[char_at] + self.bias
        sharpened = self.sharpness * margins
        powers = np.exp(sharpened - sharpened.max())
        return dict(zip(self.intents, (powers / powers.sum()).tolist(), strict=True))


def _pack(words: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _unpack(packed: NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode().split("\n")


def save(classifier: Classifier, path: Path, fingerprint: str) -> None:
    """Write the file, all or nothing: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
        np.savez(
            file,
            fingerprint=_pack([fingerprint]),
            intents=_pack([str(intent) for intent in classifier.intents]),
            word_index=_pack(list(classifier.words.index)),
            word_idf=classifier.words.idf,
            character_index=_pack(list(classifier.characters.index)),
            character_idf=classifier.characters.idf,
            word_weights=classifier.word_weights,
            character_weights=classifier.character_weights,
            bias=classifier.bias,
            sharpness=np.float32(classifier.sharpness),
            known=_pack(sorted(classifier.known)),
        )
    os.replace(file.name, path)


def load(path: Path, fingerprint: str) -> Classifier | None:
    """The classifier of a file, or None when there is none, it is damaged or it was made for something else."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return _read(dict(arrays)) if _unpack(arrays["fingerprint"]) == [fingerprint] else None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _read(arrays: dict[str, NDArray[np.generic]]) -> Classifier:
    """Build the classifier from a file's arrays; `ValueError` when their sizes do not belong together."""

    def space(name: str) -> Space:
        members = _unpack(arrays[f"{name}_index"].astype(np.uint8))
        idf = arrays[f"{name}_idf"].astype(np.float32)
        if not len(members) == len(idf) == len(arrays[f"{name}_weights"]):
            raise ValueError(f"{name} features and weights differ in number")
        return Space({member: place for place, member in enumerate(members)}, idf)

    return Classifier(
        intents=tuple(Intent(name) for name in _unpack(arrays["intents"].astype(np.uint8))),
        words=space("word"),
        characters=space("character"),
        word_weights=arrays["word_weights"].astype(np.float32),
        character_weights=arrays["character_weights"].astype(np.float32),
        bias=arrays["bias"].astype(np.float32),
        sharpness=float(arrays["sharpness"].astype(np.float32)),
        known=frozenset(_unpack(arrays["known"].astype(np.uint8))),
    )
