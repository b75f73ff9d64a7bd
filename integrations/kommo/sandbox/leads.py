"""Leads: what may be written, what follows from a change (stage, owner, events, webhooks)."""

from dataclasses import dataclass

from . import hookshapes
from .context import Sandbox
from .errors import Flaw
from .inputs import Batch, LeadInput
from .model import LOST, WON, Lead, Pipeline, Stage
from .records import UNKNOWN_CHOICE, Draft, add_event, apply
from .wire import Doc
from .world import World

CLOSED = (WON, LOST)


@dataclass(slots=True)
class LeadChange:
    """A lead and what it was before, for the webhooks of one call."""

    lead: Lead
    old_status_id: int | None = None
    old_responsible_id: int | None = None

    @classmethod
    def of(cls, lead: Lead) -> "LeadChange":
        return cls(lead, lead.status_id, lead.responsible_user_id)


def is_open(lead: Lead) -> bool:
    return not lead.is_deleted and lead.status_id not in CLOSED


def main_pipeline(world: World) -> Pipeline:
    return next(pipeline for pipeline in world.pipelines.rows.values() if pipeline.is_main)


def first_stage(pipeline: Pipeline) -> Stage:
    """Where a lead begins: the first stage that is not 'Incoming leads'."""
    return next(stage for stage in pipeline.stages if stage.type != 1)


def check_stage(world: World, batch: Batch[LeadInput], key: str, item: LeadInput, lead: Lead | None) -> None:
    """Refuse a stage of another pipeline. 142 and 143 belong to each."""
    pipeline_id = item.pipeline_id or (lead.pipeline_id if lead else None)
    if pipeline_id is None and item.status_id not in (None, *CLOSED):
        owners = (p for p in world.pipelines.rows.values() if any(s.id == item.status_id for s in p.stages))
        pipeline_id = next((p.id for p in owners), None)
        if pipeline_id is None:
            batch.blame(key, Flaw("NotSupportedChoice", "status_id", UNKNOWN_CHOICE))
            return
    pipeline = world.pipelines.get(pipeline_id) if pipeline_id else main_pipeline(world)
    if pipeline is None:
        batch.blame(key, Flaw("NotSupportedChoice", "pipeline_id", UNKNOWN_CHOICE))
    elif item.status_id is not None and all(stage.id != item.status_id for stage in pipeline.stages):
        batch.blame(key, Flaw("NotSupportedChoice", "status_id", UNKNOWN_CHOICE))


def new_lead(world: World, name: str, user_id: int, owner_id: int | None = None) -> Lead:
    """An empty lead in the first stage of the main pipeline; not yet announced."""
    pipeline, now, lead_id = main_pipeline(world), world.now(), world.leads.next_id()
    stage = first_stage(pipeline)
    lead = Lead(lead_id, name or f"Lead #{lead_id}", owner_id or world.owner.id, user_id, user_id, now, now)
    lead.pipeline_id, lead.status_id = pipeline.id, stage.id
    return world.leads.put(lead)


def create(box: Sandbox, item: LeadInput, draft: Draft, user_id: int) -> Lead:
    """A lead from an accepted item, with its event; the caller announces it."""
    owner_id = item.responsible_user_id or user_id
    lead = new_lead(box.world, item.name or "", item.created_by if item.created_by is not None else user_id, owner_id)
    add_event(box.world, "lead_added", "leads", lead.id, user_id)
    change(box, lead, item, draft, user_id)
    return lead


def change(box: Sandbox, lead: Lead, item: LeadInput, draft: Draft, user_id: int) -> LeadChange:
    """Write an accepted item into a lead, with the events of it; the caller announces it."""
    was = LeadChange.of(lead)
    apply(box, "leads", lead, item, draft, user_id)
    if item.price is not None and item.price != lead.price:
        before, lead.price = lead.price, item.price
        add_event(box.world, "sale_field_changed", "leads", lead.id, user_id, _sale(lead.price), _sale(before))
    if item.gave("loss_reason_id"):
        lead.loss_reason_id = item.loss_reason_id
    _move(box, lead, item, user_id)
    for contact in item.embedded.contacts or []:
        if contact.id is not None:
            link_contact(box.world, lead, contact.id, is_main=bool(contact.is_main))
    lead.company_ids = [c.id for c in item.embedded.companies or [] if c.id is not None] or lead.company_ids
    box.world.leads.put(lead)
    return was


