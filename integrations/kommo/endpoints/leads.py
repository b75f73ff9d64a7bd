"""Leads: read one, write its custom fields; and the fields that leads have."""

from collections.abc import Iterable, Mapping, Sequence

from integrations.kommo.answers import Page, read_one, read_page
from integrations.kommo.caller import Caller
from integrations.kommo.errors import BadAnswer
from integrations.kommo.schemas import CatalogElement, CustomField, Lead

PAGE = 250
FIELDS = "/leads/custom_fields"


class LeadCalls(Caller):
    """`/leads`."""

    async def lead(self, lead_id: int) -> Lead | None:
        """One lead with its contacts and products; None when Kommo has none with this id."""
        document = await self.get("/leads/{lead_id}", [("with", "contacts,catalog_elements")], lead_id=lead_id)
        return None if document is None else read_one("GET /leads/{lead_id}", document, Lead)

    async def set_lead_fields(self, lead_id: int, values: Mapping[int, str | None]) -> None:
        """Write text fields of a lead by field id; None empties one. Other fields stay. Repeated when unclear."""
        body = {"custom_fields_values": _texts(values)}
        await self.send("PATCH", "/leads/{lead_id}", body, repeatable=True, lead_id=lead_id)

    async def mark_lead(
        self, lead_id: int, values: Mapping[int, str | None], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> None:
        """Set text fields by id and change the tags named, the others stay. Repeated when unclear."""
        body: dict[str, object] = {}
        if values:
            body["custom_fields_values"] = _texts(values)
        if add:
            body["tags_to_add"] = [{"name": name} for name in add]
        if remove:
            body["tags_to_delete"] = [{"name": name} for name in remove]
        if body:
            await self.send("PATCH", "/leads/{lead_id}", body, repeatable=True, lead_id=lead_id)

    async def leads_in_stage(self, pipeline_id: int, stage_id: int, number: int) -> Page[Lead]:
        """One page of the leads of a stage with their contacts, in the order they were made, 250 at most."""
        params: list[tuple[str, str | int]] = [
            ("filter[statuses][0][pipeline_id]", pipeline_id),
            ("filter[statuses][0][status_id]", stage_id),
            ("with", "contacts,catalog_elements"),
            ("order[id]", "asc"),
            ("limit", PAGE),
        ]
        return await self.page("/leads", "leads", Lead, params, number=number)

    async def catalog_elements(self, catalog_id: int, ids: Iterable[int]) -> list[CatalogElement]:
        """Elements of a list by id, 250 a call; those that Kommo does not know are absent."""
        wanted, found = sorted(set(ids)), list[CatalogElement]()
        for start in range(0, len(wanted), PAGE):
            batch = wanted[start : start + PAGE]
            params = [("limit", PAGE), *(("filter[id][]", element_id) for element_id in batch)]
            template = "/catalogs/{catalog_id}/elements"
            found += (await self.page(template, "elements", CatalogElement, params, catalog_id=catalog_id)).items
        return found

    async def lead_fields(self) -> list[CustomField]:
        """All custom fields that leads have."""
        rows = self.rows(FIELDS, "custom_fields", CustomField, [("limit", PAGE)])
        return [field async for field in rows]

    async def create_lead_field(self, name: str, kind: str, labels: Sequence[str] = ()) -> CustomField:
        """Create a custom field of leads; `labels` for a select. A repeat makes a second one: look first.

        Needs an administrator's token.
        """
        body: dict[str, object] = {"name": name, "type": kind}
        if labels:
            body["enums"] = [{"value": label, "sort": place} for place, label in enumerate(labels, start=1)]
        return _only(f"POST {FIELDS}", await self.send("POST", FIELDS, [body]))

    async def set_field_choices(self, field: CustomField, missing: Sequence[str]) -> CustomField:
        """Add values to a select field; those it has keep their ids. Repeated when unclear."""
        kept: list[dict[str, object]] = [{"id": choice.id, "value": choice.value} for choice in field.enums]
        body = [{"id": field.id, "enums": [*kept, *({"value": value} for value in missing)]}]
        return _only(f"PATCH {FIELDS}", await self.send("PATCH", FIELDS, body, repeatable=True))

    async def set_lead_choice(self, lead_id: int, field_id: int, choice_id: int) -> None:
        """Choose a value of a lead's select field. Other fields stay. Repeated when unclear."""
        body = {"custom_fields_values": [{"field_id": field_id, "values": [{"enum_id": choice_id}]}]}
        await self.send("PATCH", "/leads/{lead_id}", body, repeatable=True, lead_id=lead_id)


def _texts(values: Mapping[int, str | None]) -> list[dict[str, object]]:
    return [
        {"field_id": field_id, "values": None if text is None else [{"value": text}]}
        for field_id, text in values.items()
    ]


def _only(endpoint: str, document: object) -> CustomField:
    rows = read_page(endpoint, document, "custom_fields", CustomField)
    if not rows.items:
        raise BadAnswer(endpoint, None, ("_embedded.custom_fields.0.id",))
    return rows.items[0]
