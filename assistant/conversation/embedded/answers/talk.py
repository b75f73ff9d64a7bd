"""One turn as the answers see it: who writes, what was understood, what the tools say.

`Talk` reads through the toolbox only, each look-up once a turn. It decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from assistant.conversation.embedded.answers.offers import Offer
from assistant.conversation.embedded.answers.voice import Voice
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.text import spelled_out
from assistant.conversation.embedded.understanding import Understanding
from assistant.conversation.responder import Author, HandOff, Line, Request, ResponderFailed
from assistant.tools.orders import MyOrders
from assistant.tools.shop import ShopInfo
from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Result, Toolbox, ToolFailed

Expected = TypeVar("Expected", bound=Result)

TALK_LASTS = timedelta(hours=24)
"""Older messages are another talk: welcomed again, and no answer to what we asked then."""


@dataclass(frozen=True)
class Part:
    """The answer to one intent. Empty text says nothing."""

    text: str = ""
    handoff: HandOff | None = None
    named: bool = False
    """The text already addresses the customer, so that no name is put in front."""
    person: bool = False
    """A person continues: the message ends with when."""
    asks: bool = False
    """Ends with a question that decides something: it comes last."""
    parting: bool = False
    """Lets the matter rest: what is still open is not brought up again with it."""


@dataclass
class Lookups:
    """Tool results of the turn, each asked for once."""

    toolbox: Toolbox
    _known: dict[str, Result] = field(default_factory=dict)

    async def get(self, tool: str, expected: type[Expected], **arguments: object) -> Expected:
        """What `tool` answers; raises `ResponderFailed` when it cannot."""
        key = f"{tool} {sorted(arguments.items())}"
        if key not in self._known:
            try:
                self._known[key] = await self.toolbox.call(tool, arguments)
            except ToolFailed as failure:
                raise ResponderFailed(f"{tool}: {failure}") from failure
        result = self._known[key]
        if not isinstance(result, expected):
            raise ResponderFailed(f"{tool} answered {type(result).__name__}, not {expected.__name__}")
        return result


@dataclass(frozen=True)
class Talk:
    """Everything an answer may use."""

    request: Request
    understood: Understanding
    orders: MyOrders
    """The open orders, newest first, and the vehicles without one."""
    intents: tuple[Intent, ...]
    """What this reply answers, in order."""
    pending: Offer | None
    """What our last message asked, if it asked something."""
    lookups: Lookups
    terms: ShopTerms
    voice: Voice

    @property
    def text(self) -> str:
        """The customer's words: lower case, without accents, chat abbreviations written out."""
        return spelled_out(self.request.text)

    @property
    def proposed(self) -> str | None:
        """The kind of what we proposed and the customer has not answered yet."""
        return self.request.pending.proposal if self.request.pending else None

    @property
    def name(self) -> str | None:
        return self.request.speaker.name

    @property
    def known(self) -> bool:
        """Whether the number is a customer's: it has a profile, or an order under it."""
        return self.request.speaker.known or bool(self.orders.orders)

    @property
    def last_said(self) -> str:
        """Our last message of this talk, empty when there is none or when staff have written since."""
        return last_question(self.request)

    def answers(self, *intents: Intent) -> bool:
        """Whether this reply also answers one of these."""
        return any(intent in self.intents for intent in intents)

    def customer_lines(self) -> Sequence[Line]:
        """What the customer wrote, earlier messages first, this turn's last."""
        earlier = [line for line in recent(self.request) if line.author is Author.CUSTOMER]
        return [*earlier, *self.request.burst]

    async def shop(self) -> ShopInfo:
        """The shop's profile."""
        return await self.lookups.get("shop_info", ShopInfo)


def said_by_us(request: Request, limit: int = 6) -> list[str]:
    """Our latest messages, newest last, also those of an earlier talk."""
    ours = [line.text for line in request.history if line.author is Author.ASSISTANT and line.text]
    return ours[-limit:]


def last_question(request: Request) -> str:
    """Our last message, if nobody of the staff has written since; empty otherwise."""
    not_theirs = [line for line in recent(request) if line.author is not Author.CUSTOMER and line.text]
    return not_theirs[-1].text if not_theirs and not_theirs[-1].author is Author.ASSISTANT else ""


def recent(request: Request) -> Sequence[Line]:
    """What was written before this turn in the same talk: phones keep chats for years."""
    return [line for line in request.history if line.at >= request.now - TALK_LASTS]
