"""How the lead's fields stand: which are there, which lack, and which a person changed. No I/O."""

from collections.abc import Sequence

from integrations.kommo.findings import Code, Finding, finding
from integrations.kommo.labels import find_field, same_label
from integrations.kommo.schemas import CustomField
from integrations.kommo.setup.steps import AddChoices, CreateField, Item
from integrations.kommo.setup.wanted import CHOOSING, Wanted, WantedField


def field_items(fields: Sequence[CustomField], wanted: Wanted) -> tuple[Item, ...]:
    """One item for each wanted field."""
    return tuple(field_item(fields, field, wanted.known.get(field.name)) for field in wanted.fields)


def field_item(fields: Sequence[CustomField], wanted: WantedField, known_id: int | None = None) -> Item:
    """How one wanted field stands; `known_id` is the id it had when it was last seen."""
    if wanted.field_id is not None:
        return Item(_by_id(fields, wanted, wanted.field_id))
    standing = standing_field(fields, wanted)
    if standing is not None:
        return _there(standing, wanted)
    other = next((field for field in fields if same_label(field.name, wanted.name)), None)
    if other is not None:
        return Item(finding(Code.FIELD_OTHER_TYPE, field=wanted.name, type=other.type, wanted=described(wanted)))
    was = next((field for field in fields if field.id == known_id), None)
    if was is not None:
        return Item(finding(Code.FIELD_RENAMED, field=wanted.name, now=was.name))
    code = Code.FIELD_MISSING if known_id is None else Code.FIELD_DELETED
    return Item(finding(code, field=wanted.name, wanted=described(wanted)), CreateField(wanted))


def standing_field(fields: Sequence[CustomField], wanted: WantedField) -> CustomField | None:
    """The account's field that serves as the wanted one; None when there is none."""
    if wanted.field_id is not None:
        return next((field for field in fields if field.id == wanted.field_id), None)
    return find_field(fields, wanted.name, wanted.usable)


def missing_labels(field: CustomField, wanted: WantedField) -> tuple[str, ...]:
    """The wanted labels that a select does not offer; a text field offers any."""
    if field.type not in CHOOSING:
        return ()
    return tuple(label for label in wanted.labels if not any(same_label(label, known.value) for known in field.enums))


def described(wanted: WantedField) -> str:
    """Type and labels, as a person would choose them in Kommo's form."""
    return f"{wanted.kind}: {', '.join(wanted.labels)}" if wanted.labels else wanted.kind


def _there(field: CustomField, wanted: WantedField) -> Item:
    if missing := missing_labels(field, wanted):
        said = finding(Code.FIELD_CHOICES_MISSING, field=wanted.name, choices=", ".join(missing))
        return Item(said, AddChoices(wanted))
    return Item(finding(Code.FIELD_PRESENT, field=wanted.name, type=field.type, id=field.id))


def _by_id(fields: Sequence[CustomField], wanted: WantedField, field_id: int) -> Finding:
    found = standing_field(fields, wanted)
    if found is None:
        return finding(Code.FIELD_ID_UNKNOWN, id=field_id)
    if found.type not in wanted.usable:
        return finding(Code.FIELD_OTHER_TYPE, field=wanted.name, type=found.type, wanted=described(wanted))
    return finding(Code.FIELD_PRESENT, field=wanted.name, type=found.type, id=found.id)
