"""Who may answer now: claim a conversation's unanswered messages for one turn, and give the claim back.

A claim is a lease with a fencing token. A worker that was paused and comes back holds an old token and can finish
nothing. Takes a session, never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.models import Turn, TurnState
from integrations.kommo.chats.intransit import on_its_way
from integrations.kommo.chats.models import Conversation, Direction, Message
from integrations.kommo.chats.takeover import has_chat
from integrations.kommo.chats.turnjob import enqueue_turn
from integrations.leases import LEASE

CLOCKS = timedelta(seconds=1)
"""How far the clocks of two machines may be apart before a turn waits for the rescue."""
ARRIVING = timedelta(seconds=1)
"""How long a turn waits for an event that is stored and not read yet, again and again."""
HISTORY = 80
"""Messages before the burst that are read; how many of them a responder sees is a matter of their length."""


@dataclass(frozen=True)
class TurnClaim:
    """The unanswered messages of a conversation, oldest first, claimed for one turn."""

    turn_id: int
    token: int
    conversation: Conversation
    burst: Sequence[Message]
    history: Sequence[Message]

    @property
    def answers_at(self) -> datetime:
        """The time of the newest message this turn answers."""
        return max(message.sent_at for message in self.burst)


async def claim_turn(
    session: AsyncSession, conversation_id: int, now: datetime, cap: timedelta = timedelta(0)
) -> TurnClaim | None:
    """Claim what is due; None when nothing is, or when another worker holds the lease.

    Until `cap` after the first message, an event that is stored and not read yet is waited for: it may belong here.
    """
    conversation = await session.get(Conversation, conversation_id, with_for_update=True)
    if conversation is None or conversation.due_at is None or conversation.due_at > now + CLOCKS:
        return None
    if conversation.lease_until is not None and conversation.lease_until > now:
        version = f"lease:{conversation.lease_until.timestamp()}"
        await enqueue_turn(session, conversation_id, conversation.lease_until, now, version)
        return None
    burst = _left_by_staff(conversation, await unanswered(session, conversation_id))
    if not burst:
        conversation.due_at = conversation.burst_since = None
        return None
    if now < (conversation.burst_since or now) + cap and await on_its_way(session, conversation, now):
        conversation.due_at = now + ARRIVING
        await enqueue_turn(session, conversation_id, conversation.due_at, now, f"arriving:{now.timestamp()}")
        return None
    await _abandon_older(session, conversation_id, now)
    conversation.lease_token += 1
    conversation.lease_until = now + LEASE
    turn = Turn(conversation_id=conversation_id, lease_token=conversation.lease_token, started_at=now)
    session.add(turn)
    await session.flush()
    history = await _before(session, conversation_id, [message.id for message in burst])
    return TurnClaim(turn.id, conversation.lease_token, conversation, burst, history)


async def _abandon_older(session: AsyncSession, conversation_id: int, now: datetime) -> None:
    """A turn that is still running here lost its lease: its worker died or was paused."""
    await session.execute(
        update(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.state == TurnState.RUNNING)
        .values(state=TurnState.SUPERSEDED, reason="its worker was lost", finished_at=now)
    )


async def unanswered(session: AsyncSession, conversation_id: int) -> Sequence[Message]:
    """The customer's messages that no turn has answered, in the order they were written."""
    query = (
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.direction == Direction.IN,
            Message.turn_id.is_(None),
            ~Message.history,
            Message.deleted_at.is_(None),
        )
        .order_by(Message.sent_at, Message.id)
    )
    return (await session.execute(query)).scalars().all()


def _left_by_staff(conversation: Conversation, waiting: Sequence[Message]) -> Sequence[Message]:
    """What no person has answered yet: once newer messages wait, those that one has answered are history."""
    if conversation.last_staff_at is None:
        return waiting
    left = [message for message in waiting if message.sent_at > conversation.last_staff_at]
    for message in waiting if left else ():
        message.history = message not in left
    return left or waiting


async def _before(session: AsyncSession, conversation_id: int, burst: Sequence[int]) -> Sequence[Message]:
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.id.not_in(burst), Message.deleted_at.is_(None))
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(HISTORY)
    )
    return list(reversed((await session.execute(query)).scalars().all()))


async def renew_claim(session: AsyncSession, claim: TurnClaim, now: datetime) -> bool:
    """Hold the claim a little longer; False when another worker has it by now."""
    statement = (
        update(Conversation)
        .where(
            Conversation.id == claim.conversation.id,
            Conversation.lease_token == claim.token,
            Conversation.lease_until.is_not(None),
        )
        .values(lease_until=now + LEASE)
        .returning(Conversation.id)
    )
    return (await session.execute(statement)).first() is not None


async def hold(session: AsyncSession, claim: TurnClaim) -> Conversation | None:
    """The conversation, locked, if the claim is still ours."""
    conversation = await session.get(Conversation, claim.conversation.id, with_for_update=True, populate_existing=True)
    return conversation if conversation is not None and conversation.lease_token == claim.token else None


async def overtaken(
    session: AsyncSession,
    claim: TurnClaim,
    conversation: Conversation,
    fresh: Sequence[Message],
    cap: timedelta,
    now: datetime,
) -> bool:
    """Whether the claimed messages are not what is to be answered any more.

    One of them was answered or deleted meanwhile; or, until `cap` after the first, one was changed or heard, or
    another has come or is on its way. `fresh` are the messages that are unanswered now.
    """
    if len(among(fresh, claim.burst)) < len(claim.burst):
        return True
    if now >= (conversation.burst_since or now) + cap:
        return False
    texts = {message.id: message.text for message in claim.burst}
    newer = any(texts.get(message.id) != message.text for message in fresh)
    return newer or await on_its_way(session, conversation, now)


def among(fresh: Sequence[Message], messages: Sequence[Message]) -> Sequence[Message]:
    """Those of the unanswered messages that are among these, as they are now."""
    ids = {message.id for message in messages}
    return [message for message in fresh if message.id in ids]


async def release(
    session: AsyncSession, conversation: Conversation, claim: TurnClaim, now: datetime, wait: timedelta | None = None
) -> None:
    """Give the claim back; what is still unanswered gets its next turn, after `wait` or when its window ends.

    While a person has the chat nothing is due: handing it back makes a turn (`kommo/chats/takeover.py`).
    """
    conversation.lease_until = None
    left = await unanswered(session, conversation.id)
    if not left or has_chat(conversation, now):
        conversation.due_at = conversation.burst_since = None
        return
    if wait is not None:
        conversation.due_at = now + wait
    conversation.due_at = conversation.due_at or now
    conversation.burst_since = min(message.created_at for message in left)
    await enqueue_turn(session, conversation.id, conversation.due_at, now, f"after:{claim.turn_id}")


async def close_turn(
    session: AsyncSession, claim: TurnClaim, state: TurnState, reason: str | None, now: datetime
) -> Turn:
    """End the turn's row."""
    turn = await session.get_one(Turn, claim.turn_id)
    turn.state, turn.reason, turn.finished_at = state, reason, now
    return turn
