"""One customer turn, from the claim to the queued reply.

claim → who is speaking → responder with tools → fact check and outgoing filter → newer message meanwhile? start over →
reply, trace and answered messages in one transaction. No transaction is open while Kommo or a model is asked. Whatever
breaks, the customer is answered in the end: the next attempt follows, and after several a fixed sentence and a task for
the staff.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.answering import Answer, Answering
from assistant.conversation.claim import TurnClaim, claim_turn, close_turn, hold, release, renew_claim, unanswered
from assistant.conversation.history import as_lines
from assistant.conversation.models import Turn, TurnState
from assistant.conversation.responder import Pending, Request
from assistant.conversation.spending import SpendingRules, limit_reached, model_may_answer
from assistant.decisions.desk import Desk
from assistant.tools.speaker import identify
from assistant.tools.toolbox import Speaker
from integrations.database import Sessions, transaction
from integrations.kommo.chats.contacts import ContactBook, Person
from integrations.kommo.chats.models import Conversation
from integrations.kommo.chats.outbox import queue_message, queue_task
from integrations.kommo.errors import Blocked, KommoError, Unauthorized
from integrations.kommo.replies import split_text
from integrations.leases import LeaseLost, keeping
from integrations.settings import SHOP_ZONE

log = structlog.get_logger(__name__)

MAX_FAILURES = 4
KOMMO_PAUSE = timedelta(seconds=5)
LONGEST_KOMMO_PAUSE = timedelta(minutes=1)
"""How long a turn waits when Kommo cannot say who is speaking."""

APOLOGY = (
    "Recebi sua mensagem! Tive um problema para consultar o sistema agora, então já avisei a equipe: "
    "uma pessoa vai te responder por aqui."
)


@dataclass(frozen=True)
class TurnRules:
    """What the settings say about turns."""

    cap: timedelta
    """After waiting so long for a burst to end, newer messages no longer supersede the answer."""
    spending: SpendingRules


class Turns:
    """Runs turns; one instance a worker process."""

    def __init__(
        self, sessions: Sessions, contacts: ContactBook, desk: Desk, answering: Answering, rules: TurnRules
    ) -> None:
        self._sessions = sessions
        self._contacts = contacts
        self._desk = desk
        self._answering = answering
        self._rules = rules

    async def run(self, conversation_id: int) -> None:
        """Answer what is due in this conversation, if anything is."""
        now = datetime.now(UTC)
        async with transaction(self._sessions) as session:
            claim = await claim_turn(session, conversation_id, now)
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
            return await renew_claim(session, claim, datetime.now(UTC))

    async def _answer(self, claim: TurnClaim) -> None:
        if staff_has_it(claim, claim.conversation):
            await self._finish(claim, None)
            return
        person = await self._contacts.person(claim.conversation, datetime.now(UTC))
        async with transaction(self._sessions) as session:
            speaker = await identify_contact(session, person)
            matter = await self._desk.look(session, claim)
            limited = await limit_reached(session, claim.conversation, self._rules.spending, datetime.now(UTC))
            may_spend = await model_may_answer(session, self._rules.spending, datetime.now(UTC))
        answer = limited or self._desk.answer(matter)
        if answer is None:
            request = replace(self._request(claim, speaker, matter.pending), may_spend=may_spend)
            answer = await self._answering.answer(request)
        await self._finish(claim, answer, speaker)

    def _request(self, claim: TurnClaim, speaker: Speaker, pending: Pending | None) -> Request:
        return Request(
            burst=as_lines(claim.burst),
            history=as_lines(claim.history),
            speaker=speaker,
            now=datetime.now(SHOP_ZONE),
            pending=pending,
        )

    async def _finish(self, claim: TurnClaim, answer: Answer | None, speaker: Speaker | None = None) -> None:
        """Queue the reply and mark its messages answered, unless another worker or a newer message came first."""
        now = datetime.now(UTC)
        async with transaction(self._sessions) as session:
            conversation = await hold(session, claim)
            if conversation is None:
                lost = await close_turn(session, claim, TurnState.SUPERSEDED, "another worker took over", now)
                bill(answer, lost)
                return
            paid = answer
            if staff_has_it(claim, conversation):
                answer = None
            fresh = await unanswered(session, conversation.id)
            if self._superseded(claim, [message.id for message in fresh], conversation, now):
                bill(paid, await close_turn(session, claim, TurnState.SUPERSEDED, "a newer message arrived", now))
            else:
                for message in claim.burst:
                    (await session.merge(message, load=True)).turn_id = claim.turn_id
                conversation.failures = 0
                answer = await self._settle(session, claim, answer, speaker, now)
                state = TurnState.SILENT if answer is None or not answer.text else TurnState.ANSWERED
                turn = await close_turn(session, claim, state, None if answer else "a person is answering", now)
                bill(paid, turn)
                if answer is not None:
                    answer.write(turn)
                    await queue_effects(session, claim, answer)
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
        said = self._request(claim, speaker, None).said
        sent = await self._answering.screened(session, answer, speaker, said, now)
        asked, asks = (each.proposed is not None or each.renews for each in (answer, sent))
        if asked and not asks:
            await self._desk.settle(session, claim, sent, speaker, now.astimezone(SHOP_ZONE))
        return sent

    def _superseded(self, claim: TurnClaim, fresh: Sequence[int], conversation: Conversation, now: datetime) -> bool:
        newer = set(fresh) - {message.id for message in claim.burst}
        since = conversation.burst_since or now
        return bool(newer) and now < since + self._rules.cap

    async def _failed(self, claim: TurnClaim, error: str) -> None:
        """Try again a little later; after several failures say so to the customer and call the staff."""
        now = datetime.now(UTC)
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
        if not (error.retryable or isinstance(error, Unauthorized | Blocked)):
            await self._failed(claim, str(error)[:200])
            return
        waited = datetime.now(UTC) - (claim.conversation.burst_since or datetime.now(UTC))
        pause = min(max(waited / 4, KOMMO_PAUSE), LONGEST_KOMMO_PAUSE)
        log.warning("turn.waits_for_kommo", error=type(error).__name__)
        await self._give_back(claim, TurnState.SUPERSEDED, f"Kommo: {type(error).__name__}", pause)

    async def _give_back(self, claim: TurnClaim, state: TurnState, reason: str, wait: timedelta) -> None:
        now = datetime.now(UTC)
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


def staff_has_it(claim: TurnClaim, conversation: Conversation) -> bool:
    """Whether a person took this chat over, or answered after the customer's newest message."""
    quiet = conversation.quiet_until is not None and conversation.quiet_until > claim.answers_at
    answered = conversation.last_staff_at is not None and conversation.last_staff_at >= claim.answers_at
    return quiet or answered


def bill(answer: Answer | None, turn: Turn) -> None:
    """Note what an answer cost, whatever becomes of it."""
    if answer is not None:
        answer.bill(turn)


async def queue_effects(session: AsyncSession, claim: TurnClaim, answer: Answer) -> None:
    """Queue what the answer does at Kommo: its message, in parts when it is long, and a task for the staff."""
    key = f"turn:{claim.turn_id}"
    if answer.text:
        await queue_message(session, claim.conversation.id, key, split_text(answer.text), claim.answers_at)
    if answer.handoff is not None:
        await queue_task(session, claim.conversation.id, f"{key}:task", answer.handoff.summary)
