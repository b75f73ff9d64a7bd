"""What a file is, by its content; the name and the sender's word count for nothing.

`puremagic` names candidates, best first. Accepted is what a customer of a car-repair shop sends: sound, pictures,
video, PDF, office documents and plain text. What a browser would run is refused.
"""

import puremagic

from integrations.kommo.attachments.errors import Refused
from integrations.kommo.attachments.intake import HEARD

ACCEPTED = {
    **dict.fromkeys((".ogg", ".oga", ".opus"), "audio/ogg"),
    **dict.fromkeys((".mp3", ".mpga"), "audio/mpeg"),
    ".amr": "audio/amr",
    ".wav": "audio/wav",
    ".aac": "audio/aac",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    **dict.fromkeys((".3gp", ".3g2"), "video/3gpp"),
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif"), "image/jpeg"),
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    **dict.fromkeys((".heic", ".heif"), "image/heif"),
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".zip": "application/zip",
    ".vcf": "text/vcard",
    ".gcrd": "text/vcard",
    ".rtf": "application/rtf",
    ".xml": "text/plain",
}
RUNS = frozenset({".html", ".htm", ".xhtml", ".svg", ".exe", ".dll", ".js", ".hta", ".lnk", ".class", ".jar", ".apk"})
"""Refused where they stand before what is accepted."""
SOUND = ("audio/", "video/mp4", "video/webm", "video/3gpp")
"""A phone records sound into the containers of video too."""
EXPECTED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(HEARD, SOUND),
    **dict.fromkeys(("picture", "image", "photo"), ("image/",)),
    "video": ("video/", "image/gif"),
}
"""What a message of this type may hold; others may hold anything accepted."""


def media_type(content: bytes, kind: str) -> str:
    """The media type of a file that came as `kind`; raises `Refused` for what is not accepted."""
    found = _recognised(content) or _plain(content)
    if found is None or not found.startswith(EXPECTED.get(kind, ("",))):
        raise Refused("type")
    return found


def _recognised(content: bytes) -> str | None:
    for candidate in _candidates(content):
        if candidate in RUNS:
            raise Refused("type")
        if candidate in ACCEPTED:
            return ACCEPTED[candidate]
    return None


def _candidates(content: bytes) -> list[str]:
    try:
        return [match.extension.lower() for match in puremagic.magic_string(content)]
    except (puremagic.PureError, ValueError):
        return []


def _plain(content: bytes) -> str | None:
    """Text has no marks of its own: whatever reads as text and is no script."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text or text.startswith("#!") else "text/plain"
