"""What speaks against a text before it may be sent: fact check, outgoing filter and the house's rules, in one place.

It reads the database for the filter alone, changes no text, and decides nothing about what becomes of a refused one:
that is `answering.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.factcheck import Complaint, check
from assistant.conversation.factcheck.paid import says_it_is_paid
from assistant.conversation.outgoing import Objection, Screen
from assistant.conversation.responder import Draft, Request
from assistant.newcomers.facts import Lead
from assistant.newcomers.rules import BrokenRule, objections
from assistant.tools.toolbox import Recorded, Speaker, Toolbox
from integrations.database import transaction

log = structlog.get_logger(__name__)

Refusal = Complaint | Objection | BrokenRule
"""What speaks against a draft, in words that a responder may act on."""


@dataclass(frozen=True)
class Drafted:
    """A responder's draft with all that it is judged by."""

    draft: Draft
    recorded: Sequence[Recorded]
    request: Request
    toolbox: Toolbox
    responder: str
    lead: Lead | None
    """Whom the questions of the house's rules are asked; None where the responder keeps to them by itself."""


class Review(Protocol):
    """The interface that `answering.py` knows."""

    async def refusals(self, drafted: Drafted) -> Sequence[Refusal]:
        """What speaks against a draft; nothing against one without words."""
        ...

    async def objections(
        self, session: AsyncSession, text: str, speaker: Speaker, customer_said: str, now: datetime
    ) -> Sequence[Objection]:
        """What speaks against a text that code wrote: it states what it has done itself."""
        ...


class FullReview:
    """Implements `Review` with everything there is."""

    def __init__(self, profile: Sequence[str], screen: Screen, competitors: Sequence[str] = ()) -> None:
        self._profile = profile
        """The shop's own texts, whose facts may always be stated."""
        self._screen = screen
        self._competitors = competitors

    async def refusals(self, drafted: Drafted) -> Sequence[Refusal]:
        """What fact check, outgoing filter and the house's rules have against it."""
        text, request, toolbox = drafted.draft.text, drafted.request, drafted.toolbox
        if not text:
            return ()
        unsourced = [
            *check(
                text,
                toolbox.results,
                profile=self._profile,
                customer_said=request.text,
                customer=toolbox.speaker.name,
                now=request.now,
            ),
            *says_it_is_paid(text, drafted.recorded),
        ]
        broken = list(objections(text, drafted.lead, self._competitors))
        if unsourced or broken:
            kinds = sorted({*(str(item.kind) for item in unsourced), *(item.kind for item in broken)})
            log.warning("turn.fact_check_refused", responder=drafted.responder, kinds=kinds)
        async with transaction(toolbox.sessions) as session:
            forbidden = await self.objections(session, text, toolbox.speaker, request.said, request.now)
        if forbidden:
            log.warning("turn.outgoing_refused", kinds=sorted({objection.kind for objection in forbidden}))
        return [*unsourced, *broken, *forbidden]

    async def objections(
        self, session: AsyncSession, text: str, speaker: Speaker, customer_said: str, now: datetime
    ) -> Sequence[Objection]:
        """What the outgoing filter has against it."""
        return await self._screen.objections(session, text, speaker, customer_said, now)
