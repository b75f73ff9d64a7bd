"""Characters: what nobody sees is taken out, letters that only look like ours are found.

A look-alike letter is how a link or a name gets past a comparison, so one is enough to refuse a text.
"""

import re
import unicodedata
from collections.abc import Iterator

from assistant.conversation.outgoing.kinds import Forbidden, Objection

UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
JOINER = "\u200d"
EMOJI = re.compile(r"[\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff]")
PLAIN_SIGNS = frozenset("ªº²³¹½¼¾°µ")
"""Compatibility characters that people write."""
KEYCAP = re.compile(r"[0-9#*]\ufe0f?\u20e3")
MOST_MARKS = 1
"""Combining marks on a letter; more of them hide it."""


def tidy(text: str) -> str:
    """The text without control, bidi and invisible characters; line breaks and joined emoji stay."""
    kept = [char for at, char in enumerate(text) if _seen(text, at)]
    return "".join(kept).strip()


def _seen(text: str, at: int) -> bool:
    char = text[at]
    if char == "\n" or unicodedata.category(char) not in UNSEEN:
        return True
    between = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    return char == JOINER and all(EMOJI.fullmatch(side) for side in between)


def find_letters(text: str) -> Iterator[Objection]:
    """Words with letters or digits that are not the Latin ones they may look like."""
    for word in re.findall(r"\S+", KEYCAP.sub("", text)):
        if any(_disguised(char) for char in word) or _piled_up(word):
            yield Objection(Forbidden.LETTERS, word)


def _disguised(char: str) -> bool:
    if char in PLAIN_SIGNS or not unicodedata.category(char).startswith(("L", "N")):
        return (
            unicodedata.category(char) == "So" and re.fullmatch(r"\w", unicodedata.normalize("NFKC", char)) is not None
        )
    if unicodedata.normalize("NFKC", char) != char:
        return True
    return not char.isascii() and not unicodedata.name(char, "").startswith("LATIN ")


def _piled_up(word: str) -> bool:
    marks = [char for char in unicodedata.normalize("NFC", word) if unicodedata.category(char) in ("Mn", "Me")]
    return len([mark for mark in marks if not "\ufe00" <= mark <= "\ufe0f"]) > MOST_MARKS
