"""Send what the outbox holds, one conversation at a time, through the first reply way that works.

Two short transactions around every call: claim, then settle. A person's answer is looked for right before the call. An
unclear result is looked up in the talk before anything is sent again; what stays hopeless is parked and becomes a task
for the staff.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from integrations.database import Sessions, transaction
from integrations.jobs import enqueue
from integrations.kommo.chats.inbox import InboxRules
from integrations.kommo.chats.models import Conversation, Outbox, OutboxState
from integrations.kommo.chats.outbox import (
    FIRST_DELIVERY_CHECK,
    Claim,
    claim_next,
    delivery_job,
    enqueue_send,
    needless,
    queue_task,
    renew_claim,
)
from integrations.kommo.chats.staffwatch import StaffWatch
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import KommoError, NotSent, RateLimited, ServerError, Unauthorized, Unclear
from integrations.kommo.replies import ReplyUnavailable, ReplyUnclear, ReplyWay, Target, Unavailable, order_ways
from integrations.leases import keeping

log = structlog.get_logger(__name__)

RETRY_FROM = timedelta(seconds=2)
RETRY_TO = timedelta(seconds=30)
RESEND_AFTER = timedelta(seconds=120)
"""A Salesbot's message that did not show by then was not sent: Kommo drops a launch while another bot runs."""
BOT_WAITS = timedelta(minutes=5)
"""How long a bot's request is worth answering; Kommo does not say (assumed)."""
GIVE_UP_AFTER = timedelta(hours=23)
MAX_RESENDS = 3


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt."""

    state: OutboxState
    way: str | None = None
    kommo_id: str | None = None
    error: str | None = None
    retry_after: timedelta | None = None


class Dispatcher:
    """Empties outboxes; one instance a worker process."""

    def __init__(
        self,
        sessions: Sessions,
        client: KommoClient,
        ways: Sequence[ReplyWay],
        watch: StaffWatch,
        rules: InboxRules,
    ) -> None:
        self._sessions = sessions
        self._client = client
        self._ways = ways
        self._watch = watch
        self._rules = rules

    async def run(self, conversation_id: int) -> None:
        """Send everything that is due in this conversation."""
        while True:
            now = datetime.now(UTC)
            async with transaction(self._sessions) as session:
                claim = await claim_next(session, conversation_id, now)
                if isinstance(claim, datetime):
                    wait = max(claim - now, timedelta(0)) + timedelta(milliseconds=200)
                    await enqueue_send(session, conversation_id, f"wait:{claim.timestamp()}", after=wait)
            if not isinstance(claim, Claim):
                return
            async with keeping(partial(self._renew, claim)):
                outcome = await self._attempt(claim)
            await self._settle(claim, outcome)

    async def _renew(self, claim: Claim) -> bool:
        async with transaction(self._sessions) as session:
            return await renew_claim(session, claim, datetime.now(UTC))

    async def _attempt(self, claim: Claim) -> Outcome:
        try:
            if claim.unclear:
                return await self._look_up(claim)
            return await self._send_unless_answered(claim)
        except ReplyUnclear as error:
            log.warning("reply.unclear", outbox=claim.row.id, way=error.way)
            return Outcome(
                OutboxState.UNCLEAR, way=error.way, error=str(error)[:300], retry_after=_backoff(claim.row.attempts)
            )
        except ReplyUnavailable as error:
            return Outcome(OutboxState.PARKED, error=str(error)[:300])
        except KommoError as error:
            return _failure(claim, error)

    async def _send_unless_answered(self, claim: Claim) -> Outcome:
        since = claim.row.answers_at
        talk = claim.conversation.talk_id
        if since is not None and talk is not None:
            await self._watch.bring_up_to_date(self._sessions, talk, since, self._rules, datetime.now(UTC))
            async with transaction(self._sessions) as session:
                fresh = await session.get_one(Conversation, claim.conversation.id)
                reason = needless(claim.row, fresh, datetime.now(UTC))
            if reason is not None:
                return Outcome(OutboxState.SKIPPED, error=reason)
        return await self._send(claim)

    async def _send(self, claim: Claim) -> Outcome:
        """Try the ways in order; the last one's refusal is the result."""
        refusal = ReplyUnavailable(Unavailable.NOT_CONFIGURED)
        for way in order_ways(self._ways, target_of(claim.conversation)):
            try:
                return await self._send_by(way, claim)
            except ReplyUnavailable as error:
                log.warning("reply.way_unavailable", way=way.name, outbox=claim.row.id, reason=error.reason)
                refusal = error
        raise refusal

    async def _send_by(self, way: ReplyWay, claim: Claim) -> Outcome:
        sent = await way.send(target_of(claim.conversation), claim.row.text)
        if sent.kommo_message_id is None:
            # A bot was launched: the message counts as sent when it shows in the talk.
            return Outcome(OutboxState.UNCLEAR, way=sent.way, retry_after=RETRY_FROM * 2)
        return Outcome(OutboxState.ACCEPTED, way=sent.way, kommo_id=sent.kommo_message_id)

    async def _look_up(self, claim: Claim) -> Outcome:
        """An earlier attempt may have gone through: find it in the talk; only its certain absence sends again."""
        row, started = claim.row, claim.row.sending_at or datetime.now(UTC)
        way = next((way for way in self._ways if way.name == row.way), self._ways[0])
        found = row.kommo_id or await way.find_sent(
            target_of(claim.conversation), row.text, started, exclude_ids=claim.sent_ids
        )
        if found is not None:
            await way.clear(target_of(claim.conversation))
            return Outcome(OutboxState.ACCEPTED, way=row.way, kommo_id=found)
        by_bot = row.way is not None and row.way != "talks"
        if by_bot and datetime.now(UTC) - started < RESEND_AFTER:
            return Outcome(OutboxState.UNCLEAR, way=row.way, retry_after=_backoff(row.attempts))
        if row.attempts > MAX_RESENDS * 4:
            return Outcome(OutboxState.PARKED, way=row.way, error="sent, but never seen in the talk")
        return await self._send_unless_answered(claim)

    async def _settle(self, claim: Claim, outcome: Outcome) -> None:
        """Write down what came of the attempt and what follows from it."""
        now = datetime.now(UTC)
        async with transaction(self._sessions) as session:
            row = await session.get_one(Outbox, claim.row.id, with_for_update=True)
            if row.state != OutboxState.SENDING or row.attempts != claim.row.attempts:
                return
            row.state, row.error, row.way = outcome.state, outcome.error, outcome.way or row.way
            row.kommo_id = row.kommo_id or outcome.kommo_id
            row.lease_until = None
            if outcome.state is OutboxState.ACCEPTED:
                row.sent_at = now
                await enqueue(session, delivery_job(row.id, FIRST_DELIVERY_CHECK))
            if outcome.retry_after is not None:
                row.next_at = now + outcome.retry_after
                await enqueue_send(session, row.conversation_id, f"{row.id}:{row.attempts}", outcome.retry_after)
            else:
                row.settled_at = now
            if outcome.state is OutboxState.PARKED:
                await queue_task(session, row.conversation_id, f"undelivered:{row.id}", UNDELIVERED)
        log.info("outbox.settled", outbox=claim.row.id, state=outcome.state, way=outcome.way, error=outcome.error)


