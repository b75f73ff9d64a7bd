"""Reads and keeps what new customers told, and queues what is new for the Kommo lead. Never commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from assistant.newcomers.facts import Fact, JobSize, Lead, Question, Warmth
from assistant.newcomers.models import LeadFacts
from assistant.newcomers.qualifying import Learnt
from assistant.newcomers.questions import questions_in
from assistant.newcomers.summary import SIZES, WARMTHS
from integrations.kommo.chats.leadfields import queue_lead_fields
from integrations.kommo.chats.models import Conversation, Message
from integrations.kommo.setup import LeadField
from integrations.workshop.normal.choices import Origin

INSTAGRAM = "instagram_business"
FIELD_OF: Mapping[Fact, LeadField] = {
    Fact.PLATE: LeadField.PLATE,
    Fact.MODEL: LeadField.MODEL,
    Fact.SYMPTOM: LeadField.PROBLEM,
    Fact.URGENCY: LeadField.URGENCY,
    Fact.ORIGIN: LeadField.ORIGIN,
}


async def known_lead(session: AsyncSession, conversation: Conversation) -> Lead:
    """What is known of the new customer of a conversation. Who writes on Instagram knows the shop from there."""
    channel = {Fact.ORIGIN: Origin.INSTAGRAM.value} if conversation.origin == INSTAGRAM else {}
    row = await session.get(LeadFacts, conversation.id)
    if row is None:
        return Lead(channel)
    told = {fact: value for fact in Fact if (value := getattr(row, fact.value))}
    return Lead(
        facts=channel | told,
        asked=frozenset(map(Question, row.asked)),
        claims=row.claims_customer,
        handed=None if row.handed is None else {Fact(name): str(value) for name, value in row.handed.items()},
        size=JobSize(row.job_size) if row.job_size else None,
        warmth=Warmth(row.warmth) if row.warmth else None,
    )


async def keep_lead(
    session: AsyncSession,
    conversation: Conversation,
    burst: Sequence[Message],
    learnt: Learnt,
    reply: str,
    key: str,
    now: datetime,
) -> None:
    """Keep what a turn taught and asked, and queue for Kommo what changed. Nothing known and nothing asked: no row."""
    lead, asked = learnt.lead, learnt.lead.asked | questions_in(reply)
    row = await session.get(LeadFacts, conversation.id)
    if row is None:
        if not (lead.facts or asked or lead.claims):
            return
        row = LeadFacts(conversation_id=conversation.id, sources={}, queued={}, created_at=now)
        session.add(row)
    for fact in Fact:
        setattr(row, fact.value, lead.facts.get(fact))
    row.sources = {**row.sources, **{fact.value: burst[place].id for fact, place in learnt.sources.items()}}
    row.asked = [question.value for question in Question if question in asked]
    row.claims_customer, row.handed = lead.claims, _as_json(lead.handed)
    row.job_size, row.warmth, row.updated_at = lead.size, lead.warmth, now
    await _queue_changes(session, conversation, row, lead, key)


def _as_json(facts: Mapping[Fact, str] | None) -> dict[str, str] | None:
    return None if facts is None else {fact.value: value for fact, value in facts.items()}


async def _queue_changes(
    session: AsyncSession, conversation: Conversation, row: LeadFacts, lead: Lead, key: str
) -> None:
    """Queue the fields of the Kommo lead that are not queued with this value yet; all of them for another lead."""
    if conversation.lead_id is None:
        return
    if row.lead_id != conversation.lead_id:
        row.lead_id, row.queued = conversation.lead_id, {}
    wanted = _fields(lead)
    changed = {name: value for name, value in wanted.items() if row.queued.get(name) != value}
    if changed:
        row.queued = {**row.queued, **changed}
        await queue_lead_fields(session, conversation.id, key, changed)


def _fields(lead: Lead) -> dict[str, str]:
    """The lead's custom fields by name."""
    fields = {FIELD_OF[fact].value: value for fact, value in lead.facts.items() if fact in FIELD_OF}
    if lead.size is not None:
        fields[LeadField.JOB_SIZE.value] = SIZES[lead.size].split(" ")[0].capitalize()
    if lead.warmth is not None:
        fields[LeadField.WARMTH.value] = WARMTHS[lead.warmth].capitalize()
    return fields
