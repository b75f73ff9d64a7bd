"""What a kind of proposal is: how agreement to it is read, how it is carried out, how it is proposed anew.

Each kind is one object: `quotes.py`, `bookings.py`. What carries out writes with the given session, in the
transaction that also queues the receipt, and never commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.conversation.responder import HandOff, HandOffReason
from assistant.decisions.reading import Wish
from assistant.tools.toolbox import Proposed, ToolContext

Terms = Mapping[str, Any]


class NotAsProposed(Exception):
    """What was proposed cannot be carried out any more: it changed, or somebody else came first.

    `sentence` says so to the customer in the kind's own words.
    """

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Receipt:
    """What the customer reads after it was done, and what the staff are told."""

    text: str
    handoff: HandOff | None = None


class ProposalKind(Protocol):
    """One kind of proposal."""

    reason: HandOffReason
    """What the staff are told when a person has to take it."""

    def wish(self, terms: Terms) -> Wish:
        """What the customer is asked to agree to."""
        ...

    async def carry_out(self, context: ToolContext, terms: Terms) -> Receipt:
        """Do it, once; raises `NotAsProposed` before it has written anything."""
        ...

    async def propose_again(self, context: ToolContext, terms: Terms) -> Proposed | None:
        """The same wish as things are now; None when it makes no sense any more."""
        ...

    def declined(self, terms: Terms) -> str:
        """What a customer reads who said no."""
        ...
