"""Contacts: fetched in batches, because calls are the scarcest thing we have."""

from collections.abc import Iterable
from itertools import islice

from integrations.kommo.answers import read_one, read_page
from integrations.kommo.client import KommoClient
from integrations.kommo.schemas import Contact

BATCH = 250


async def get_contacts(client: KommoClient, ids: Iterable[int]) -> dict[int, Contact]:
    """The contacts with these ids, 250 a call; those that Kommo does not know or that cannot be read are absent."""
    wanted = iter(sorted(set(ids)))
    found: dict[int, Contact] = {}
    while batch := list(islice(wanted, BATCH)):
        params = [("limit", BATCH), *(("filter[id][]", contact_id) for contact_id in batch)]
        page = read_page("GET /contacts", await client.get("/contacts", params), "contacts", Contact)
        found |= {contact.id: contact for contact in page.items}
    return found


async def get_contact(client: KommoClient, contact_id: int, *, leads: bool = False) -> Contact | None:
    """One contact, with its leads if asked for; None when Kommo has none with this id."""
    params = [("with", "leads")] if leads else []
    document = await client.get("/contacts/{contact_id}", params, contact_id=contact_id)
    return None if document is None else read_one("GET /contacts/{contact_id}", document, Contact)
