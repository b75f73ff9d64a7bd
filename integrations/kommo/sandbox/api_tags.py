"""/{entity}/tags: list and add. A known name gives its id back; the same name has other ids on other entities."""

from litestar import Response, get, post
from litestar.di import NamedDependency

from . import shapes
from .api_common import kind_of, paths
from .context import Sandbox
from .inputs import ItemInput, TagInput, Text, read_batch
from .paging import page_of, query_of
from .records import known_tag
from .wire import AnyRequest, Doc, branch, hal, strings


class NewTagInput(ItemInput):
    name: Text


@get(paths("/tags"))
async def list_tags(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    kind, query = kind_of(request), query_of(request)
    filter_ = branch(query, "filter")
    ids, names, part = set(strings(filter_.get("id"))), set(strings(filter_.get("name"))), query.get("query")
    rows = (
        tag
        for tag in box.world.tags.rows.values()
        if tag.entity == kind
        and (not ids or str(tag.id) in ids)
        and (not names or tag.name in names)
        and (not isinstance(part, str) or part.lower() in tag.name.lower())
    )
    return page_of(request, "tags", rows, shapes.tag)


@post(paths("/tags"), status_code=200)
async def add_tags(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    kind, batch = kind_of(request), await read_batch(request, NewTagInput)
    docs: list[Doc] = []
    for key, item in batch:
        tag = known_tag(box.world, kind, TagInput(name=item.name))
        if tag:
            docs.append(shapes.tag(tag) | {"request_id": key})
    return hal({"_total_items": len(docs), "_embedded": {"tags": docs}})


ROUTES = [list_tags, add_tags]
