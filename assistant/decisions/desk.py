"""START HERE: what happens when a customer answers a proposal. Decided in code, the same with and without a model.

The desk sees a turn before any responder. An explicit yes is carried out and its receipt queued in one transaction, a
no closes the proposal, an "ok" is asked again; everything else goes to the responder, whose reply may renew the
question. What is not renewed has lapsed: a later "sim" answers something else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.answer import Answer
from assistant.conversation.claim import TurnClaim
from assistant.conversation.responder import HandOff, HandOffReason, Pending
from assistant.decisions.echo import Asked
from assistant.decisions.kinds import NotAsProposed, ProposalKind
from assistant.decisions.messages import Said, read_messages
from assistant.decisions.models import Proposal, ProposalState
from assistant.decisions.proposals import as_pending, ask_again, close, open_proposal, propose, was_read_before
from assistant.decisions.reading import Reply
from assistant.tools.toolbox import Proposed, Speaker, ToolContext
from integrations.brazil import local_day
from integrations.kommo.chats.models import Message

log = structlog.get_logger(__name__)

DESK = "desk"
"""The responder's name in the trace of a turn that the desk answers."""
MOST_ASKED = 3
CHANGED = "Antes de registrar, conferi e houve mudança desde que conversamos. Agora está assim:"
EXPIRED = "Como já faz um tempo que combinamos isso, confirmo de novo com os dados de agora:"
GONE = (
    "Isso mudou desde que conversamos, então não registrei nada. Já passei para a equipe, que fala com você por aqui."
)
UNSURE = "Para não registrar nada errado, passei para a equipe, que confirma com você por aqui."
HEARD_YES, HEARD_NO = "Pelo áudio entendi que sim.", "Pelo áudio entendi que não."
IN_WRITING = "Para registrar, responda *sim* por escrito."
NOT_IN_WRITING = "Se é isso mesmo, responda *não* por escrito."
PRECISELY = ("Só para eu ter certeza:", "Preciso de um sim ou não para registrar:")


@dataclass(frozen=True)
class Matter:
    """A customer's turn that may answer a proposal."""

    pending: Pending | None
    reply: Reply
    heard: bool = False
    """Said in a voice note: understood by a machine, so it is read back first."""


