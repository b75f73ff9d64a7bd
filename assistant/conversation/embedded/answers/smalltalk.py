"""Greetings, thanks and goodbyes, and what lies outside the shop's business."""

import re

from assistant.conversation.embedded.abuse import INSULTS
from assistant.conversation.embedded.answers.cars import yours
from assistant.conversation.embedded.answers.offers import ASK_PERSON, Offer
from assistant.conversation.embedded.answers.people import complaint
from assistant.conversation.embedded.answers.quotes import INVITATION
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk, recent
from assistant.conversation.embedded.answers.voice import enumerated, greeting, squeezed, upper_first
from assistant.conversation.embedded.expressions import any_matches
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.lexicon import family_of
from assistant.conversation.embedded.text import normalise
from assistant.conversation.embedded.threats import is_threat
from assistant.conversation.responder import Author, HandOffReason

GOODBYE = ("é só chamar", "é só me chamar", "à disposição")
"""What our goodbyes hold, by which one is known again."""
THANKS = re.compile(r"\b(?:obrigad\w+|brigad\w+|valeu|grat[oa]|agradec\w+|xgrato|deus)\b")
OTHERS = re.compile(
    r"\b(?:cliente|clientes|vizinh\w+|ex|dono|dona|cpf|endereco|telefone|placa|xplaca|proprietari\w+)\b"
)


async def hello(talk: Talk) -> Part:
    """A greeting and nothing else: the welcome once, then a short greeting back."""
    name = f", {talk.name}" if talk.name else ""
    if _already_welcomed(talk):
        return Part(
            talk.voice.say(
                f"Oi{name}! Em que posso ajudar?",
                f"Oi{name}! Pode falar, estou por aqui.",
                f"Opa{name}! Como posso ajudar?",
            ),
            named=True,
        )
    shop = await talk.shop()
    robot = f"o assistente virtual da {shop.name or 'oficina'}."
    who = talk.voice.say(f"Aqui é {robot}", f"Eu sou {robot}")
    return Part(f"{greeting(talk.request.now)}{name}! {who} {_offer(talk)}", named=True)


def _offer(talk: Talk) -> str:
    """What the welcome offers: the car that is in the shop, or the questions to somebody new."""
    open_ones = talk.orders.orders
    if open_ones:
        cars = enumerated([yours(order, order.vehicle) for order in open_ones[:3]])
        return f"{upper_first(Offer.STATUS.value)} {cars}?"
    if talk.known:
        return "Como posso ajudar?"
    wanted = f"{'' if talk.name else 'o seu nome, '}o modelo ou a placa do carro e o que está acontecendo com ele"
    return f"Que bom ter você por aqui! Como posso ajudar? Se for para um orçamento, {Offer.NEW_QUOTE.value}: {wanted}."


async def thanks(talk: Talk) -> Part:
    """Thanks or a goodbye: short, and nothing at all when we have said goodbye already."""
    last = squeezed(talk.last_said)
    if any(phrase in last for phrase in GOODBYE) and _ours_is_last(talk):
        return Part()
    name = f", {talk.name}" if talk.name else ""
    first, second = ("Por nada", "Imagina") if THANKS.search(normalise(talk.request.text)) else ("Certo", "Combinado")
    return Part(
        talk.voice.say(f"{first}{name}! Precisando, é só chamar.", f"{second}{name}! Qualquer coisa, é só me chamar."),
        named=True,
    )


async def yes_to_nothing(talk: Talk) -> Part:
    """A bare "sim" or "ok" when nothing was asked: it agrees to nothing, least of all to a quote."""
    name = f", {talk.name}" if talk.name else ""
    if INVITATION in talk.last_said:
        text = talk.voice.say(
            f"Certo{name}! Se for para aprovar o orçamento, me escreve que você aprova; se não, é só me dizer.",
            f"Beleza{name}! Para aprovar, preciso que você escreva que aprova o orçamento.",
        )
        return Part(text, named=True)
    return Part(
        talk.voice.say(f"Certo{name}! Em que mais posso ajudar?", f"Beleza{name}! Se precisar, é só chamar."),
        named=True,
    )


