"""Leads as Kommo has them, with their contacts: a page at a time, contacts in batches. N leads cost N/250 x 2 calls.

No database: the caller stores a page before it asks for the next one, so that memory stays flat.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from integrations.kommo.client import KommoClient
from integrations.kommo.errors import BadAnswer
from integrations.kommo.importer.facts import FetchedLead, lead_says
from integrations.kommo.importer.products import Products
from integrations.kommo.mapping.choices import StageRef
from integrations.kommo.schemas import Contact, Lead


@dataclass(frozen=True)
class FetchedPage:
    """Leads, and rows that cannot be read, by lead id (0 when not even that could be read)."""

    leads: Sequence[FetchedLead]
    unreadable: Mapping[int, str]
    calls: int


async def qualified_leads(
    client: KommoClient, qualified: StageRef, field_ids: Mapping[str, int]
) -> AsyncIterator[FetchedPage]:
    """All leads of the stage, page by page. Raises `KommoError`."""
    products = Products(client)
    for number in count(1):
        page = await client.leads_in_stage(qualified.pipeline_id, qualified.stage_id, number)
        calls = 1 + await products.prepare(page.items)
        contacts = await _contacts(client, page.items)
        calls += bool(contacts)
        read = [_fetched(lead, contacts, qualified, field_ids, products) for lead in page.items]
        yield FetchedPage(read, {_id(bad.row): _words(bad) for bad in page.unreadable}, calls)
        if not page.has_next:
            return


async def fetch_lead(
    client: KommoClient, lead_id: int, qualified: StageRef | None, field_ids: Mapping[str, int]
) -> FetchedLead | None:
    """One lead; None when Kommo has none with this id. Raises `KommoError`."""
    lead = await client.lead(lead_id)
    if lead is None or lead.is_deleted:
        return None
    products = Products(client)
    await products.prepare([lead])
    return _fetched(lead, await _contacts(client, [lead]), qualified, field_ids, products)


def _fetched(
    lead: Lead,
    contacts: Mapping[int, Contact],
    qualified: StageRef | None,
    field_ids: Mapping[str, int],
    products: Products,
) -> FetchedLead:
    contact = contacts.get(lead.main_contact_id or 0)
    stands = qualified is not None and (lead.pipeline_id, lead.status_id) == (qualified.pipeline_id, qualified.stage_id)
    return FetchedLead(lead.id, stands, lead_says(lead, contact, field_ids), products.of(lead))


async def _contacts(client: KommoClient, leads: Sequence[Lead]) -> Mapping[int, Contact]:
    wanted = {lead.main_contact_id for lead in leads if lead.main_contact_id is not None}
    return {contact.id: contact for contact in await client.contacts(wanted)} if wanted else {}


def _id(row: int | str | None) -> int:
    return int(row) if row is not None and str(row).isdecimal() else 0


def _words(bad: BadAnswer) -> str:
    fields = ", ".join(bad.fields)
    return f"O Kommo mandou este lead de um jeito que não dá para ler (campo {fields}). Confira o lead no Kommo."
