"""The quote of the customer's own order, item by item, once the shop sent it.

Prices of a quote that was not sent are not told; discounts are a consultant's business.
"""

import re
from collections.abc import Sequence

from assistant.conversation.embedded.answers import strangers
from assistant.conversation.embedded.answers.cars import label, of_yours, order_label, yours
from assistant.conversation.embedded.answers.choosing import named_items, names
from assistant.conversation.embedded.answers.offers import Offer
from assistant.conversation.embedded.answers.pointing import BOTH, BRANDS, last_mentioned, meant
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import enumerated, upper_first
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.slots import find_ordinal, plain
from assistant.conversation.responder import HandOffReason
from assistant.newcomers.signals import asks_price
from assistant.tools.orders import OrderSummary
from assistant.tools.quotes import Quote, QuoteItem, QuoteResult, item_line
from integrations.brazil import money, since
from integrations.workshop.orders import order_name
from integrations.workshop.quotes import Decision, ItemStatus

INVITATION = "Se quiser aprovar ou tirar alguma dúvida, é só me dizer."
ITEMS = re.compile(r"\b(?:itens|item|detalh\w+|explic\w+|discrimin\w+|o que tem)\b")
NEGOTIATES = re.compile(
    r"\b(?:descont\w+|abat\w+|(?<!o mais )(?<!a mais )car[oa]s?|carinho|salgad[oa]|"
    r"puxad[oa]|faz por|fecha por|deixa por|precinho|barat\w+|"
    r"abaix\w+|arredond\w+|chora\w*|camarada|cobre\w?|"
    r"menos(?! (?:o|a|os|as|[1-9]|item|ess[ea])\b)|baixar?|negoci\w+|"
    r"condic\w+|melhorar?|parcel\w+|em quantas vezes|quantas vezes)\b|\d ?(?:%|por cento)"
)
DEAR = re.compile(r"\b(?:car[oa]s?|carinho|salgad[oa]|puxad[oa])\b")
GRUMBLES = re.compile(r"\b(?:car[oa]s?|carinho|salgad[oa])\b.{0,40}\b(?:mas|porem|enfim|paciencia|fazer o que|ne)\b")
"""Finds it dear and goes on all the same: "tá caro, mas pode fazer"."""


def negotiates(text: str) -> bool:
    """Whether somebody wants other terms; who only finds it dear before going on does not."""
    return NEGOTIATES.search(GRUMBLES.sub(" ", text)) is not None


def asks_terms(text: str) -> bool:
    """Whether other terms are asked for, and the price is not just called high as a reason."""
    return negotiates(DEAR.sub(" ", text))


def bargains(text: str) -> bool:
    """Whether somebody asks for other terms, which refuses nothing: "achei mais barato, vocês cobrem?"."""
    return "?" in text and negotiates(text)


async def details(talk: Talk) -> Part:
    """The items and the total of the quote that is meant."""
    chosen = await chosen_quotes(talk, Offer.WHICH_QUOTE)
    if isinstance(chosen, Part):
        return chosen
    if not NEGOTIATES.search(talk.text) or talk.answers(Intent.PAGAMENTO):
        return Part("\n\n".join(_itemised(talk, quote) for quote in chosen))
    told = talk.voice.said and any(quote.number in text for quote in chosen for text in talk.voice.said[-2:])
    paragraphs = [] if told and not ITEMS.search(talk.text) else [_itemised(talk, quote) for quote in chosen]
    handoff = hand_off(talk, HandOffReason.QUOTE_DECISION, "quer conversar sobre o valor do orçamento", _named(chosen))
    terms = talk.voice.say(
        "Sobre valores e condições, quem conversa com você é um consultor.",
        "Valores e condições quem acerta com você é um consultor; já passei o seu pedido.",
    )
    return Part("\n\n".join([*paragraphs, terms]), handoff, person=True)


async def price_of_quoted_work(talk: Talk) -> Part | None:
    """The quote, when what looks like a price asked for new work names work that it holds; None otherwise."""
    if not {Intent.NOVO_ORCAMENTO}.issuperset(talk.intents) or not asks_price(talk.text):
        return None
    quotes = (await talk.lookups.get("quote", QuoteResult)).quotes
    named = [quote for quote in quotes if _is_about(talk, quote)]
    return Part(_itemised(talk, named[0])) if len(named) == 1 else None


def _is_about(talk: Talk, quote: Quote) -> bool:
    """Whether a message names an item of this quote by all its words, and no other car."""
    words = set(re.findall(r"[a-z]+", talk.text))
    cars = {word for word in talk.understood.model_words if word not in BRANDS}
    if not cars <= set(plain(quote.vehicle).split()) or talk.understood.plates:
        return False
    return quote.decision is Decision.AWAITING and any(names(words, item) for item in quote.items)


