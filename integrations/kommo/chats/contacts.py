"""Who is behind a conversation: the Kommo contact's phone and name, fetched in batches and kept for a while.

One call serves 250 contacts, so a look-up for one takes the contacts of all conversations along that wait for a turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

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

    def __init__(self, sessions: Sessions, client: KommoClient) -> None:
        self._sessions = sessions
        self._client = client
        self._coalescer: Coalescer[int, Person] = Coalescer(self._fetch, BATCH, GATHER)

    async def person(self, conversation: Conversation, now: datetime) -> Person:
        """Who is speaking; raises `KommoError` when Kommo cannot be asked and nothing fresh is known."""
        checked = conversation.contact_checked_at
        if conversation.contact_id is None or (checked is not None and checked > now - FRESH):
            return Person(tuple(conversation.phones or ()), conversation.contact_name)
        # Deleted or merged meanwhile: nobody we know, and asked again next time.
        return await self._coalescer.get(conversation.contact_id) or Person((), None)

    async def _fetch(self, ids: Sequence[int]) -> Mapping[int, Person]:
        """These contacts and those of conversations that wait, written to every conversation they have."""
        now = datetime.now(UTC)
        async with transaction(self._sessions) as session:
            waiting = await _waiting(session, now, BATCH - len(ids))
        found = {
            contact.id: Person(_phones(contact), contact.name or None)
            for contact in await self._client.contacts([*ids, *waiting])
        }
        async with transaction(self._sessions) as session:
            # In one order, so that two workers writing the same rows do not wait for each other in a circle.
            for contact_id in sorted(found):
                await _remember(session, contact_id, found[contact_id], now)
        return found


async def _waiting(session: AsyncSession, now: datetime, limit: int) -> Sequence[int]:
    """Contacts of conversations with unanswered messages that are not fresh either, the longest waiting first."""
    query = (
        select(Conversation.contact_id)
        .where(
            Conversation.due_at.is_not(None),
            Conversation.contact_id.is_not(None),
            or_(Conversation.contact_checked_at.is_(None), Conversation.contact_checked_at <= now - FRESH),
        )
        .order_by(Conversation.due_at)
        .limit(limit)
    )
    return [contact_id for contact_id in (await session.execute(query)).scalars() if contact_id is not None]


async def _remember(session: AsyncSession, contact_id: int, person: Person, now: datetime) -> None:
    values = {"phones": list(person.phones), "contact_name": person.name, "contact_checked_at": now}
    await session.execute(update(Conversation).where(Conversation.contact_id == contact_id).values(values))


def _phones(contact: Contact) -> tuple[str, ...]:
    """The contact's phones that are such, each once, in Kommo's order."""
    return tuple(dict.fromkeys(filter(None, (normal_phone(written) for written in contact.phones))))
