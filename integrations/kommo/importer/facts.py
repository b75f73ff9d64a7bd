"""What a lead and its contact say about a customer, a vehicle and a job: texts only, nothing judged. No I/O.

Fields are found by the ids that the set-up remembered, else by their names; a document number may stand on the contact
as well. Where the field *Origem* is empty, the tag that advertisements set (`UTM_SOURCE`) tells.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from integrations.contact import written_plate
from integrations.kommo.labels import same_label
from integrations.kommo.schemas import Contact, Lead, WithFields
from integrations.kommo.setup.wanted import LeadField

DOCUMENT_NAMES = ("CPF", "CNPJ", "CPF/CNPJ", "CNPJ/CPF", "Documento")
LONGEST = 2000

SAID = (
    "full_name",
    "phone",
    "document",
    "email",
    "plate",
    "vehicle",
    "problem",
    "urgency",
    "origin",
    "value",
)
"""Everything a lead says that is read into a field; the order in which pages show it."""


@dataclass(frozen=True)
class FetchedLead:
    """A lead as it was fetched. `said` holds `SAID` and `lead_name`, `phones`, `plate_guessed`."""

    lead_id: int
    qualified: bool
    said: Mapping[str, str]
    items: tuple[Mapping[str, str], ...] = field(default=())


def lead_says(lead: Lead, contact: Contact | None, field_ids: Mapping[str, int]) -> dict[str, str]:
    """The texts of a lead; what it does not say is missing."""
    phones = contact.phones if contact else []
    plate = _field(lead, field_ids, LeadField.PLATE)
    guessed = "" if plate else _plate_in(lead.name)
    said = {
        "lead_name": lead.name,
        "full_name": contact.name if contact else "",
        "phone": phones[0] if phones else "",
        "phones": "\n".join(phones[1:]),
        "document": _named(lead, DOCUMENT_NAMES) or (_named(contact, DOCUMENT_NAMES) if contact else ""),
        "email": next(iter(contact.texts(code="EMAIL")), "") if contact else "",
        "plate": plate or guessed,
        "plate_guessed": "lead_name" if guessed else "",
        "vehicle": _field(lead, field_ids, LeadField.MODEL),
        "problem": _field(lead, field_ids, LeadField.PROBLEM),
        "urgency": _field(lead, field_ids, LeadField.URGENCY),
        "origin": _field(lead, field_ids, LeadField.ORIGIN) or next(iter(lead.texts(code="UTM_SOURCE")), ""),
        "value": str(lead.price) if lead.price else "",
    }
    return {name: text.replace("\x00", "").strip()[:LONGEST] for name, text in said.items() if text.strip()}


def _field(lead: Lead, field_ids: Mapping[str, int], name: LeadField) -> str:
    known = field_ids.get(name.value)
    found = next(iter(lead.texts(field_id=known)), "") if known else ""
    return found or _named(lead, (name.value,))


def _named(entity: WithFields, names: Iterable[str]) -> str:
    """The first value of the first field of one of these names."""
    for name in names:
        for one in entity.custom_fields_values:
            if same_label(one.field_name, name) and (texts := entity.texts(field_id=one.field_id)):
                return texts[0]
    return ""


def _plate_in(text: str) -> str:
    """A plate that stands in the lead's own name, as people write it there: `"Fernanda - VW Tiguan MNO2P34"`."""
    words = re.findall(r"[A-Za-z]{3}[- ]?[0-9][A-Za-z0-9][0-9]{2}\b", text)
    return next((word for word in words if written_plate(word)), "")
