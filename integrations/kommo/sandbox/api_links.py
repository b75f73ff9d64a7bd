"""Which contacts and companies belong to a lead, and the other way round: list, link, unlink."""

from collections.abc import Iterator

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from . import leads, shapes
from .api_common import entity_kind, find, kind_of, paths
from .context import Sandbox
from .errors import Flaw, not_found
from .inputs import Batch, Input, ItemInput, read_batch
from .model import Contact, EntityKind, Lead
from .paging import query_of
from .wire import AnyRequest, Doc, branch, empty, hal
from .world import World

LINKABLE = ("leads", "contacts", "companies")


class MetadataInput(Input):
    is_main: bool | None = None


class LinkInput(ItemInput):
    to_entity_id: int
    to_entity_type: str
    metadata: MetadataInput | None = None


def _require(world: World, kind: EntityKind, entity_id: int) -> Lead | Contact:
    row = find(world, kind, entity_id)
    if row is None:
        raise not_found()
    return row


@get(paths("/{entity_id:int}/links"))
async def list_links(request: AnyRequest, entity_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    kind = kind_of(request)
    row, filter_ = _require(box.world, kind, entity_id), branch(query_of(request), "filter")
    docs = [doc for doc in _links(box.world, row) if _wanted(doc, filter_)]
    if not docs:
        return empty()
    return hal(_listed(box.world, kind, entity_id, docs))


def _listed(world: World, kind: EntityKind, entity_id: int, docs: list[Doc]) -> Doc:
    links = shapes.link(world, f"{kind}/{entity_id}/links")
    return {"_total_items": len(docs), "_links": links, "_embedded": {"links": docs}}


def _wanted(doc: Doc, filter_: object) -> bool:
    names = ("to_entity_id", "to_entity_type")
    return not isinstance(filter_, dict) or all(str(doc[name]) == filter_[name] for name in names if name in filter_)


def _links(world: World, row: Lead | Contact) -> Iterator[Doc]:
    """What Kommo's reads call `main_contact` is written as `is_main`."""
    if isinstance(row, Lead):
        for contact_id in row.contact_ids:
            yield _link(contact_id, "contacts", _metadata(world, row, "contacts", contact_id))
    else:
        for lead_id in shapes.leads_of(world, row):
            yield _link(lead_id, "leads", _metadata(world, row, "leads", lead_id))
        for contact_id in shapes.contacts_of(world, row):
            yield _link(contact_id, "contacts", None)
    for company_id in row.company_ids:
        yield _link(company_id, "companies", None)


def _metadata(world: World, row: Lead | Contact, to_type: str, to_id: int) -> Doc | None:
    """Only the tie of a lead and a person has some."""
    lead, contact = (row, find(world, "contacts", to_id)) if isinstance(row, Lead) else (world.leads.get(to_id), row)
    if lead is None or contact is None or to_type not in ("leads", "contacts") or not _is_person(contact):
        return None
    return {"main_contact": lead.main_contact_id == contact.id}


def _is_person(row: Lead | Contact) -> bool:
    return isinstance(row, Contact) and row.kind == "contacts"


def _link(to_id: int, to_type: str, metadata: Doc | None) -> Doc:
    return {"to_entity_id": to_id, "to_entity_type": to_type, "metadata": metadata}


@post(paths("/{entity_id:int}/link"), status_code=200)
async def link(request: AnyRequest, entity_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    row, batch = _require(box.world, kind_of(request), entity_id), await read_batch(request, LinkInput)
    kind = kind_of(request)
    _check(box.world, kind, batch)
    docs: list[Doc] = []
    for item in batch.items:
        _tie(box.world, row, item)
        metadata = _metadata(box.world, row, item.to_entity_type, item.to_entity_id)
        mine: Doc = {"entity_id": entity_id, "entity_type": kind}
        docs.append(mine | _link(item.to_entity_id, item.to_entity_type, metadata))
    return hal(_listed(box.world, kind, entity_id, docs))


def _check(world: World, kind: EntityKind, batch: Batch[LinkInput]) -> None:
    """Nothing is linked to its own kind."""
    for key, item in batch:
        if item.to_entity_type not in LINKABLE or item.to_entity_type == kind:
            batch.blame(
                key, Flaw("NotSupportedChoice", "to_entity_type", "The value you selected is not a valid choice.")
            )
        elif find(world, entity_kind(item.to_entity_type), item.to_entity_id) is None:
            batch.blame(key, Flaw("EntityNotFound", "to_entity_id", "Entity not found"))
    batch.settle()


def _tie(world: World, row: Lead | Contact, item: LinkInput) -> None:
    is_main = bool(item.metadata and item.metadata.is_main)
    other = find(world, entity_kind(item.to_entity_type), item.to_entity_id)
    for one, two in ((row, other), (other, row)):
        if one is None or two is None:
            continue
        if isinstance(one, Lead) and _is_person(two):
            leads.link_contact(world, one, two.id, is_main=is_main)
        elif isinstance(two, Contact) and two.kind == "companies" and two.id not in one.company_ids:
            one.company_ids.append(two.id)
            _keep(world, one)


def _untie(world: World, row: Lead | Contact, item: LinkInput) -> None:
    other = find(world, entity_kind(item.to_entity_type), item.to_entity_id)
    for one, two in ((row, other), (other, row)):
        if one is None or two is None:
            continue
        if isinstance(one, Lead) and _is_person(two):
            leads.unlink_contact(world, one, two.id)
        elif two.id in one.company_ids:
            one.company_ids.remove(two.id)
            _keep(world, one)


def _keep(world: World, row: Lead | Contact) -> None:
    if isinstance(row, Lead):
        world.leads.put(row)
    else:
        world.contacts.put(row)


@post(paths("/{entity_id:int}/unlink"), status_code=204)
async def unlink(request: AnyRequest, entity_id: FromPath[int], box: NamedDependency[Sandbox]) -> None:
    row, batch = _require(box.world, kind_of(request), entity_id), await read_batch(request, LinkInput)
    for item in batch.items:
        if item.to_entity_type in LINKABLE:
            _untie(box.world, row, item)


ROUTES = [list_links, link, unlink]
