"""From a request to a checked answer: the chosen responder, its duties, fact check and filter, one retry, the embedded.

No text leaves here that states a fact without a source, or that the outgoing filter forbids. When even the embedded
draft is refused, the customer is told that a person will answer, and the staff get a task.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.answer import UNSOURCED, UNSURE, Answer
from assistant.conversation.drafts import Checked, accepted, ending_with, noted_by, proposed_by, taught, trace_of
from assistant.conversation.duties import Duties
from assistant.conversation.factcheck import Complaint, check
from assistant.conversation.factcheck.paid import says_it_is_paid
from assistant.conversation.handover import has_words
from assistant.conversation.outgoing import Objection, Screen, tidy
from assistant.conversation.responder import (
    Draft,
    HandOff,
    HandOffReason,
    Request,
    Responder,
    ResponderFailed,
    Usage,
)
from assistant.newcomers.rules import BrokenRule, objections
from assistant.tools.toolbox import Recorded, Speaker, Toolbox
from integrations.database import transaction

log = structlog.get_logger(__name__)

MakeToolbox = Callable[[Request], Toolbox]
Refusal = Complaint | Objection | BrokenRule
"""What speaks against a draft, in words that a responder may act on."""

TRIES = 2
"""Drafts a responder may make: what spoke against the first comes with the second."""


class Answering:
    """Lets the responders try in order and checks their drafts; `responders` ends with the embedded one."""

    def __init__(
        self,
        responders: Sequence[Responder],
        duties: Duties,
        make_toolbox: MakeToolbox,
        profile: Sequence[str],
        screen: Screen,
        competitors: Sequence[str] = (),
    ) -> None:
        self._responders = responders
        self._duties = duties
        self._make_toolbox = make_toolbox
        self._profile = profile
        """The shop's own texts, whose facts may always be stated."""
        self._screen = screen
        self._competitors = competitors

    async def answer(self, request: Request) -> Answer:
        """The checked answer to a request."""
        toolbox = self._make_toolbox(request)
        attempts: list[dict[str, Any]] = []
        bill: list[Usage] = []
        # What has no words is the embedded responder's: a model would only guess what is in it.
        for responder in self._responders if has_words(request) else self._responders[-1:]:
            if responder.costs and not request.may_spend:
                attempts.append({"responder": responder.name, "failed": "budget"})
                continue
            checked = await self._checked_draft(responder, request, toolbox, attempts, bill)
            if checked is not None:
                return replace(accepted(request, checked, responder.name, toolbox, attempts), usage=_total(bill))
        log.error("turn.no_responder_succeeded")
        return await self._helpless(request, toolbox, attempts, bill)

    async def _helpless(
        self, request: Request, toolbox: Toolbox, attempts: Sequence[dict[str, Any]], bill: Sequence[Usage]
    ) -> Answer:
        """A person, and what has to happen all the same."""
        helpless = Draft(UNSOURCED, handoff=HandOff(HandOffReason.NOT_UNDERSTOOD, UNSURE))
        draft, recorded = await self._duties.fulfil(request, helpless, toolbox, ())
        draft, learnt = taught(request, draft, toolbox)
        return Answer(
            draft.text,
            "none",
            handoff=draft.handoff,
            usage=_total(bill),
            trace=trace_of(attempts, toolbox),
            recorded=recorded,
            learnt=learnt,
        )

    async def aclose(self) -> None:
        """Let go of what the responders hold."""
        for responder in self._responders:
            await responder.aclose()

    def owes(self, request: Request) -> bool:
        """Whether something has to be written down even where a person has taken the talk over."""
        return bool(self._duties.owed(request).notings)

    async def unspoken(self, request: Request) -> Answer:
        """What has to be written down, and the staff's task about it, with nothing said to the customer."""
        toolbox = self._make_toolbox(request)
        draft, recorded = await self._duties.fulfil(request, Draft("", silent=True), toolbox, ())
        return Answer("", "none", handoff=draft.handoff, trace=trace_of([], toolbox), recorded=recorded)

    async def screened(
        self, session: AsyncSession, answer: Answer, speaker: Speaker, customer_said: str, now: datetime
    ) -> Answer:
        """The answer, or a person in its place: for texts that come from elsewhere than a responder's draft."""
        answer = replace(answer, text=tidy(answer.text))
        if not answer.text or answer.text == answer.screened:
            return answer
        forbidden = await self._screen.objections(session, answer.text, speaker, customer_said, now)
        return Answer.withheld(answer, forbidden) if forbidden else answer

    async def _checked_draft(
        self,
        responder: Responder,
        request: Request,
        toolbox: Toolbox,
        attempts: list[dict[str, Any]],
        bill: list[Usage],
    ) -> Checked | None:
        """The draft once nothing speaks against it: the first, or the second with the complaint in hand."""
        complaint: str | None = None
        before = len(toolbox.calls)
        for _ in range(TRIES):
            try:
                draft = await responder.draft(request, toolbox, complaint)
            except ResponderFailed as failure:
                log.warning("turn.responder_failed", responder=responder.name, reason=failure.reason)
                attempts.append({"responder": responder.name, "failed": failure.reason})
                bill += [failure.usage] if failure.usage else []
                return None
            except Exception as error:
                log.exception("turn.responder_broke", responder=responder.name)
                attempts.append({"responder": responder.name, "failed": type(error).__name__})
                return None
            bill += [draft.usage] if draft.usage else []
            checked = await self._completed(request, draft, toolbox, before, complaint is not None)
            refusals = await self._refusals(checked.draft, checked.recorded, request, toolbox, responder)
            attempts.append(_attempt(responder, checked.draft, refusals))
            if not refusals:
                return checked
            complaint = "\n".join(str(item) for item in refusals)
        return None

    async def _completed(self, request: Request, draft: Draft, toolbox: Toolbox, before: int, again: bool) -> Checked:
        """The draft with what is owed, and with the question of its proposal at its end."""
        proposed = proposed_by(draft, toolbox, before, again)
        noted = noted_by(toolbox, draft, before, again)
        draft, recorded = await self._duties.fulfil(request, draft, toolbox, noted)
        text = ending_with(draft.text, proposed.question) if proposed is not None else draft.text
        return Checked(replace(draft, text=tidy(text)), proposed, recorded)

    async def _refusals(
        self,
        draft: Draft,
        recorded: Sequence[Recorded],
        request: Request,
        toolbox: Toolbox,
        responder: Responder,
    ) -> Sequence[Refusal]:
        """What fact check, outgoing filter and the house's rules have against a draft."""
        if not draft.text:
            return ()
        unsourced = [
            *check(
                draft.text,
                toolbox.results,
                profile=self._profile,
                customer_said=request.text,
                customer=toolbox.speaker.name,
                now=request.now,
            ),
            *says_it_is_paid(draft.text, recorded),
        ]
        # The embedded responder, the last, asks by the house's rules itself.
        lead = None if responder is self._responders[-1] else request.lead
        broken = list(objections(draft.text, lead, self._competitors))
        if unsourced or broken:
            kinds = sorted({*(str(item.kind) for item in unsourced), *(item.kind for item in broken)})
            log.warning("turn.fact_check_refused", responder=responder.name, kinds=kinds)
        async with transaction(toolbox.sessions) as session:
            forbidden = await self._screen.objections(session, draft.text, toolbox.speaker, request.said, request.now)
        if forbidden:
            log.warning("turn.outgoing_refused", kinds=sorted({objection.kind for objection in forbidden}))
        return [*unsourced, *broken, *forbidden]


def _total(bill: Sequence[Usage]) -> Usage | None:
    """What all drafts of a turn cost, those too that were refused or never came."""
    return reduce(Usage.plus, bill) if bill else None


def _attempt(responder: Responder, draft: Draft, refusals: Sequence[Refusal]) -> dict[str, Any]:
    return {
        "responder": responder.name,
        "draft": draft.text,
        "notes": draft.notes,
        "refused": [str(refusal) for refusal in refusals],
    }
