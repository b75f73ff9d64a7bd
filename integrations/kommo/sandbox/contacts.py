"""Contacts and companies: creating, changing, finding by phone."""

from dataclasses import dataclass

from . import hookshapes
from .context import Sandbox
from .inputs import ContactInput
from .model import SINGULAR, Contact, FieldValue
from .records import Draft, add_event, apply
from .world import World


@dataclass(slots=True)
class ContactChange:
    contact: Contact
    old_responsible_id: int


def create(box: Sandbox, kind: str, item: ContactInput, draft: Draft, user_id: int) -> Contact:
    """A contact (or company) from an accepted item, with its event; the caller announces it."""
    world, now = box.world, box.world.now()
    creator = item.created_by if item.created_by is not None else user_id
    contact = Contact(world.contacts.next_id(), "", item.responsible_user_id or user_id, creator, creator, now, now)
    contact.kind = "companies" if kind == "companies" else "contacts"
    add_event(world, f"{SINGULAR[contact.kind]}_added", contact.kind, contact.id, user_id)
    change(box, contact, item, draft, user_id)
    return contact


def change(box: Sandbox, contact: Contact, item: ContactInput, draft: Draft, user_id: int) -> ContactChange:
    """Write an accepted item into a contact; the caller announces it."""
    was = ContactChange(contact, contact.responsible_user_id)
    box.world.unindex_phones(contact)
    apply(box, contact.kind, contact, item, draft, user_id)
    if item.gave("first_name") or item.gave("last_name"):
        contact.first_name = item.first_name if item.first_name is not None else contact.first_name
        contact.last_name = item.last_name if item.last_name is not None else contact.last_name
        if not item.gave("name"):
            contact.name = f"{contact.first_name} {contact.last_name}".strip()
    contact.company_ids = [c.id for c in item.embedded.companies or [] if c.id is not None] or contact.company_ids
    box.world.contacts.put(contact)
    box.world.index_phones(contact)
    return was


def with_phone(box: Sandbox, name: str, digits: str) -> Contact:
    """A contact as a chat makes it: named by its WhatsApp profile, with its number in PHONE."""
    world, now = box.world, box.world.now()
    contact = Contact(world.contacts.next_id(), name, world.owner.id, 0, 0, now, now, first_name=name)
    field = world.fields.rows[world.phone_field_id] if world.phone_field_id else None
    if field:
        choice = next(choice for choice in field.enums if choice.value == "WORK")
        contact.values[field.id] = [FieldValue(f"+{digits}", choice.id, choice.value)]
    add_event(world, "contact_added", "contacts", contact.id, 0)
    world.contacts.put(contact)
    world.index_phones(contact)
    return contact


def by_phone(world: World, digits: str) -> Contact | None:
    """The living contact that has exactly these digits as a phone."""
    found = (world.contacts.rows[i] for i in world.phones.get(digits, ()))
    return next((contact for contact in found if not contact.is_deleted and contact.kind == "contacts"), None)


def announce_new(box: Sandbox, contacts: list[Contact]) -> None:
    for kind, name in (("contacts", "add_contact"), ("companies", "add_company")):
        items = [hookshapes.contact(box.world, contact) for contact in contacts if contact.kind == kind]
        box.courier.announce(name, "contacts", "add", items)


def announce_changes(box: Sandbox, changes: list[ContactChange]) -> None:
    """An owner change is a `contacts[update]` with `old_responsible_user_id`; companies come under `contacts` too."""
    for kind, name in (("contacts", "contact"), ("companies", "company")):
        mine = [c for c in changes if c.contact.kind == kind]
        passed = [c for c in mine if c.old_responsible_id != c.contact.responsible_user_id]
        plain = [hookshapes.contact(box.world, c.contact) for c in mine if c not in passed]
        owner = [
            hookshapes.contact(box.world, c.contact, {"old_responsible_user_id": c.old_responsible_id}) for c in passed
        ]
        box.courier.announce(f"update_{name}", "contacts", "update", plain)
        for hook_name in (f"update_{name}", f"responsible_{name}"):
            box.courier.announce(hook_name, "contacts", "update", owner)
