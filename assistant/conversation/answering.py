"""From a request to a checked answer: the chosen responder, its duties, the fact check, one retry, the embedded one.

No text leaves here that states a fact without a source. When even the embedded draft is refused, the customer is told
that a person will answer, and the staff get a task.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from assistant.conversation.duties import Duties
from assistant.conversation.embedded.answers.voice import squeezed
from assistant.conversation.embedded.intents import COURTESY
from assistant.conversation.embedded.slots import plain
from assistant.conversation.embedded.wishes import POSTPONES
from assistant.conversation.factcheck import Complaint, check
from assistant.conversation.factcheck.paid import says_it_is_paid
from assistant.conversation.handover import for_staff, has_words
from assistant.conversation.model_words import for_whatsapp
from assistant.conversation.models import Turn
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
from assistant.tools.toolbox import Proposed, Recorded, Toolbox

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
    recorded: tuple[Recorded, ...] = ()
    """What is written down when this answer goes out."""
    proposed: Proposed | None = None
    """What the text asks the customer to confirm."""
    renews: bool = False
    """The text asks again what was asked before."""
    confirms: bool = False
    """The customer said yes to the open proposal: the text follows when it is carried out."""
    declines: bool = False
    """The customer said no to it."""

    @classmethod
    def apology(cls, text: str, error: str) -> "Answer":
        """The answer when nothing else worked."""
        summary = "O assistente não conseguiu responder. Leia a conversa e responda ao cliente, por favor."
        return cls(text, "none", handoff=HandOff(HandOffReason.NOT_UNDERSTOOD, summary), trace={"error": error})

    def unspoken(self) -> "Answer | None":
        """What is left of it when a person answers instead: what has to be written down, and the task about it."""
        if not self.recorded:
            return None
        return Answer("", self.responder, self.intents, self.handoff, self.usage, self.trace, self.recorded)

    def write(self, turn: Turn) -> None:
        """Put the answer and how it came about into the turn's row."""
        turn.responder, turn.reply, turn.intents = self.responder, self.text, list(self.intents)
        turn.trace = self.trace
        if self.usage is not None:
            turn.prompt_tokens = self.usage.prompt_tokens
            turn.completion_tokens = self.usage.completion_tokens
            turn.cost_usd = self.usage.cost_usd


class Answering:
    """Lets the responders try in order and checks their drafts; `responders` ends with the embedded one."""

    def __init__(
        self, responders: Sequence[Responder], duties: Duties, make_toolbox: MakeToolbox, profile: Sequence[str]
    ) -> None:
        self._responders = responders
        self._duties = duties
        self._make_toolbox = make_toolbox
        self._profile = profile
        """The shop's own texts, whose facts may always be stated."""

    async def answer(self, request: Request) -> Answer:
        """The checked answer to a request."""
        toolbox = self._make_toolbox(request)
        attempts: list[dict[str, Any]] = []
        # What has no words is the embedded responder's: a model would only guess what is in it.
        for responder in self._responders if has_words(request) else self._responders[-1:]:
            checked = await self._checked_draft(responder, request, toolbox, attempts)
            if checked is not None:
                return _accepted(request, *checked, responder, toolbox, attempts)
        log.error("turn.no_responder_succeeded")
        helpless = HandOff(HandOffReason.NOT_UNDERSTOOD, UNSURE)
        draft, recorded = await self._duties.fulfil(request, Draft(UNSOURCED, handoff=helpless), toolbox, ())
        trace = _trace(attempts, toolbox)
        return Answer(draft.text, "none", handoff=draft.handoff, trace=trace, recorded=recorded)

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
        return Answer("", "none", handoff=draft.handoff, trace=_trace([], toolbox), recorded=recorded)

    async def _checked_draft(
        self, responder: Responder, request: Request, toolbox: Toolbox, attempts: list[dict[str, Any]]
    ) -> tuple[Draft, Proposed | None, tuple[Recorded, ...]] | None:
        """The draft once the fact check accepts it: the first, or the second with the complaint in hand."""
        complaint: str | None = None
        before = len(toolbox.calls)
        for _ in range(TRIES):
            try:
                draft = await responder.draft(request, toolbox, complaint)
            except ResponderFailed as failure:
                log.warning("turn.responder_failed", responder=responder.name, reason=failure.reason)
                attempts.append({"responder": responder.name, "failed": failure.reason})
                return None
            except Exception as error:
                log.exception("turn.responder_broke", responder=responder.name)
                attempts.append({"responder": responder.name, "failed": type(error).__name__})
                return None
            proposed = _proposed(draft, toolbox, before, complaint is not None)
            noted = _noted(draft, toolbox, before, complaint is not None)
            draft, recorded = await self._duties.fulfil(request, draft, toolbox, noted)
            if proposed is not None:
                draft = replace(draft, text=ending_with(draft.text, proposed.question))
            complaints = [*self._complaints(draft, request, toolbox), *says_it_is_paid(draft.text, recorded)]
            attempts.append(_attempt(responder, draft, complaints))
            if not complaints:
                return draft, proposed, recorded
            log.warning("turn.fact_check_refused", responder=responder.name, kinds=sorted({c.kind for c in complaints}))
            complaint = "\n".join(str(item) for item in complaints)
        return None

    def _complaints(self, draft: Draft, request: Request, toolbox: Toolbox) -> Sequence[Complaint]:
        if not draft.text:
            return ()
        return check(draft.text, toolbox.results, profile=self._profile, customer_said=request.text, now=request.now)