async def postponed(talk: Talk) -> Part:
    """The customer is still thinking, which decides nothing."""
    return Part(
        talk.voice.say(
            "Sem pressa! Quando decidir, é só me chamar.", "Tranquilo, pense com calma. Quando quiser, é só me chamar."
        ),
        parting=True,
    )


async def confused(talk: Talk) -> Part:
    """The customer did not understand us: the possibilities in plain words, and a person."""
    return Part(
        talk.voice.say(
            "Desculpe, vou tentar de outro jeito: posso ver como está o seu carro, o orçamento ou o pagamento. "
            f"{ASK_PERSON}",
            f"Sem problema! Me diz com suas palavras o que você precisa sobre o carro. {ASK_PERSON}",
        )
    )


async def declined(talk: Talk) -> Part:
    """A "não" to something we offered."""
    return Part(
        talk.voice.say("Tudo bem! Se precisar, é só chamar.", "Combinado! Qualquer coisa, é só me chamar."), named=True
    )


async def off_topic(talk: Talk) -> Part:
    """Not the shop's business: said so, with what can be done here."""
    return Part(
        talk.voice.say(
            "Com isso eu não consigo ajudar, mas sobre o seu carro eu posso: andamento, orçamento, pagamento, garantia "
            "ou um pedido de agendamento. Quer ver alguma dessas coisas?",
            "Esse assunto foge do que eu sei. Se ajudar, posso ver o andamento do carro, orçamento ou pagamento.",
        )
    )


async def abuse(talk: Talk) -> Part:
    """A calm refusal without any data; a threat goes to the staff, and so does an angry customer."""
    if is_threat(normalise(talk.request.text)):
        text = talk.voice.say(
            "Entendo que você está chateado. Passei a sua mensagem para o responsável da oficina, que fala com você.",
            "Vamos com calma, por favor: o responsável da oficina já recebeu a sua mensagem e fala com você.",
        )
        return Part(text, hand_off(talk, HandOffReason.ABUSE, "fez uma ameaça"), named=True)
    if max(talk.understood.scores, key=talk.understood.scores.__getitem__) is Intent.RECLAMACAO:
        return await complaint(talk)
    if _insults(normalise(talk.request.text)):
        text = talk.voice.say(
            "Entendo que você está chateado. Passei a sua mensagem para a equipe, e uma pessoa fala com você.",
            "Percebo que você está irritado, e uma pessoa da equipe vai falar com você por aqui.",
        )
        return Part(text, hand_off(talk, HandOffReason.ABUSE, "ofendeu a oficina"), named=True)
    if OTHERS.search(normalise(talk.request.text)):
        text = talk.voice.say(
            "Não posso passar dados de outras pessoas nem informações internas. Sobre o seu carro, posso ajudar.",
            "Informações de outras pessoas ou internas da oficina eu não passo. Sobre o seu carro, posso ajudar.",
        )
    else:
        text = talk.voice.say(
            "Não posso ajudar com esse pedido. Se for sobre o seu carro, é comigo mesmo.",
            "Isso eu não posso fazer. Sobre o seu carro, posso ajudar.",
        )
    return Part(text, named=True)


def _insults(normal: str) -> bool:
    """Whether a message swears or calls names, and wants no data of others with it."""
    swears = any(family_of(word) == "ofensa" for word in normal.split()) and OTHERS.search(normal) is None
    return any_matches(INSULTS, normal) or swears


def _already_welcomed(talk: Talk) -> bool:
    return any(line.author is not Author.CUSTOMER for line in recent(talk.request))


def _ours_is_last(talk: Talk) -> bool:
    return bool(talk.request.history) and talk.request.history[-1].author is Author.ASSISTANT
