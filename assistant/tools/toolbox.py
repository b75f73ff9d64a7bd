"""The tools of one turn: what they are, how they are called, and the record of every call.

A tool is an async function `(context, arguments) -> result` with pydantic models on both sides; its docstring is what
a language model reads. Who is speaking comes from `ToolContext`, never from the arguments (the arguments have no field
for a customer, a phone or a plate as a key). Each call runs in its own short transaction and is recorded, because the
fact check accepts nothing that is not in this record.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.database import Sessions, transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Speaker:
    """Who writes in this conversation, as the server knows it from the Kommo contact's phone."""

    customer_ids: tuple[UUID, ...]
    """Profiles with this phone: none for an unknown number, several when a family shares one."""
    phone: str | None
    """Normal form of the contact's phone (`integrations/contact.py`); None for a contact without one."""
    name: str | None
    """First name to greet with: the profile's, else the Kommo contact's."""
    contact_id: int | None = None
    """Kommo's contact: what a person without a number is known by. It opens nothing."""

    @property
    def known(self) -> bool:
        return bool(self.customer_ids)


@dataclass(frozen=True)
class ToolContext:
    """What every tool receives besides its arguments."""

    session: AsyncSession
    speaker: Speaker
    now: datetime
    """The moment of the turn, aware, in the shop's time zone."""
    conversation_id: int | None = None
    """The conversation it is written in, for what has no other owner yet."""


class Arguments(BaseModel):
    """Base of a tool's arguments: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Result(BaseModel):
    """Base of a tool's result. Money is `Decimal`, moments are aware and in the shop's time zone."""

    model_config = ConfigDict(frozen=True)
    offers: ClassVar[bool] = False
    """Whether a reply over it lets the customer choose anew, so that what was proposed before is not asked again."""


class Proposed(Result):
    """A result that proposes something to be done on the customer's next explicit yes. Proposing changes nothing.

    The reply has to end with `question` word for word; code sees to that (`conversation/answering.py`), and keeps the
    proposal only when that reply goes out.
    """

    proposal: str
    """What kind of thing is proposed (`assistant/decisions/kinds.py`)."""
    question: str
    """Everything that will be done, with its figures, and the question whether to do it."""
    reminder: str
    """The same question in one sentence."""
    terms: dict[str, Any] = Field(exclude=True)
    """What carrying it out needs, as JSON: ids and versions. Not shown to anybody."""


class Recorded(Result):
    """A result that notes what the customer told us; it needs no second yes, because it binds nobody but the shop.

    The tool itself writes nothing. The row is written in the turn's last transaction, together with the reply
    (`assistant/decisions/records.py`), never for a draft that was refused. The reply has to contain `receipt` word for
    word; code sees to that (`conversation/answering.py`).
    """

    record: str = Field(exclude=True)
    """What kind of thing is noted."""
    receipt: str
    """What the customer is told about it."""
    reason: str = Field(exclude=True)
    """Why the staff hear of it: a `HandOffReason`."""
    task: str = Field(exclude=True)
    """What they read, to go on after the customer's name: "avisa que pagou"."""
    terms: dict[str, Any] = Field(exclude=True)
    """What writing it down needs, as JSON."""


@dataclass(frozen=True)
class Tool:
    """One tool function with the model of its arguments."""

    name: str
    description: str
    arguments: type[Arguments]
    run: Callable[[ToolContext, Arguments], Awaitable[Result]]


@dataclass(frozen=True)
class Call:
    """One recorded call. Exactly one of `result` and `error` is set."""

    tool: str
    arguments: dict[str, object]
    result: Result | None
    error: str | None

    def as_trace(self) -> dict[str, object]:
        """The call as JSON-ready data, for a turn's trace."""
        result = self.result.model_dump(mode="json") if self.result is not None else None
        return {"tool": self.tool, "arguments": self.arguments, "result": result, "error": self.error}


class ToolFailed(Exception):
    """A tool could not answer; the text says why, in words a responder may act on."""


@dataclass
class Toolbox:
    """The tools of one turn, bound to the speaker, with the record of what was called."""

    sessions: Sessions
    speaker: Speaker
    now: datetime
    tools: Sequence[Tool]
    calls: list[Call] = field(default_factory=list)
    conversation_id: int | None = None

    async def call(self, name: str, arguments: dict[str, object] | None = None) -> Result:
        """Run tool `name`; raises `ToolFailed` for an unknown tool, wrong arguments or a failing tool."""
        given = arguments or {}
        try:
            result = await self._run(name, given)
        except ToolFailed as failure:
            self.calls.append(Call(name, given, None, str(failure)))
            raise
        self.calls.append(Call(name, given, result, None))
        return result

    async def _run(self, name: str, given: dict[str, object]) -> Result:
        tool = next((candidate for candidate in self.tools if candidate.name == name), None)
        if tool is None:
            raise ToolFailed(f"no tool named {name!r}; there are: {', '.join(t.name for t in self.tools)}")
        try:
            arguments = tool.arguments.model_validate(given)
        except ValidationError as error:
            raise ToolFailed(
                f"wrong arguments for {name}: {error.errors(include_url=False, include_input=False)}"
            ) from None
        async with transaction(self.sessions) as session:
            return await tool.run(ToolContext(session, self.speaker, self.now, self.conversation_id), arguments)

    @property
    def results(self) -> list[Result]:
        """What the tools of this turn answered, in order: the sources a reply may state."""
        return [call.result for call in self.calls if call.result is not None]
