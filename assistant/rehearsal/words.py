"""Whether a reply holds a fact: on normalised text, so that wording, accents, bold and line breaks do not matter.

Pure. A fact is a piece of text or, between slashes, a pattern. `R$ 450,00` is not found in `R$ 3.450,00`, and `OS-104`
not in `OS-1044`: a fact begins and ends where a word or a number does.
"""

import re
import unicodedata
from collections.abc import Sequence

MARKS = re.compile(r"[*_~`]+")
BULLET = re.compile(r"^[-•]\s*")
LONG_LINE = 20
SPACES = re.compile(r"\s+")
MARKDOWN = re.compile(r"\*\*|^#|^\||\]\(|[0-9]\ufe0f?\u20e3", re.MULTILINE)


def normal(text: str) -> str:
    """Lower case, without accents, without WhatsApp's marks, single spaces."""
    plain = unicodedata.normalize("NFKD", text.replace("º", "o").replace("ª", "a").replace("\xa0", " "))
    bare = "".join(char for char in plain if not unicodedata.combining(char)).lower()
    return SPACES.sub(" ", MARKS.sub("", bare)).strip()


def holds(reply: str, fact: str | Sequence[str]) -> bool:
    """Whether a reply states the fact, or one of several."""
    return any(_found(normal(reply), one) for one in ([fact] if isinstance(fact, str) else fact))


def _found(reply: str, fact: str) -> bool:
    if fact.startswith("/"):
        return re.search(fact[1:-1], reply) is not None
    wanted = normal(fact)
    start = r"(?<![a-z0-9])" if wanted[:1].isalnum() else ""
    end = r"(?![0-9]|[.,][0-9])" if wanted[-1:].isdigit() else ""
    return re.search(f"{start}{re.escape(wanted)}{end}", reply) is not None


def said_twice(reply: str) -> str | None:
    """A line that stands twice in one reply; short ones may."""
    lines = [BULLET.sub("", normal(line)) for line in reply.split("\n")]
    return next((line for line in lines if len(line) >= LONG_LINE and lines.count(line) > 1), None)


def is_markdown(reply: str) -> bool:
    """Whether it holds what WhatsApp shows as rubbish."""
    return MARKDOWN.search(reply) is not None
