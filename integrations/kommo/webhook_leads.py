"""What a webhook body says about leads. Pure parsing; what it says is only a reason to look at the lead itself.

Source: developers.kommo.com `docs/webhooks-general`. A stage move comes as `leads[status]` and as `leads[update]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from integrations.kommo.formtree import Node
from integrations.kommo.loose import read_int

CHANGES = ("leads.add", "leads.update", "leads.status", "leads.restore")
DELETION = "leads.delete"


@dataclass(frozen=True)
class LeadChanged:
    """A lead was made, edited or moved, by whomever. `fields`: its custom fields by name, the first value as text."""

    lead_id: int
    fields: Mapping[str, str]
    pipeline_id: int | None = None
    status_id: int | None = None


@dataclass(frozen=True)
class LeadDeleted:
    """A lead was thrown away."""

    lead_id: int


def read_lead(kind: str, node: Node) -> LeadChanged | LeadDeleted | None:
    """The item; None when it is about no lead, or does not name it."""
    lead_id = positive_id(node.text("id"))
    if lead_id is None or kind not in (*CHANGES, DELETION):
        return None
    if kind == DELETION:
        return LeadDeleted(lead_id)
    stage = (positive_id(node.text("pipeline_id")), positive_id(node.text("status_id")))
    return LeadChanged(lead_id, _fields(node.child("custom_fields")), *stage)


def _fields(node: Node) -> Mapping[str, str]:
    """Custom fields by name. Values come as a list of objects, as bare texts, or as one object (radio button)."""
    found: dict[str, str] = {}
    for _, field in node.items():
        values = field.child("values")
        shapes = [values, *values.children.values()]
        first = next((text for shape in shapes if (text := shape.text("value") or shape.text())), "")
        found[field.text("name")] = first
    return found


def positive_id(text: str) -> int | None:
    """A positive id; None for anything else."""
    try:
        number = read_int(text)
    except ValueError:
        return None
    return number if number and number > 0 else None