class Desk:
    """Proposals of all kinds; stateless, one instance may serve all turns."""

    def __init__(self, kinds: Mapping[str, ProposalKind], valid: timedelta) -> None:
        self._kinds = kinds
        self._valid = valid

    async def look(self, session: AsyncSession, claim: TurnClaim) -> Matter:
        """What is pending in this conversation, and what the customer's messages say to it."""
        proposal = await open_proposal(session, claim.conversation.id)
        if proposal is None:
            return Matter(None, Reply.OTHER)
        pending = as_pending(proposal)
        if not await was_read_before(session, proposal, claim.burst):
            return Matter(pending, Reply.OTHER)
        said = [Said(message.text, message.message_type) for message in claim.burst]
        asked = Asked(pending.question, local_day(claim.burst[-1].sent_at))
        reply, heard = read_messages(said, self._kinds[proposal.kind].wish(pending.terms), asked)
        return Matter(pending, reply, heard)

    def answer(self, matter: Matter) -> Answer | None:
        """The desk's own answer, or None for the responders. A yes gets its text only when it is carried out."""
        pending = matter.pending
        if pending is None or matter.reply is Reply.OTHER:
            return None
        trace: dict[str, Any] = {"desk": matter.reply.value, "proposal": pending.proposal, "heard": matter.heard}
        reason = self._kinds[pending.proposal].reason
        if matter.heard and matter.reply is Reply.YES:
            return _asked_again(pending, reason, trace, HEARD_YES, IN_WRITING)
        if matter.heard and matter.reply is Reply.NO:
            return _asked_again(pending, reason, trace, HEARD_NO, NOT_IN_WRITING)
        match matter.reply:
            case Reply.YES:
                return Answer("", DESK, confirms=True, trace=trace)
            case Reply.NO:
                text = self._kinds[pending.proposal].declined(pending.terms)
                return Answer(text, DESK, declines=True, trace=trace)
            case Reply.WEAK:
                return _asked_again(pending, reason, trace)

    async def settle(
        self, session: AsyncSession, claim: TurnClaim, answer: Answer | None, speaker: Speaker | None, now: datetime
    ) -> Answer | None:
        """Carry out what the turn's answer means for the proposals; the answer as it is sent.

        Called in the turn's last transaction, when nothing supersedes it any more.
        """
        proposal = await open_proposal(session, claim.conversation.id)
        if answer is not None and answer.confirms and speaker is not None:
            context = ToolContext(session, speaker, now, claim.conversation.id)
            answer = await self._confirm(session, claim, answer, proposal, context)
        elif answer is not None and answer.proposed is None and proposal is not None:
            self._move_on(session, claim, answer, proposal, now)
        elif answer is None and proposal is not None:
            close(session, proposal, ProposalState.LAPSED, now, actor="assistant", turn_id=claim.turn_id)
        if answer is not None and answer.proposed is not None:
            await propose(session, claim.conversation.id, claim.turn_id, answer.proposed, now, self._valid)
        return answer

    def _move_on(
        self, session: AsyncSession, claim: TurnClaim, answer: Answer, proposal: Proposal, now: datetime
    ) -> None:
        """A turn that neither confirms nor proposes: declined, asked again, or gone on to something else."""
        if answer.renews:
            ask_again(session, proposal, claim.turn_id, now)
            return
        state = ProposalState.DECLINED if answer.declines else ProposalState.LAPSED
        actor = "customer" if answer.declines else "assistant"
        close(session, proposal, state, now, actor=actor, message_id=_last(claim.burst), turn_id=claim.turn_id)

    async def _confirm(
        self,
        session: AsyncSession,
        claim: TurnClaim,
        answer: Answer,
        proposal: Proposal | None,
        context: ToolContext,
    ) -> Answer:
        if proposal is None:
            raise RuntimeError("a proposal was confirmed that is not open")
        kind, terms = self._kinds[proposal.kind], as_pending(proposal).terms
        if context.now > proposal.expires_at:
            close(session, proposal, ProposalState.EXPIRED, context.now, actor="clock", turn_id=claim.turn_id)
            return _anew(answer, EXPIRED, await kind.propose_again(context, terms), kind.reason)
        try:
            receipt = await kind.carry_out(context, terms)
        except NotAsProposed as changed:
            close(session, proposal, ProposalState.STALE, context.now, actor="clock", turn_id=claim.turn_id)
            return _anew(answer, changed.sentence or CHANGED, await kind.propose_again(context, terms), kind.reason)
        close(
            session,
            proposal,
            ProposalState.CONFIRMED,
            context.now,
            actor="customer",
            message_id=_last(claim.burst),
            turn_id=claim.turn_id,
        )
        # What was carried out needs no answer of a person: the staff learn of each one.
        told = replace(receipt.handoff, awaits=False) if receipt.handoff is not None else None
        return Answer(receipt.text, DESK, handoff=told, trace=answer.trace)


def _asked_again(
    pending: Pending, reason: HandOffReason, trace: dict[str, Any], start: str = "", end: str = ""
) -> Answer:
    """The same question in short; after several times a person."""
    if pending.asked >= MOST_ASKED:
        summary = f"O cliente não confirmou com clareza: {pending.reminder} Fale com ele, por favor."
        return Answer(UNSURE, DESK, handoff=HandOff(reason, summary), trace=trace)
    start = start or PRECISELY[(pending.asked - 1) % len(PRECISELY)]
    text = " ".join(filter(None, (start, pending.reminder, end)))
    return Answer(text, DESK, renews=True, trace=trace)


def _anew(answer: Answer, why: str, proposed: Proposed | None, reason: HandOffReason) -> Answer:
    """The proposal as things are now, or a person when there is nothing left to propose."""
    if proposed is None:
        summary = "O cliente confirmou algo que mudou desde a proposta. Leia a conversa e fale com ele, por favor."
        return Answer(GONE, DESK, handoff=HandOff(reason, summary), trace=answer.trace)
    return Answer(f"{why}\n\n{proposed.question}", DESK, proposed=proposed, trace=answer.trace)


def _last(burst: Sequence[Message]) -> int:
    return burst[-1].id
