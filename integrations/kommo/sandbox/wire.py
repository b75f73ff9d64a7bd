"""The conventions of Kommo's HTTP interface that every resource shares: bodies, HAL answers, PHP-style keys.

PHP-style means `filter[id][]=1&filter[created_at][from]=2`: brackets nest, empty brackets append.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from litestar import Request, Response
from litestar.datastructures import State

Doc = dict[str, object]
AnyRequest = Request[object, object, State]
HAL_JSON = "application/hal+json"


def hal(body: object, status: int = 200) -> Response[object]:
    return Response(body, status_code=status, media_type=HAL_JSON)


def empty(status: int = 204) -> Response[object]:
    """Kommo's answer for "nothing": no body at all."""
    return Response(b"", status_code=status, media_type=HAL_JSON)


def self_link(request: AnyRequest, path: str) -> Doc:
    return {"self": {"href": f"{base_url(request)}{path}"}}


def base_url(request: AnyRequest) -> str:
    return str(request.base_url).rstrip("/")


async def read_json(request: AnyRequest) -> object:
    """The body as JSON, or None for an empty or undecodable one (which no schema accepts)."""
    body = await request.body()
    try:
        parsed: object = json.loads(body, parse_constant=_refuse)
        if b"\\u" in body:
            # Half a surrogate pair is legal JSON and no legal text: it could be stored nowhere.
            json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return parsed


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def parse_query(text: str) -> Doc:
    """A query string or form body with bracketed keys as nested dictionaries; lists become {"0": …, "1": …}."""
    tree: Doc = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        head, *rest = key.replace("]", "").split("[")
        _plant(tree, [head, *rest], value)
    return tree


def _plant(tree: Doc, path: Sequence[str], value: str) -> None:
    for name in path[:-1]:
        branch = tree.setdefault(name or str(len(tree)), {})
        if not isinstance(branch, dict):
            return
        tree = branch
    tree[path[-1] or str(len(tree))] = value


def branch(tree: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The nested part under a key; empty when it is absent or a plain value."""
    found = tree.get(name)
    return found if isinstance(found, dict) else {}


def whole(text: object) -> int | None:
    """A number of a query string; None for anything else, or for one that no list could reach."""
    fits = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 12
    return int(text) if fits and isinstance(text, str) else None


def strings(value: object) -> list[str]:
    """A filter value as a list, whether it came as `x=1`, `x[]=1` or `x=1,2`."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, dict):
        return [item for item in value.values() if isinstance(item, str)]
    return []


def form_pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    """A nested value as PHP writes it into a form: brackets for levels, everything a string, None left out."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from form_pairs(f"{name}[{key}]", inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from form_pairs(f"{name}[{index}]", inner)
    elif isinstance(value, bool):
        yield name, str(int(value))
    elif value is not None:
        yield name, str(value)


def form_body(doc: Mapping[str, object]) -> str:
    return urlencode([pair for name, value in doc.items() for pair in form_pairs(name, value)])
