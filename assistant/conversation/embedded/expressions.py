"""Small helpers for word lists and for lists of regular expressions of which any one may match."""

import re
from collections.abc import Sequence

Expressions = Sequence[re.Pattern[str]]


def listed(words: str) -> frozenset[str]:
    """The words of a text, for lists that are easier to read without quotation marks."""
    return frozenset(words.split())


def compiled(*expressions: str) -> Expressions:
    """The expressions of a list, ready to search."""
    return tuple(re.compile(expression) for expression in expressions)


def any_matches(expressions: Expressions, text: str) -> bool:
    """Whether one of them is found anywhere in `text`."""
    return any(expression.search(text) for expression in expressions)
