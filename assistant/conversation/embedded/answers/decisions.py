"""The customer's yes or no to a quote: restated with its figures and handed over.

Nothing is changed by it: a consultant confirms the decision with the customer. A decision for one of several quotes is
taken only when it is clear which.
"""

import re
from collections.abc import Sequence

from assistant.conversation.embedded.answers.cars import of_yours, order_label
from assistant.conversation.embedded.answers.offers import Offer
from assistant.conversation.embedded.answers.quotes import chosen_quotes, decision_so_far
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import enumerated
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.responder import HandOffReason
from assistant.tools.quotes import Quote
from integrations.brazil import money
from integrations.workshop.quotes import Decision

IN_PART = re.compile(
    r"\b(?:so (?:o|a|os|as)|somente|apenas|menos (?:o|a)|sem (?:o|a)|tira(?:r|ndo)?|em parte|uma parte|exceto|fora o)\b"
)

CANCELS = re.compile(r"\b(?:cancel\w+|desist\w+|par(?:a|em|e) (?:o|com o) servico|nao (?:mex\w+|faz\w*|fac\w+))\b")


async def approval(talk: Talk) -> Part:
    """A yes, to all of the quote or to a part."""
    quotes = await _waiting(talk, Offer.WHICH_APPROVAL)
    if isinstance(quotes, Part):
        return quotes
    if IN_PART.search(talk.text) or Intent.RECUSAR_ORCAMENTO in talk.understood.intents:
        noted = f"Anotei que você quer aprovar só alguns itens do orçamento {_restated(quotes)}."
        wish = "quer aprovar SÓ ALGUNS ITENS do orçamento"
    else:
        noted = talk.voice.say(
            f"Que bom! Anotei que você quer aprovar o orçamento {_restated(quotes)}.",
            f"Certo, anotei o seu pedido de aprovação do orçamento {_restated(quotes)}.",
        )
        wish = "quer APROVAR o orçamento"
    then = "Antes de começar, um consultor confirma tudo com você; até lá nada muda na ordem."
    return _handed_over(talk, quotes, f"{noted} {then}", wish)


async def refusal(talk: Talk) -> Part:
    """A no."""
    quotes = await _waiting(talk, Offer.WHICH_REFUSAL)
    if isinstance(quotes, Part):
        return _cancelling(talk, quotes) if CANCELS.search(talk.text) and talk.orders.orders else quotes
    noted = talk.voice.say(
        f"Tudo bem, anotei que por agora você não quer seguir com o orçamento {_restated(quotes)}.",
        f"Entendi, anotei que você prefere não fazer o orçamento {_restated(quotes)}.",
    )
    then = "Um consultor confirma com você antes de qualquer mudança; se quiser contar o motivo, ajuda bastante."
    return _handed_over(talk, quotes, f"{noted} {then}", "NÃO quer fazer o orçamento")


async def _waiting(talk: Talk, question: Offer) -> Sequence[Quote] | Part:
    """The quotes the decision is about that still wait for one, or what to say instead."""
    quotes = await chosen_quotes(talk, question)
    if isinstance(quotes, Part):
        return quotes
    waiting = [quote for quote in quotes if quote.decision is Decision.AWAITING]
    return waiting or Part(" ".join(decision_so_far(quote) for quote in quotes))


def _cancelling(talk: Talk, part: Part) -> Part:
    """Work that is under way, or not quoted yet, and that the customer wants to stop."""
    text = f"{part.text} Passei o seu pedido de cancelamento para um consultor, que trata disso com você."
    return Part(text, hand_off(talk, HandOffReason.QUOTE_DECISION, "quer CANCELAR o serviço"), person=True)


def _handed_over(talk: Talk, quotes: Sequence[Quote], text: str, wish: str) -> Part:
    about = enumerated([order_label(quote) for quote in quotes])
    totals = enumerated([money(quote.total) for quote in quotes if quote.total is not None] or ["sem total"])
    return Part(text, hand_off(talk, HandOffReason.QUOTE_DECISION, f"{wish} ({totals})", about), person=True)


def _restated(quotes: Sequence[Quote]) -> str:
    """`do seu VW Jetta (GHI5J67), OS-1044, no total de R$ 3.450,00`."""
    return " e o orçamento ".join(_one(quote) for quote in quotes)


def _one(quote: Quote) -> str:
    total = f", no total de {money(quote.total)}" if quote.total is not None else ""
    return f"{of_yours(quote, order_label(quote))}{total}"
