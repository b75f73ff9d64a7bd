"""What a burst of messages of any type says to a proposal.

Only what was typed can decide. What was heard is understood and has to be read back; a sticker or a reaction is at most
an "ok"; a picture, a file or a voice note that nobody heard may say anything, so with one of them nothing is decided.
"""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.conversation.kinds import Media, kind_of
from assistant.decisions.echo import Asked
from assistant.decisions.reading import Reply, Wish, read_reply


class Said(NamedTuple):
    """One message: its text, and Kommo's message_type."""

    text: str
    kind: str


def read_messages(said: Sequence[Said], wish: Wish, asked: Asked | None = None) -> tuple[Reply, bool]:
    """The reply, and whether it is only heard."""
    kinds = {kind_of(message.kind) for message in said}
    if kinds <= {Media.SILENT}:
        return Reply.WEAK, False
    unheard = any(kind_of(message.kind) is Media.VOICE and not message.text.strip() for message in said)
    if unheard or not kinds <= {Media.TEXT, Media.VOICE, Media.SILENT}:
        return Reply.OTHER, False
    reply = read_reply([message.text for message in said], wish, asked)
    typed = [message.text for message in said if kind_of(message.kind) is Media.TEXT]
    heard = Media.VOICE in kinds and read_reply(typed, wish, asked) is not reply
    return reply, heard
