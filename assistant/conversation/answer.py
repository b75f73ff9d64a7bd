"""What a turn answers: the text, what it proposes, notes and hands over, what it cost, and how it came about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from assistant.conversation.models import Turn
from assistant.conversation.outgoing import Objection
from assistant.conversation.responder import HandOff, HandOffReason, Usage
from assistant.newcomers.qualifying import Learnt
from assistant.tools.toolbox import Proposed, Recorded

log = structlog.get_logger(__name__)

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
    """What is written down with it."""
    proposed: Proposed | None = None
    """What the text asks the customer to confirm."""
    renews: bool = False
    """The text asks again what was asked before."""
    confirms: bool = False
    """The customer said yes to the open proposal: the text follows when it is carried out."""
    declines: bool = False
    """The customer said no to it."""
    learnt: Learnt | None = None
    """What the turn taught of somebody new."""
    screened: str = ""
    """The text that the outgoing filter has let pass."""

    @classmethod
    def apology(cls, text: str, error: str) -> "Answer":
        """The answer when nothing else worked."""
        summary = "O assistente não conseguiu responder. Leia a conversa e responda ao cliente, por favor."
        return cls(text, "none", handoff=HandOff(HandOffReason.NOT_UNDERSTOOD, summary), trace={"error": error})

    @classmethod
    def withheld(cls, answer: "Answer", objections: Sequence[Objection]) -> "Answer":
        """A person in place of a text that the filter refused; what was noted and told to the staff stays."""
        kinds = sorted({objection.kind for objection in objections})
        log.error("turn.text_withheld", responder=answer.responder, kinds=kinds)
        trace = answer.trace | {"withheld": answer.text, "refused": [str(objection) for objection in objections]}
        handoff = answer.handoff or HandOff(HandOffReason.NOT_UNDERSTOOD, UNSURE)
        return cls(
            UNSOURCED,
            answer.responder,
            answer.intents,
            handoff,
            answer.usage,
            trace,
            answer.recorded,
            learnt=answer.learnt,
            screened=UNSOURCED,
        )

    def unspoken(self) -> "Answer | None":
        """What is left of it when a person answers instead: what has to be written down, and the task about it."""
        if not self.recorded:
            return None
        return Answer("", self.responder, self.intents, self.handoff, self.usage, self.trace, self.recorded)

    def write(self, turn: Turn) -> None:
        """Put the answer and how it came about into the turn's row."""
        turn.responder, turn.reply, turn.intents = self.responder, self.text, list(self.intents)
        turn.trace = self.trace | ({"handoff": self.handoff.reason.value} if self.handoff else {})
        self.bill(turn)

    def bill(self, turn: Turn) -> None:
        """Put only what it cost into the turn's row: also an answer that is not sent was paid for."""
        if self.usage is not None:
            turn.prompt_tokens = self.usage.prompt_tokens
            turn.completion_tokens = self.usage.completion_tokens
            turn.cost_usd = self.usage.cost_usd
