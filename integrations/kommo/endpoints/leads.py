"""Leads: read, and custom fields of one lead written; and the fields that leads have."""

from collections.abc import Mapping

from integrations.kommo.answers import read_one, read_page
from integrations.kommo.client import KommoClient
from integrations.kommo.schemas import CustomField, Lead

PAGE = 250


async def get_lead(client: KommoClient, lead_id: int) -> Lead | None:
    """One lead with its contacts; None when Kommo has none with this id."""
    document = await client.get("/leads/{lead_id}", [("with", "contacts")], lead_id=lead_id)
    return None if document is None else read_one("GET /leads/{lead_id}", document, Lead)


async def set_lead_fields(client: KommoClient, lead_id: int, values: Mapping[int, str | None]) -> None:
    """Write text fields of a lead by field id; None empties one. Other fields stay. Safe to repeat."""
    fields = [
        {"field_id": field_id, "values": None if text is None else [{"value": text}]}
        for field_id, text in values.items()
    ]
    body = {"custom_fields_values": fields}
    await client.send("PATCH", "/leads/{lead_id}", body, repeatable=True, lead_id=lead_id)


async def list_lead_fields(client: KommoClient) -> list[CustomField]:
    """All custom fields that leads have."""
    found: list[CustomField] = []
    page = 1
    while True:
        document = await client.get("/leads/custom_fields", [("limit", PAGE), ("page", page)])
        rows = read_page("GET /leads/custom_fields", document, "custom_fields", CustomField)
        found += rows.items
        if not rows.has_next:
            return found
        page += 1
