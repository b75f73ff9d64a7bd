"""What this turn's reply answers: the understood message in the light of what we asked and what was asked before.

Pure apart from the understander; decides which answers are given, never what they say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation.embedded.answers.decisions import CONDITION, IN_PART
from assistant.conversation.embedded.answers.followups import (
    ALL_OF_IT,
    ASKS_STATE,
    BOOKS,
    CALLED,
    COMPARES,
    FEW_WORDS,
    FOLLOW_UP_WORDS,
    FOLLOWS,
    HINTS,
    OWN_PHONE,
    PART_APPROVED,
    PAST_AMOUNT,
    POINTS_AT_WORK,
    QUOTE_WORDS,
    THANKS_WORDS,
    TILL_WHEN,
    WHAT_TIME,
)
from assistant.conversation.embedded.answers.offers import CHOICES, MEANING, SLOTS, VISITS, Offer
from assistant.conversation.embedded.answers.past import HISTORY_OPENINGS
from assistant.conversation.embedded.answers.pointing import only_points
from assistant.conversation.embedded.answers.quotes import INVITATION, bargains, negotiates
from assistant.conversation.embedded.answers.talk import recent
from assistant.conversation.embedded.answers.unclear import offered
from assistant.conversation.embedded.answers.visit_changes import CANCELS, MOVES
from assistant.conversation.embedded.answers.visit_words import takes_or_wants
from assistant.conversation.embedded.context import DECISIONS, OrderContext
from assistant.conversation.embedded.intents import ALERTS, COURTESY, Intent
from assistant.conversation.embedded.lexicon import family_of
from assistant.conversation.embedded.rights import LGPD, data_right
from assistant.conversation.embedded.text import normalise, spelled_out
from assistant.conversation.embedded.understanding import Understander, Understanding
from assistant.conversation.responder import Author, Request
from assistant.newcomers.facts import ANSWERED_BY, Fact
from assistant.newcomers.jobs import tells_work
from assistant.newcomers.questions import questions_in
from assistant.newcomers.reading import is_lead_answer, told
from assistant.tools.visits import VISIT_PROPOSAL
from integrations.brazil import local_day

MOST_INTENTS = 3
"""Requests answered in one message."""
SAME_ANSWER = frozenset({Intent.STATUS_OS, Intent.PREVISAO_ENTREGA})
"""Two readings that one answer covers, so that nothing need be asked."""
ABOUT_A_CAR = SAME_ANSWER | {Intent.ORCAMENTO_DETALHES, Intent.HISTORICO, Intent.PAGAMENTO, Intent.GARANTIA}
"""Questions that "e o polo?" may repeat for another car."""
MAY_NAME_IT = frozenset({Intent.ORCAMENTO_DETALHES, Intent.NOVO_ORCAMENTO, Intent.STATUS_OS, Intent.FORA_DE_ESCOPO})
"""What "a embreagem" and "o mais caro" may be taken for, where we asked which."""
OTHER_MATTERS = frozenset(
    {Intent.TENTATIVA_ABUSO, Intent.OPT_OUT, Intent.FALAR_HUMANO, Intent.RECLAMACAO, Intent.AGENDAMENTO}
)
"""What is never taken for an answer to our questions about new work."""
NOT_OF_SOMEBODY_NEW = ABOUT_A_CAR | {Intent.FORA_DE_ESCOPO}
LIKELY = 0.5
"""Least probability to answer a question of fact; a wrong answer there costs one more message, not money."""


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
        if self._about_proposed_visit():
            return (Intent.AGENDAMENTO,)
        if only_points(self.request.text):
            return self._asked_before() or (Intent.STATUS_OS,)
        if self._about_own_data() and not (said.sure and said.main is Intent.TENTATIVA_ABUSO):
            return (Intent.OPT_OUT,)
        if self.context.has_quote_sent and ALL_OF_IT.search(spelled_out(self.request.text)):
            return (Intent.APROVAR_ORCAMENTO,)
        if self.context.has_quote_sent and PART_APPROVED.search(spelled_out(self.request.text)):
            return (Intent.APROVAR_ORCAMENTO,)
        if self._refuses_quote():
            return (Intent.RECUSAR_ORCAMENTO,)
        agrees_to_nothing = said.is_yes and not (self.context.has_quote_sent and "orçamento" in self.last_said)
        if said.main in DECISIONS and (said.is_no or agrees_to_nothing):
            return (Intent.AGRADECIMENTO,)
        if said.main is Intent.AGENDAMENTO and self._says_when_to_call():
            return (Intent.FALAR_HUMANO,)
        if self._asks_consultants_matter():
            return (Intent.NOVO_ORCAMENTO,)
        if self._answers_open_question():
            return (Intent.NOVO_ORCAMENTO,)
        if self._claims_orders():
            return (Intent.STATUS_OS,)
        if (not said.sure or said.main in NOT_OF_SOMEBODY_NEW) and self._tells_of_new_work():
            return (Intent.NOVO_ORCAMENTO,)
        if WHAT_TIME.fullmatch(spelled_out(self.request.text)) and (before := self._asked_before()):
            return before
        if self._asks_what_was_paid():
            return (Intent.HISTORICO,)
        return self._requests() if said.sure else self._covered() or self._followed_up()

    def _about_own_data(self) -> bool:
        texts = [line.text for line in self.request.burst]
        return data_right(texts, self.last_said) is not None or LGPD.search(self.request.text) is not None

    def _says_when_to_call(self) -> bool:
        """Whether a time follows the wish to talk to somebody, and nothing of a visit."""
        called = any(phrase in self.last_said for phrase in CALLED)
        return called and BOOKS.search(spelled_out(self.request.text)) is None

    def _asks_consultants_matter(self) -> bool:
        """Whether somebody new asks how much or how long about the work they told us of."""
        lead, said = self.request.lead, self.said
        if lead is None or lead.claims or not self.context.has_lead or said.plates or said.os_number:
            return False
        return said.main in (Intent.ORCAMENTO_DETALHES, Intent.PREVISAO_ENTREGA) and not self.context.has_open_order

    def _answers_open_question(self) -> bool:
        """Whether somebody new answers, in few words, what we asked some messages ago: "essa semana, me indicaram"."""
        lead, text = self.request.lead, self.request.text
        if lead is None or "?" in text or (self.said.sure and self.said.main in OTHER_MATTERS - {Intent.RECLAMACAO}):
            return False
        words = normalise(text).split()
        if len(words) > FEW_WORDS or any(family_of(word) in ("repudio", "ofensa") for word in words):
            return False
        open_still = {question for question in lead.asked if not lead.knows(question)}
        facts = told(text, frozenset(), open_still)
        return any(fact in facts for question in open_still for fact in ANSWERED_BY[question])

    def _tells_of_new_work(self) -> bool:
        """Whether somebody new says what is wrong with the car, or adds to it; nothing of theirs is in the shop."""
        lead, text = self.request.lead, self.request.text
        if lead is None or lead.claims or self.said.main in OTHER_MATTERS or self.said.os_number:
            return False
        if ASKS_STATE.search(spelled_out(text)):
            return False
        facts = told(text, questions_in(self.last_said), lead.asked)
        return Fact.SYMPTOM in facts or (bool(lead.essentials) and bool(facts) and "?" not in text)

    def _claims_orders(self) -> bool:
        """Whether an unknown number goes on about a car that it says is here, with another number as proof."""
        if self.request.speaker.known or self.said.main is Intent.NOVO_ORCAMENTO or self.pending is not Offer.PERSON:
            return False
        return OWN_PHONE.search(spelled_out(self.request.text)) is not None

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
        if Intent.RECUSAR_ORCAMENTO in found and not self.said.is_negated and bargains(spelled_out(self.request.text)):
            found = dict.fromkeys([Intent.ORCAMENTO_DETALHES])
        if Intent.APROVAR_ORCAMENTO in found and self.context.has_quote_sent:
            # The question that restates the quote tells its items.
            found.pop(Intent.ORCAMENTO_DETALHES, None)
        if self.said.main is Intent.NOVO_ORCAMENTO and tells_work(spelled_out(self.request.text)):
            # The price of new work is asked for once; the quote of the old work is another matter.
            found.pop(Intent.ORCAMENTO_DETALHES, None)
        if COMPARES.search(spelled_out(self.request.text)) and len(found) > 1:
            found.pop(Intent.GARANTIA, None)
        if not SAME_ANSWER.isdisjoint(found) and TILL_WHEN.search(spelled_out(self.request.text)):
            found.setdefault(Intent.HORARIO_ENDERECO)
        return tuple(found)[:MOST_INTENTS]

    def _bill_or_quote(self, intent: Intent) -> Intent:
        """ "Quanto deu?" of finished work is the bill, unless the quote is named."""
        finished = self.context.has_balance_due and not self.context.has_quote_sent
        if intent is Intent.ORCAMENTO_DETALHES and finished and not QUOTE_WORDS.search(spelled_out(self.request.text)):
            return Intent.PAGAMENTO
        return intent

    def _taken_up(self, pending: Offer) -> tuple[Intent, ...]:
        """The request that an answer to our question stands for."""
        if pending in CHOICES:
            return (MEANING[pending],) if self._says_which(pending) else ()
        if pending in VISITS:
            return (Intent.AGENDAMENTO,) if self._answers_visit(pending) else ()
        if pending in (Offer.NEW_QUOTE, Offer.LEAD_TOLD):
            return (Intent.NOVO_ORCAMENTO,) if self._adds_to_lead(pending) else ()
        return (MEANING[pending],) if self.said.is_yes else ()

    def _says_which(self, pending: Offer) -> bool:
        """Whether a message answers which car or quote we mean: points at it, or names it in few words."""
        text, said = self.request.text, self.said
        if only_points(text) or said.is_yes or POINTS_AT_WORK.fullmatch(spelled_out(text)):
            return True
        if said.is_no or said.is_negated or "?" in text or len(text.split()) > FOLLOW_UP_WORDS:
            return False
        names_it = said.main in MAY_NAME_IT | {MEANING[pending]} or not said.sure
        return names_it and said.main not in COURTESY and ALERTS.isdisjoint(said.intents)

    def _answers_visit(self, pending: Offer) -> bool:
        """Whether a message answers a question of ours about a visit."""
        text, today = self.request.text, local_day(self.request.now)
        if pending in SLOTS:
            return self.said.is_yes or takes_or_wants(text, today) or Intent.AGENDAMENTO in self.said.intents
        if pending in (Offer.MOVE_OR_CANCEL, Offer.BOOKED):
            return bool(MOVES.search(spelled_out(text)) or CANCELS.search(spelled_out(text)))
        if pending is Offer.VISIT_DATA:
            return "?" not in text and not self.said.is_no and not ALERTS.intersection(self.said.intents)
        return only_points(text) or takes_or_wants(text, today)

    def _about_proposed_visit(self) -> bool:
        """Whether a message says when instead, while a visit waits for its yes."""
        pending = self.request.pending
        if pending is None or pending.proposal != VISIT_PROPOSAL:
            return False
        return not self.said.sure and takes_or_wants(self.request.text, local_day(self.request.now))

    def _adds_to_lead(self, pending: Offer) -> bool:
        """Whether a message answers our questions about a new quote, or adds to what was told."""
        said = self.said
        if said.main not in OTHER_MATTERS and is_lead_answer(self.request.text, questions_in(self.last_said)):
            return True
        if said.main is Intent.NOVO_ORCAMENTO or not said.sure:
            asks = ("?" in self.request.text and not said.sure) or not ABOUT_A_CAR.isdisjoint(said.intents[1:])
            of_their_car = self.context.has_open_order and asks
            return not said.is_no and not of_their_car
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
        if said.main is Intent.AGRADECIMENTO and not THANKS_WORDS.search(spelled_out(self.request.text)):
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

    def _asks_what_was_paid(self) -> bool:
        """Whether "e quanto paguei?" asks of the past visits that we have just told."""
        told = any(opening[1:] in self.last_said for opening in HISTORY_OPENINGS)
        return told and PAST_AMOUNT.search(spelled_out(self.request.text)) is not None

    def _followed_up(self) -> tuple[Intent, ...]:
        """What a short question that names nothing goes on about: "ainda ta valendo?", "e qual e o certo?"."""
        text = spelled_out(self.request.text)
        short = "?" in text and FOLLOWS.match(text) and len(text.split()) <= FOLLOW_UP_WORDS
        return self._asked_before() if short else ()

    def _covered(self) -> tuple[Intent, ...]:
        """What to answer without being sure: words that decide, one answer for both likeliest readings, a mere fact."""
        text, scores = spelled_out(self.request.text), self.said.scores
        if hinted := next((intents for pattern, intents in HINTS if pattern.search(text)), None):
            return hinted
        ranked = sorted(scores, key=scores.__getitem__, reverse=True)
        if set(ranked[:2]) == SAME_ANSWER:
            return (Intent.STATUS_OS, Intent.PREVISAO_ENTREGA)
        if ranked[0] in DECISIONS:
            in_part_or_else = IN_PART.search(text) or CONDITION.search(text) or negotiates(text)
            return (Intent.APROVAR_ORCAMENTO,) if in_part_or_else and self.context.has_quote_sent else ()
        if ranked[0] is Intent.NOVO_ORCAMENTO and tells_work(text):
            return (Intent.NOVO_ORCAMENTO,)
        if self.said.model_words and self.context.has_open_order and ranked[0] in ABOUT_A_CAR | {Intent.FORA_DE_ESCOPO}:
            # A car is named: its facts are worth more than a question back.
            return (ranked[0] if ranked[0] in ABOUT_A_CAR else Intent.STATUS_OS,)
        harmless = ABOUT_A_CAR | {Intent.HORARIO_ENDERECO, Intent.TENTATIVA_ABUSO}
        return (ranked[0],) if ranked[0] in harmless and scores[ranked[0]] >= LIKELY else ()
