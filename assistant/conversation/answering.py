"""From a request to a checked answer: the chosen responder, fact check and filter, one retry, the embedded responder.

No text leaves here that states a fact without a source, or that the outgoing filter forbids. When even the embedded
draft is refused, the customer is told that a person will answer, and the staff get a task.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.embedded.intents import COURTESY
from assistant.conversation.factcheck import Complaint, check
from assistant.conversation.models import Turn
from assistant.conversation.outgoing import Objection, Screen, tidy
from assistant.conversation.responder import (
    Draft,
    HandOff,
    HandOffReason,
    Pending,
    Request,
    Responder,
    ResponderFailed,
    Usage,
)
from assistant.tools.toolbox import Proposed, Speaker, Toolbox
from integrations.database import transaction

log = structlog.get_logger(__name__)

MakeToolbox = Callable[[Request], Toolbox]

MOST_REMINDED = 2
"""A proposal that was asked so often is not brought up again by itself."""
TRIES = 2
"""Drafts a responder may make: the fact check's complaint comes with the second."""

UNSURE = "O assistente não teve certeza do que responder. Responda ao cliente, por favor."
UNSOURCED = "Vou pedir para uma pessoa da equipe confirmar isso e te responder por aqui, tudo bem?"


@dataclass
class Answer:
    """What a turn answers, with its trace. Empty text: nothing is to be said."""

    text: str
    responder: str
    intents: tuple[str, ...] = ()
    handoff: HandOff | None = None
    usage: Usage | None = None
    trace: dict[str, Any] = field(default_factory=dict)
    proposed: Proposed | None = None
    """What the text asks the customer to confirm."""
    renews: bool = False
    """The text asks again what was asked before."""
    confirms: bool = False
    """The customer said yes to the open proposal: the text follows when it is carried out."""
    declines: bool = False
    """The customer said no to it."""
    screened: str = ""
    """The text that the outgoing filter has let pass."""

    @classmethod
    def apology(cls, text: str, error: str) -> "Answer":
        """The answer when nothing else worked."""
        summary = "O assistente não conseguiu responder. Leia a conversa e responda ao cliente, por favor."
        return cls(text, "none", handoff=HandOff(HandOffReason.NOT_UNDERSTOOD, summary), trace={"error": error})

    @classmethod
    def withheld(cls, answer: "Answer", objections: Sequence[Objection]) -> "Answer":
        """A person in place of a text that the filter refused; what the staff were to be told stays."""
        kinds = sorted({objection.kind for objection in objections})
        log.error("turn.text_withheld", responder=answer.responder, kinds=kinds)
        trace = answer.trace | {"withheld": answer.text, "refused": [str(objection) for objection in objections]}
        handoff = answer.handoff or HandOff(HandOffReason.NOT_UNDERSTOOD, UNSURE)
        return cls(UNSOURCED, answer.responder, answer.intents, handoff, answer.usage, trace, screened=UNSOURCED)

    def write(self, turn: Turn) -> None:
        """Put the answer and how it came about into the turn's row."""
        turn.responder, turn.reply, turn.intents = self.responder, self.text, list(self.intents)
        turn.trace = self.trace
        self.bill(turn)

    def bill(self, turn: Turn) -> None:
        """Put only what it cost into the turn's row: also an answer that is not sent was paid for."""
        if self.usage is not None:
            turn.prompt_tokens = self.usage.prompt_tokens
            turn.completion_tokens = self.usage.completion_tokens
            turn.cost_usd = self.usage.cost_usd


