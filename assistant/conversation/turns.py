"""One customer turn, from the claim to the queued reply.

claim → who is speaking → responder with tools → fact check and outgoing filter → newer message meanwhile? start over →
reply, trace and answered messages in one transaction. No transaction is open while Kommo or a model is asked. Whatever
breaks, the customer is answered in the end: the next attempt follows, and after several a fixed sentence and a task for
the staff.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.answer import Answer
from assistant.conversation.answering import Answering
from assistant.conversation.background import NO_BACKGROUND, Background, recall, remember
from assistant.conversation.claim import (
    TurnClaim,
    among,
    claim_turn,
    close_turn,
    hold,
    overtaken,
    release,
    renew_claim,
    unanswered,
)
from assistant.conversation.history import as_lines
from assistant.conversation.models import Turn, TurnState
from assistant.conversation.responder import HandOffReason, Pending, Request
from assistant.conversation.spending import NO_LIMITS, SpendingRules, limit_reached, model_may_answer
from assistant.decisions.desk import Desk
from assistant.decisions.records import write_down
from assistant.handoffs.book import hand_over, is_open
from assistant.handoffs.stopping import stopped_answer
from assistant.memory.store import fold_old
from assistant.memory.window import window
from assistant.tools.speaker import identify
from assistant.tools.toolbox import Speaker
from integrations.database import Sessions, transaction
from integrations.kommo.chats.contacts import ContactBook, Person
from integrations.kommo.chats.models import Conversation, Message
from integrations.kommo.chats.outbox import queue_message
from integrations.kommo.chats.takeover import has_chat
from integrations.kommo.errors import KommoError
from integrations.kommo.replies import split_text
from integrations.leases import LeaseLost, keeping
from integrations.settings import SHOP_ZONE

log = structlog.get_logger(__name__)

MAX_FAILURES = 4
KOMMO_PAUSE = timedelta(seconds=5)
LONGEST_KOMMO_PAUSE = timedelta(minutes=1)
"""How long a turn waits when Kommo cannot say who is speaking."""

NOBODY = Speaker((), None, None)
"""For reading a burst before it is known who speaks."""
APOLOGY = (
    "Recebi sua mensagem! Tive um problema para consultar o sistema agora, então já avisei a equipe: "
    "uma pessoa vai te responder por aqui."
)


Clock = Callable[[], datetime]
"""Tells an aware moment: the present, but in a rehearsal."""


def present() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)


StopLoop = Callable[[Request, bool], Answer | None]
"""The answer that ends a conversation which goes in circles, or None; told whether it was ended before."""


@dataclass(frozen=True)
class TurnRules:
    """What the settings say about turns."""

    cap: timedelta
    """After waiting so long for a burst to end, newer messages no longer supersede the answer."""
    spending: SpendingRules = NO_LIMITS
    escalate_after: timedelta = timedelta(hours=1)
    """How long the staff have for what is handed over, in opening hours."""
    history_tokens: int = 1500
    """Latest messages that a responder sees."""
    stop: StopLoop = stopped_answer
    """Notices a conversation that goes in circles."""


class Turns:
    """Runs turns; one instance a worker process."""

    def __init__(
        self,
        sessions: Sessions,
        contacts: ContactBook,
        desk: Desk,
        answering: Answering,
        rules: TurnRules,
        clock: Clock = present,
    ) -> None:
        self._sessions = sessions
        self._contacts = contacts
        self._desk = desk
        self._answering = answering
        self._rules = rules
        self._clock = clock

    async def run(self, conversation_id: int) -> None:
        """Answer what is due in this conversation, if anything is."""
        now = self._clock()
        async with transaction(self._sessions) as session:
            claim = await claim_turn(session, conversation_id, now, self._rules.cap)
        if claim is None:
            return
        with structlog.contextvars.bound_contextvars(turn=claim.turn_id, conversation=conversation_id):
            log.info("turn.claimed", messages=len(claim.burst))
            try:
                async with keeping(partial(self._renew, claim)):
                    await self._answer(claim)
            except LeaseLost:
                log.warning("turn.lease_lost")
            except KommoError as error:
                await self._kommo_failed(claim, error)
            except Exception as error:
                log.exception("turn.failed")
                await self._failed(claim, type(error).__name__)

    async def _renew(self, claim: TurnClaim) -> bool:
        async with transaction(self._sessions) as session:
            return await renew_claim(session, claim, self._clock())

    async def _answer(self, claim: TurnClaim) -> None:
        quiet = staff_has_it(claim, claim.conversation, self._clock())
        if quiet and not self._answering.owes(self._request(claim, NOBODY, None, NO_BACKGROUND)):
            await self._finish(claim, None)
            return
        person = await self._contacts.person(claim.conversation, self._clock())
        async with transaction(self._sessions) as session:
            speaker = replace(await identify_contact(session, person), contact_id=claim.conversation.contact_id)
            matter = await self._desk.look(session, claim)
            stopped = await is_open(session, claim.conversation.id, HandOffReason.LOOP)
            background = await recall(session, claim, speaker)
            limited = await limit_reached(session, claim.conversation, self._rules.spending, self._clock())
            may_spend = await model_may_answer(session, self._rules.spending, self._clock())
        if quiet:
            request = self._request(claim, speaker, None, background)
            await self._finish(claim, await self._answering.unspoken(request), speaker)
            return
        answer = limited or self._desk.answer(matter)
        if answer is None:
            request = replace(self._request(claim, speaker, matter.pending, background), may_spend=may_spend)
            answer = self._rules.stop(request, stopped) or await self._answering.answer(request)
        await self._finish(claim, answer, speaker)

    def _request(self, claim: TurnClaim, speaker: Speaker, pending: Pending | None, background: Background) -> Request:
        return Request(
            burst=as_lines(claim.burst),
            history=as_lines(window(claim.history, self._rules.history_tokens)),
            speaker=speaker,
            now=self._clock().astimezone(SHOP_ZONE),
            pending=pending,
            lead=background.lead,
            earlier=background.earlier,
            conversation_id=claim.conversation.id,
        )

    async def _finish(self, claim: TurnClaim, answer: Answer | None, speaker: Speaker | None = None) -> None:
        """Queue the reply and mark its messages answered, unless another worker or a newer message came first."""
        now = self._clock()
        async with transaction(self._sessions) as session:
            conversation = await hold(session, claim)
            if conversation is None:
                lost = await close_turn(session, claim, TurnState.SUPERSEDED, "another worker took over", now)
                bill(answer, lost)
                return
            quiet, paid = staff_has_it(claim, conversation, now), answer
            if quiet:
                answer = answer.unspoken() if answer is not None else None
            fresh = await unanswered(session, conversation.id)
            if await overtaken(session, claim, conversation, fresh, self._rules.cap, now):
                bill(paid, await close_turn(session, claim, TurnState.SUPERSEDED, "a newer message arrived", now))
            else:
                spoken = answer is not None and not quiet
                done = claim.burst if spoken else answered_by_staff(claim, conversation)
                for message in among(fresh, done):
                    message.turn_id = claim.turn_id
                conversation.failures = 0
                answer = await self._settle(session, claim, answer, speaker, now)
                state = TurnState.SILENT if answer is None or not answer.text else TurnState.ANSWERED
                reason = "a person is answering" if quiet or answer is None else None
                turn = await close_turn(session, claim, state, reason, now)
                bill(paid, turn)
                if answer is not None:
                    await write_down(session, claim, answer.recorded, speaker, now.astimezone(SHOP_ZONE))
                    answer.write(turn)
                    await queue_effects(session, claim, answer)
                    await remember(session, claim, answer, now)
                if answer is not None and answer.handoff is not None:
                    await hand_over(session, claim, answer, speaker, now, self._rules.escalate_after)
                await fold_old(session, conversation.id, self._rules.history_tokens, now)
            await session.flush()
            await release(session, conversation, claim, now)
        log.info("turn.finished", answered=answer is not None)

    async def _settle(
        self, session: AsyncSession, claim: TurnClaim, answer: Answer | None, speaker: Speaker | None, now: datetime
    ) -> Answer | None:
        """Let the desk do what the answer means; a text that may not be sent leaves nothing proposed."""
        answer = await self._desk.settle(session, claim, answer, speaker, now.astimezone(SHOP_ZONE))
        if answer is None or speaker is None:
            return answer
        said = self._request(claim, speaker, None, NO_BACKGROUND).said
        sent = await self._answering.screened(session, answer, speaker, said, now)
        asked, asks = (each.proposed is not None or each.renews for each in (answer, sent))
        if asked and not asks:
            await self._desk.settle(session, claim, sent, speaker, now.astimezone(SHOP_ZONE))
        return sent

    async def _failed(self, claim: TurnClaim, error: str) -> None:
        """Try again a little later; after several failures say so to the customer and call the staff."""
        now = self._clock()
        async with transaction(self._sessions) as session:
            conversation = await hold(session, claim)
            if conversation is None:
                return
            conversation.failures += 1
            failures = conversation.failures
        if failures >= MAX_FAILURES:
            await self._finish(claim, Answer.apology(APOLOGY, error))
        else:
            await self._give_back(claim, TurnState.FAILED, error, timedelta(seconds=1 << failures))
        log.error("turn.broke", failures=failures, error=error, at=now.isoformat())

    async def _kommo_failed(self, claim: TurnClaim, error: KommoError) -> None:
        """Without Kommo it is not known who speaks: wait while it is away, count it as a failure when it refuses."""
        if not error.worth_waiting:
            await self._failed(claim, str(error)[:200])
            return
        waited = self._clock() - (claim.conversation.burst_since or self._clock())
        pause = min(max(waited / 4, KOMMO_PAUSE), LONGEST_KOMMO_PAUSE)
        log.warning("turn.waits_for_kommo", error=type(error).__name__)
        await self._give_back(claim, TurnState.SUPERSEDED, f"Kommo: {type(error).__name__}", pause)

    async def _give_back(self, claim: TurnClaim, state: TurnState, reason: str, wait: timedelta) -> None:
        now = self._clock()
        async with transaction(self._sessions) as session:
            await close_turn(session, claim, state, reason, now)
            conversation = await hold(session, claim)
            if conversation is not None:
                await release(session, conversation, claim, now, wait)


async def identify_contact(session: AsyncSession, person: Person) -> Speaker:
    """The speaker behind a contact with any number of phones: known only when all that are known mean the same."""
    speakers = [await identify(session, phone, person.name) for phone in person.phones]
    known = [speaker for speaker in speakers if speaker.known]
    if len({frozenset(speaker.customer_ids) for speaker in known}) == 1:
        return known[0]
    return await identify(session, None if known else next(iter(person.phones), None), person.name)


def staff_has_it(claim: TurnClaim, conversation: Conversation, now: datetime) -> bool:
    """Whether a person has this chat, or answered after the customer's newest message."""
    return has_chat(conversation, now) or len(answered_by_staff(claim, conversation)) == len(claim.burst)


def answered_by_staff(claim: TurnClaim, conversation: Conversation) -> Sequence[Message]:
    """The messages after which a person wrote; the others wait until the chat is handed back."""
    last = conversation.last_staff_at
    return [message for message in claim.burst if last is not None and message.sent_at <= last]


def bill(answer: Answer | None, turn: Turn) -> None:
    """Note what an answer cost, whatever becomes of it."""
    if answer is not None:
        answer.bill(turn)


async def queue_effects(session: AsyncSession, claim: TurnClaim, answer: Answer) -> None:
    """Queue the answer's message, in parts when it is long."""
    if answer.text:
        key = f"turn:{claim.turn_id}"
        await queue_message(session, claim.conversation.id, key, split_text(answer.text), claim.answers_at)
