"""What must happen after a message, whichever responder writes the answer.

A model may forget to call a tool, or never offer to; a customer's opt-out, a request about their data, a payment they
say they made, a complaint, a threat and a warranty claim may not depend on that. So the embedded understanding reads
every burst, and after each draft this step adds what is owed and missing: it calls the tool that notes it, adds the
tool's receipt to the text, and puts the hand-over beside the draft's own. It adds and never takes away; the fact check
reads the result. It acts only where an explicit expression or a sure reading says so, and it withholds the tools for an
opt-out or its undoing where the words say the opposite.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from assistant.conversation.embedded import rights
from assistant.conversation.embedded.abuse import INSULTS
from assistant.conversation.embedded.answers.media import is_receipt
from assistant.conversation.embedded.answers.past import CLAIM, old_order, visits_meant
from assistant.conversation.embedded.answers.payments import says_paid
from assistant.conversation.embedded.answers.staff import merged
from assistant.conversation.embedded.answers.talk import last_question
from assistant.conversation.embedded.answers.voice import clipped, squeezed
from assistant.conversation.embedded.expressions import any_matches
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.slots import plain
from assistant.conversation.embedded.text import normalise
from assistant.conversation.embedded.threats import is_threat
from assistant.conversation.embedded.understanding import Understander
from assistant.conversation.responder import Draft, HandOff, HandOffReason, Request
from assistant.tools.history import ServiceHistory
from assistant.tools.toolbox import Recorded, Tool, Toolbox, ToolFailed

log = structlog.get_logger(__name__)

PRIORITY = "PRIORIDADE"
PASSED_COMPLAINT = "Sinto muito por isso. Passei a sua mensagem com prioridade para o responsável da oficina."
PASSED_ABUSE = "Passei a sua mensagem para o responsável da oficina, que fala com você."
THREATENED = "fez uma ameaça"
INSULTED = "ofendeu a oficina"
PASSED_CLAIM = "Passei o que você contou para um consultor ver o seu caso."

Noting = tuple[str, dict[str, object]]
"""A tool and its arguments."""


@dataclass(frozen=True)
class Owed:
    """What a burst obliges us to."""

    notings: tuple[Noting, ...] = ()
    complaint: bool = False
    warranty_claim: bool = False
    abuse: str | None = None
    """What a person is told when the shop or its people are threatened or insulted."""


class Duties:
    """Stateless; one instance may serve all turns."""

    def __init__(self, understander: Understander) -> None:
        self._understander = understander

    def offered(self, request: Request, tools: Sequence[Tool]) -> tuple[Tool, ...]:
        """The tools of this turn: without the opt-out for who denies it, and its undoing for who did not ask for it."""
        texts = _texts(request)
        withheld = set() if rights.wants_back(texts) else {"record_opt_in"}
        if rights.denies_opt_out(texts):
            withheld.add("record_opt_out")
        return tuple(tool for tool in tools if tool.name not in withheld)

    def owed(self, request: Request) -> Owed:
        """What the burst says, taken whole and message by message."""
        texts = _texts(request)
        intents = self._sure(texts)
        if not texts or Intent.TENTATIVA_ABUSO in intents[:1]:
            notings = tuple(self._notings(request, texts, ()))
            return Owed(notings, complaint=self._is_angry(texts), abuse=_abuse_in(request))
        return Owed(
            tuple(self._notings(request, texts, intents)),
            complaint=Intent.RECLAMACAO in intents,
            warranty_claim=Intent.GARANTIA in intents and CLAIM.search(plain(request.text)) is not None,
            abuse=_abuse_in(request),
        )

    def _sure(self, texts: Sequence[str]) -> tuple[Intent, ...]:
        """What the messages are surely about."""
        whole = "\n".join(texts)
        said = [self._understander.understand(text) for text in dict.fromkeys([whole, *texts])]
        return tuple(dict.fromkeys(intent for each in said if each.sure for intent in each.intents))

    def _is_angry(self, texts: Sequence[str]) -> bool:
        """Whether an insult is a complaint in hard words: a person looks, and nobody argues."""
        scores = self._understander.understand("\n".join(texts)).scores
        return max(scores, key=scores.__getitem__, default=None) is Intent.RECLAMACAO

    def _notings(self, request: Request, texts: Sequence[str], intents: Sequence[Intent]) -> list[Noting]:
        found: list[Noting] = []
        right = rights.data_right(texts, last_question(request))
        if right is not None:
            found.append(("record_data_request", {"kind": right.value}))
        if rights.opts_out(texts) or (Intent.OPT_OUT in intents and not rights.denies_opt_out(texts)):
            found.append(("record_opt_out", {}))
        elif rights.wants_back(texts):
            found.append(("record_opt_in", {}))
        if is_receipt(request) or (Intent.PAGAMENTO in intents and says_paid(plain(request.text))):
            found.append(("record_payment_claim", {}))
        return found

    async def fulfil(
        self, request: Request, draft: Draft, toolbox: Toolbox, noted: Sequence[Recorded]
    ) -> tuple[Draft, tuple[Recorded, ...]]:
        """The draft with everything that is owed; `noted` is what its responder noted by itself."""
        owed = self.owed(request)
        records = {each.record: each for each in noted}
        for tool, arguments in owed.notings:
            result = await _called(toolbox, tool, arguments)
            if result is not None and records.setdefault(result.record, result) is result:
                log.info("duty.added", tool=tool)
        for recorded in records.values():
            draft = _with_record(request, draft, recorded)
        if owed.abuse:
            draft = _with_abuse(request, draft, owed.abuse)
        if owed.warranty_claim:
            draft = await _with_claim(request, draft, toolbox)
        return _with_complaint(request, draft) if owed.complaint else draft, tuple(records.values())


def _texts(request: Request) -> list[str]:
    return [line.text for line in request.burst if line.text.strip()]


async def _called(toolbox: Toolbox, tool: str, arguments: dict[str, object]) -> Recorded | None:
    """What a noting tool returns; None when there is nothing to note."""
    try:
        result = await toolbox.call(tool, arguments)
    except ToolFailed:
        return None
    return result if isinstance(result, Recorded) else None


def _with_record(request: Request, draft: Draft, recorded: Recorded) -> Draft:
    draft = _saying(draft, recorded.receipt)
    return _handing_over(request, draft, HandOffReason(recorded.reason), recorded.task)


def _abuse_in(request: Request) -> str | None:
    """The task for who threatens the shop, or insults its people."""
    said = normalise(request.text)
    if is_threat(said):
        return THREATENED
    return INSULTED if any_matches(INSULTS, said) else None


def _with_abuse(request: Request, draft: Draft, task: str) -> Draft:
    """A person, whatever else the draft answers; who handed over already has told the customer so."""
    if draft.handoff is None:
        draft = _saying(draft, PASSED_ABUSE)
    return _handing_over(request, draft, HandOffReason.ABUSE, task)


def _with_complaint(request: Request, draft: Draft) -> Draft:
    """A person with priority; who handed over already has told the customer so."""
    if draft.handoff is None:
        draft = _saying(draft, PASSED_COMPLAINT)
    task = f"{PRIORITY}, reclamação"
    told = draft.handoff
    if told is not None and told.reason is HandOffReason.COMPLAINT and PRIORITY not in told.summary:
        return replace(draft, handoff=HandOff(told.reason, f"{task}: {told.summary}"))
    return _handing_over(request, draft, HandOffReason.COMPLAINT, task)


async def _with_claim(request: Request, draft: Draft, toolbox: Toolbox) -> Draft:
    """A person with the old order at hand."""
    try:
        history = await toolbox.call("service_history", {})
    except ToolFailed:
        history = None
    visits = visits_meant(history.visits, request.text) if isinstance(history, ServiceHistory) else ()
    if draft.handoff is None:
        draft = _saying(draft, PASSED_CLAIM)
    about = f": {old_order(visits[0])}" if visits else ""
    if visits and old_order(visits[0]) in _summary(draft):
        return draft
    return _handing_over(request, draft, HandOffReason.WARRANTY, f"aciona a garantia de um serviço{about}")


def _saying(draft: Draft, sentence: str) -> Draft:
    """The draft with the sentence in it, once."""
    if squeezed(sentence) in squeezed(draft.text):
        return draft
    return replace(draft, text=f"{draft.text}\n\n{sentence}".strip(), silent=False)


def _handing_over(request: Request, draft: Draft, reason: HandOffReason, task: str) -> Draft:
    """The draft with this task among what the staff read, once; the gravest reason counts."""
    if task in _summary(draft):
        return draft
    words = f' Mensagem: "{clipped(request.text)}"' if request.text.strip() else ""
    added = HandOff(reason, f"{request.speaker.name or 'Cliente'}: {task}.{words}")
    return replace(draft, handoff=merged([added, draft.handoff] if draft.handoff else [added]))


def _summary(draft: Draft) -> str:
    return draft.handoff.summary if draft.handoff else ""
