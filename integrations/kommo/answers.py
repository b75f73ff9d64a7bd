"""From an HTTP answer of Kommo to our data or our errors. No I/O.

Kommo's errors are `application/problem+json`, except when it blocks an address: then it is plain text or HTML.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from integrations.kommo import errors
from integrations.kommo.errors import BadAnswer, Flaw

Model = TypeVar("Model", bound=BaseModel)

DEFAULT_RETRY_AFTER = 60.0
"""Seconds to keep still after a 429 that names no time."""


@dataclass(frozen=True)
class Page(Generic[Model]):
    """One page of a list: the rows that can be read, those that cannot, and whether another page follows."""

    items: tuple[Model, ...] = ()
    unreadable: tuple[BadAnswer, ...] = ()
    has_next: bool = False


def read_body(endpoint: str, response: httpx.Response) -> object:
    """The JSON of a successful answer; None for an empty one (204, and 202 without a body)."""
    if not response.content.strip():
        return None
    try:
        return json.loads(response.content)
    except ValueError as error:
        raise BadAnswer(endpoint) from error


def read_one(endpoint: str, document: object, model: type[Model]) -> Model:
    """The document as `model`; raises `BadAnswer` that names the wrong fields."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise _bad(endpoint, document, error) from None


def read_page(endpoint: str, document: object, name: str, model: type[Model]) -> Page[Model]:
    """The rows under `_embedded.{name}`, each read by itself so that a broken one does not cost the others."""
    rows = _rows(endpoint, document, name)
    items: list[Model] = []
    unreadable: list[BadAnswer] = []
    for row in rows:
        try:
            items.append(model.model_validate(row))
        except ValidationError as error:
            unreadable.append(_bad(endpoint, row, error))
    return Page(tuple(items), tuple(unreadable), _has_next(document))


def _rows(endpoint: str, document: object, name: str) -> Sequence[object]:
    if document is None:
        return ()
    embedded = document.get("_embedded") if isinstance(document, dict) else None
    rows = embedded.get(name) if isinstance(embedded, dict) else embedded
    if isinstance(rows, dict):
        return list(rows.values())
    if rows is None:
        return ()
    if not isinstance(rows, list):
        raise BadAnswer(endpoint, None, (f"_embedded.{name}",))
    return rows


def _has_next(document: object) -> bool:
    links = document.get("_links") if isinstance(document, dict) else None
    return isinstance(links, dict) and bool(links.get("next"))


def _bad(endpoint: str, row: object, error: ValidationError) -> BadAnswer:
    found = row.get("id", row.get("talk_id")) if isinstance(row, dict) else None
    paths = tuple(".".join(map(str, problem["loc"])) for problem in error.errors(include_url=False))
    return BadAnswer(endpoint, found if isinstance(found, int | str) else None, paths)


def refuse(endpoint: str, response: httpx.Response, scope: str | None) -> NoReturn:
    """Raise the error of a refused call; `scope` is the one the endpoint needs."""
    raise _error(endpoint, response, scope)


def _error(endpoint: str, response: httpx.Response, scope: str | None) -> errors.Refused:
    problem, status = _problem(response), response.status_code
    title, detail = _text(problem, "title"), _text(problem, "detail")
    request_id = response.headers.get("x-request-id")
    if status == 429:
        return errors.RateLimited(endpoint, status, title, detail, request_id, _retry_after(problem, response))
    if status == 403 and problem is None:
        return errors.Blocked(endpoint, status, title, detail, request_id)
    if status == 403:
        return errors.Forbidden(endpoint, status, title, detail, request_id, scope)
    known = {401: errors.Unauthorized, 402: errors.PaymentRequired, 404: errors.NotFound}
    if status in known:
        return known[status](endpoint, status, title, detail, request_id)
    if status >= 500:
        return errors.ServerError(endpoint, status, title, detail, request_id)
    return errors.Rejected(endpoint, status, title, detail, request_id, _flaws(problem))


def _problem(response: httpx.Response) -> dict[str, object] | None:
    """The error body, None when it is not a JSON object."""
    try:
        found = json.loads(response.content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _text(problem: dict[str, object] | None, name: str) -> str:
    value = (problem or {}).get(name)
    return value[:500] if isinstance(value, str) else ""


def _retry_after(problem: dict[str, object] | None, response: httpx.Response) -> float:
    for given in (response.headers.get("retry-after"), (problem or {}).get("retry_after")):
        if isinstance(given, int | float) or (isinstance(given, str) and given.strip().isdigit()):
            return max(0.0, float(given))
    return DEFAULT_RETRY_AFTER


def _flaws(problem: dict[str, object] | None) -> tuple[Flaw, ...]:
    listed = (problem or {}).get("validation-errors")
    found: list[Flaw] = []
    for entry in listed if isinstance(listed, list) else []:
        if not isinstance(entry, dict):
            continue
        flaws = entry.get("errors")
        found += [_flaw(entry, flaw) for flaw in flaws if isinstance(flaw, dict)] if isinstance(flaws, list) else []
    return tuple(found)


def _flaw(entry: dict[str, object], flaw: dict[str, object]) -> Flaw:
    named = {name: str(flaw.get(name, "")) for name in ("code", "path", "detail")}
    return Flaw(str(entry.get("request_id", "")), named["code"], named["path"], named["detail"])
