"""Fitting the classifier to the examples; run as a program, it writes the fitted file.

    python -m assistant.conversation.embedded.training OUT.npz

It runs in a process of its own because scikit-learn takes about 100 MB of memory that answering does not need. Only
`examples.jsonl` is read; the held-out evaluation files must never be.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from assistant.conversation.embedded.classifier import Classifier, Floats, Space, save
from assistant.conversation.embedded.courtesy import strip_courtesy
from assistant.conversation.embedded.features import character_features, word_features
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.text import normalise

SOFTNESS = 1.0
"""The SVM's C; 0.3 to 1 measured within half a point of each other."""
FOLDS = 3
SHARPNESSES = np.arange(1.0, 10.0, 0.25)


@dataclass(frozen=True)
class Example:
    """A message as a customer might write it, and what it is about."""

    text: str
    intent: Intent


def read_examples(path: Path) -> list[Example]:
    """All examples of a JSON-lines file; a wrong line is a `ValueError` or `KeyError`."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [Example(row["text"], Intent(row["intent"])) for row in rows]


def _space(messages: Sequence[Counter[str]]) -> Space:
    """Every feature of the messages with its smoothed inverse document frequency."""
    frequency = Counter(feature for message in messages for feature in message)
    counts = np.fromiter(frequency.values(), dtype=np.float32)
    idf: Floats = (np.log((1 + len(messages)) / (1 + counts)) + 1).astype(np.float32)
    return Space({feature: place for place, feature in enumerate(frequency)}, idf)


def _matrix(space: Space, messages: Iterable[Counter[str]]) -> csr_matrix:
    """One row a message."""
    rows = [space.vector(message) for message in messages]
    starts = np.cumsum([0, *(len(positions) for positions, _ in rows)])
    columns = np.concatenate([np.asarray(positions, dtype=np.int32) for positions, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, columns, starts), shape=(len(rows), len(space.index)))


def _sharpness(model: LinearSVC, matrix: csr_matrix, answers: NDArray[np.int64]) -> float:
    """The factor that makes cross-validated margins the best probabilities (least log loss)."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    margins = cross_val_predict(model, matrix, answers, cv=folds, method="decision_function")

    def loss(factor: float) -> float:
        scaled = factor * margins
        top = scaled.max(axis=1)
        norms = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))
        return float((norms - scaled[np.arange(len(answers)), answers]).mean())

    return min((float(factor) for factor in SHARPNESSES), key=loss)


def fit(examples: Sequence[Example]) -> Classifier:
    """A classifier for the intents that the examples hold."""
    intents = tuple(sorted({example.intent for example in examples}))
    normals = [strip_courtesy(normalise(example.text)) for example in examples]
    frequency = Counter(word for normal in normals for word in set(normal.split()))
    known = frozenset(word for word, count in frequency.items() if count > 1)
    word_counts = [word_features(normal, known) for normal in normals]
    character_counts = [character_features(normal) for normal in normals]
    words, characters = _space(word_counts), _space(character_counts)
    matrix = hstack([_matrix(words, word_counts), _matrix(characters, character_counts)], format="csr")
    answers = np.asarray([intents.index(example.intent) for example in examples], dtype=np.int64)
    model = LinearSVC(C=SOFTNESS, random_state=0)
    sharpness = _sharpness(model, matrix, answers)
    weights = model.fit(matrix, answers).coef_.T.astype(np.float32)
    bias = model.intercept_.astype(np.float32)
    split = len(words.index)
    return Classifier(intents, words, characters, weights[:split], weights[split:], bias, sharpness, known)


def main() -> None:
    """Fit to the packaged examples and write the file named on the command line."""
    target, fingerprint = Path(sys.argv[1]), sys.argv[2]
    examples = Path(__file__).with_name("examples.jsonl")
    save(fit(read_examples(examples)), target, fingerprint)


if __name__ == "__main__":
    main()
