"""A wish for new work: collects name, car and symptom for a consultant, asking only what is not known.

Never a price: a consultant gives prices to new work. At most three questions a message.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.conversation.embedded.answers.cars import Car, label
from assistant.conversation.embedded.answers.offers import Offer
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import clipped, enumerated, upper_first
from assistant.conversation.embedded.lexicon import family_of
from assistant.conversation.embedded.slots import find_models, find_plates, plain
from assistant.conversation.embedded.text import normalise
from assistant.conversation.responder import HandOff, HandOffReason
from integrations.contact import first_name

WORK = frozenset({"mecanica", "sintoma"})
INTRODUCTION = re.compile(
    r"(?i)\b(?:meu nome (?:é|e)|me chamo|aqui (?:é|e) (?:o|a)|(?:eu )?sou (?:o|a)|pode me chamar de|nome:)"
    r"\s+(?P<name>[^\W\d_]{2,20})"
)
STOPS = re.compile(
    r"\bmorre(?:u|ndo)?\b|\bcarro par(?:a|ou|ando)\b|\bapag(?:a|ou|ando)\b|\bnao (?:pega|liga|anda|funciona)\b|"
    r"\bengasg\w+|\btrem(?:e|endo)\b|\bvibra\w*|\bpux(?:a|ando)\b|\bfumac\w+|\bcheir\w+"
)
"""What a car does that is told without naming a part."""
PRICE = re.compile(r"\b(?:quanto|preco|valor|custa|sai por|orcamento|cobra\w*|fica)\b")


@dataclass(frozen=True)
class Lead:
    """What is known for a quote."""

    name: str | None
    car: str | None
    symptom: str | None
    """The customer's own words."""


async def new_quote(talk: Talk) -> Part:
    """Ask what is missing; once there is a symptom, hand over."""
    lead = _lead(talk)
    if lead.symptom is None:
        return _ask(talk, lead)
    text = [_thanks(talk, lead)]
    if PRICE.search(talk.text):
        text.append("Valores quem passa é o consultor, depois de avaliar o carro.")
    if missing := _missing(lead):
        text.append(f"Para adiantar, {Offer.NEW_QUOTE.value}: {enumerated(missing)}.")
    return Part(" ".join(text), _task(talk, lead), named=True, person=True)


def _thanks(talk: Talk, lead: Lead) -> str:
    name = f", {lead.name}" if lead.name else ""
    return talk.voice.say(
        f"Obrigado{name}! Já passei o que você contou {Offer.LEAD_TOLD.value}.",
        f"Anotado{name}! Passei o seu relato {Offer.LEAD_TOLD.value}.",
        f"Certo{name}, acrescentei isso {Offer.LEAD_TOLD.value}.",
    )


def _ask(talk: Talk, lead: Lead) -> Part:
    wanted = enumerated(_missing(lead))
    return Part(
        talk.voice.say(
            f"Claro! Para um consultor preparar o seu orçamento, {Offer.NEW_QUOTE.value}: {wanted}?",
            f"Com prazer! Para eu passar tudo certinho ao consultor, {Offer.NEW_QUOTE.value}: {wanted}?",
            f"Só falta eu saber um pouco mais; {Offer.NEW_QUOTE.value}: {wanted}?",
        )
    )


def _missing(lead: Lead) -> list[str]:
    asked = (
        (lead.name, "o seu nome"),
        (lead.car, "o modelo ou a placa do carro"),
        (lead.symptom, "o que está acontecendo com o carro" if lead.car else "o que está acontecendo com ele"),
    )
    return [question for known, question in asked if not known]


def _task(talk: Talk, lead: Lead) -> HandOff:
    wish = f"quer orçamento de serviço novo. Relato: {lead.symptom}"
    name = f" (diz se chamar {lead.name})" if lead.name and lead.name != talk.name else ""
    return hand_off(talk, HandOffReason.NEW_QUOTE, wish, f"{lead.car or 'carro não informado'}{name}", quoting=False)


def _lead(talk: Talk) -> Lead:
    texts = list(_texts(talk))
    return Lead(
        name=next((name for text in texts if (name := _introduced(text))), None) or talk.name,
        car=next((car for text in texts if (car := _car_in(text))), None) or _only_car(talk),
        symptom=_symptom(talk),
    )


def _texts(talk: Talk) -> Iterator[str]:
    """What the customer wrote, newest first."""
    return (line.text for line in reversed(talk.customer_lines()) if line.text)


def _introduced(text: str) -> str | None:
    match = INTRODUCTION.search(text)
    return first_name(match["name"]) if match else None


def _car_in(text: str) -> str | None:
    """Model and plate as the customer wrote them."""
    words = [upper_first(word) for word in find_models(text)] + find_plates(text)
    return " ".join(words) or None


def _only_car(talk: Talk) -> str | None:
    """A known customer's car, when there is just one."""
    cars: list[Car] = [*talk.orders.orders, *talk.orders.vehicles]
    return label(cars[0]) if len(cars) == 1 else None


def _symptom(talk: Talk) -> str | None:
    """The message that tells what is wrong or wanted: this turn's, else an earlier one while we were asking."""
    now = talk.request.text
    asked = talk.pending in (Offer.NEW_QUOTE, Offer.LEAD_TOLD)
    told = next((text for text in _texts(talk) if asked and text != now and tells_work(text)), None)
    if tells_work(now) or (asked and (told or _tells_much(now))):
        return " / ".join(f'"{clipped(text)}"' for text in (told, now) if text)
    return None


def tells_work(text: str) -> bool:
    """Whether a text names a part, a job or a symptom."""
    return any(family_of(word) in WORK for word in normalise(text).split()) or STOPS.search(plain(text)) is not None


def _tells_much(text: str) -> bool:
    """An answer to our questions of more than a name and a car."""
    return len(INTRODUCTION.sub("", text).split()) >= 5
