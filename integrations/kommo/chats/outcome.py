"""What came of one attempt to send, what a failure means for the row, and writing it down."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import update

from integrations.database import Sessions, transaction
from integrations.jobs import enqueue
from integrations.kommo.chats.models import Conversation, Outbox, OutboxState
from integrations.kommo.chats.outbox import (
    FIRST_DELIVERY_CHECK,
    TAKEN_OVER,
    Claim,
    delivery_job,
    enqueue_send,
    queue_task,
    unanswer,
)
from integrations.kommo.errors import Blocked, KommoError, NotSent, RateLimited, ServerError, Unauthorized, Unclear

log = structlog.get_logger(__name__)

RETRY_FROM = timedelta(seconds=2)
RETRY_TO = timedelta(seconds=30)
BLOCKED_PAUSE = timedelta(seconds=60)
GIVE_UP_AFTER = timedelta(hours=23)

UNDELIVERED = "A resposta automática não chegou ao cliente. Responda pelo chat, por favor."


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt. `called`: Kommo was asked to send."""

    state: OutboxState
    way: str | None = None
    kommo_id: str | None = None
    talk_id: int | None = None
    error: str | None = None
    retry_after: timedelta | None = None
    called: bool = False


def backoff(attempts: int) -> timedelta:
    """The pause after so many attempts: 4, 8, 16, then 30 seconds."""
    return min(RETRY_FROM * (1 << min(attempts, 10)), RETRY_TO)


def after_failure(claim: Claim, error: KommoError) -> Outcome:
    """A call failed that was not the sending itself, or a sending that certainly did nothing: wait or give up."""
    kind = type(error).__name__
    state = OutboxState.UNCLEAR if claim.unclear else OutboxState.QUEUED
    started = claim.row.sending_at or datetime.now(UTC)
    if datetime.now(UTC) - started > GIVE_UP_AFTER:
        return Outcome(OutboxState.PARKED, error=kind)
    # The row's own error tells how an unclear call ended, and is kept.
    kept = claim.row.error if claim.unclear else kind
    match error:
        case RateLimited():
            return Outcome(state, error=kept, retry_after=max(timedelta(seconds=error.retry_after), RETRY_FROM))
        case Blocked():
            return Outcome(state, error=kept, retry_after=BLOCKED_PAUSE)
        case Unclear() | ServerError() | NotSent() | Unauthorized():
            return Outcome(state, error=kept, retry_after=backoff(claim.row.attempts))
        case _:
            return Outcome(OutboxState.PARKED, error=str(error)[:300])


async def settle(sessions: Sessions, claim: Claim, outcome: Outcome) -> None:
    """Write down what came of the attempt and what follows from it; nothing if the claim is not ours any more."""
    now = datetime.now(UTC)
    async with transaction(sessions) as session:
        await session.get_one(Conversation, claim.conversation.id, with_for_update=True)
        row = await session.get_one(Outbox, claim.row.id, with_for_update=True)
        if row.state != OutboxState.SENDING or row.attempts != claim.row.attempts:
            return
        row.state, row.error, row.way = outcome.state, outcome.error, outcome.way or row.way
        row.kommo_id = row.kommo_id or outcome.kommo_id
        row.lease_until = None
        if outcome.called:
            row.sends, row.called_at = row.sends + 1, now
        if outcome.retry_after is not None:
            row.next_at = now + outcome.retry_after
            await enqueue_send(session, row.conversation_id, f"{row.id}:{row.attempts}", outcome.retry_after)
        else:
            row.settled_at = now
        if outcome.state is OutboxState.ACCEPTED:
            row.sent_at, row.talk_id = now, outcome.talk_id or claim.conversation.talk_id
            await enqueue(session, delivery_job(row.id, FIRST_DELIVERY_CHECK))
            if outcome.way == "widget":
                # The bot has its answer and waits no more.
                used = update(Conversation).where(Conversation.id == row.conversation_id)
                await session.execute(used.values(continue_url=None))
        if outcome.state is OutboxState.SKIPPED and outcome.error == TAKEN_OVER:
            await unanswer(session, row)
        if outcome.state is OutboxState.PARKED:
            await queue_task(session, row.conversation_id, f"undelivered:{row.id}", UNDELIVERED)
    log.info("outbox.settled", outbox=claim.row.id, state=outcome.state, way=outcome.way, error=outcome.error)
