"""What this turn's reply answers: the understood message in the light of what we asked and what was asked before.

Pure apart from the understander; decides which answers are given, never what they say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation.embedded.answers.decisions import IN_PART
from assistant.conversation.embedded.answers.newcomer import tells_work
from assistant.conversation.embedded.answers.offers import CHOICES, MEANING, Offer
from assistant.conversation.embedded.answers.pointing import only_points
from assistant.conversation.embedded.answers.quotes import INVITATION
from assistant.conversation.embedded.answers.talk import recent
from assistant.conversation.embedded.answers.unclear import offered
from assistant.conversation.embedded.context import DECISIONS, OrderContext
from assistant.conversation.embedded.intents import COURTESY, Intent
from assistant.conversation.embedded.rights import LGPD, data_right
from assistant.conversation.embedded.slots import plain
from assistant.conversation.embedded.understanding import Understander, Understanding
from assistant.conversation.responder import Author, Request

MOST_INTENTS = 3
"""Requests answered in one message."""
SAME_ANSWER = frozenset({Intent.STATUS_OS, Intent.PREVISAO_ENTREGA})
"""Two readings that one answer covers, so that nothing need be asked."""
ABOUT_A_CAR = SAME_ANSWER | {Intent.ORCAMENTO_DETALHES, Intent.HISTORICO, Intent.PAGAMENTO, Intent.GARANTIA}
"""Questions that "e o polo?" may repeat for another car."""
COMPARES = re.compile(r"\bpor (?:r\$ ?)?\d.{0,25}\bcobr\w+|\bcobr\w+ (?:a oferta|o preco|esse valor|isso)\b")
"""Wants an offer from elsewhere matched: "cobrem" speaks of no warranty here."""
QUOTE_WORDS = re.compile(r"\b(?:orcamento|itens|item|detalh\w*|pecas?|discrimin\w*)\b")
HINTS = (
    (re.compile(r"\bdemor\w*\b"), (Intent.STATUS_OS, Intent.PREVISAO_ENTREGA)),
    (re.compile(r"\bguincho\b"), (Intent.FALAR_HUMANO,)),
)
"""Words that decide where the classifier is not sure."""
OWN_PHONE = re.compile(r"\b(?:\+?55 ?)?\(?\d{2}\)? ?9?\d{4}[ -]?\d{4}\b")
"""A number that somebody types as theirs: it opens nothing, which they are told."""
PART_APPROVED = re.compile(
    r"\b(?:aprov|autoriz)\w*\b.{0,25}\b(?:so|somente|apenas|menos|sem|(?:uma|em) parte)\b"
    r"|\b(?:fazer|faz|facam?)\b.{0,15}\b(?:so|somente|apenas) (?:uma parte|algun\w+|[oa]s? (?!que\b))"
)
"""Wants it done, but not everything."""
LIKELY = 0.5
"""Least probability to answer a question of fact; a wrong answer there costs one more message, not money."""
THANKS_WORDS = re.compile(
    r"\b(?:obrig\w*|brigad\w*|obg\w*|valeu|vlw|grat[oa]|agradec\w*|tchau|ate (?:mais|logo)|abracos?)\b"
)


@dataclass(frozen=True)
class Agenda:
    """The message and what it is read against."""

    request: Request
    said: Understanding
    context: OrderContext
    pending: Offer | None
    last_said: str
    understander: Understander

    def intents(self) -> tuple[Intent, ...]:
        """What to answer, in order; empty when that is not clear."""
        said = self.said
        if said.is_foreign or not self.request.text.strip():
            return ()
        if self.pending is Offer.CLARIFY:
            return self._reading_taken(offered(self.last_said))
        if self.pending is not None and (answered := self._taken_up(self.pending)):
            return answered
        if only_points(self.request.text):
            return self._asked_before() or (Intent.STATUS_OS,)
        if self._about_own_data() and not (said.sure and said.main is Intent.TENTATIVA_ABUSO):
            return (Intent.OPT_OUT,)
        if self.context.has_quote_sent and PART_APPROVED.search(plain(self.request.text)):
            return (Intent.APROVAR_ORCAMENTO,)
        if self._refuses_quote():
            return (Intent.RECUSAR_ORCAMENTO,)
        agrees_to_nothing = said.is_yes and not (self.context.has_quote_sent and "orçamento" in self.last_said)
        if said.main in DECISIONS and (said.is_no or agrees_to_nothing):
            return (Intent.AGRADECIMENTO,)
        if not self.request.speaker.known and OWN_PHONE.search(plain(self.request.text)) and self._claims_orders():
            return (Intent.STATUS_OS,)
        return self._requests() if said.sure else self._covered()

    def _claims_orders(self) -> bool:
        """Whether an unknown number goes on about a car that it says is here."""
        return self.said.main is not Intent.NOVO_ORCAMENTO and self.pending is Offer.PERSON

    def _about_own_data(self) -> bool:
        texts = [line.text for line in self.request.burst]
        return data_right(texts) is not None or LGPD.search(self.request.text) is not None

    def _refuses_quote(self) -> bool:
        """Whether "não quero" follows the items of a quote; a bare "não" refuses nothing."""
        in_words = len(self.request.text.split()) > 1 and self.said.main is Intent.RECUSAR_ORCAMENTO
        return self.said.is_no and in_words and INVITATION in self.last_said

    def _requests(self) -> tuple[Intent, ...]:
        """The requests of a clear message; abuse is answered alone, and a yes beside a no is a yes to a part."""
        if self.said.main is Intent.TENTATIVA_ABUSO:
            return (Intent.TENTATIVA_ABUSO,)
        wanted = [intent for intent in self.said.intents if intent not in COURTESY] or [self.said.main]
        settled = (self._bill_or_quote(intent) for intent in wanted if intent is not Intent.TENTATIVA_ABUSO)
        found = dict.fromkeys(settled)
        if DECISIONS.issubset(found):
            del found[Intent.RECUSAR_ORCAMENTO]
        if self.said.main is Intent.NOVO_ORCAMENTO and tells_work(plain(self.request.text)):
            # The price of new work is asked for once; the quote of the old work is another matter.
            found.pop(Intent.ORCAMENTO_DETALHES, None)
        if COMPARES.search(plain(self.request.text)) and len(found) > 1:
            found.pop(Intent.GARANTIA, None)
        return tuple(found)[:MOST_INTENTS]

    def _bill_or_quote(self, intent: Intent) -> Intent:
        """ "Quanto deu?" of finished work is the bill, unless the quote is named."""
        finished = self.context.has_balance_due and not self.context.has_quote_sent
        if intent is Intent.ORCAMENTO_DETALHES and finished and not QUOTE_WORDS.search(plain(self.request.text)):
            return Intent.PAGAMENTO
        return intent

    def _taken_up(self, pending: Offer) -> tuple[Intent, ...]:
        """The request that an answer to our question stands for."""
        if pending in CHOICES:
            return (MEANING[pending],) if only_points(self.request.text) or self.said.is_yes else ()
        if pending in (Offer.NEW_QUOTE, Offer.LEAD_TOLD):
            return (Intent.NOVO_ORCAMENTO,) if self._adds_to_lead(pending) else ()
        return (MEANING[pending],) if self.said.is_yes else ()

    def _adds_to_lead(self, pending: Offer) -> bool:
        """Whether a message answers our questions about a new quote, or adds to what was told."""
        said = self.said
        if said.main is Intent.NOVO_ORCAMENTO or not said.sure:
            return not said.is_no
        if said.main in COURTESY:
            return said.is_yes and pending is Offer.NEW_QUOTE
        names_car = bool(said.plate or said.model_words) and "?" not in self.request.text
        return said.main in (Intent.FORA_DE_ESCOPO, Intent.STATUS_OS) and names_car

    def _reading_taken(self, readings: Sequence[Intent]) -> tuple[Intent, ...]:
        """Which of our two readings was taken: by position, by words, or the first on a bare yes."""
        said = self.said
        if said.is_yes and readings:
            return (readings[0],)
        if said.ordinal is not None and 1 <= said.ordinal <= len(readings):
            return (readings[said.ordinal - 1],)
        if said.main in readings:
            return (said.main,)
        if said.main is Intent.AGRADECIMENTO and not THANKS_WORDS.search(plain(self.request.text)):
            return ()
        return self._requests() if said.sure and not said.is_no else ()

    def _asked_before(self) -> tuple[Intent, ...]:
        """What the customer's last message asked, when it was a question about a car."""
        earlier = [line.text for line in recent(self.request) if line.author is Author.CUSTOMER and line.text]
        for text in reversed(earlier[-2:]):
            before = self.understander.understand(text, context=self.context)
            if before.sure and before.main in ABOUT_A_CAR:
                return (before.main,)
        return ()

    def _covered(self) -> tuple[Intent, ...]:
        """What to answer without being sure: words that decide, one answer for both likeliest readings, a mere fact."""
        text, scores = plain(self.request.text), self.said.scores
        if hinted := next((intents for pattern, intents in HINTS if pattern.search(text)), None):
            return hinted
        ranked = sorted(scores, key=scores.__getitem__, reverse=True)
        if set(ranked[:2]) == SAME_ANSWER:
            return (Intent.STATUS_OS, Intent.PREVISAO_ENTREGA)
        if ranked[0] in DECISIONS:
            return (Intent.APROVAR_ORCAMENTO,) if IN_PART.search(text) and self.context.has_quote_sent else ()
        if ranked[0] is Intent.NOVO_ORCAMENTO and tells_work(text):
            return (Intent.NOVO_ORCAMENTO,)
        harmless = ABOUT_A_CAR | {Intent.HORARIO_ENDERECO, Intent.TENTATIVA_ABUSO}
        return (ranked[0],) if ranked[0] in harmless and scores[ranked[0]] >= LIKELY else ()
