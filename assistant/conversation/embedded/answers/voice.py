"""Small pieces of wording: which variant to use, lists, greetings by the clock, quoting.

Pure text. A variant is chosen by what was said last, so that a conversation reads the same when it is run again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from integrations.brazil import local

MORNING, AFTERNOON, EVENING = 5, 12, 18
QUOTABLE = 100
"""Characters of a record's free text that may be repeated to the customer."""
NOT_QUOTABLE = re.compile(r"https?:|www\.|@|r\$|\d{5}|\n", re.IGNORECASE)


@dataclass(frozen=True)
class Voice:
    """Says things, each time a little differently: knows the latest messages we sent, newest last."""

    said: Sequence[str] = ()

    def say(self, *variants: str) -> str:
        """The first variant not used in the latest messages; the one used longest ago when all were."""
        return min(variants, key=self._last_use)

    def _last_use(self, variant: str) -> int:
        """0 when never used, else higher the more recent."""
        wanted = squeezed(variant)
        uses = [place for place, text in enumerate(self.said, start=1) if wanted in squeezed(text)]
        return max(uses, default=0)


def squeezed(text: str) -> str:
    """A text for comparing: lower case, one space between words."""
    return " ".join(text.lower().split())


def greeting(now: datetime) -> str:
    """`Bom dia`, `Boa tarde` or `Boa noite`, by the shop's clock."""
    hour = local(now).hour
    if MORNING <= hour < AFTERNOON:
        return "Bom dia"
    return "Boa tarde" if AFTERNOON <= hour < EVENING else "Boa noite"


def enumerated(items: Sequence[str], last: str = "e") -> str:
    """`a`, `a e b`, `a, b e c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


def lower_first(text: str) -> str:
    """The text to stand after "João, ": `O seu Gol` → `o seu Gol`; abbreviations and names in capitals stay."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """The text to begin a sentence with."""
    return text[:1].upper() + text[1:]


def quotable(text: str | None) -> str | None:
    """A record's free text when it is short and plain enough to repeat; it is data, so no links, amounts or numbers."""
    words = (text or "").strip().rstrip(".")
    return words if words and len(words) <= QUOTABLE and not NOT_QUOTABLE.search(words) else None


def clipped(text: str, limit: int = 240) -> str:
    """The customer's words for a summary, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"
