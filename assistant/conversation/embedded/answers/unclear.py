"""When it is not clear what is meant: ask once with the two likeliest readings, then hand to a person."""

from assistant.conversation.embedded.answers.offers import Offer
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import squeezed, upper_first
from assistant.conversation.embedded.context import DECISIONS
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.responder import HandOffReason
from integrations.workshop.stages import Stage

READINGS: dict[Intent, str] = {
    Intent.STATUS_OS: "o andamento do seu carro",
    Intent.PREVISAO_ENTREGA: "a previsão de entrega",
    Intent.ORCAMENTO_DETALHES: "os itens do seu orçamento",
    Intent.APROVAR_ORCAMENTO: "aprovar um orçamento",
    Intent.RECUSAR_ORCAMENTO: "não fazer um orçamento",
    Intent.HISTORICO: "serviços que você já fez aqui",
    Intent.PAGAMENTO: "pagamento",
    Intent.AGENDAMENTO: "agendar uma visita",
    Intent.HORARIO_ENDERECO: "o nosso horário, endereço ou serviços",
    Intent.GARANTIA: "a garantia de um serviço",
    Intent.FALAR_HUMANO: "falar com uma pessoa",
    Intent.RECLAMACAO: "fazer uma reclamação",
    Intent.NOVO_ORCAMENTO: "um orçamento novo",
}
"""How each reading is offered; the others are not offered to anybody."""

FAINT = 0.2
"""Below this the likeliest reading is a mere guess, and the usual questions are offered."""


async def unclear(talk: Talk) -> Part:
    """The short question, or at the second time in a row the hand-over."""
    if talk.pending is Offer.CLARIFY:
        return Part(
            "Desculpe, continuo sem entender direito. Passei a conversa para a equipe.",
            hand_off(talk, HandOffReason.NOT_UNDERSTOOD, "escreveu algo que o assistente não entendeu"),
            person=True,
        )
    first, second = _likeliest(talk)
    return Part(f"{upper_first(Offer.CLARIFY.value)}. É sobre {READINGS[first]} ou {READINGS[second]}?")


def offered(last_said: str) -> list[Intent]:
    """The readings that our last message offered, in its order."""
    text = squeezed(last_said)
    found = [(text.rfind(reading), intent) for intent, reading in READINGS.items() if reading in text]
    return [intent for _, intent in sorted(found)]


def _likeliest(talk: Talk) -> tuple[Intent, Intent]:
    scores = talk.understood.scores
    decidable = any(order.quote_sent_at and order.stage is Stage.AWAITING_APPROVAL for order in talk.orders.orders)
    possible = [intent for intent in READINGS if decidable or intent not in DECISIONS]
    ranked = sorted(possible, key=lambda intent: scores.get(intent, 0.0), reverse=True)
    if ranked[0] in DECISIONS:
        return Intent.APROVAR_ORCAMENTO, Intent.RECUSAR_ORCAMENTO
    if scores.get(ranked[0], 0.0) >= FAINT:
        return ranked[0], ranked[1]
    if talk.orders.orders:
        return Intent.STATUS_OS, Intent.PAGAMENTO
    return Intent.NOVO_ORCAMENTO, Intent.HORARIO_ENDERECO
