"""The customer's decision about a quote: restated with its figures, and asked whether to write it down.

Nothing is changed here. One quote at a time, and only when it is clear which; what cannot be told item by item goes to
a consultant, and so does whoever wants to negotiate.
"""

import re
from collections.abc import Sequence

from assistant.conversation.embedded.answers.cars import of_yours, order_label
from assistant.conversation.embedded.answers.choosing import Choice, choose, named_items
from assistant.conversation.embedded.answers.offers import Offer
from assistant.conversation.embedded.answers.quotes import (
    DEAR,
    asks_terms,
    chosen_quotes,
    decision_so_far,
    negotiates,
)
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import clipped, upper_first
from assistant.conversation.embedded.context import DECISIONS
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.slots import MODEL_PATTERN
from assistant.conversation.responder import HandOffReason, ResponderFailed
from assistant.tools.decide import QUOTE_PROPOSAL, ProposedVerdict
from assistant.tools.quotes import Quote
from integrations.workshop.decide import Verdict
from integrations.workshop.orders import order_name
from integrations.workshop.quotes import Decision
from integrations.workshop.stages import Stage

IN_PART = re.compile(
    r"\b(?:so (?:o|a|os|as)|somente|apenas|menos (?:o|a)|sem (?:o|a)|tira(?:r|ndo)?|em parte|uma parte|exceto|fora o|"
    r"(?:sem|menos) (?:ele|ela|eles|elas|isso|esses?|essas?)|nao quero (?:o|a)|deixa(?:r)? (?:o|a)|(?:o|a|os|"
    r"as) (?!servico|orcamento|carro)\w+ nao)\b"
)
IT = re.compile(r"\b(sem|menos|tira\w*|deixa\w*) (?:ele|ela|eles|elas|isso|esses?|essas?)\b(?! (?:item|carro|servico))")
ADDS = re.compile(r"\b(?:tambem|tb|tbm|inclu\w+|acrescent\w+|adicion\w+|coloca\w*|junto|de volta)\b")
"""Wants more than what we restated."""
LEFT_OUT = "Fica de fora:"
CONDITION = re.compile(
    r"\bse (?:voces? |eu |o senhor )?(?:fiz|fech|deix|baix|der(?! faz| pode|$)|da|parcel|tir|sair|fic|dividi)\w*|"
    r"\bdesde que\b|\bcaso\b|\bpor (?:r\$ ?)?\d|\d ?(?:%|por cento)"
)
"""An approval with a condition is an offer, not an approval."""
CANCELS = re.compile(r"\b(?:cancel\w+|desist\w+|par(?:a|em|e) (?:o|com o) servico|nao (?:mex\w+|faz\w*|fac\w+))\b")
BARE_REFUSAL = re.compile(
    r"\b(?:nao|n|nunca|ah|entao|sim|obrigad[oa]|valeu|por favor|vou|quero|vai|dar|da|posso|mais|fazer|faz|faco|fazendo|"
    r"aprov\w+|autoriz\w+|recus\w+|cancel\w+|desist\w+|resolvi|decidi|pode\w*|deixa\w*|deixar|quieto|pra|la|esquece|"
    r"pra|o|a|os|as|de|do|da|e|que|esse|essa|isso|eu|orcamento|servico|conserto|carro|no|na|tudo|nada)\b"
)
"""What a refusal says by itself; words beyond these give its reason."""
REASON_WORDS = 2


MAY_BE_PART = frozenset(
    {Intent.APROVAR_ORCAMENTO, Intent.RECUSAR_ORCAMENTO, Intent.NOVO_ORCAMENTO, Intent.ORCAMENTO_DETALHES}
)
"""What a wish for a part of the quote may be taken for."""
WANTS_PART = re.compile(
    r"\b(?:faz\w*|fac\w+|vamos?|vou|quero|querem\w+|aprov\w+|autoriz\w+|libera\w*|pode\w*|manda|troca\w*|toca|bota|"
    r"segue|sim|so|somente|apenas|menos|sem|tira\w*|exceto|deixa\w*|dispens\w+|nao)\b"
)
"""Says what to do with it, or asks what that would come to."""
ASKS_ABOUT = re.compile(
    r"\b(?:quanto (?:e|custa|ta|esta|era)|pra que|qual|o que e)\b|^\W*(?:e |mas )?por ?que\b|\bpor ?que\b.*\?"
)
"""Asks for a price or a reason; a reason that is given ("a bateria não, porque já tenho") is no question."""


