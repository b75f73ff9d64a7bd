"""A wish for new work: collects what a consultant needs, asking only what is not known and was not asked.

Never a price: a consultant gives prices to new work. At most three questions a message, none of them twice. What was
told before is in the request; for a customer, who has no record of it, it is read from the conversation.
"""

import re
from collections.abc import Iterator

from assistant.conversation.embedded.answers.cars import Car, label
from assistant.conversation.embedded.answers.offers import Offer
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import enumerated, squeezed, upper_first
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.language import Language
from assistant.conversation.responder import HandOff, HandOffReason
from assistant.newcomers.facts import Fact, Lead, Question
from assistant.newcomers.qualifying import STAFF_CONFIRM, learn
from assistant.newcomers.questions import asked_before, wording
from assistant.newcomers.signals import asks_price, claims_to_be_customer
from assistant.newcomers.summary import five_lines

FIRST = (Question.NAME, Question.CAR, Question.SYMPTOM)
"""What is asked of everybody; the rest once it is clear that a consultant takes over."""


HOW_LONG = re.compile(r"\b(?:demor\w*|quanto tempo|prazo|quantos dias|quando (?:fica|estaria|sai)\w*)\b")
DOCUMENT = re.compile(r"\b(?:cpf|cnpj|rg)\b|\d{3}\.?\d{3}\.?\d{3}-?\d{2}")
OF_CUSTOMERS = (
    Intent.STATUS_OS,
    Intent.PREVISAO_ENTREGA,
    Intent.ORCAMENTO_DETALHES,
    Intent.APROVAR_ORCAMENTO,
    Intent.RECUSAR_ORCAMENTO,
    Intent.HISTORICO,
    Intent.PAGAMENTO,
    Intent.GARANTIA,
)
"""What only a customer can ask."""


INVITED = "com as suas palavras"
"""Stands in our invitations to go on telling, which ask nothing again."""


async def new_quote(talk: Talk) -> Part:
    """Ask what is missing; with a symptom and a car, or when a price is asked, hand over."""
    lead = lead_of(talk)
    price = asks_price(talk.request.text)
    questions = _questions(talk, lead)
    if not (lead.enough or price or (lead.handed is not None) or _exhausted(talk, lead, questions)):
        return _ask(talk, lead, questions)
    handed = talk.request.lead is not None and talk.request.lead.handed == lead.essentials
    if handed and (price or HOW_LONG.search(talk.text)):
        return _is_the_consultants(talk, "Valores" if price else "Prazo")
    text = [_thanks(talk, lead)]
    if price:
        text.append("Valores quem passa é o consultor, depois de avaliar o carro.")
    if questions:
        wanted = wording(questions, car_known=lead.car is not None)
        text.append(f"Para adiantar, {Offer.NEW_QUOTE.value}: {enumerated(wanted)}.")
    summary = five_lines(lead, talk.name, price_asked=price)
    if talk.known:
        summary = summary.replace("Cliente novo:", "Cliente:").replace(" (número sem cadastro)", "")
    return Part(" ".join(text), HandOff(HandOffReason.NEW_QUOTE, summary), named=True, person=True)


def _is_the_consultants(talk: Talk, what: str) -> Part:
    """A price or how long it takes is asked again, and a consultant has the matter already."""
    return Part(
        talk.voice.say(
            f"{what} quem passa é o consultor, depois de avaliar o carro; o seu pedido já está com ele.",
            f"O consultor já está com o seu pedido; {what.lower()} é ele quem passa, depois de avaliar o carro.",
        ),
        named=True,
        person=True,
    )


async def second_phone(talk: Talk) -> Part | None:
    """Somebody unknown says to be a customer under another number: staff confirm, and nothing is told meanwhile."""
    lead = talk.request.lead
    waits = lead is not None and lead.claims
    if talk.known or not (claims_to_be_customer(talk.request.text) or (waits and _offers_proof(talk))):
        return None
    if waits:
        text = talk.voice.say(
            "A equipe ainda vai confirmar com você antes de ligar este número ao cadastro. Até lá não passo "
            "informações de carro por aqui, nem com placa, documento ou número da ordem.",
            "O pedido de confirmação já está com a equipe. Enquanto este número não estiver no cadastro, não passo "
            "dados de nenhum carro por aqui.",
        )
        return Part(text, named=True, person=True)
    handoff = HandOff(HandOffReason.IDENTITY, "Diz ser cliente por outro número; confirmem.")
    return Part(f"Obrigado por avisar! {STAFF_CONFIRM[Language.PORTUGUESE]}", handoff, named=True, person=True)


