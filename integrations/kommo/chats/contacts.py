"""Who is behind a conversation: the Kommo contact's phone and name, fetched in batches and kept for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from integrations.coalesce import Coalescer
from integrations.contact import normal_phone
from integrations.database import Sessions, transaction
from integrations.kommo.chats.models import Conversation
from integrations.kommo.client import KommoClient
from integrations.kommo.schemas import Contact

FRESH = timedelta(minutes=30)
"""How long a contact's phone is trusted before it is read again: staff may correct it at any time."""
BATCH = 250
GATHER = 0.5
"""Seconds a look-up waits for company in a rush."""


@dataclass(frozen=True)
class Person:
    """The contact as it concerns us: phones in normal form (none for Instagram and the like) and name."""

    phones: tuple[str, ...]
    name: str | None


class ContactBook:
    """Contacts by id; one instance a worker process."""

    def __init__(self, client: KommoClient) -> None:
        self._client = client
        self._coalescer: Coalescer[int, Contact] = Coalescer(self._fetch, BATCH, GATHER)

    async def _fetch(self, ids: Sequence[int]) -> Mapping[int, Contact]:
        return {contact.id: contact for contact in await self._client.contacts(ids)}

    async def person(self, sessions: Sessions, conversation: Conversation, now: datetime) -> Person:
        """Who is speaking; raises `KommoError` when Kommo cannot be asked and nothing fresh is known."""
        checked = conversation.contact_checked_at
        if conversation.contact_id is None or (checked is not None and checked > now - FRESH):
            return Person(tuple(conversation.phones or ()), conversation.contact_name)
        contact = await self._coalescer.get(conversation.contact_id)
        if contact is None:
            # Deleted or merged meanwhile: nobody we know, and asked again next time.
            return Person((), None)
        found = Person(_phones(contact), contact.name or None)
        async with transaction(sessions) as session:
            await session.execute(
                update(Conversation)
                .where(Conversation.id == conversation.id, Conversation.contact_id == contact.id)
                .values(phones=list(found.phones), contact_name=found.name, contact_checked_at=now)
            )
        return found


def _phones(contact: Contact) -> tuple[str, ...]:
    """The contact's phones that are such, each once, in Kommo's order."""
    return tuple(dict.fromkeys(filter(None, (normal_phone(written) for written in contact.phones))))