async def approval(talk: Talk) -> Part:
    """A yes, to all of the quote or to a part."""
    quote = await _waiting(talk, Offer.WHICH_APPROVAL)
    if isinstance(quote, Part):
        return quote
    if negotiates(talk.text) or CONDITION.search(talk.text):
        return _negotiation(talk, quote)
    choice = choose(_spelled_out(talk, quote), quote.items)
    if choice is not None:
        return await _part(talk, quote, choice)
    refuses = Intent.RECUSAR_ORCAMENTO in talk.understood.intents and talk.pending is not Offer.WHICH_APPROVAL
    if IN_PART.search(talk.text) or refuses:
        return which_items(talk, quote)
    return await _proposal(talk, quote, verdict=Verdict.APPROVE)


async def refusal(talk: Talk) -> Part:
    """A no, to all of the quote or to a part."""
    quote = await _waiting(talk, Offer.WHICH_REFUSAL)
    if isinstance(quote, Part):
        return _cancelling(talk, quote) if CANCELS.search(talk.text) and talk.orders.orders else quote
    choice = choose(talk.request.text, quote.items) if IN_PART.search(talk.text) else None
    if choice is not None:
        return await _part(talk, quote, choice)
    reason = clipped(talk.request.text) if _gives_reason(talk.text) else None
    return await _proposal(talk, quote, verdict=Verdict.REFUSE, reason=reason)


def _gives_reason(text: str) -> bool:
    """Whether a refusal says more than no: the staff want to know why, in the customer's words."""
    rest = BARE_REFUSAL.sub(" ", MODEL_PATTERN.sub(" ", text))
    return len(re.findall(r"[a-z]{3,}", rest)) >= REASON_WORDS or DEAR.search(rest) is not None


async def other_items(talk: Talk) -> Part | None:
    """The items named in answer to "which ones?", or to change what we just proposed; None when none is named."""
    asked = talk.pending is Offer.WHICH_ITEMS
    if talk.proposed == QUOTE_PROPOSAL and ADDS.search(talk.text) and (more := await _more_items(talk)):
        return more
    if not asked and not (talk.proposed == QUOTE_PROPOSAL and IN_PART.search(talk.text)):
        return None
    quote = await _waiting(talk, Offer.WHICH_APPROVAL)
    if isinstance(quote, Part):
        return None
    choice = choose(talk.request.text, quote.items, naming_is_wanting=asked)
    return await _part(talk, quote, choice) if choice is not None else None


async def part_wished(talk: Talk) -> Part | None:
    """Some items wanted and others not, in whatever words: the part, restated; None when that is not what is said."""
    waiting = any(order.quote_sent_at and order.stage is Stage.AWAITING_APPROVAL for order in talk.orders.orders)
    wants = WANTS_PART.search(talk.text) and not ASKS_ABOUT.search(talk.text)
    decides = not DECISIONS.isdisjoint(talk.intents) or MAY_BE_PART.issuperset(talk.intents)
    if not waiting or not wants or not decides:
        return None
    if asks_terms(talk.text) or CONDITION.search(talk.text):
        return None
    quotes = await chosen_quotes(talk, Offer.WHICH_APPROVAL)
    if isinstance(quotes, Part) or len(quotes) != 1 or quotes[0].decision is not Decision.AWAITING:
        return None
    choice = choose(talk.request.text, quotes[0].items)
    return await _part(talk, quotes[0], choice) if choice is not None else None


async def _more_items(talk: Talk) -> Part | None:
    """The part that we restated, and what was left out of it and is named now."""
    pending = talk.request.pending
    if pending is None or LEFT_OUT not in pending.question:
        return None
    quote = await _waiting(talk, Offer.WHICH_APPROVAL)
    if isinstance(quote, Part):
        return None
    kept = pending.question.split(LEFT_OUT)[0]
    before = [item for item in quote.items if f"{item.description}:" in kept]
    named = [item for item in named_items(talk.request.text, quote.items) if item not in before]
    if not named:
        return None
    wanted = [item.description for item in quote.items if item in before or item in named]
    return await _proposal(talk, quote, verdict=Verdict.APPROVE_PART, items=wanted)


