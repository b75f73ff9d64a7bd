"""What we ask the customer, and how a later turn knows what a "sim" or "o polo" answers.

The conversation itself is the memory: each question has a phrase of its own, which is found again in our last message.
"""

from enum import StrEnum

from assistant.conversation.embedded.answers.voice import squeezed
from assistant.conversation.embedded.intents import Intent
from assistant.tools.visits import CHANGE_LATER


class Offer(StrEnum):
    """A question of ours; the value is the phrase by which it is known again."""

    PERSON = "chame uma pessoa da equipe"
    QUOTE_ITEMS = "detalhe os itens"
    STATUS = "quer saber como está"
    WHICH_QUOTE = "de qual deles você quer ver o orçamento"
    WHICH_APPROVAL = "de qual deles é o orçamento que você quer aprovar"
    WHICH_REFUSAL = "de qual deles é o orçamento que você não quer fazer"
    WHICH_ITEMS = "quais itens você quer fazer"
    NEW_QUOTE = "me conta, por favor"
    LEAD_TOLD = "para o consultor avaliar"
    """No question, but what follows it most often adds to what was told."""
    CLARIFY = "não sei se entendi bem"
    WHICH_SLOT = "qual horário fica melhor para você"
    WHICH_CAR = "para qual carro é a visita"
    VISIT_DATA = "para eu anotar o pedido de visita"
    WHICH_TO_MOVE = "qual visita você quer remarcar"
    WHICH_TO_CANCEL = "qual visita você quer cancelar"
    NEW_TIME = "para quando você quer passar a visita"
    MOVE_OR_CANCEL = "quer remarcar para outro dia ou cancelar"
    BOOKED = CHANGE_LATER
    """No question, but a bare "cancela" after it is about the visit."""


ASK_PERSON = f"Quer que eu {Offer.PERSON.value}?"
ASK_MOVE = f"Se você {Offer.MOVE_OR_CANCEL.value}, é só me dizer."
ASK_ITEMS = f"Quer que eu {Offer.QUOTE_ITEMS.value}?"

MEANING: dict[Offer, Intent] = {
    Offer.PERSON: Intent.FALAR_HUMANO,
    Offer.QUOTE_ITEMS: Intent.ORCAMENTO_DETALHES,
    Offer.STATUS: Intent.STATUS_OS,
    Offer.WHICH_QUOTE: Intent.ORCAMENTO_DETALHES,
    Offer.WHICH_APPROVAL: Intent.APROVAR_ORCAMENTO,
    Offer.WHICH_REFUSAL: Intent.RECUSAR_ORCAMENTO,
    Offer.WHICH_ITEMS: Intent.APROVAR_ORCAMENTO,
    Offer.NEW_QUOTE: Intent.NOVO_ORCAMENTO,
    Offer.WHICH_SLOT: Intent.AGENDAMENTO,
    Offer.WHICH_CAR: Intent.AGENDAMENTO,
    Offer.VISIT_DATA: Intent.AGENDAMENTO,
    Offer.WHICH_TO_MOVE: Intent.AGENDAMENTO,
    Offer.WHICH_TO_CANCEL: Intent.AGENDAMENTO,
    Offer.NEW_TIME: Intent.AGENDAMENTO,
    Offer.MOVE_OR_CANCEL: Intent.AGENDAMENTO,
    Offer.BOOKED: Intent.AGENDAMENTO,
}
"""What the customer wants who takes an offer up, or answers which one."""

CHOICES = frozenset({Offer.WHICH_QUOTE, Offer.WHICH_APPROVAL, Offer.WHICH_REFUSAL})
"""Questions that are answered by naming a car."""

SLOTS = frozenset({Offer.WHICH_SLOT, Offer.NEW_TIME})
"""Questions that come with a list of slots."""
VISITS = SLOTS | {
    Offer.WHICH_CAR, Offer.VISIT_DATA, Offer.WHICH_TO_MOVE, Offer.WHICH_TO_CANCEL, Offer.MOVE_OR_CANCEL, Offer.BOOKED,
}  # fmt: skip
"""Everything that we ask about a visit."""


def pending_offer(last_said: str) -> Offer | None:
    """The question our last message asked: the one that stands last in it."""
    text = squeezed(last_said)
    asked = [(text.rfind(offer.value), offer) for offer in Offer if offer.value in text]
    return max(asked)[1] if asked else None
