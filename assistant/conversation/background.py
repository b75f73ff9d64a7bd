"""What is known before a turn is answered, and what is kept of it afterwards. Takes a session, never commits.

Read and written in the turn's own short transactions; nothing here is a fact that a reply may state.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.answer import Answer
from assistant.conversation.claim import TurnClaim
from assistant.memory.digest import NOTHING, Digest
from assistant.memory.store import digest_of
from assistant.newcomers.facts import Lead
from assistant.newcomers.store import keep_lead, known_lead
from assistant.tools.toolbox import Speaker
from integrations.workshop.orders import orders_of


@dataclass(frozen=True)
class Background:
    """What came before the messages that a responder sees."""

    lead: Lead | None
    """What somebody new has told; None for a customer, that is for whoever has a profile or an order."""
    earlier: Digest


NO_BACKGROUND = Background(None, NOTHING)


async def recall(session: AsyncSession, claim: TurnClaim, speaker: Speaker) -> Background:
    """The background of a claimed turn."""
    new = not speaker.known and not (speaker.phone and await orders_of(session, (), speaker.phone))
    lead = await known_lead(session, claim.conversation) if new else None
    return Background(lead, await digest_of(session, claim.conversation.id))


async def remember(session: AsyncSession, claim: TurnClaim, answer: Answer, now: datetime) -> None:
    """Keep what the turn taught of somebody new."""
    if answer.learnt is not None:
        key = f"turn:{claim.turn_id}:lead_fields"
        await keep_lead(session, claim.conversation, claim.burst, answer.learnt, answer.text, key, now)