async def chosen_quotes(talk: Talk, question: Offer) -> Sequence[Quote] | Part:
    """The quotes that are meant (one, unless the customer wants all), or what to say instead."""
    found = await meant(talk)
    if refused := await strangers.instead(talk, found):
        return refused
    wanted = [*found.open, *found.past]
    result = await _quotes_of(talk, wanted)
    sent = [quote for quote in result.quotes if quote.number in {order.number for order in wanted}]
    if not sent:
        return _none_sent(talk, wanted)
    waiting = [quote for quote in sent if quote.decision is Decision.AWAITING]
    candidates = sent if found.pointed else (waiting or sent)
    if len(candidates) == 1 or (found.pointed and (question is Offer.WHICH_QUOTE or BOTH.search(talk.text))):
        return candidates
    if talk.understood.is_yes and talk.pending is question is Offer.WHICH_QUOTE:
        return candidates
    by_work = [quote for quote in candidates if named_items(talk.request.text, quote.items)]
    if len(by_work) == 1 and not find_ordinal(talk.request.text):
        return by_work
    spoken = {order.number for order in last_mentioned(talk.orders.orders, talk.last_said)}
    narrowed = [quote for quote in candidates if quote.number in spoken]
    return narrowed if len(narrowed) == 1 else _which(talk, candidates, question)


async def _quotes_of(talk: Talk, wanted: Sequence[OrderSummary]) -> QuoteResult:
    """The quotes of open orders in one call; a closed order is asked for by its number."""
    closed = [order for order in wanted if not order.is_open]
    if len(closed) == 1 and len(wanted) == 1:
        return await talk.lookups.get("quote", QuoteResult, order_number=closed[0].number)
    return await talk.lookups.get("quote", QuoteResult)


def _none_sent(talk: Talk, wanted: Sequence[OrderSummary]) -> Part:
    if not wanted:
        return Part("Não encontrei orçamento em aberto para esse carro.")
    cars = enumerated([yours(order) for order in wanted])
    return Part(
        talk.voice.say(
            f"O orçamento para {cars} ainda não foi enviado, então ainda não tenho valores para te passar.",
            f"Ainda não há orçamento enviado para {cars}, por isso não tenho valores agora.",
        )
    )


def _which(talk: Talk, candidates: Sequence[Quote], question: Offer) -> Part:
    cars = enumerated([of_yours(quote, order_label(quote)) for quote in candidates], "ou")
    return Part(
        talk.voice.say(
            f"{upper_first(question.value)}: {cars}?",
            f"Pode responder só com o modelo ou a placa: {question.value}, {cars}?",
        )
    )


def _itemised(talk: Talk, quote: Quote) -> str:
    """The quote as a message: one line an item, the total, what was decided."""
    sent = since(quote.sent_at, talk.request.now)
    day = sent if sent.isalpha() else f"em {sent}"
    opening = talk.voice.say(
        f"Este é o orçamento {of_yours(quote, order_label(quote))}, enviado {day}:",
        f"O orçamento {of_yours(quote, order_label(quote))}, enviado {day}, ficou assim:",
    )
    if not quote.items and quote.total is None:
        return f"O orçamento {of_yours(quote, order_label(quote))}, foi enviado {day}. {decision_so_far(quote)}"
    lines = [_line(item) for item in quote.items]
    if quote.total is not None:
        lines.append(f"*Total: {money(quote.total)}*")
    return "\n".join([opening, *lines, decision_so_far(quote)])


def _line(item: QuoteItem) -> str:
    return f"{item_line(item)}{', recusado por você' if item.status is ItemStatus.REFUSED else ''}"


def decision_so_far(quote: Quote) -> str:
    """Where the customer's decision stands."""
    match quote.decision:
        case Decision.AWAITING:
            return f"Ele aguarda a sua resposta. {INVITATION}"
        case Decision.APPROVED:
            return (
                f"O orçamento da {order_name(quote.number)}, {label(quote)}, já foi aprovado{_approved_amount(quote)}."
            )
        case Decision.PARTLY_APPROVED:
            amount = _approved_amount(quote)
            return f"O orçamento da {order_name(quote.number)}, {label(quote)}, foi aprovado em parte{amount}."
        case Decision.REFUSED:
            return f"O orçamento da {order_name(quote.number)}, {label(quote)}, foi recusado."


def _approved_amount(quote: Quote) -> str:
    if quote.approved_total is None or quote.approved_total == quote.total:
        return ""
    return f", no valor de {money(quote.approved_total)}"


def _named(quotes: Sequence[Quote]) -> str:
    return enumerated([order_label(quote) for quote in quotes])
