"""Custom field values: what a write may say per field type, and the shapes reads and webhooks show.

Raises nothing itself: `take` returns the flaws it found, with Kommo's path inside the item.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from .errors import Flaw
from .inputs import whole_seconds
from .model import Choice, EntityKind, Field, FieldValue
from .wire import Doc
from .world import World

PATH = "custom_fields_values"
TEXTUAL = {"text", "textarea", "url", "streetaddress", "tracking_data"}
NUMERIC = {"numeric", "monetary"}
DATES = {"date", "date_time", "birthday"}
SINGLE_CHOICE = {"select", "radiobutton"}
CHOICES = SINGLE_CHOICE | {"multiselect"}
MULTITEXT_KINDS = {
    "PHONE": ("WORK", "WORKDD", "MOB", "FAX", "HOME", "OTHER"),
    "EMAIL": ("WORK", "PRIV", "OTHER"),
}


def find_field(world: World, entity: EntityKind, given: Mapping[str, object]) -> Field | None:
    """The field a write means by `field_id` or `field_code`, of this entity only."""
    field_id, code = given.get("field_id"), given.get("field_code")
    if isinstance(field_id, int):
        found = world.fields.get(field_id)
        return found if found and found.entity == entity else None
    return next((f for f in world.fields.rows.values() if code and f.code == code and f.entity == entity), None)


def take(world: World, entity: EntityKind, given: object) -> tuple[dict[int, list[FieldValue]], list[Flaw]]:
    """New values by field id out of a write's `custom_fields_values`; an empty list clears the field."""
    taken: dict[int, list[FieldValue]] = {}
    flaws: list[Flaw] = []
    if given is None:
        return taken, flaws
    if not isinstance(given, list):
        return taken, [Flaw("InvalidType", PATH, "This value should be of type array.")]
    for index, item in enumerate(given):
        path = f"{PATH}.{index}"
        field = find_field(world, entity, item) if isinstance(item, dict) else None
        if field is None:
            key = "field_code" if isinstance(item, dict) and "field_id" not in item else "field_id"
            flaws.append(Flaw("NotSupportedChoice", f"{path}.{key}", "The value you selected is not a valid choice."))
            continue
        values, found = _take_values(field, item.get("values"), f"{path}.values")
        taken[field.id] = values
        flaws.extend(found)
    return taken, flaws


def _take_values(field: Field, given: object, path: str) -> tuple[list[FieldValue], list[Flaw]]:
    if given is None:
        return [], []
    if not isinstance(given, list):
        return [], [Flaw("InvalidType", path, "This value should be of type array.")]
    taken: list[FieldValue] = []
    flaws: list[Flaw] = []
    for index, item in enumerate(given):
        value = _take_one(field, item if isinstance(item, dict) else {}, f"{path}.{index}")
        if isinstance(value, Flaw):
            flaws.append(value)
        elif value is not None:
            taken.append(value)
    return taken, flaws


def _take_one(field: Field, item: Mapping[str, object], path: str) -> FieldValue | Flaw | None:
    """One value; None for an empty one, which clears."""
    if field.type in CHOICES:
        return _take_choice(field, item, path)
    if "value" not in item:
        return Flaw("FieldMissing", f"{path}.value", "This field is missing.")
    value = item["value"]
    if value is None or value == "":
        return None
    if field.type == "multitext":
        return _take_multitext(field, item, value, path)
    if field.type in NUMERIC:
        return _take_number(value, path)
    if field.type in DATES:
        return _take_date(value, path)
    if field.type == "checkbox":
        return FieldValue(value) if isinstance(value, bool) else _wrong_type("bool", path)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _wrong_type("string", path)
    # Numbers given to a text field are kept as text, as Kommo shows them afterwards.
    return FieldValue(str(value) if field.type in TEXTUAL else value)


def _wrong_type(wanted: str, path: str) -> Flaw:
    return Flaw("InvalidType", f"{path}.value", f"This value should be of type {wanted}.")


