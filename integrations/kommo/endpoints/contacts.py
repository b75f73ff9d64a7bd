"""Contacts: fetched in batches, because calls are the scarcest thing we have."""

from collections.abc import Iterable
from itertools import islice

from integrations.kommo.answers import read_one
from integrations.kommo.caller import Caller
from integrations.kommo.schemas import Contact

BATCH = 250


class ContactCalls(Caller):
    """`/contacts`."""

    async def contacts(self, ids: Iterable[int]) -> list[Contact]:
        """The contacts with these ids, 250 a call; those that Kommo does not know or that cannot be read are absent."""
        wanted = iter(sorted(set(ids)))
        found: list[Contact] = []
        while batch := list(islice(wanted, BATCH)):
            params = [("limit", BATCH), *(("filter[id][]", contact_id) for contact_id in batch)]
            found += (await self.page("/contacts", "contacts", Contact, params)).items
        return found

    async def contact(self, contact_id: int, *, leads: bool = False) -> Contact | None:
        """One contact, with its leads if asked for; None when Kommo has none with this id."""
        params = [("with", "leads")] if leads else []
        document = await self.get("/contacts/{contact_id}", params, contact_id=contact_id)
        return None if document is None else read_one("GET /contacts/{contact_id}", document, Contact)

    async def find_contacts(self, query: str) -> list[Contact]:
        """Up to 250 contacts in whose fields Kommo finds `query`; its rule is not documented, so compare yourself."""
        params: list[tuple[str, str | int]] = [("limit", BATCH), ("query", query)]
        return list((await self.page("/contacts", "contacts", Contact, params)).items)
