"""Cuts a long reply into messages that the channel takes, between paragraphs, else sentences, else words."""

import re
from collections.abc import Iterator

WHATSAPP_TEXT_LIMIT = 4096
"""Characters of one text message (Meta, WhatsApp Cloud API, text messages: `text.body`, "Maximum 4096 characters")."""

PARAGRAPH = re.compile(r"(?<=\n)(?=\n*[^\n])")
SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=\n)")
WORD = re.compile(r"(?<=\s)(?=\S)")


def split_text(text: str, limit: int = WHATSAPP_TEXT_LIMIT) -> list[str]:
    """The messages that say `text`, none longer than `limit` characters, none empty."""
    return [part for part in _cut(text.strip(), limit, (PARAGRAPH, SENTENCE, WORD)) if part]


def _cut(text: str, limit: int, borders: tuple[re.Pattern[str], ...]) -> Iterator[str]:
    if len(text) <= limit:
        yield text.strip()
        return
    if not borders:
        yield from (text[start : start + limit] for start in range(0, len(text), limit))
        return
    gathered = ""
    for piece in _pieces(text, borders[0]):
        if len((gathered + piece).strip()) > limit:
            yield from _cut(gathered, limit, borders[1:])
            gathered = ""
        gathered += piece
    yield from _cut(gathered, limit, borders[1:])


def _pieces(text: str, border: re.Pattern[str]) -> Iterator[str]:
    """The text cut after each border, nothing lost."""
    start = 0
    for found in border.finditer(text):
        if found.end() > start:
            yield text[start : found.end()]
            start = found.end()
    yield text[start:]
