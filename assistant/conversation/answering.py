"""From a request to a checked answer: the chosen responder, the fact check, one retry, the embedded responder.

No text leaves here that states a fact without a source. When even the embedded draft is refused, the customer is told
that a person will answer, and the staff get a task.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from assistant.conversation.embedded.intents import COURTESY
from assistant.conversation.embedded.slots import plain
from assistant.conversation.embedded.wishes import POSTPONES
from assistant.conversation.factcheck import Complaint, check
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
from assistant.tools.toolbox import Proposed, Toolbox

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

    @classmethod
    def apology(cls, text: str, error: str) -> "Answer":
        """The answer when nothing else worked."""
        summary = "O assistente não conseguiu responder. Leia a conversa e responda ao cliente, por favor."
        return cls(text, "none", handoff=HandOff(HandOffReason.NOT_UNDERSTOOD, summary), trace={"error": error})

    def write(self, turn: Turn) -> None:
        """Put the answer and how it came about into the turn's row."""
        turn.responder, turn.reply, turn.intents = self.responder, self.text, list(self.intents)
        turn.trace = self.trace | ({"handoff": self.handoff.reason} if self.handoff else {})
        if self.usage is not None:
            turn.prompt_tokens = self.usage.prompt_tokens
            turn.completion_tokens = self.usage.completion_tokens
            turn.cost_usd = self.usage.cost_usd


class Answering:
    """Lets the responders try in order and checks their drafts; `responders` ends with the embedded one."""

    def __init__(self, responders: Sequence[Responder], make_toolbox: MakeToolbox, profile: Sequence[str]) -> None:
        self._responders = responders
        self._make_toolbox = make_toolbox
        self._profile = profile
        """The shop's own texts, whose facts may always be stated."""

    async def answer(self, request: Request) -> Answer:
        """The checked answer to a request."""
        toolbox = self._make_toolbox(request)
        attempts: list[dict[str, Any]] = []
        for responder in self._responders:
            checked = await self._checked_draft(responder, request, toolbox, attempts)
            if checked is not None:
                return _accepted(request, *checked, responder, toolbox, attempts)
        log.error("turn.no_responder_succeeded")
        return Answer(
            UNSOURCED,
            "none",
            handoff=HandOff(
                HandOffReason.NOT_UNDERSTOOD, "O assistente não teve certeza. Responda ao cliente, por favor."
            ),
            trace=_trace(attempts, toolbox),
        )

    async def _checked_draft(
        self, responder: Responder, request: Request, toolbox: Toolbox, attempts: list[dict[str, Any]]
    ) -> tuple[Draft, Proposed | None] | None:
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
            if proposed is not None:
                draft = replace(draft, text=ending_with(draft.text, proposed.question))
            complaints = self._complaints(draft, request, toolbox)
            attempts.append(_attempt(responder, draft, complaints))
            if not complaints:
                return draft, proposed
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
    responder: Responder,
    toolbox: Toolbox,
    attempts: list[dict[str, Any]],
) -> Answer:
    answer = Answer(
        "" if draft.silent else draft.text,
        responder.name,
        draft.intents,
        draft.handoff,
        draft.usage,
        _trace(attempts, toolbox),
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
