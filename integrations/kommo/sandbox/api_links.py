"""Which contacts and companies belong to a lead, and the other way round: list, link, unlink."""

from collections.abc import Iterator

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import Field

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
    metadata: MetadataInput = Field(default_factory=MetadataInput)


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
    return hal({"_links": shapes.link(box.world, f"{kind}/{entity_id}/links"), "_embedded": {"links": docs}})


def _wanted(doc: Doc, filter_: object) -> bool:
    names = ("to_entity_id", "to_entity_type")
    return not isinstance(filter_, dict) or all(str(doc[name]) == filter_[name] for name in names if name in filter_)


def _links(world: World, row: Lead | Contact) -> Iterator[Doc]:
    """What Kommo's reads call `main_contact` is written as `is_main`."""
    if isinstance(row, Lead):
        for contact_id in row.contact_ids:
            yield _link(contact_id, "contacts", {"main_contact": contact_id == row.main_contact_id})
    else:
        for lead_id in world.leads_of.get(row.id, ()):
            yield _link(lead_id, "leads", {"main_contact": world.leads.rows[lead_id].main_contact_id == row.id})
    for company_id in row.company_ids:
        yield _link(company_id, "companies", None)


def _link(to_id: int, to_type: str, metadata: Doc | None) -> Doc:
    return {"to_entity_id": to_id, "to_entity_type": to_type, "metadata": metadata}


@post(paths("/{entity_id:int}/link"), status_code=200)
async def link(request: AnyRequest, entity_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    row, batch = _require(box.world, kind_of(request), entity_id), await read_batch(request, LinkInput)
    _check(box.world, batch)
    docs: list[Doc] = []
    for item in batch.items:
        _tie(box.world, row, item)
        docs.append(
            {"entity_id": entity_id, "entity_type": kind_of(request)}
            | _link(item.to_entity_id, item.to_entity_type, {"main_contact": bool(item.metadata.is_main)})
        )
    return hal({"_total_items": len(docs), "_embedded": {"links": docs}})


def _check(world: World, batch: Batch[LinkInput]) -> None:
    for key, item in batch:
        if item.to_entity_type not in LINKABLE:
            batch.blame(
                key, Flaw("NotSupportedChoice", "to_entity_type", "The value you selected is not a valid choice.")
            )
        elif find(world, entity_kind(item.to_entity_type), item.to_entity_id) is None:
            batch.blame(key, Flaw("EntityNotFound", "to_entity_id", "Entity not found"))
    batch.settle()


def _tie(world: World, row: Lead | Contact, item: LinkInput) -> None:
    is_main = bool(item.metadata.is_main)
    if item.to_entity_type == "companies":
        if item.to_entity_id not in row.company_ids:
            row.company_ids.append(item.to_entity_id)
        _keep(world, row)
    elif isinstance(row, Lead) and item.to_entity_type == "contacts":
        leads.link_contact(world, row, item.to_entity_id, is_main=is_main)
    elif isinstance(row, Contact) and item.to_entity_type == "leads":
        leads.link_contact(world, world.leads.rows[item.to_entity_id], row.id, is_main=is_main)


def _keep(world: World, row: Lead | Contact) -> None:
    if isinstance(row, Lead):
        world.leads.put(row)
    else:
        world.contacts.put(row)


@post(paths("/{entity_id:int}/unlink"), status_code=204)
async def unlink(request: AnyRequest, entity_id: FromPath[int], box: NamedDependency[Sandbox]) -> None:
    row, batch = _require(box.world, kind_of(request), entity_id), await read_batch(request, LinkInput)
    for item in batch.items:
        if item.to_entity_type == "companies" and item.to_entity_id in row.company_ids:
            row.company_ids.remove(item.to_entity_id)
            _keep(box.world, row)
        elif isinstance(row, Lead) and item.to_entity_type == "contacts":
            leads.unlink_contact(box.world, row, item.to_entity_id)
        elif isinstance(row, Contact) and (lead := box.world.leads.get(item.to_entity_id)):
            leads.unlink_contact(box.world, lead, row.id)


ROUTES = [list_links, link, unlink]