def _move(box: Sandbox, lead: Lead, item: LeadInput, user_id: int) -> None:
    world, before = box.world, (lead.pipeline_id, lead.status_id)
    if item.status_id is not None:
        lead.status_id = item.status_id
    if item.pipeline_id is not None and item.pipeline_id != lead.pipeline_id:
        lead.pipeline_id = item.pipeline_id
        if item.status_id is None:
            lead.status_id = first_stage(world.pipelines.rows[lead.pipeline_id]).id
    elif item.status_id is not None and item.pipeline_id is None and item.status_id not in CLOSED:
        owners = (p for p in world.pipelines.rows.values() if any(s.id == item.status_id for s in p.stages))
        lead.pipeline_id = next(owners).id
    if (lead.pipeline_id, lead.status_id) == before:
        return
    lead.closed_at = (item.closed_at or world.now()) if lead.status_id in CLOSED else None
    after = (lead.pipeline_id, lead.status_id)
    add_event(world, "lead_status_changed", "leads", lead.id, user_id, _stage(*after), _stage(*before))


def _sale(price: int) -> list[Doc]:
    return [{"sale_field_value": {"sale": price}}]


def _stage(pipeline_id: int, status_id: int) -> list[Doc]:
    return [{"lead_status": {"id": status_id, "pipeline_id": pipeline_id}}]


def set_deleted(box: Sandbox, lead: Lead, user_id: int, *, deleted: bool) -> None:
    """A person throws a lead away, or takes it back; the API itself can do neither."""
    if lead.is_deleted == deleted:
        return
    lead.is_deleted, lead.updated_at = deleted, box.world.now()
    box.world.leads.put(lead)
    add_event(box.world, "lead_deleted" if deleted else "lead_restored", "leads", lead.id, user_id)
    if deleted:
        ids: Doc = {"id": lead.id, "status_id": lead.status_id, "pipeline_id": lead.pipeline_id}
        box.courier.announce("delete_lead", "leads", "delete", [ids])
    else:
        box.courier.announce("restore_lead", "leads", "restore", [hookshapes.lead(box.world, lead)])


def link_contact(world: World, lead: Lead, contact_id: int, *, is_main: bool = False) -> None:
    """Tie a contact to a lead; the first one is its main contact."""
    if contact_id not in lead.contact_ids:
        lead.contact_ids.append(contact_id)
        world.leads_of[contact_id].append(lead.id)
    if is_main or lead.main_contact_id is None:
        lead.main_contact_id = contact_id
    world.leads.put(lead)


def unlink_contact(world: World, lead: Lead, contact_id: int) -> None:
    if contact_id in lead.contact_ids:
        lead.contact_ids.remove(contact_id)
        world.leads_of[contact_id].remove(lead.id)
    if lead.main_contact_id == contact_id:
        lead.main_contact_id = lead.contact_ids[0] if lead.contact_ids else None
    world.leads.put(lead)


def announce_new(box: Sandbox, leads: list[Lead]) -> None:
    box.courier.announce("add_lead", "leads", "add", [hookshapes.lead(box.world, lead) for lead in leads])


def announce_changes(box: Sandbox, changes: list[LeadChange]) -> None:
    """A stage move comes twice, as `leads[status]` and as `leads[update]`; an owner change likewise."""
    world = box.world
    moved = [c for c in changes if c.old_status_id != c.lead.status_id]
    passed = [c for c in changes if c.old_responsible_id != c.lead.responsible_user_id]
    status = [hookshapes.lead(world, c.lead, {"old_status_id": c.old_status_id}) for c in moved]
    owner = [hookshapes.lead(world, c.lead, {"old_responsible_user_id": c.old_responsible_id}) for c in passed]
    update = [hookshapes.lead(world, c.lead, _before(c)) for c in changes]
    box.courier.announce("status_lead", "leads", "status", status)
    box.courier.announce("responsible_lead", "leads", "responsible", owner)
    box.courier.announce("update_lead", "leads", "update", update)


def _before(change: LeadChange) -> Doc:
    before: Doc = {}
    if change.old_status_id != change.lead.status_id:
        before["old_status_id"] = change.old_status_id
    if change.old_responsible_id != change.lead.responsible_user_id:
        before["old_responsible_user_id"] = change.old_responsible_id
    return before
