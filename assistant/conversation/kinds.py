"""What kinds of messages there are, as far as the service treats them differently. Names only, no behaviour."""

import re
from enum import StrEnum


class Media(StrEnum):
    """What a message is, as far as the answer differs."""

    TEXT = "text"
    VOICE = "voice"
    PICTURE = "picture"
    VIDEO = "video"
    FILE = "file"
    PLACE = "place"
    CONTACT = "contact"
    SILENT = "silent"


KINDS: dict[str, Media] = {
    "text": Media.TEXT,
    "": Media.TEXT,
    "voice": Media.VOICE,
    "audio": Media.VOICE,
    "ptt": Media.VOICE,
    "picture": Media.PICTURE,
    "image": Media.PICTURE,
    "photo": Media.PICTURE,
    "video": Media.VIDEO,
    "file": Media.FILE,
    "document": Media.FILE,
    "location": Media.PLACE,
    "contact": Media.CONTACT,
    "contacts": Media.CONTACT,
    "sticker": Media.SILENT,
    "reaction": Media.SILENT,
}
"""Kommo's message types and what channels call the same."""

FOR_STAFF: dict[Media, str] = {
    Media.FILE: "um arquivo",
    Media.PICTURE: "uma imagem",
    Media.VIDEO: "um vídeo",
    Media.PLACE: "uma localização",
    Media.CONTACT: "um contato",
}
"""What only a person can look at, always handed over, as the staff's task calls it."""
MAP = re.compile(
    r"https?://(?:maps\.app\.goo\.gl|goo\.gl/maps|(?:www\.)?google\.[a-z.]+/maps|maps\.google\.|waze\.com|ul\.waze\.com)\S*"
)


def kind_of(message_type: str) -> Media:
    """What a message of this type is; a type that nobody knows yet is treated as a file."""
    return KINDS.get(message_type, Media.FILE)


def is_only_map(text: str) -> bool:
    """Whether a text is a link to a map and hardly anything else."""
    return MAP.search(text) is not None and len(MAP.sub("", text).split()) <= 2
