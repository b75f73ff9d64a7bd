"""START HERE: what a turn of a new customer teaches, and what must follow from it whoever drafted the reply.

`learn` puts together what the messages say and what a responder noted; `followed_up` sees to it that a consultant is
called once there is enough or a price was asked, and staff when somebody says to be a customer under another number.
Decided in code, the same with and without a model; pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.conversation.embedded.answers.offers import ASK_PERSON
from assistant.conversation.embedded.language import Language, language_of
from assistant.conversation.embedded.slots import find_order_number
from assistant.conversation.responder import Draft, HandOff, HandOffReason, Request
from assistant.newcomers.facts import Fact, JobSize, Lead
from assistant.newcomers.jobs import job_size, warmer_by
from assistant.newcomers.questions import questions_in
from assistant.newcomers.reading import grounded, merged, told
from assistant.newcomers.signals import asks_price, claims_to_be_customer
from assistant.newcomers.summary import five_lines

TO_CONSULTANT = {
    Language.PORTUGUESE: "Já passei para um consultor, que continua com você por aqui.",
    Language.SPANISH: "Ya se lo pasé a un asesor, que continúa con usted por aquí.",
    Language.ENGLISH: "I have passed this on to a consultant, who will continue with you here.",
}
STAFF_CONFIRM = {
    Language.PORTUGUESE: "Para proteger os dados do cadastro, a equipe confirma com você antes de ligar este número a "
    "ele. Até lá não passo informações de carro por aqui.",
    Language.SPANISH: "Para proteger los datos, nuestro equipo confirma con usted antes de vincular este número. Hasta "
    "entonces no doy información de vehículos por aquí.",
    Language.ENGLISH: "To protect the data on file, our team will confirm with you before linking this number. Until "
    "then I cannot share information about any car here.",
}
SAYS_CONSULTANT = ("consultor", "asesor", "consultant")


@dataclass(frozen=True)
class Learnt:
    """The lead after a turn, and in which of the turn's messages each new fact stood."""

    lead: Lead
    sources: Mapping[Fact, int]


def learn(lead: Lead, burst: Sequence[str], last_said: str, notes: Mapping[Fact, str], earlier: str = "") -> Learnt:
    """What `burst` adds to what is known. Notes count where the customer's own words, `earlier` ones too, hold them."""
    facts, sources = dict(lead.facts), dict[Fact, int]()
    size, warmth, claims = lead.size, lead.warmth, lead.claims
    awaited = questions_in(last_said)
    for place, text in enumerate(burst):
        found = told(text, awaited, lead.asked)
        if claims:
            # Offered as proof of being a customer, a plate is no car of a new lead.
            found.pop(Fact.PLATE, None)
        sources |= {fact: place for fact, value in found.items() if facts.get(fact) != value}
        facts = merged(facts, found)
        size, warmth = _bigger(size, text), warmer_by(warmth, text)
        claims = claims or claims_to_be_customer(text)
    said = "\n".join([earlier, *burst])
    for fact, value in notes.items():
        if fact not in sources and facts.get(fact) != value and grounded(fact, value, said):
            facts[fact], sources[fact] = value, _place_of(value, burst)
    return Learnt(replace(lead, facts=facts, size=size, warmth=warmth, claims=claims), sources)


def _bigger(before: JobSize | None, text: str) -> JobSize | None:
    """The biggest job named so far."""
    sizes = [size for size in (before, job_size(text)) if size is not None]
    return max(sizes, key=list(JobSize).index, default=None)


def _place_of(value: str, burst: Sequence[str]) -> int:
    """The message that holds the value, else the last."""
    return next((place for place, text in enumerate(burst) if value.lower() in text.lower()), len(burst) - 1)


def followed_up(draft: Draft, request: Request, learnt: Learnt) -> tuple[Draft, Lead]:
    """The draft with what must follow from what is known, and the lead as it is when that goes out."""
    before, lead = request.lead, learnt.lead
    if before is None or draft.silent:
        return draft, lead
    if lead.claims and not before.claims:
        return _for_staff(draft, request, lead), lead
    price = any(asks_price(line.text) for line in request.burst) and not find_order_number(request.text)
    wanted = draft.handoff is not None and draft.handoff.reason is HandOffReason.NEW_QUOTE
    told_already = before.handed is not None and before.handed == lead.essentials
    if told_already:
        return (replace(draft, handoff=None) if wanted else draft), lead
    due = wanted or (not lead.claims and (lead.enough or (price and before.handed is None)))
    if not due:
        return draft, lead
    summary = five_lines(lead, request.speaker.name, price_asked=price)
    return _with_consultant(draft, summary), replace(lead, handed=lead.essentials)


def _with_consultant(draft: Draft, summary: str) -> Draft:
    """The draft with a consultant called: told to the customer once, with one task for all that the staff has to do."""
    if draft.handoff is None:
        text = draft.text.removesuffix(ASK_PERSON).rstrip()
        if not any(word in text.lower() for word in SAYS_CONSULTANT):
            text = f"{text}\n\n{TO_CONSULTANT[language_of(text)]}"
        return replace(draft, text=text, handoff=HandOff(HandOffReason.NEW_QUOTE, summary))
    if draft.handoff.reason is HandOffReason.NEW_QUOTE:
        return replace(draft, handoff=HandOff(HandOffReason.NEW_QUOTE, summary))
    return replace(draft, handoff=HandOff(draft.handoff.reason, f"{draft.handoff.summary}\n{summary}"))


def _for_staff(draft: Draft, request: Request, lead: Lead) -> Draft:
    """Somebody says to be a customer: staff confirm who it is, and nothing is told meanwhile."""
    name = lead.facts.get(Fact.NAME) or request.speaker.name
    who = f'Diz ser "{name}"' if name else "Diz ser cliente"
    summary = (
        f"Número sem cadastro: {who} e que este é outro número seu. Confirmem a identidade antes de ligar o contato ao "
        "cadastro; o assistente não informou nada. Placa, CPF ou número de OS não bastam como prova."
    )
    if draft.handoff is not None and draft.handoff.reason is not HandOffReason.IDENTITY:
        summary = f"{summary}\n{draft.handoff.summary}"
    sentence = STAFF_CONFIRM[language_of(draft.text)]
    text = draft.text if sentence in draft.text else f"{draft.text.removesuffix(ASK_PERSON).rstrip()}\n\n{sentence}"
    return replace(draft, text=text.strip(), handoff=HandOff(HandOffReason.IDENTITY, summary))
