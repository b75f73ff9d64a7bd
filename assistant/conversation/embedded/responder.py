"""The embedded responder: understands a turn without a model and answers it from templates over tool results.

It looks up through the toolbox, writes nothing and sends nothing. What the customer may do is decided here and in
`answers/`, never by the wording of a message.
"""

from collections.abc import Sequence

from assistant.conversation.embedded.answers.compose import compose
from assistant.conversation.embedded.answers.media import Media, is_only_map, media, media_of
from assistant.conversation.embedded.answers.offers import CHOICES, MEANING, Offer, pending_offer
from assistant.conversation.embedded.answers.people import foreign
from assistant.conversation.embedded.answers.routing import ANSWERS
from assistant.conversation.embedded.answers.smalltalk import declined, yes_to_nothing
from assistant.conversation.embedded.answers.staff import hand_off, person_answers
from assistant.conversation.embedded.answers.talk import Lookups, Part, Talk, said_by_us
from assistant.conversation.embedded.answers.unclear import offered, unclear
from assistant.conversation.embedded.answers.voice import Voice
from assistant.conversation.embedded.context import OrderContext
from assistant.conversation.embedded.intents import COURTESY, Intent
from assistant.conversation.embedded.understanding import Understander, Understanding
from assistant.conversation.responder import Author, Draft, HandOffReason, Request
from assistant.tools.orders import MyOrders
from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Toolbox
from integrations.workshop.stages import Stage

MOST_INTENTS = 3
"""Requests answered in one message."""
SHORT = 5
"""Words of a message that may lean on the one before: "e o polo?"."""
READ_ONLY = frozenset({Intent.STATUS_OS, Intent.PREVISAO_ENTREGA})
"""Two readings that one answer covers, so that nothing need be asked."""
ALONE = frozenset({Intent.TENTATIVA_ABUSO})
"""Answered without anything else of the message."""


class EmbeddedResponder:
    """Implements `Responder`; stateless, one instance may serve all turns."""

    name = "embedded"

    def __init__(self, understander: Understander, terms: ShopTerms) -> None:
        self._understander = understander
        self._terms = terms

    async def draft(self, request: Request, toolbox: Toolbox, complaint: str | None = None) -> Draft:
        """The reply; after a `complaint` of the fact check one that states nothing and calls a person."""
        lookups = Lookups(toolbox)
        orders = await lookups.get("my_orders", MyOrders)
        understood = self._understander.understand(request.text, context=_context(orders))
        voice = Voice(said_by_us(request))
        pending = pending_offer(voice.said[-1] if voice.said else "")
        intents = self._intents(request, understood, pending, voice)
        talk = Talk(request, understood, orders, intents, pending, lookups, self._terms, voice)
        parts = [await _for_a_person(talk)] if complaint else await _parts(talk)
        return compose(talk, parts, _notes(understood, pending))

    def _intents(
        self, request: Request, said: Understanding, pending: Offer | None, voice: Voice
    ) -> tuple[Intent, ...]:
        """What this reply answers, in order; empty when it is not clear."""
        if said.is_foreign or not request.text:
            return ()
        if pending is not None and (answered := _taken_up(said, pending, voice)):
            return answered
        if _leans_on_last(request, said) and (before := self._before(request)):
            return before
        if not said.sure:
            return _covered(said)
        if said.main in ALONE:
            return (said.main,)
        wanted = [intent for intent in said.intents if intent not in COURTESY] or [said.main]
        return tuple(intent for intent in wanted if intent not in ALONE)[:MOST_INTENTS]

    def _before(self, request: Request) -> tuple[Intent, ...]:
        """What the customer asked in their last clear message."""
        earlier = [line.text for line in request.history if line.author is Author.CUSTOMER and line.text]
        for text in reversed(earlier[-3:]):
            said = self._understander.understand(text)
            if said.sure and said.main not in COURTESY | ALONE:
                return (said.main,)
        return ()


