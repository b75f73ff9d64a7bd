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


@dataclass(frozen=True)
class Person:
    """The contact as it concerns us: phone in normal form (None for Instagram and the like) and name."""

    phone: str | None
    name: str | None


class ContactBook:
    """Contacts by id; one instance a worker process."""

    def __init__(self, client: KommoClient) -> None:
        self._client = client
        self._coalescer: Coalescer[int, Contact] = Coalescer(self._fetch, BATCH)

    async def _fetch(self, ids: Sequence[int]) -> Mapping[int, Contact]:
        return {contact.id: contact for contact in await self._client.contacts(ids)}

    async def person(self, sessions: Sessions, conversation: Conversation, now: datetime) -> Person:
        """Who is speaking; raises `KommoError` when Kommo cannot be asked and nothing fresh is known."""
        checked = conversation.contact_checked_at
        if conversation.contact_id is None or (checked is not None and checked > now - FRESH):
            return Person(conversation.phone, conversation.contact_name)
        contact = await self._coalescer.get(conversation.contact_id)
        found = Person(_phone(contact), contact.name if contact else None)
        async with transaction(sessions) as session:
            await session.execute(
                update(Conversation)
                .where(Conversation.id == conversation.id)
                .values(phone=found.phone, contact_name=found.name, contact_checked_at=now)
            )
        return found


def _phone(contact: Contact | None) -> str | None:
    """The first phone that is one; a contact deleted meanwhile has none."""
    phones = (normal_phone(written) for written in (contact.phones if contact else ()))
    return next(filter(None, phones), None)
