"""When there is nothing to tell about: an unknown number, a plate that is not the speaker's, no open order.

An unknown number never gets order data, whatever plate, OS number or name it writes; the answer does not say whether
such an order exists.
"""

from assistant.conversation.embedded.answers.offers import ASK_PERSON
from assistant.conversation.embedded.answers.pointing import Meant
from assistant.conversation.embedded.answers.talk import Part, Talk


async def instead(talk: Talk, found: Meant) -> Part | None:
    """The answer when the message means no car of the speaker's; None when it means one."""
    if not talk.known:
        return _unknown(talk)
    if found.not_theirs:
        return _not_theirs(talk)
    if not (found.open or found.idle or found.past):
        return _nothing_open(talk)
    return None


def _unknown(talk: Talk) -> Part:
    if talk.understood.plates or talk.understood.os_number:
        text = talk.voice.say(
            "Por segurança, só passo informações de um carro para o número cadastrado nele, e este aqui não está.",
            "As informações de cada carro só saem para o número cadastrado nele, e este aqui não está no cadastro.",
        )
    else:
        text = talk.voice.say(
            "Não encontrei atendimento ligado a este número. Por segurança, só passo informações de um carro para o "
            "número que está no cadastro dele.",
            "Este número ainda não está no nosso cadastro, e as informações de um carro só saem para o número que está "
            "no cadastro dele.",
        )
    return Part(f"{text} {ASK_PERSON}")


def _not_theirs(talk: Talk) -> Part:
    what = "essa placa" if talk.understood.plates else "essa ordem de serviço"
    text = talk.voice.say(
        f"Não encontrei {what} neste número, e só passo informações dos carros cadastrados nele.",
        f"Neste número não aparece {what}; por segurança, só falo dos carros cadastrados nele.",
    )
    return Part(f"{text} {ASK_PERSON}")


def _nothing_open(talk: Talk) -> Part:
    text = talk.voice.say(
        "Você não tem nenhuma ordem de serviço aberta com a gente no momento.",
        "No momento não há ordem de serviço aberta neste número.",
    )
    return Part(
        f"{text} Posso ver o histórico do seu carro, anotar um pedido de agendamento ou chamar alguém da equipe."
    )