def _attempt(responder: Responder, draft: Draft, complaints: Sequence[Complaint]) -> dict[str, Any]:
    return {
        "responder": responder.name,
        "draft": draft.text,
        "notes": draft.notes,
        "refused": [str(complaint) for complaint in complaints],
    }


def _proposed(draft: Draft, toolbox: Toolbox, before: int, again: bool) -> Proposed | None:
    """The last proposal of this responder. In a second draft one of the first counts only if the text still asks it."""
    made = [call.result for call in toolbox.calls[before:] if isinstance(call.result, Proposed)]
    if draft.silent or not made or (again and not any(form in draft.text for form in _forms(made[-1].question))):
        return None
    return made[-1]


def _noted(draft: Draft, toolbox: Toolbox, before: int, again: bool) -> list[Recorded]:
    """What this responder noted. In a second draft one of the first counts only if the text still says so."""
    made = [call.result for call in toolbox.calls[before:] if isinstance(call.result, Recorded)]
    return [each for each in made if not again or squeezed(each.receipt) in squeezed(draft.text)]


def ending_with(text: str, question: str) -> str:
    """The text with the question at its end, once."""
    rest = text
    for form in _forms(question):
        rest = rest.replace(form, "")
    rest = rest.rstrip()
    return f"{rest}\n\n{question}" if rest else question


def _forms(question: str) -> tuple[str, str]:
    """The question as it was made, and as it comes back from a model, whose lists are rewritten."""
    return question, for_whatsapp(question)


def _accepted(
    request: Request,
    draft: Draft,
    proposed: Proposed | None,
    recorded: tuple[Recorded, ...],
    responder: Responder,
    toolbox: Toolbox,
    attempts: list[dict[str, Any]],
) -> Answer:
    answer = Answer(
        "" if draft.silent else draft.text,
        responder.name,
        draft.intents,
        draft.handoff or for_staff(request),
        draft.usage,
        _trace(attempts, toolbox),
        recorded,
        proposed,
    )
    pending = request.pending
    thinks = POSTPONES.search(plain(request.text)) is not None
    if pending is not None and proposed is None and not thinks and _may_remind(pending, answer):
        answer.text, answer.renews = f"{answer.text}\n\n{pending.reminder}", True
    return answer


def _may_remind(pending: Pending, answer: Answer) -> bool:
    """Whether a reply about something else may end with the question that is still open: once, after a request."""
    talks = bool(answer.text) and answer.handoff is None
    return talks and pending.asked < MOST_REMINDED and not COURTESY.issuperset(answer.intents)


def _trace(attempts: list[dict[str, Any]], toolbox: Toolbox) -> dict[str, Any]:
    return {"attempts": attempts, "tools": [call.as_trace() for call in toolbox.calls]}