def _taken_up(said: Understanding, pending: Offer, voice: Voice) -> tuple[Intent, ...]:
    """The request that an answer to our question stands for."""
    if pending is Offer.CLARIFY:
        return _reading_taken(said, offered(voice.said[-1]))
    points = bool(said.plate or said.os_number or said.model_words or said.ordinal)
    if pending in CHOICES and (points or said.is_yes) and not (said.sure and said.main in READ_ONLY):
        return (MEANING[pending],)
    if pending in (Offer.NEW_QUOTE, Offer.LEAD_TOLD):
        return (Intent.NOVO_ORCAMENTO,) if _adds_to_lead(said, pending) else ()
    return (MEANING[pending],) if said.is_yes else ()


def _adds_to_lead(said: Understanding, pending: Offer) -> bool:
    """Whether a message answers our questions about a new quote, or adds to what was told."""
    if said.main is Intent.NOVO_ORCAMENTO or not said.sure:
        return not said.is_no
    if said.main in COURTESY:
        return said.is_yes and pending is Offer.NEW_QUOTE
    return said.main in (Intent.FORA_DE_ESCOPO, Intent.STATUS_OS) and bool(said.plate or said.model_words)


def _reading_taken(said: Understanding, readings: Sequence[Intent]) -> tuple[Intent, ...]:
    """Which of the two readings we offered was taken: by position, or both on a bare yes to two questions of fact."""
    if said.ordinal is not None and 1 <= said.ordinal <= len(readings):
        return (readings[said.ordinal - 1],)
    if said.main in readings:
        return (said.main,)
    return ()


def _leans_on_last(request: Request, said: Understanding) -> bool:
    """Whether a short message only names a car: "e o polo?", "e o outro?"."""
    words = request.text.split()
    points = bool(said.plate or said.os_number or said.model_words or said.ordinal)
    return points and len(words) <= SHORT and (not said.sure or words[0].lower() == "e")


def _covered(said: Understanding) -> tuple[Intent, ...]:
    """The answer that fits both likeliest readings, if one does."""
    first, second = sorted(said.scores, key=said.scores.__getitem__, reverse=True)[:2]
    return (Intent.STATUS_OS, Intent.PREVISAO_ENTREGA) if {first, second} == READ_ONLY else ()


async def _parts(talk: Talk) -> list[Part]:
    """The answers, in the order of the requests, media last."""
    extra = [await media(talk)] if any(media_of(line) is not Media.TEXT for line in talk.request.burst) else []
    if not talk.request.text.strip() or is_only_map(talk.request.text):
        return extra
    if talk.understood.is_foreign:
        return [await foreign(talk)]
    if talk.understood.is_no and talk.pending is not None:
        return [await declined(talk)]
    if talk.understood.is_yes and talk.intents == (Intent.AGRADECIMENTO,) and talk.pending is not Offer.CLARIFY:
        return [await yes_to_nothing(talk)]
    if not talk.intents:
        return [await unclear(talk), *extra]
    return [*[await ANSWERS[intent](talk) for intent in talk.intents], *extra]


async def _for_a_person(talk: Talk) -> Part:
    """What is said when a fact could not be confirmed."""
    return Part(
        f"Quero te responder com segurança, então passei a sua pergunta para a equipe. {await person_answers(talk)}",
        hand_off(talk, HandOffReason.NOT_UNDERSTOOD, "o assistente não conseguiu confirmar a resposta"),
    )


def _context(orders: MyOrders) -> OrderContext:
    """The state of the orders, for what a vague question about money means."""
    return OrderContext(
        has_open_order=bool(orders.orders),
        has_quote_sent=any(order.quote_sent_at and order.stage is Stage.AWAITING_APPROVAL for order in orders.orders),
        has_balance_due=any(order.balance_due and order.stage is Stage.READY_FOR_PICKUP for order in orders.orders),
    )


def _notes(understood: Understanding, pending: Offer | None) -> dict[str, str]:
    """For the trace."""
    best = max(understood.scores.values(), default=0.0)
    notes = {"main": understood.main.value, "sure": str(understood.sure).lower(), "score": f"{best:.2f}"}
    return notes | ({"pending": pending.name.lower()} if pending else {})
