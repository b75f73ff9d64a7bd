"""Filters, search and order of lead and contact lists.

Known ids and exact phone digits are looked up; every other filter walks the rows, lazily, so that a page costs only
what lies before its end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from .errors import Problem
from .model import Contact, Lead, Record
from .shapes import closest_task
from .wire import branch, strings, whole
from .world import World

Row = TypeVar("Row", bound=Record)
Test = Callable[[Record], bool]

LEAD_EQUAL = ("id", "name", "price", "created_by", "updated_by", "responsible_user_id", "pipeline_id")
CONTACT_EQUAL = ("id", "name", "created_by", "updated_by", "responsible_user_id")
LEAD_RANGES = ("created_at", "updated_at", "closed_at")
CONTACT_RANGES = ("created_at", "updated_at")
ORDERS = ("created_at", "updated_at", "id")


def leads(world: World, query: Mapping[str, object]) -> Iterable[Lead]:
    filter_ = branch(query, "filter")
    deleted = "only_deleted" in strings(query.get("with"))
    tests = [_equals("is_deleted", {str(deleted)})]
    tests += _equal(filter_, LEAD_EQUAL) + _ranges(filter_, LEAD_RANGES) + _statuses(filter_)
    tests += _closest_task(world, filter_) + _search(world, query)
    return _ordered(query, _matching(_candidates(world.leads.rows, filter_), tests))


def contacts(world: World, kind: str, query: Mapping[str, object]) -> Iterable[Contact]:
    filter_ = branch(query, "filter")
    tests = [_equals("is_deleted", {"False"}), _equals("kind", {kind})]
    tests += _equal(filter_, CONTACT_EQUAL) + _ranges(filter_, CONTACT_RANGES)
    tests += _closest_task(world, filter_) + _search(world, query)
    return _ordered(query, _matching(_candidates(world.contacts.rows, filter_), tests))


def _candidates(rows: Mapping[int, Row], filter_: Mapping[str, object]) -> Iterable[Row]:
    ids = strings(filter_.get("id"))
    if not ids:
        return rows.values()
    wanted = sorted({found for found in map(whole, ids) if found is not None})
    return [rows[i] for i in wanted if i in rows]


def _matching(rows: Iterable[Row], tests: list[Test]) -> Iterator[Row]:
    return (row for row in rows if all(test(row) for test in tests))


def _equals(name: str, wanted: set[str]) -> Test:
    return lambda row: str(getattr(row, name)) in wanted


def _equal(filter_: Mapping[str, object], names: Iterable[str]) -> list[Test]:
    """`filter[name]=x`, `filter[name][]=x`; a name is compared whole (assumed), so commas do not split it."""
    given = {name: _values(filter_[name], split=name != "name") for name in names if name in filter_}
    return [_equals(name, set(wanted)) for name, wanted in given.items() if wanted]


def _values(given: object, *, split: bool) -> list[str]:
    return [given] if isinstance(given, str) and not split else strings(given)


def _ranges(filter_: Mapping[str, object], names: Iterable[str]) -> list[Test]:
    tests: list[Test] = []
    for name in names:
        given = filter_.get(name)
        if isinstance(given, dict):
            tests.append(_between(name, bound(given, "from", 0), bound(given, "to", 1 << 40)))
        elif isinstance(given, str):
            tests.append(_equals(name, {given}))
    return tests


def _closest_task(world: World, filter_: Mapping[str, object]) -> list[Test]:
    """`filter[closest_task_at][from|to]`: what has no open task is in no range."""
    given = filter_.get("closest_task_at")
    if not isinstance(given, dict):
        return []
    low, high = bound(given, "from", 0), bound(given, "to", 1 << 40)
    return [lambda row: low <= (closest_task(world, row.id) or -1) <= high]


def bound(given: Mapping[str, object], name: str, default: int) -> int:
    """One end of a range in unix seconds; 400 for what is no number."""
    if given.get(name) is None:
        return default
    found = whole(given[name])
    if found is None:
        raise Problem(400, f"Filter value {name} must be a unix timestamp")
    return found


def _between(name: str, low: int, high: int) -> Test:
    return lambda row: low <= (getattr(row, name) or -1) <= high


def _statuses(filter_: Mapping[str, object]) -> list[Test]:
    pairs: set[tuple[str, str]] = set()
    for given in branch(filter_, "statuses").values():
        pair = given if isinstance(given, dict) else {}
        pairs.add((str(pair.get("pipeline_id", "")), str(pair.get("status_id", ""))))
    if not pairs:
        return []
    return [lambda row: isinstance(row, Lead) and (str(row.pipeline_id), str(row.status_id)) in pairs]


def _search(world: World, query: Mapping[str, object]) -> list[Test]:
    """`query`: part of the name or of a field's value. Digits also match phones written with signs (assumed)."""
    wanted = query.get("query")
    if not isinstance(wanted, str) or not wanted.strip():
        return []
    text = wanted.strip().lower()
    digits = "".join(filter(str.isdigit, text))
    only_phone = bool(digits) and not any(map(str.isalpha, text))
    return [lambda row: _found(row, text, digits if only_phone else "")]


def _found(row: Record, text: str, digits: str) -> bool:
    if text in row.name.lower() or text == str(row.id):
        return True
    for values in row.values.values():
        for value in values:
            shown = str(value.value)
            if text in shown.lower() or (digits and digits in "".join(filter(str.isdigit, shown))):
                return True
    return False


def _ordered(query: Mapping[str, object], rows: Iterable[Row]) -> Iterable[Row]:
    for name, direction in branch(query, "order").items():
        if name not in ORDERS or direction not in ("asc", "desc"):
            raise Problem(400, f"Order by {name} {direction} is not supported")
        return sorted(rows, key=lambda row: int(getattr(row, name)), reverse=direction == "desc")
    return rows
