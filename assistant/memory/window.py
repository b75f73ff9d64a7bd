"""Which of a conversation's latest messages a responder sees: as many as fit into a budget of tokens.

Tokens are counted approximately: 3.5 letters each, as Portuguese comes out in the usual vocabularies, and four for the
frame of a message. Pure.
"""

from collections.abc import Sequence
from math import ceil
from typing import Protocol, TypeVar

LETTERS_A_TOKEN = 3.5
FRAME = 4
LEAST = 2
"""Messages that are shown whatever they cost: what was said last."""
LONGEST_SHOWN = 1000
"""Letters of one message that are shown, and counted."""


class HasText(Protocol):
    """A message."""

    @property
    def text(self) -> str: ...


Any = TypeVar("Any", bound=HasText)


def tokens(text: str) -> int:
    """About how many tokens a message takes."""
    return FRAME + ceil(min(len(text), LONGEST_SHOWN) / LETTERS_A_TOKEN)


def window(messages: Sequence[Any], budget: int) -> Sequence[Any]:
    """The latest messages that fit together, oldest first; at least the last ones."""
    left, first = budget, len(messages)
    while first > 0:
        cost = tokens(messages[first - 1].text)
        if cost > left and len(messages) - first >= LEAST:
            break
        left, first = left - cost, first - 1
    return messages[first:]
