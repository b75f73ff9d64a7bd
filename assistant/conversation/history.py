"""Stored messages as the lines a responder reads."""

from collections.abc import Sequence

from assistant.conversation.responder import Author, Line
from integrations.kommo.chats.models import AuthorType, Direction, Message


def as_lines(messages: Sequence[Message]) -> list[Line]:
    """One line a message, in the given order."""
    return [Line(_author(message), message.text, message.message_type, message.sent_at) for message in messages]


def _author(message: Message) -> Author:
    if message.direction == Direction.IN:
        return Author.CUSTOMER
    return Author.STAFF if message.author_type == AuthorType.INTERNAL else Author.ASSISTANT
