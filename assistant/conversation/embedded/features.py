"""The features of one message: word and character n-grams, word families, and how much of it is unknown.

Used alike for fitting and for answering, so that the two cannot drift apart. Takes text in normal form (`text.py`).
"""

from collections import Counter
from collections.abc import Container, Iterable

from assistant.conversation.embedded.lexicon import family_of

CHARACTERS = range(2, 6)
LONGEST_MESSAGE = 400
"""Characters looked at; a longer message has said what it wants by then."""


def word_features(normal: str, known: Container[str]) -> Counter[str]:
    """Word 1-3-grams, the same with words replaced by their family, and marks for unknown words.

    `known` holds the words of more than one example. What customers say outside the shop's business mostly consists of
    other words, which is the only thing all such messages have in common.
    """
    words = normal[:LONGEST_MESSAGE].split()
    families = [family_of(word) for word in words]
    features = Counter(words)
    features.update(_grams(["^", *words, "$"]))
    general = ["^", *(f"#{family}" if family else word for family, word in zip(families, words, strict=True)), "$"]
    features.update(f"f:{gram}" for gram in _grams(general) if "#" in gram)
    features.update({f"#{family}" for family in families if family} or {"#none"})
    unknown = sum(not family and word not in known for family, word in zip(families, words, strict=True))
    features.update(mark for mark, holds in _unknown_marks(unknown, len(words)) if holds)
    return features


def _unknown_marks(unknown: int, total: int) -> Iterable[tuple[str, bool]]:
    return (("@unknown", unknown > 0), ("@unknown-two", unknown > 1), ("@unknown-most", unknown > 0.4 * max(total, 1)))


def _grams(words: list[str]) -> Iterable[str]:
    """The 2- and 3-grams of a list of words."""
    for size in (2, 3):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def character_features(normal: str) -> Counter[str]:
    """Character 2-5-grams inside words, with a space for the word's edges; a short word counts once."""
    features: Counter[str] = Counter()
    for word in normal[:LONGEST_MESSAGE].split():
        padded = f" {word} "
        for size in CHARACTERS:
            features.update(padded[start : start + size] for start in range(max(1, len(padded) - size + 1)))
            if size >= len(padded):
                break
    return features
