"""The proposals of a conversation: at most one is open, and it leaves that state once, with a step for every change.

Takes a session and never commits. The caller holds the conversation's row, so one turn at a time is at work here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.responder import Pending
from assistant.decisions.models import Proposal, ProposalState, ProposalStep
from assistant.tools.toolbox import Proposed
from integrations.kommo.chats.models import Message, Outbox, OutboxKind

log = structlog.get_logger(__name__)

CLOCKS = timedelta(minutes=1)
"""How far Kommo's clock and ours may be apart."""


async def open_proposal(session: AsyncSession, conversation_id: int) -> Proposal | None:
    """The conversation's open proposal."""
    query = select(Proposal).where(Proposal.conversation_id == conversation_id, Proposal.state == ProposalState.OPEN)
    return (await session.execute(query)).scalar_one_or_none()


def as_pending(proposal: Proposal) -> Pending:
    """The proposal as a responder sees it."""
    told = proposal.terms
    return Pending(proposal.kind, told["question"], told["reminder"], told["terms"], proposal.asked)


async def propose(
    session: AsyncSession, conversation_id: int, turn_id: int, proposed: Proposed, now: datetime, valid: timedelta
) -> None:
    """Open a proposal; the one that was open is replaced."""
    before = await open_proposal(session, conversation_id)
    if before is not None:
        close(session, before, ProposalState.REPLACED, now, actor="assistant", turn_id=turn_id)
        await session.flush()
    proposal = Proposal(
        conversation_id=conversation_id,
        turn_id=turn_id,
        kind=proposed.proposal,
        terms=_kept(proposed),
        expires_at=now + valid,
        created_at=now,
    )
    session.add(proposal)
    await session.flush()
    _step(session, proposal, ProposalState.OPEN, now, actor="assistant", turn_id=turn_id)
    log.info("proposal.opened", proposal=proposal.id, kind=proposal.kind)


def ask_again(session: AsyncSession, proposal: Proposal, turn_id: int, now: datetime) -> None:
    """The reply of this turn asks once more; from now on it is the one to be answered."""
    proposal.turn_id, proposal.asked = turn_id, proposal.asked + 1
    _step(session, proposal, ProposalState.OPEN, now, actor="assistant", turn_id=turn_id)


def close(
    session: AsyncSession,
    proposal: Proposal,
    state: ProposalState,
    now: datetime,
    *,
    actor: str,
    message_id: int | None = None,
    turn_id: int | None = None,
) -> None:
    """Take a proposal out of its open state."""
    proposal.state, proposal.closed_at = state, now
    _step(session, proposal, state, now, actor=actor, message_id=message_id, turn_id=turn_id)
    log.info("proposal.closed", proposal=proposal.id, kind=proposal.kind, state=state)


async def was_read_before(session: AsyncSession, proposal: Proposal, messages: Sequence[Message]) -> bool:
    """Whether all these messages were written after the proposal had been sent: else they answer something else."""
    asked = await _sent(session, proposal)
    if asked is None or asked.sent_at is None:
        return False
    shown = await session.scalar(select(Message.sent_at).where(Message.kommo_id == asked.kommo_id))
    earliest = shown or asked.sent_at - CLOCKS
    return all(message.sent_at >= earliest and message.created_at >= asked.sent_at for message in messages)


async def _sent(session: AsyncSession, proposal: Proposal) -> Outbox | None:
    """The outbox row of the reply that asked, its last part when it has several."""
    query = (
        select(Outbox)
        .where(
            Outbox.conversation_id == proposal.conversation_id,
            Outbox.kind == OutboxKind.MESSAGE,
            Outbox.dedupe_key.startswith(f"turn:{proposal.turn_id}:", autoescape=True),
        )
        .order_by(Outbox.id.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


def _kept(proposed: Proposed) -> Mapping[str, Any]:
    """What was told, and what carrying it out needs."""
    return {**proposed.model_dump(mode="json"), "terms": proposed.terms}


def _step(
    session: AsyncSession,
    proposal: Proposal,
    state: ProposalState,
    at: datetime,
    *,
    actor: str,
    message_id: int | None = None,
    turn_id: int | None = None,
) -> None:
    session.add(
        ProposalStep(proposal_id=proposal.id, state=state, actor=actor, message_id=message_id, turn_id=turn_id, at=at)
    )
