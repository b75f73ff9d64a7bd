"""POST /leads/complex: leads with their contact and company in one call. The answer is a bare array."""

from dataclasses import dataclass

from litestar import Response, post
from litestar.di import NamedDependency
from pydantic import Field

from . import contacts, leads
from .api_common import acting_user, find
from .context import Sandbox
from .errors import Flaw
from .inputs import Batch, ContactInput, EmbeddedInput, Input, ItemInput, LeadInput, read_batch
from .model import Contact, EntityKind, Lead
from .records import Draft, check
from .wire import AnyRequest, Doc, hal
from .world import World

MAX_LEADS = 50
MAX_VALUES = 40


class PartsEmbedded(Input):
    contacts: list[ContactInput] = Field(default_factory=list)
    companies: list[ContactInput] = Field(default_factory=list)


class PartsInput(ItemInput):
    """What a complex lead brings besides itself; read from the same item as the lead."""

    embedded: PartsEmbedded = Field(default_factory=PartsEmbedded, alias="_embedded")


@dataclass(frozen=True, slots=True)
class Part:
    """A contact or company to be made, or a known one to be linked."""

    kind: EntityKind
    item: ContactInput
    draft: Draft


@post("/leads/complex", status_code=200)
async def add_complex(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    """Duplicate control is off in this account (assumed), so nothing is ever merged."""
    batch = await read_batch(request, LeadInput, MAX_LEADS)
    parts_batch = await read_batch(request, PartsInput, MAX_LEADS)
    batch.items = [_without_parts(item) for item in batch.items]
    parts = [_parts(box.world, batch, key, given) for (key, _), given in zip(batch, parts_batch.items, strict=True)]
    drafts = _lead_drafts(box.world, batch)
    user_id = acting_user(request)
    made = [
        _create(box, item, draft, mine, user_id) for item, draft, mine in zip(batch.items, drafts, parts, strict=True)
    ]
    leads.announce_new(box, [lead for lead, _ in made])
    contacts.announce_new(box, [row for _, rows in made for row in rows])
    return hal([_reply(lead, key) for (key, _), (lead, _) in zip(batch, made, strict=True)])


def _without_parts(item: LeadInput) -> LeadInput:
    return item.model_copy(
        update={"embedded": EmbeddedInput.model_validate(item.embedded.model_dump(include={"tags"}))}
    )


def _parts(world: World, batch: Batch[LeadInput], key: str, given: PartsInput) -> list[Part]:
    parts: list[Part] = []
    for kind, items in _kinds(given):
        if len(items) > 1:
            batch.blame(key, Flaw("TooMany", f"_embedded.{kind}", "This collection should contain 1 element or less."))
        for item in items:
            draft, flaws = check(world, kind, item)
            if item.id is not None and find(world, kind, item.id) is None:
                flaws.append(Flaw("EntityNotFound", "id", "Entity not found"))
            batch.blame(key, *(Flaw(f.code, f"_embedded.{kind}.0.{f.path}", f.detail) for f in flaws))
            parts.append(Part(kind, item, draft))
    return parts


def _kinds(given: PartsInput) -> list[tuple[EntityKind, list[ContactInput]]]:
    return [("contacts", given.embedded.contacts), ("companies", given.embedded.companies)]


def _lead_drafts(world: World, batch: Batch[LeadInput]) -> list[Draft]:
    drafts: list[Draft] = []
    for key, item in batch:
        draft, flaws = check(world, "leads", item)
        leads.check_stage(world, batch, key, item, None)
        if sum(map(len, draft.values.values())) > MAX_VALUES:
            flaws.append(Flaw("TooMany", "custom_fields_values", f"No more than {MAX_VALUES} values are allowed."))
        batch.blame(key, *flaws)
        drafts.append(draft)
    batch.settle()
    return drafts


def _create(box: Sandbox, item: LeadInput, draft: Draft, parts: list[Part], user_id: int) -> tuple[Lead, list[Contact]]:
    lead = leads.create(box, item, draft, user_id)
    made: list[Contact] = []
    for part in parts:
        row = box.world.contacts.get(part.item.id) if part.item.id is not None else None
        if row is None:
            row = contacts.create(box, part.kind, part.item, part.draft, user_id)
            made.append(row)
        if part.kind == "contacts":
            leads.link_contact(box.world, lead, row.id, is_main=True)
        else:
            lead.company_ids = [row.id]
    box.world.leads.put(lead)
    return lead, made


def _reply(lead: Lead, key: str) -> Doc:
    company_id = lead.company_ids[0] if lead.company_ids else None
    doc: Doc = {"id": lead.id, "contact_id": lead.main_contact_id, "company_id": company_id}
    return doc | {"request_id": [key], "merged": False}


ROUTES = [add_complex]
