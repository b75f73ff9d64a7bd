"""Leads: read one, write its custom fields; and the fields that leads have."""

from collections.abc import Mapping, Sequence

from integrations.kommo.answers import read_one
from integrations.kommo.caller import Caller
from integrations.kommo.schemas import CustomField, Lead

PAGE = 250


class LeadCalls(Caller):
    """`/leads`."""

    async def lead(self, lead_id: int) -> Lead | None:
        """One lead with its contacts; None when Kommo has none with this id."""
        document = await self.get("/leads/{lead_id}", [("with", "contacts")], lead_id=lead_id)
        return None if document is None else read_one("GET /leads/{lead_id}", document, Lead)

    async def set_lead_fields(self, lead_id: int, values: Mapping[int, str | None]) -> None:
        """Write text fields of a lead by field id; None empties one. Other fields stay. Repeated when unclear."""
        fields = [
            {"field_id": field_id, "values": None if text is None else [{"value": text}]}
            for field_id, text in values.items()
        ]
        body = {"custom_fields_values": fields}
        await self.send("PATCH", "/leads/{lead_id}", body, repeatable=True, lead_id=lead_id)

    async def lead_fields(self) -> list[CustomField]:
        """All custom fields that leads have."""
        rows = self.rows("/leads/custom_fields", "custom_fields", CustomField, [("limit", PAGE)])
        return [field async for field in rows]

    async def create_lead_field(self, name: str, kind: str, labels: Sequence[str] = ()) -> None:
        """Create a custom field of leads; `labels` for a select. Needs an administrator's token."""
        body: dict[str, object] = {"name": name, "type": kind}
        if labels:
            body["enums"] = [{"value": label, "sort": place} for place, label in enumerate(labels, start=1)]
        await self.send("POST", "/leads/custom_fields", [body])
