"""Send what the outbox holds, one conversation at a time, through the first reply way that works.

Two short transactions around every call: claim, then settle. A person's answer is looked for right before the call. An
unclear result is looked up in the talk before anything is sent again; what stays hopeless is parked and becomes a task
for the staff.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from integrations.database import Sessions, transaction
from integrations.kommo.chats.inbox import InboxRules
from integrations.kommo.chats.models import Conversation, Outbox, OutboxState
from integrations.kommo.chats.outbox import Claim, claim_next, enqueue_send, needless, renew_claim
from integrations.kommo.chats.outcome import Outcome, after_failure, backoff, settle
from integrations.kommo.chats.staffwatch import StaffWatch
from integrations.kommo.connection.paid import note_payment_refused
from integrations.kommo.errors import Forbidden, KommoError, NotFound, PaymentRequired, ServerError
from integrations.kommo.replies import ReplyUnavailable, ReplyUnclear, ReplyWay, Target, Unavailable, order_ways
from integrations.leases import keeping

log = structlog.get_logger(__name__)

SEEN_AFTER_BOT = timedelta(seconds=120)
"""A Salesbot's message that did not show by then was not sent: Kommo drops a launch while another bot runs."""
SEEN_AFTER_TIMEOUT = timedelta(seconds=45)
"""So long Kommo may still be at work on a call whose answer did not come."""
SEEN_AFTER_ERROR = timedelta(seconds=5)
"""After an error answer, or for a call cut off with its worker, the message shows by then or never."""
BOT_WAITS = timedelta(minutes=5)
"""How long a bot's request is worth answering; Kommo does not say (assumed)."""
BEFORE_CUSTOMER = timedelta(minutes=15)
"""A person who wrote so shortly before the customer is in the conversation as well."""
MAX_SENDS = 4
FIRST_LOOK = timedelta(seconds=4)


class Dispatcher:
    """Empties outboxes; one instance a worker process."""

    def __init__(
        self, sessions: Sessions, ways: Sequence[ReplyWay], watch: StaffWatch, rules: InboxRules, base_url: str
    ) -> None:
        self._sessions = sessions
        self._base_url = base_url
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
            await settle(self._sessions, claim, outcome)

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
            kind = error.reason
            wait = backoff(claim.row.attempts)
            return Outcome(OutboxState.UNCLEAR, way=error.way, error=kind, retry_after=wait, called=True)
        except ReplyUnavailable as error:
            return Outcome(OutboxState.PARKED, error=str(error)[:300])
        except KommoError as error:
            return after_failure(claim, error)

    async def _send_unless_answered(self, claim: Claim) -> Outcome:
        await self._look_for_staff(claim)
        async with transaction(self._sessions) as session:
            conversation = await session.get_one(Conversation, claim.conversation.id)
            row = await session.get_one(Outbox, claim.row.id)
        if row.kommo_id is not None:
            # Its echo came in meanwhile: an earlier attempt went through.
            return Outcome(OutboxState.ACCEPTED, kommo_id=row.kommo_id)
        reason = needless(row, conversation, datetime.now(UTC))
        if reason is not None:
            return Outcome(OutboxState.SKIPPED, error=reason)
        return await self._send(claim)

    async def _look_for_staff(self, claim: Claim) -> None:
        if claim.row.answers_at is None:
            return
        since, now = claim.row.answers_at - BEFORE_CUSTOMER, datetime.now(UTC)
        try:
            await self._watch.bring_up_to_date(self._sessions, claim.conversation, since, self._rules, now)
        except (Forbidden, NotFound, PaymentRequired) as error:
            # The account does not let us look: what webhooks brought has to do.
            log.warning("reply.staff_not_visible", conversation=claim.conversation.id, error=type(error).__name__)

    async def _send(self, claim: Claim) -> Outcome:
        """Try the ways in order; the last one's refusal is the result."""
        refusal = ReplyUnavailable(Unavailable.NOT_CONFIGURED)
        target = target_of(claim.conversation)
        for way in order_ways(self._ways, target):
            try:
                sent = await way.send(target, claim.row.text)
            except ReplyUnavailable as error:
                log.warning("reply.way_unavailable", way=way.name, outbox=claim.row.id, reason=error.reason)
                if error.reason is Unavailable.NO_MESSAGES_LEFT:
                    async with transaction(self._sessions) as session:
                        await note_payment_refused(session, self._base_url, datetime.now(UTC))
                refusal = error
                continue
            if sent.kommo_message_id is None:
                # A bot was launched: the message counts as sent when it shows in the talk.
                return Outcome(OutboxState.UNCLEAR, way=sent.way, retry_after=FIRST_LOOK, called=True)
            return Outcome(
                OutboxState.ACCEPTED, way=sent.way, kommo_id=sent.kommo_message_id, talk_id=sent.talk_id, called=True
            )
        raise refusal

    async def _look_up(self, claim: Claim) -> Outcome:
        """An earlier attempt may have gone through: find it in the talk; only its certain absence sends again."""
        row, target = claim.row, target_of(claim.conversation)
        started = row.sending_at or datetime.now(UTC)
        way = next((way for way in self._ways if way.name == row.way), self._ways[0])
        found = row.kommo_id or await way.find_sent(target, row.text, started, exclude_ids=claim.sent_ids)
        if found is not None:
            await way.clear(target)
            return Outcome(OutboxState.ACCEPTED, way=row.way, kommo_id=found)
        if datetime.now(UTC) - (row.called_at or started) < _absent_after(row):
            return Outcome(OutboxState.UNCLEAR, way=row.way, error=row.error, retry_after=backoff(row.attempts))
        if row.sends >= MAX_SENDS:
            return Outcome(OutboxState.PARKED, way=row.way, error="sent, but never seen in the talk")
        return await self._send_unless_answered(claim)


def _absent_after(row: Outbox) -> timedelta:
    """After how long a message that does not show in the talk was certainly not sent."""
    if row.way is not None and row.way != "talks":
        return SEEN_AFTER_BOT
    if row.way is None or row.error == ServerError.__name__:
        return SEEN_AFTER_ERROR
    return SEEN_AFTER_TIMEOUT


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
