"""A file is what its content says, and only some are kept."""

import pytest

from integrations.kommo.attachments.content import media_type
from integrations.kommo.attachments.errors import Refused

from . import samples


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (samples.OPUS, "voice", "audio/ogg"),
        (samples.MP3, "audio", "audio/mpeg"),
        (samples.AMR, "voice", "audio/amr"),
        (samples.MP4, "voice", "video/mp4"),
        (samples.MP4, "video", "video/mp4"),
        (samples.JPEG, "picture", "image/jpeg"),
        (samples.PNG, "picture", "image/png"),
        (samples.WEBP, "picture", "image/webp"),
        (samples.HEIC, "picture", "image/heif"),
        (samples.PDF, "file", "application/pdf"),
        (samples.JPEG, "file", "image/jpeg"),
        (samples.XML, "file", "text/plain"),
        (samples.VCARD, "contact", "text/vcard"),
        ("Olá, segue a lista".encode(), "file", "text/plain"),
        (samples.PDF, "something_new", "application/pdf"),
    ],
)
def test_what_customers_send_is_kept(content: bytes, kind: str, expected: str) -> None:
    assert media_type(content, kind) == expected


def test_sound_of_a_phone_is_sound() -> None:
    assert media_type(samples.M4A, "voice") in ("audio/mp4", "video/mp4")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.HTML, "file"),
        (samples.SVG, "file"),
        (samples.SVG, "picture"),
        (samples.EXE, "file"),
        (samples.ELF, "file"),
        (samples.SCRIPT, "file"),
        (samples.JPEG, "voice"),
        (samples.PDF, "picture"),
        (samples.OPUS, "picture"),
        (b"words", "voice"),
        (b"\x00\x01\x02\xff\xfe garbage", "file"),
    ],
)
def test_what_runs_or_is_not_what_it_came_as_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(Refused):
        media_type(content, kind)
