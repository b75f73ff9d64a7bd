"""What a person has to take: a wish to talk to somebody, a complaint, "no more messages", other languages.

Each is acknowledged, handed over with a summary, and told when somebody is back. Nothing is promised.
"""

import re

from assistant.conversation.embedded import patterns, rights
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.language import Language, language_of
from assistant.conversation.embedded.text import normalise
from assistant.conversation.responder import HandOffReason, ResponderFailed
from assistant.tools.consent import ConsentNoted
from assistant.tools.privacy import DataRequestNoted
from assistant.tools.toolbox import Recorded

MY_DATA = re.compile(r"\b(?:dados|lgpd|cadastro|informac\w+|registros?|cpf|rg|endereco|sistema)\b")


async def person(talk: Talk) -> Part:
    """Somebody wants a person, or asks whether this is one."""
    if talk.understood.asks_if_robot and not patterns.wants_person(normalise(talk.request.text)):
        return _robot(talk)
    honest = "Eu sou um assistente virtual, sim. " if talk.understood.asks_if_robot else ""
    start = "" if honest else "Claro! "
    passed = talk.voice.say(
        f"{start}Já passei a sua conversa para a equipe.",
        f"{start}Já avisei a equipe que você quer falar com uma pessoa.",
    )
    return Part(
        f"{honest}{passed}",
        hand_off(talk, HandOffReason.ASKED_FOR_PERSON, "quer falar com uma pessoa"),
        person=True,
    )


def _robot(talk: Talk) -> Part:
    return Part(
        talk.voice.say(
            "Sou um assistente virtual, sim: consulto o andamento do seu carro, orçamento e pagamento por aqui. "
            "Se preferir, é só pedir que eu chame uma pessoa da equipe.",
            "Isso mesmo, sou um robô de atendimento. Se quiser falar com gente de verdade, é só pedir que eu chame uma "
            "pessoa da equipe.",
        )
    )


async def complaint(talk: Talk) -> Part:
    """One sentence of acknowledgement, no arguing, a person with priority."""
    sorry = talk.voice.say(
        "Sinto muito por isso, e obrigado por falar com a gente.",
        "Entendo a sua chateação e peço desculpas pelo transtorno.",
        "Lamento que tenha sido assim.",
    )
    return Part(
        f"{sorry} Passei a sua mensagem com prioridade para o responsável da oficina.",
        hand_off(talk, HandOffReason.COMPLAINT, "PRIORIDADE, reclamação"),
        person=True,
    )


async def opt_out(talk: Talk) -> Part:
    """No more messages that we begin, or a request about their own data: noted, and confirmed in a sentence."""
    texts = [line.text for line in talk.request.burst]
    right = rights.data_right(texts, talk.last_said)
    if right is not None:
        noted: Recorded = await talk.lookups.get("record_data_request", DataRequestNoted, kind=right.value)
        return Part(noted.receipt, hand_off(talk, HandOffReason.OPT_OUT, noted.task))
    if MY_DATA.search(talk.text):
        return Part(
            "Recebi o seu pedido sobre os seus dados e passei para a equipe, que cuida disso.",
            hand_off(talk, HandOffReason.OPT_OUT, "fala dos próprios dados (LGPD), sem um pedido claro"),
            person=True,
        )
    if rights.denies_opt_out(texts):
        return Part("Tudo bem, nada muda: continuo por aqui quando precisar.")
    noted = await talk.lookups.get("record_opt_out", ConsentNoted)
    return Part(noted.receipt, hand_off(talk, HandOffReason.OPT_OUT, noted.task), named=True)


async def come_back(talk: Talk) -> Part | None:
    """Undoes an opt-out; None when that is not asked, or when there is none."""
    if not rights.wants_back([line.text for line in talk.request.burst]):
        return None
    try:
        noted = await talk.lookups.get("record_opt_in", ConsentNoted)
    except ResponderFailed:
        return None
    return Part(noted.receipt, hand_off(talk, HandOffReason.OPT_OUT, noted.task), named=True)


async def foreign(talk: Talk) -> Part:
    """Spanish or English: one polite sentence in it, and a person."""
    if language_of(talk.text) is Language.SPANISH:
        text = talk.voice.say(
            "¡Hola! Gracias por escribirnos; una persona de nuestro equipo le va a responder por aquí.",
            "Gracias por su mensaje; una persona del equipo le responde por aquí.",
        )
    else:
        text = talk.voice.say(
            "Hello! Thanks for your message; a person from our team will answer you here.",
            "Thank you for writing; someone from our team will answer you here.",
        )
    return Part(text, hand_off(talk, HandOffReason.LANGUAGE, "escreve em outro idioma"), named=True)