UNDELIVERED = "A resposta automática não chegou ao cliente. Responda pelo chat, por favor."


def target_of(conversation: Conversation) -> Target:
    """Where a reply to this conversation goes; a bot that asked long ago waits no more."""
    asked = conversation.continue_at
    waits = asked is not None and datetime.now(UTC) - asked < BOT_WAITS
    return Target(
        talk_id=conversation.talk_id,
        chat_id=conversation.chat_key,
        contact_id=conversation.contact_id,
        lead_id=conversation.lead_id,
        continue_url=conversation.continue_url if waits else None,
    )


def _backoff(attempts: int) -> timedelta:
    return min(RETRY_FROM * (1 << min(attempts, 10)), RETRY_TO)


def _failure(claim: Claim, error: KommoError) -> Outcome:
    """What a failed call means for the row: wait, look it up, or give up."""
    row = claim.row
    kind = type(error).__name__
    started = row.sending_at or datetime.now(UTC)
    if datetime.now(UTC) - started > GIVE_UP_AFTER:
        return Outcome(OutboxState.PARKED, error=kind)
    unclear = isinstance(error, Unclear | ServerError) or claim.unclear
    match error:
        case RateLimited():
            wait = max(timedelta(seconds=error.retry_after), RETRY_FROM)
            return Outcome(OutboxState.UNCLEAR if claim.unclear else OutboxState.QUEUED, error=kind, retry_after=wait)
        case Unclear() | ServerError() | NotSent() | Unauthorized():
            state = OutboxState.UNCLEAR if unclear else OutboxState.QUEUED
            return Outcome(state, error=kind, retry_after=_backoff(row.attempts))
        case _:
            return Outcome(OutboxState.PARKED, error=str(error)[:300])
