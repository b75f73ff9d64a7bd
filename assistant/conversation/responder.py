"""What a responder is: it reads a turn, looks things up through the toolbox and drafts a reply.

Two of them stand behind this interface, the embedded one and the model; `turns.py` chooses, checks the draft against
the toolbox's record and hands it to the outbox. A responder writes nothing and sends nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from assistant.memory.digest import NOTHING, Digest
from assistant.newcomers.facts import Lead
from assistant.tools.toolbox import Speaker, Toolbox


class Author(StrEnum):
    """Who wrote a message of the history."""

    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    STAFF = "staff"


@dataclass(frozen=True)
class Line:
    """One message of the conversation. `kind` is Kommo's message_type: text, voice, picture, …"""

    author: Author
    text: str
    kind: str
    at: datetime


@dataclass(frozen=True)
class Pending:
    """What our last message proposed and the customer has not answered; `terms` as the proposal holds them."""

    proposal: str
    question: str
    reminder: str
    terms: Mapping[str, Any]
    asked: int
    """How often the customer was asked."""


@dataclass(frozen=True)
class Request:
    """One turn to answer: the burst of unanswered messages, oldest first, and what came before."""

    burst: Sequence[Line]
    history: Sequence[Line]
    speaker: Speaker
    now: datetime
    pending: Pending | None = None
    lead: Lead | None = None
    """What somebody new has told so far; None for a customer."""
    earlier: Digest = NOTHING
    """What was spoken of before the history, in short."""
    conversation_id: int | None = None
    may_spend: bool = True
    """Whether responders that cost money may be asked."""

    @property
    def text(self) -> str:
        """The burst as one text, a message a line."""
        return "\n".join(line.text for line in self.burst if line.text)

    @property
    def said(self) -> str:
        """All that the customer wrote in this talk, as far as it is seen."""
        lines = (*self.history, *self.burst)
        return "\n".join(line.text for line in lines if line.text and line.author is Author.CUSTOMER)


class HandOffReason(StrEnum):
    """Why a person has to look at a conversation."""

    ASKED_FOR_PERSON = "asked_for_person"
    COMPLAINT = "complaint"
    QUOTE_DECISION = "quote_decision"
    BOOKING = "booking"
    NEW_QUOTE = "new_quote"
    PAYMENT = "payment"
    WARRANTY = "warranty"
    OPT_OUT = "opt_out"
    MEDIA = "media"
    NOT_UNDERSTOOD = "not_understood"
    ABUSE = "abuse"
    LANGUAGE = "language"
    LOOP = "loop"
    IDENTITY = "identity"
    """Somebody says to be a customer under another number; staff confirm."""


@dataclass(frozen=True)
class HandOff:
    """A task for the staff: the reason and a summary in Portuguese of what the customer wants."""

    reason: HandOffReason
    summary: str
    wish: str | None = None
    """What they want, without who and which car; None: the summary says it."""
    car: str | None = None
    awaits: bool = True
    """The customer waits for a person's answer. If not, the staff only learn of it, each time anew."""


@dataclass(frozen=True)
class Usage:
    """What a model spent on a turn."""

    model: str
    prompt_tokens: int
    completion_tokens: int
    rounds: int
    cost_usd: Decimal | None = None

    def plus(self, other: "Usage | None") -> "Usage":
        """Both together."""
        if other is None:
            return self
        costs = [cost for cost in (self.cost_usd, other.cost_usd) if cost is not None]
        return Usage(
            self.model,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.rounds + other.rounds,
            sum(costs, Decimal(0)) if costs else None,
        )


@dataclass(frozen=True)
class Draft:
    """A reply before the fact check. Empty text with `silent` means that nothing needs saying."""

    text: str
    intents: tuple[str, ...] = ()
    handoff: HandOff | None = None
    silent: bool = False
    usage: Usage | None = None
    notes: dict[str, str] = field(default_factory=dict)
    """For the trace, e.g. how sure the classifier was."""
    asks: bool = False
    """Ends with a choice of its own: what was proposed before is not asked again."""


class ResponderFailed(Exception):
    """The responder cannot answer (model down, out of time, out of rounds); another one takes the turn."""

    def __init__(self, reason: str, usage: Usage | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.usage = usage


class Responder(Protocol):
    """The interface of both responders."""

    name: str
    costs: bool
    """Whether asking it is paid for."""

    async def draft(self, request: Request, toolbox: Toolbox, complaint: str | None = None) -> Draft:
        """A reply to `request`; `complaint` says what was refused in the draft before."""
        ...

    async def aclose(self) -> None:
        """Let go of connections it holds."""
        ...