def _take_number(value: object, path: str) -> FieldValue | Flaw:
    try:
        float(str(value))
    except ValueError:
        return _wrong_type("numeric", path)
    return _wrong_type("numeric", path) if isinstance(value, bool) else FieldValue(str(value))


def _take_date(given: object, path: str) -> FieldValue | Flaw:
    value = whole_seconds(given)
    if isinstance(value, int) and not isinstance(value, bool):
        return FieldValue(value)
    try:
        return FieldValue(int(datetime.fromisoformat(str(value)).timestamp()))
    except ValueError:
        return _wrong_type("int or RFC 3339 date", path)


def _take_multitext(field: Field, item: Mapping[str, object], value: object, path: str) -> FieldValue | Flaw:
    kinds = {choice.value: choice for choice in field.enums}
    kind = item.get("enum_code", item.get("enum", next(iter(kinds), None)))
    if "enum_id" in item:
        kind = next((c.value for c in field.enums if c.id == item["enum_id"]), None)
    if not isinstance(kind, str) or kind not in kinds:
        return Flaw("NotSupportedChoice", f"{path}.enum_code", "The value you selected is not a valid choice.")
    return FieldValue(str(value), kinds[kind].id, kind)


def _take_choice(field: Field, item: Mapping[str, object], path: str) -> FieldValue | Flaw:
    for key, matches in _choice_keys(item):
        choice = next((c for c in field.enums if matches(c)), None)
        if choice is None:
            return Flaw("NotSupportedChoice", f"{path}.{key}", "The value you selected is not a valid choice.")
        return FieldValue(choice.value, choice.id, choice.code)
    return Flaw("FieldMissing", f"{path}.value", "This field is missing.")


def _choice_keys(item: Mapping[str, object]) -> Iterable[tuple[str, "_Matcher"]]:
    for key, attribute in (("enum_id", "id"), ("enum_code", "code"), ("value", "value")):
        if item.get(key) is not None:
            yield key, _Matcher(attribute, item[key])


class _Matcher:
    def __init__(self, attribute: str, wanted: object) -> None:
        self.attribute = attribute
        self.wanted = wanted

    def __call__(self, choice: Choice) -> bool:
        return bool(getattr(choice, self.attribute) == self.wanted)


def shown(world: World, values: Mapping[int, list[FieldValue]]) -> list[Doc] | None:
    """`custom_fields_values` of a read: null when there are none."""
    docs: list[Doc] = []
    for field_id, found in values.items():
        field = world.fields.get(field_id)
        if field is None or not found:
            continue
        docs.append(
            {
                "field_id": field.id,
                "field_name": field.name,
                "field_code": field.code,
                "field_type": field.type,
                "values": [_shown_value(field, value) for value in found],
                "is_computed": False,
            }
        )
    return docs or None


def _shown_value(field: Field, value: FieldValue) -> Doc:
    if field.type in CHOICES or field.type == "multitext":
        return {"value": value.value, "enum_id": value.enum_id, "enum_code": value.enum_code}
    return {"value": value.value}


def hooked(world: World, entity: EntityKind, values: Mapping[int, list[FieldValue]]) -> list[Doc]:
    """`custom_fields` of a webhook, in its four shapes: list, bare unix time, object of a radio button, no key."""
    docs: list[Doc] = []
    for field in world.fields.rows.values():
        found = values.get(field.id)
        if found or (field.type == "tracking_data" and field.entity == entity):
            code: Doc = {"code": field.code} if field.code else {}
            docs.append({"id": field.id, "name": field.name} | code | _hooked_values(field, found or []))
    return docs


def _hooked_values(field: Field, found: list[FieldValue]) -> Doc:
    if not found:
        return {}
    if field.type in DATES:
        return {"values": [found[0].value]}
    if field.type == "radiobutton":
        return {"values": {"value": found[0].value, "enum": found[0].enum_id}}
    listed: list[Doc] = [{"value": v.value, **({"enum": v.enum_id} if v.enum_id else {})} for v in found]
    return {"values": listed}
