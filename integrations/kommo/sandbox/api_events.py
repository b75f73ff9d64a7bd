"""/events: what happened in the account, newest first (Kommo documents no order)."""

from collections.abc import Iterable, Iterator, Mapping

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from . import shapes
from .context import Sandbox
from .errors import Problem
from .filters import bound
from .model import Event
from .paging import page_of, query_of
from .wire import AnyRequest, Doc, branch, empty, hal, strings
from .world import World

MAX_ENTITY_IDS = 10
State = tuple[str, str, str]
"""A value an event can be filtered by: its kind, a pipeline if it has one, and the id or value."""
TYPES = (
    ("lead_added", "New lead"),
    ("lead_deleted", "Lead deleted"),
    ("lead_restored", "Lead restored"),
    ("lead_status_changed", "Lead stage changed"),
    ("lead_linked", "Lead linked"),
    ("contact_added", "New contact"),
    ("contact_deleted", "Contact deleted"),
    ("company_added", "New company"),
    ("task_added", "New task"),
    ("task_completed", "Task completed"),
    ("task_text_changed", "Task text changed"),
    ("task_deadline_changed", "Task deadline changed"),
    ("incoming_chat_message", "Incoming message"),
    ("outgoing_chat_message", "Outgoing message"),
    ("entity_tag_added", "Tags added"),
    ("entity_tag_deleted", "Tags deleted"),
    ("entity_responsible_changed", "Responsible user changed"),
    ("sale_field_changed", "Sale changed"),
    ("common_note_added", "New note"),
    ("talk_created", "Conversation created"),
    ("talk_closed", "Conversation closed"),
    ("robot_replied", "Bot replied"),
)
"""The types that happen here; Kommo knows more."""


@get("/events")
async def list_events(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    rows = _filtered(box.world, branch(query_of(request), "filter"))
    return page_of(request, "events", rows, lambda row: shapes.event(box.world, row))


def _filtered(world: World, filter_: Mapping[str, object]) -> Iterator[Event]:
    wanted = {name: set(strings(filter_.get(key))) for key, name in _KEYS.items()}
    if len(wanted["entity_id"]) > MAX_ENTITY_IDS:
        raise Problem(400, f"filter[entity_id] takes at most {MAX_ENTITY_IDS} ids")
    low, high = _range(filter_)
    states = {name: _states(branch(filter_, name)) for name in ("value_before", "value_after")}
    for event in _candidates(world, wanted["id"], low):
        fits = all(not values or str(getattr(event, name)) in values for name, values in wanted.items())
        states_fit = all(not states[name] or _state(getattr(event, name)) & states[name] for name in states)
        if fits and states_fit and event.created_at <= high:
            yield event


def _states(given: Mapping[str, object]) -> set[State]:
    """What `filter[value_before]` or `filter[value_after]` asks for."""
    found: set[State] = set()
    for pair in branch(given, "leads_statuses").values():
        if isinstance(pair, dict):
            found.add(("lead_status", str(pair.get("pipeline_id", "")), str(pair.get("status_id", ""))))
    found |= {("responsible_user", "", user_id) for user_id in strings(given.get("responsible_user_id"))}
    found |= {("custom_field_value", "", enum_id) for enum_id in strings(given.get("custom_field_values"))}
    return found | {("sale_field_value", "", value) for value in strings(given.get("value"))}


def _state(values: list[Doc]) -> set[State]:
    """What an event holds of that."""
    found: set[State] = set()
    for name, inner in ((name, inner) for value in values for name, inner in value.items() if isinstance(inner, dict)):
        key = {"sale_field_value": "sale", "custom_field_value": "enum_id"}.get(name, "id")
        found.add((name, str(inner.get("pipeline_id", "")), str(inner.get(key))))
    return found


_KEYS = {"id": "id", "type": "type", "entity": "entity_type", "entity_id": "entity_id", "created_by": "created_by"}


def _range(filter_: Mapping[str, object]) -> tuple[int, int]:
    """A bare timestamp means "from then on"."""
    given = filter_.get("created_at")
    if isinstance(given, str):
        return bound({"from": given}, "from", 0), 1 << 40
    created = branch(filter_, "created_at")
    return bound(created, "from", 0), bound(created, "to", 1 << 40)


def _candidates(world: World, ids: set[str], low: int) -> Iterable[Event]:
    """Events come in the order of their time, so looking back ends at the first that is too old."""
    if ids:
        yield from (world.events.rows[i] for i in sorted(ids) if i in world.events.rows)
        return
    for event in reversed(world.events.rows.values()):
        if event.created_at < low:
            return
        yield event


@get("/events/types")
async def list_types() -> Response[object]:
    docs = [{"key": key, "type": 1, "lang": words} for key, words in TYPES]
    return hal({"_total_items": len(docs), "_embedded": {"events_types": docs}})


@get("/events/{event_id:str}")
async def show_event(event_id: FromPath[str], box: NamedDependency[Sandbox]) -> Response[object]:
    row = box.world.events.get(event_id)
    return hal(shapes.event(box.world, row)) if row else empty()


ROUTES = [list_events, list_types, show_event]
