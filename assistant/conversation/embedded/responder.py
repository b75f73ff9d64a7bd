"""The embedded responder: understands a turn without a model and answers it from templates over tool results.

It looks up through the toolbox, writes nothing and sends nothing. What the customer may do is decided here and in
`answers/`, never by the wording of a message.
"""

import re
from dataclasses import replace

from assistant.conversation.embedded.answers.agenda import Agenda
from assistant.conversation.embedded.answers.compose import compose
from assistant.conversation.embedded.answers.decisions import MAY_BE_PART, other_items, part_wished
from assistant.conversation.embedded.answers.media import media, media_of
from assistant.conversation.embedded.answers.newcomer import second_phone
from assistant.conversation.embedded.answers.offers import CHOICES, Offer, pending_offer
from assistant.conversation.embedded.answers.people import come_back, foreign
from assistant.conversation.embedded.answers.pointing import spelled_right
from assistant.conversation.embedded.answers.quotes import price_of_quoted_work
from assistant.conversation.embedded.answers.routing import ANSWERS
from assistant.conversation.embedded.answers.smalltalk import confused, declined, postponed, yes_to_nothing
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Lookups, Part, Talk, last_question, said_by_us
from assistant.conversation.embedded.answers.unclear import unclear
from assistant.conversation.embedded.answers.voice import Voice
from assistant.conversation.embedded.context import OrderContext
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.understanding import Understander, Understanding
from assistant.conversation.embedded.wishes import POSTPONES
from assistant.conversation.kinds import Media, is_only_map
from assistant.conversation.responder import Draft, HandOffReason, Request
from assistant.tools.orders import MyOrders
from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Toolbox
from integrations.workshop.stages import Stage

CONFUSED = re.compile(r"\W*(?:(?:eu )?nao (?:entendi|compreendi|saquei)(?: nada)?|como assim|hein|ue|que)?\W*\?*\W*")

MAY_POSTPONE = frozenset(
    {Intent.APROVAR_ORCAMENTO, Intent.RECUSAR_ORCAMENTO, Intent.AGRADECIMENTO, Intent.ORCAMENTO_DETALHES}
)
"""What "vou pensar" may be read as; beside another request it is left aside."""

ANYWAY = re.compile(r"(?<!nao )\b(?:pode\w*|aprovo|autorizo|aprovad[oa]|manda ver|faz(?! nada| isso)|faca)\b")
"""Decides something all the same: "pode fazer, o resto eu vejo depois"."""


class EmbeddedResponder:
    """Implements `Responder`; stateless, one instance may serve all turns."""

    name = "embedded"
    costs = False

    def __init__(self, understander: Understander, terms: ShopTerms) -> None:
        self._understander = understander
        self._terms = terms

    async def draft(self, request: Request, toolbox: Toolbox, complaint: str | None = None) -> Draft:
        """The reply; after a `complaint` of the fact check one that states nothing and calls a person."""
        lookups = Lookups(toolbox)
        orders = await lookups.get("my_orders", MyOrders)
        context = _context(orders, request)
        voice = Voice(said_by_us(request))
        last_said = last_question(request)
        pending = pending_offer(last_said)
        if pending in CHOICES:
            request = _spelled_right(request, orders)
        understood = self._understander.understand(request.text, context=context)
        intents = Agenda(request, understood, context, pending, last_said, self._understander).intents()
        talk = Talk(request, understood, orders, intents, pending, lookups, self._terms, voice)
        parts = [_for_a_person(talk)] if complaint else await _parts(talk)
        return await compose(talk, parts, _notes(understood, pending))

    async def aclose(self) -> None:
        """Nothing is held."""


async def _parts(talk: Talk) -> list[Part]:
    """The answers, in the order of the requests, media last."""
    extra = [await media(talk)] if any(media_of(line) is not Media.TEXT for line in talk.request.burst) else []
    if not talk.request.text.strip() or is_only_map(talk.request.text):
        return extra
    if talk.understood.is_foreign:
        return [await foreign(talk), *extra]
    return [*await _to_text(talk), *extra]


async def _to_text(talk: Talk) -> list[Part]:
    """The answers to what was written."""
    said = talk.understood
    if back := await come_back(talk):
        return [back]
    if Intent.TENTATIVA_ABUSO not in talk.intents and (claim := await second_phone(talk)):
        return [claim]
    if said.is_no and talk.pending is not Offer.CLARIFY and talk.intents != (Intent.RECUSAR_ORCAMENTO,):
        return [await declined(talk)]
    if said.is_yes and talk.intents == (Intent.AGRADECIMENTO,):
        return [await yes_to_nothing(talk)]
    if CONFUSED.fullmatch(talk.text) and talk.voice.said:
        return [await confused(talk)]
    if part := await part_wished(talk):
        others = [intent for intent in talk.intents if intent not in MAY_BE_PART]
        return [part, *[await ANSWERS[intent](talk) for intent in others]]
    if POSTPONES.search(talk.text) and MAY_POSTPONE.issuperset(talk.intents) and not ANYWAY.search(talk.text):
        return [await postponed(talk)]
    if changed := await other_items(talk):
        return [changed]
    if quoted := await price_of_quoted_work(talk):
        return [quoted]
    if not talk.intents:
        return [await unclear(talk)]
    return [await ANSWERS[intent](talk) for intent in talk.intents]


def _spelled_right(request: Request, orders: MyOrders) -> Request:
    """The answer to "which car?" with its name as it is written."""
    burst = [replace(line, text=spelled_right(line.text, orders)) for line in request.burst]
    return replace(request, burst=burst)


def _for_a_person(talk: Talk) -> Part:
    """What is said when a fact could not be confirmed."""
    return Part(
        "Quero te responder com segurança, então passei a sua pergunta para a equipe.",
        hand_off(talk, HandOffReason.NOT_UNDERSTOOD, "o assistente não conseguiu confirmar a resposta"),
        person=True,
    )


def _context(orders: MyOrders, request: Request) -> OrderContext:
    """The state of the orders, for what a vague question about money means."""
    return OrderContext(
        has_open_order=bool(orders.orders),
        has_quote_sent=any(order.quote_sent_at and order.stage is Stage.AWAITING_APPROVAL for order in orders.orders),
        has_balance_due=any(order.balance_due and order.stage is Stage.READY_FOR_PICKUP for order in orders.orders),
        has_lead=request.lead is not None and bool(request.lead.essentials),
    )


def _notes(understood: Understanding, pending: Offer | None) -> dict[str, str]:
    """For the trace."""
    best = max(understood.scores.values(), default=0.0)
    notes = {"main": understood.main.value, "sure": str(understood.sure).lower(), "score": f"{best:.2f}"}
    return notes | ({"pending": pending.name.lower()} if pending else {})