class Answering:
    """Lets the responders try in order and checks their drafts; `responders` ends with the embedded one."""

    def __init__(
        self, responders: Sequence[Responder], make_toolbox: MakeToolbox, profile: Sequence[str], screen: Screen
    ) -> None:
        self._responders = responders
        self._make_toolbox = make_toolbox
        self._profile = profile
        """The shop's own texts, whose facts may always be stated."""
        self._screen = screen

    async def answer(self, request: Request) -> Answer:
        """The checked answer to a request."""
        toolbox = self._make_toolbox(request)
        attempts: list[dict[str, Any]] = []
        bill: list[Usage] = []
        for responder in self._responders:
            if responder.costs and not request.may_spend:
                attempts.append({"responder": responder.name, "failed": "budget"})
                continue
            checked = await self._checked_draft(responder, request, toolbox, attempts, bill)
            if checked is not None:
                return replace(_accepted(request, *checked, responder, toolbox, attempts), usage=_total(bill))
        log.error("turn.no_responder_succeeded")
        return Answer(
            UNSOURCED,
            "none",
            handoff=HandOff(HandOffReason.NOT_UNDERSTOOD, UNSURE),
            usage=_total(bill),
            trace=_trace(attempts, toolbox),
        )

    async def aclose(self) -> None:
        """Close what the responders hold open."""
        for responder in self._responders:
            await responder.aclose()

    async def screened(
        self, session: AsyncSession, answer: Answer, speaker: Speaker, customer_said: str, now: datetime
    ) -> Answer:
        """The answer, or a person in its place: for texts that come from elsewhere than a responder's draft."""
        answer = replace(answer, text=tidy(answer.text))
        if not answer.text or answer.text == answer.screened:
            return answer
        objections = await self._screen.objections(session, answer.text, speaker, customer_said, now)
        return Answer.withheld(answer, objections) if objections else answer

    async def _checked_draft(
        self,
        responder: Responder,
        request: Request,
        toolbox: Toolbox,
        attempts: list[dict[str, Any]],
        bill: list[Usage],
    ) -> tuple[Draft, Proposed | None] | None:
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
            proposed = _proposed(draft, toolbox, before, complaint is not None)
            text = ending_with(draft.text, proposed.question) if proposed is not None else draft.text
            draft = replace(draft, text=tidy(text))
            complaints = await self._complaints(draft, request, toolbox)
            attempts.append(_attempt(responder, draft, complaints))
            if not complaints:
                return draft, proposed
            complaint = "\n".join(str(item) for item in complaints)
        return None

    async def _complaints(self, draft: Draft, request: Request, toolbox: Toolbox) -> Sequence[Complaint | Objection]:
        """What the fact check and the outgoing filter have against a draft."""
        if not draft.text:
            return ()
        unsourced = check(
            draft.text, toolbox.results, profile=self._profile, customer_said=request.text, now=request.now
        )
        if unsourced:
            log.warning("turn.fact_check_refused", kinds=sorted({complaint.kind for complaint in unsourced}))
        async with transaction(toolbox.sessions) as session:
            forbidden = await self._screen.objections(session, draft.text, toolbox.speaker, request.said, request.now)
        if forbidden:
            log.warning("turn.outgoing_refused", kinds=sorted({objection.kind for objection in forbidden}))
        return [*unsourced, *forbidden]


def _total(bill: Sequence[Usage]) -> Usage | None:
    """What all drafts of a turn cost, those too that were refused or never came."""
    return reduce(Usage.plus, bill) if bill else None


def _attempt(responder: Responder, draft: Draft, complaints: Sequence[Complaint | Objection]) -> dict[str, Any]:
    return {
        "responder": responder.name,
        "draft": draft.text,
        "notes": draft.notes,
        "refused": [str(complaint) for complaint in complaints],
    }


def _proposed(draft: Draft, toolbox: Toolbox, before: int, again: bool) -> Proposed | None:
    """The last proposal of this responder. In a second draft one of the first counts only if the text still asks it."""
    made = [call.result for call in toolbox.calls[before:] if isinstance(call.result, Proposed)]
    if draft.silent or not made or (again and made[-1].question not in draft.text):
        return None
    return made[-1]


def ending_with(text: str, question: str) -> str:
    """The text with the question at its end, once."""
    rest = text.replace(question, "").rstrip()
    return f"{rest}\n\n{question}" if rest else question


def _accepted(
    request: Request,
    draft: Draft,
    proposed: Proposed | None,
    responder: Responder,
    toolbox: Toolbox,
    attempts: list[dict[str, Any]],
) -> Answer:
    answer = Answer(
        "" if draft.silent else draft.text,
        responder.name,
        draft.intents,
        draft.handoff,
        trace=_trace(attempts, toolbox),
        proposed=proposed,
        screened=draft.text,
    )
    pending = request.pending
    if pending is not None and proposed is None and _may_remind(pending, answer):
        answer.text, answer.renews = f"{answer.text}\n\n{pending.reminder}", True
    return answer


def _may_remind(pending: Pending, answer: Answer) -> bool:
    """Whether a reply about something else may end with the question that is still open: once, after a request."""
    talks = bool(answer.text) and answer.handoff is None
    return talks and pending.asked < MOST_REMINDED and not COURTESY.issuperset(answer.intents)


def _trace(attempts: list[dict[str, Any]], toolbox: Toolbox) -> dict[str, Any]:
    return {"attempts": attempts, "tools": [call.as_trace() for call in toolbox.calls]}