def _spelled_out(talk: Talk, quote: Quote) -> str:
    """The message with "sem ele" as "sem óleo do câmbio", when the customer's last message spoke of that item."""
    lines = talk.customer_lines()
    earlier = lines[: len(lines) - len(talk.request.burst)]
    named = named_items(earlier[-1].text, quote.items) if earlier else []
    if not named:
        return talk.request.text
    return IT.sub(rf"\1 {' e '.join(item.description for item in named)} ", talk.text)


def which_items(talk: Talk, quote: Quote) -> Part:
    """The list, to be answered by number or name."""
    lines = [f"{place}. {item.description}" for place, item in enumerate(quote.items, start=1)]
    asked = talk.voice.say(
        f"{upper_first(Offer.WHICH_ITEMS.value)} do orçamento {of_yours(quote, order_label(quote))}?",
        f"Certo! {upper_first(Offer.WHICH_ITEMS.value)} da {order_name(quote.number)}?",
    )
    return Part("\n".join([f"{asked} Pode responder com os números:", *lines]), asks=True)


async def _waiting(talk: Talk, question: Offer) -> Quote | Part:
    """The quote the decision is about, while it waits for one, or what to say instead."""
    quotes = await chosen_quotes(talk, question)
    if isinstance(quotes, Part):
        return quotes
    waiting = [quote for quote in quotes if quote.decision is Decision.AWAITING]
    if not waiting and talk.answers(Intent.ORCAMENTO_DETALHES):
        return Part()
    if not waiting:
        return Part(" ".join(decision_so_far(quote) for quote in quotes))
    # One at a time: each has its own yes.
    return waiting[0]


async def _part(talk: Talk, quote: Quote, choice: Choice) -> Part:
    wanted = [item.description for item in choice.wanted]
    return await _proposal(talk, quote, verdict=Verdict.APPROVE_PART, items=wanted)


async def _proposal(
    talk: Talk, quote: Quote, *, verdict: Verdict, items: Sequence[str] = (), reason: str | None = None
) -> Part:
    try:
        proposed = await talk.lookups.get(
            "propose_quote_decision",
            ProposedVerdict,
            verdict=verdict.value,
            order_number=quote.number,
            items=list(items),
            reason=reason,
        )
    except ResponderFailed:
        return _for_a_consultant(talk, quote, verdict)
    return Part(proposed.question, asks=True, named=True)


def _negotiation(talk: Talk, quote: Quote) -> Part:
    """A yes that depends on other conditions."""
    text = talk.voice.say(
        "Sobre valores e condições, quem conversa com você é um consultor; já passei o seu pedido.",
        "Condições e valores quem acerta é um consultor, e o seu pedido já está com a equipe.",
    )
    as_it_is = "Se quiser aprovar o orçamento como está, é só me dizer."
    handoff = hand_off(talk, HandOffReason.QUOTE_DECISION, "aprova se as condições mudarem", order_label(quote))
    return Part(f"{text} {as_it_is}", handoff, person=True)


def _for_a_consultant(talk: Talk, quote: Quote, verdict: Verdict) -> Part:
    """A decision whose amount only a consultant can tell."""
    wish = "quer APROVAR o orçamento" if verdict is Verdict.APPROVE else "quer decidir sobre o orçamento"
    text = (
        f"Anotei a sua resposta sobre o orçamento {of_yours(quote, order_label(quote))}. Como os valores dele precisam "
        "ser acertados com um consultor, ele confirma tudo com você antes de começar."
    )
    return Part(text, hand_off(talk, HandOffReason.QUOTE_DECISION, wish, order_label(quote)), person=True)


def _cancelling(talk: Talk, part: Part) -> Part:
    """Work that is under way, or not quoted yet, and that the customer wants to stop."""
    text = f"{part.text} Passei o seu pedido de cancelamento para um consultor, que trata disso com você."
    return Part(text, hand_off(talk, HandOffReason.QUOTE_DECISION, "quer CANCELAR o serviço"), person=True)
