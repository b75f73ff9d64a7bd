"""A text made ready to be searched: one way to write each letter, digit and space, and no formatting.

Nothing is judged here. `plain` has exactly the length of `text`: what is found in one can be quoted from the other.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

INVISIBLE = ("Cf", "Mn", "Me")
KEYCAP = re.compile("^([ \\t]*)[0-9]\ufe0f?\u20e3(?=\\s)", re.MULTILINE)
"""A line's number as an emoji; anywhere else such digits are read as digits."""
MARKUP = re.compile(r"[*~`]|(?<!\w)_+|_+(?!\w)")
MASK = "\x00"
END_OF_SENTENCE = re.compile(r"(?<!\bav)(?<!\btel)(?<!\bsr)(?<!\bsra)(?<!\bdr)(?<!\bdra)[.!?]+(?=\s|$)|[\n;]")


@dataclass(frozen=True)
class Sentence:
    """Where a sentence lies in its reading, and whether it asks something."""

    start: int
    end: int
    asks: bool


@dataclass(frozen=True)
class Reading:
    """A text and its plain form: lower case, without accents, characters already explained replaced by `MASK`."""

    text: str
    plain: str

    @classmethod
    def of(cls, raw: str) -> "Reading":
        """Read `raw`: WhatsApp's marks, invisible characters and typographic variants of digits and spaces go."""
        return _read(raw)

    def without(self, spans: Iterable[tuple[int, int]]) -> "Reading":
        """The same reading with `spans` masked, so that later searches pass over them."""
        pieces: list[str] = []
        at = 0
        for start, end in sorted(spans):
            pieces += [self.plain[at:start], MASK * (end - max(start, at))]
            at = max(at, end)
        return replace(self, plain="".join([*pieces, self.plain[at:]]))

    @cached_property
    def sentences(self) -> list[Sentence]:
        """Sentences in order; a line break and a semicolon end one too."""
        found: list[Sentence] = []
        start = 0
        for stop in END_OF_SENTENCE.finditer(self.plain):
            found.append(Sentence(start, stop.end(), "?" in stop.group()))
            start = stop.end()
        return [*found, Sentence(start, len(self.plain), False)]

    def end_after(self, sentence: Sentence) -> int:
        """Where the sentence after `sentence` ends."""
        at = bisect_left(self.sentences, sentence.end, key=lambda each: each.start)
        return self.sentences[at].end if at < len(self.sentences) else sentence.end

    def sentence_at(self, place: int) -> Sentence:
        """The sentence in which `place` lies."""
        return self.sentences[bisect_right(self.sentences, place, key=lambda each: each.start) - 1]


@lru_cache(maxsize=2048)
def _read(raw: str) -> Reading:
    """`Reading.of`; a turn reads the same names, labels and texts of the shop many times."""
    if raw.isascii():
        text = MARKUP.sub("", raw)
        return Reading(text, text.lower())
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", KEYCAP.sub(r"\1•", raw)))
    visible = "".join(_usual(char) for char in composed if unicodedata.category(char) not in INVISIBLE)
    text = MARKUP.sub("", visible)
    return Reading(text, "".join(_folded(char) for char in text))


def plain(raw: str) -> str:
    """The plain form of a short text, for comparing."""
    return Reading.of(raw).plain


def _usual(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category == "Zs":
        return " "
    return "-" if category == "Pd" or char == "−" else char


def _folded(char: str) -> str:
    return unicodedata.normalize("NFD", char)[0].lower()[0]
