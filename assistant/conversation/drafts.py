"""From an accepted draft to the answer: the question at its end, what was proposed and noted, what a turn taught.

Pure over the request, the draft and the toolbox's record; decides nothing about facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.conversation.answer import UNSURE, Answer
from assistant.conversation.embedded.answers.talk import last_question
from assistant.conversation.embedded.answers.voice import squeezed
from assistant.conversation.embedded.intents import COURTESY
from assistant.conversation.embedded.language import language_of
from assistant.conversation.embedded.slots import plain
from assistant.conversation.embedded.wishes import POSTPONES
from assistant.conversation.handover import for_staff
from assistant.conversation.model_words import for_whatsapp
from assistant.conversation.repetition import A_PERSON, MOST_TIMES, is_last, looked_again, said_again, times_said
from assistant.conversation.responder import Author, Draft, HandOff, HandOffReason, Pending, Request
from assistant.newcomers.qualifying import Learnt, followed_up, learn
from assistant.tools.lead import notes_in
from assistant.tools.toolbox import Proposed, Recorded, Toolbox

MOST_REMINDED = 2
"""A proposal that was asked so often is not brought up again by itself."""
REPEATED = "O assistente ia dar a mesma resposta pela terceira vez."


@dataclass(frozen=True)
class Checked:
    """A draft that nothing speaks against, with what goes with it."""

    draft: Draft
    proposed: Proposed | None
    recorded: tuple[Recorded, ...]


def proposed_by(draft: Draft, toolbox: Toolbox, before: int, again: bool) -> Proposed | None:
    """The last proposal of this responder. In a second draft one of the first counts only if the text still asks it."""
    made = [call.result for call in toolbox.calls[before:] if isinstance(call.result, Proposed)]
    if draft.silent or not made or (again and not any(form in draft.text for form in _forms(made[-1].question))):
        return None
    return made[-1]


def noted_by(toolbox: Toolbox, draft: Draft, before: int, again: bool) -> list[Recorded]:
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


def accepted(
    request: Request, checked: Checked, responder: str, toolbox: Toolbox, attempts: Sequence[dict[str, Any]]
) -> Answer:
    """The answer of an accepted draft; an open question that it leaves aside comes once more at its end."""
    draft, learnt = taught(request, checked.draft, toolbox)
    draft, proposed = _not_again(request, draft, checked.proposed)
    answer = Answer(
        "" if draft.silent else draft.text,
        responder,
        draft.intents,
        draft.handoff or for_staff(request),
        trace=trace_of(attempts, toolbox),
        recorded=checked.recorded,
        proposed=proposed,
        learnt=learnt,
        screened=checked.draft.text,
    )
    pending = request.pending
    offers = draft.asks or any(result.offers for result in toolbox.results)
    thinks = POSTPONES.search(plain(request.text)) is not None
    if pending is not None and proposed is None and not (offers or thinks) and _may_remind(request, pending, answer):
        answer.text, answer.renews = f"{answer.text}\n\n{pending.reminder}", True
    return answer


def taught(request: Request, draft: Draft, toolbox: Toolbox) -> tuple[Draft, Learnt | None]:
    """What a turn of somebody new taught, and the draft with what follows from it."""
    if request.lead is None:
        return draft, None
    burst = [line.text for line in request.burst]
    earlier = "\n".join(line.text for line in request.history if line.author is Author.CUSTOMER)
    learnt = learn(request.lead, burst, last_question(request), notes_in(toolbox.calls), earlier)
    draft, lead = followed_up(draft, request, learnt)
    return draft, replace(learnt, lead=lead)


def trace_of(attempts: Sequence[dict[str, Any]], toolbox: Toolbox) -> dict[str, Any]:
    """How an answer came about, for the turn's row."""
    return {"attempts": list(attempts), "tools": [call.as_trace() for call in toolbox.calls]}


def _not_again(request: Request, draft: Draft, proposed: Proposed | None) -> tuple[Draft, Proposed | None]:
    """The draft, unless it is what was said just before: then reworded, and at the third time a person."""
    times = 0 if draft.silent else times_said(draft.text, request.history, request.now)
    if times < 1:
        again = not draft.silent and is_last(draft.text, request.history)
        return (replace(draft, text=looked_again(draft.text)) if again else draft), proposed
    if times < MOST_TIMES:
        return replace(draft, text=said_again(draft.text)), proposed
    handoff = draft.handoff or HandOff(HandOffReason.NOT_UNDERSTOOD, f"{REPEATED} {UNSURE}")
    return replace(draft, text=A_PERSON[language_of(draft.text)], handoff=handoff), None


def _may_remind(request: Request, pending: Pending, answer: Answer) -> bool:
    """Whether a reply may end with the question that is still open: after another request, or what nobody can read."""
    talks = bool(answer.text) and answer.handoff is None
    unread = not request.text.strip()
    return talks and pending.asked < MOST_REMINDED and (unread or not COURTESY.issuperset(answer.intents))