def _offers_proof(talk: Talk) -> bool:
    """Whether somebody who waits to be confirmed shows a plate, a document or an order number, or asks of a car."""
    said = talk.understood
    shown = bool(said.plates or said.os_number or DOCUMENT.search(talk.text))
    return shown or talk.answers(*OF_CUSTOMERS) or (not talk.intents and said.main in OF_CUSTOMERS)


def lead_of(talk: Talk) -> Lead:
    """What is known with this turn's messages: name and car also from the customer's own records."""
    burst = [line.text for line in talk.request.burst if line.text]
    ours = asked_before(talk.voice.said)
    known = talk.request.lead
    if known is None:
        earlier = list(_earlier(talk))
        before = learn(Lead(), earlier, Offer.NEW_QUOTE.value, {}).lead if earlier else Lead()
        known = Lead(before.facts if _still_told(talk) else _without_symptom(before), ours, size=before.size)
    lead = learn(Lead(**{**vars(known), "asked": known.asked | ours}), burst, talk.last_said, {}).lead
    facts = dict(lead.facts)
    if talk.name:
        facts.setdefault(Fact.NAME, talk.name)
    if lead.car is None and (car := _only_car(talk)):
        facts[Fact.MODEL] = car
    return Lead(**{**vars(lead), "facts": facts})


def _still_told(talk: Talk) -> bool:
    """Whether what the customer of ours told before belongs to this wish: we were asking about it."""
    return talk.pending in (Offer.NEW_QUOTE, Offer.LEAD_TOLD)


def _without_symptom(lead: Lead) -> dict[Fact, str]:
    return {fact: value for fact, value in lead.facts.items() if fact is not Fact.SYMPTOM}


def _earlier(talk: Talk) -> Iterator[str]:
    """What the customer wrote before this turn in this talk."""
    lines = talk.customer_lines()
    return (line.text for line in lines[: len(lines) - len(talk.request.burst)] if line.text)


def _questions(talk: Talk, lead: Lead) -> list[Question]:
    """What to ask now: first who, which car and what for; then how soon and where from, of somebody new."""
    left = lead.open_questions()
    first = [question for question in left if question in FIRST]
    later = [] if talk.known else [question for question in left if question not in FIRST]
    return first or later if not lead.enough else [*first, *later]


def _exhausted(talk: Talk, lead: Lead, questions: list[Question]) -> bool:
    """Whether everything was asked, and the problem was told or nothing new came after our invitation."""
    if any(question in FIRST for question in questions):
        return False
    new = lead.facts != (talk.request.lead.facts if talk.request.lead is not None else {})
    return Fact.SYMPTOM in lead.facts or (INVITED in squeezed(talk.last_said) and not new)


def _thanks(talk: Talk, lead: Lead) -> str:
    name = f", {lead.facts[Fact.NAME]}" if Fact.NAME in lead.facts else ""
    return talk.voice.say(
        f"Obrigado{name}! Já passei o que você contou {Offer.LEAD_TOLD.value}.",
        f"Anotado{name}! Passei o seu relato {Offer.LEAD_TOLD.value}.",
        f"Certo{name}, acrescentei isso {Offer.LEAD_TOLD.value}.",
    )


def _ask(talk: Talk, lead: Lead, questions: list[Question]) -> Part:
    if not questions or (questions[0] not in FIRST):
        return Part(
            talk.voice.say(
                f"Claro! {upper_first(Offer.NEW_QUOTE.value)}, {INVITED}, que eu passo tudo a um consultor.",
                f"Anotei! O resto, {Offer.NEW_QUOTE.value}, {INVITED}: um consultor continua com você.",
                f"Certo! Quando puder, {Offer.NEW_QUOTE.value}, {INVITED}, mais um pouco.",
            )
        )
    wanted = enumerated(wording(questions, car_known=lead.car is not None))
    return Part(
        talk.voice.say(
            f"Claro! Para um consultor preparar o seu orçamento, {Offer.NEW_QUOTE.value}: {wanted}?",
            f"Com prazer! Para eu passar tudo certinho ao consultor, {Offer.NEW_QUOTE.value}: {wanted}?",
            f"Só falta eu saber um pouco mais; {Offer.NEW_QUOTE.value}: {wanted}?",
        )
    )


def _only_car(talk: Talk) -> str | None:
    """A known customer's car, when there is just one."""
    cars: list[Car] = [*talk.orders.orders, *talk.orders.vehicles]
    return label(cars[0]) if len(cars) == 1 else None
