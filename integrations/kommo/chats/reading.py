"""Kommo's ways to show a chat message, from webhooks and from the API, as the one form the inbox takes."""

from datetime import UTC, datetime

from integrations.kommo.chats.inbox import Seen
from integrations.kommo.chats.models import AuthorType, Direction
from integrations.kommo.schemas import ChatMessage, Talk
from integrations.kommo.webhooks import IncomingMessage, MessageChanged, OutgoingMessage

LONGEST_ID = 200


def from_webhook(item: IncomingMessage | MessageChanged | OutgoingMessage) -> Seen:
    """A message that a webhook brought."""
    incoming = not isinstance(item, OutgoingMessage)
    return Seen(
        kommo_id=item.id[:LONGEST_ID],
        chat_id=item.chat_id or None,
        talk_id=item.talk_id,
        contact_id=item.contact_id,
        lead_id=item.lead_id,
        origin=item.origin or None,
        direction=Direction.IN if incoming else Direction.OUT,
        author_type=AuthorType.EXTERNAL if incoming else _sender(item.author.type, item.author.user_id),
        author_id=str(item.author.user_id or item.author.id) or None,
        message_type=item.message_type or "text",
        text=item.text,
        attachment=vars(item.attachment) if item.attachment else None,
        sent_at=item.created_at,
    )


def from_talk(message: ChatMessage, talk: Talk) -> Seen:
    """A message read from a talk's message list."""
    author_id = str(message.author.user_id or message.author.id) or None
    return Seen(
        kommo_id=message.id[:LONGEST_ID],
        chat_id=talk.chat_id or None,
        talk_id=talk.talk_id,
        contact_id=talk.contact_id,
        lead_id=talk.lead_id,
        origin=message.origin or talk.origin or None,
        direction=Direction.IN if message.incoming else Direction.OUT,
        author_type=(AuthorType.EXTERNAL if message.incoming else _sender(message.author.type, message.author.user_id)),
        author_id=author_id,
        message_type=message.message_type or "text",
        text=message.text,
        attachment=message.attachment.model_dump() if message.attachment else None,
        sent_at=message.created_at or datetime.now(UTC),
        delivery_status=message.delivery_status or None,
    )


def _sender(author_type: str, user_id: int | None) -> AuthorType:
    """Who sent an outgoing message. Where Kommo names no type, a user id means a person (assumed)."""
    if author_type == AuthorType.INTERNAL or (not author_type and user_id):
        return AuthorType.INTERNAL
    return AuthorType.BOT
