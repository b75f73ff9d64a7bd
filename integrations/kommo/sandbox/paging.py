"""Lists as Kommo pages them: page from 1, limit up to 250, 204 when there is nothing, `next` while there is more.

`first` and `prev` from the second page on, as amoCRM documents them for the same API.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from litestar import Response

from .errors import Problem
from .wire import AnyRequest, Doc, base_url, empty, hal, parse_query, whole

Row = TypeVar("Row")
MAX_LIMIT = 250
DEFAULT_LIMIT = 50


def query_of(request: AnyRequest) -> Doc:
    return parse_query(request.scope["query_string"].decode("latin-1"))


def window(query: Mapping[str, object], max_limit: int = MAX_LIMIT) -> tuple[int, int]:
    """Page and limit of a list call. 422 above the limit, 400 for what is no number."""
    page = number(query, "page", 1)
    limit = number(query, "limit", DEFAULT_LIMIT)
    if limit > max_limit:
        raise Problem(422, f"Limit {max_limit} per page")
    if page < 1 or limit < 1:
        raise Problem(400, "Page and limit must be positive numbers")
    return page, limit


def number(query: Mapping[str, object], name: str, default: int) -> int:
    if query.get(name) is None:
        return default
    found = whole(query[name])
    if found is None:
        raise Problem(400, f"Parameter {name} must be a number")
    return found


def page_of(
    request: AnyRequest, name: str, rows: Iterable[Row], show: Callable[[Row], Doc], max_limit: int = MAX_LIMIT
) -> Response[object]:
    """One page of `rows`, read lazily: nothing behind the page is looked at but the first row of the next."""
    page, limit = window(query_of(request), max_limit)
    start = (page - 1) * limit
    found = list(islice(rows, start, start + limit + 1))
    if not found:
        return empty()
    links: Doc = {"self": {"href": _address(request, page)}}
    if page > 1:
        links["first"], links["prev"] = {"href": _address(request, 1)}, {"href": _address(request, page - 1)}
    if len(found) > limit:
        links["next"] = {"href": _address(request, page + 1)}
    shown = [show(row) for row in found[:limit]]
    return hal({"_page": page, "_links": links, "_embedded": {name: shown}})


def _address(request: AnyRequest, page: int) -> str:
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if key != "page"]
    return f"{base_url(request)}{request.scope['path']}?{urlencode([*kept, ('page', str(page))])}"
