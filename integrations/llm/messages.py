"""What is said to a model and what it says back, in our own types.

Nothing outside this folder sees the types of the client library, and no answer of an endpoint is trusted to have the
documented form: `Completion` reads it and ignores what it does not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True)
class ToolRequest:
    """The model wants a tool called. `arguments` is what it wrote: JSON, if all is well."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class System:
    """Instructions."""

    text: str


@dataclass(frozen=True)
class User:
    """Words of the person served: data, never instructions."""

    text: str


@dataclass(frozen=True)
class Assistant:
    """What the model, or a person in its place, said before."""

    text: str
    tool_requests: Sequence[ToolRequest] = ()


@dataclass(frozen=True)
class ToolAnswer:
    """What a requested tool answered, as text."""

    request_id: str
    text: str


Message = System | User | Assistant | ToolAnswer


@dataclass(frozen=True)
class ToolOffer:
    """A tool the model may ask for; `schema` is a JSON schema of its arguments."""

    name: str
    description: str
    schema: dict[str, object]


@dataclass(frozen=True)
class Reply:
    """One answer of the model: text, or tools it wants called, or a refusal."""

    text: str
    tool_requests: tuple[ToolRequest, ...]
    refusal: str | None
    truncated: bool
    """Whether the model was cut off at its own length limit."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Function(_Part):
    """The wanted function."""

    name: str
    arguments: str | None = None


class ToolCall(_Part):
    """One wanted call; a custom (non-function) tool has no `function`."""

    id: str = ""
    function: Function | None = None


class AnswerMessage(_Part):
    """The model's message."""

    content: str | None = None
    refusal: str | None = None
    tool_calls: list[ToolCall] | None = None


class Choice(_Part):
    """The first and only alternative."""

    message: AnswerMessage
    finish_reason: str | None = None


class TokensUsed(_Part):
    """The bill of one call, as the endpoint counts."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class Completion(_Part):
    """A chat completion, as much of it as is needed."""

    choices: list[Choice] = Field(min_length=1)
    model: str | None = None
    usage: TokensUsed | None = None

    def reply(self) -> Reply:
        """The answer in our types; a tool request without an id gets one."""
        choice = self.choices[0]
        message = choice.message
        requests = tuple(
            ToolRequest(call.id or f"call_{at}", call.function.name, call.function.arguments or "{}")
            for at, call in enumerate(message.tool_calls or ())
            if call.function is not None
        )
        filtered = "content_filter" if choice.finish_reason == "content_filter" else None
        return Reply(
            (message.content or "").strip(), requests, message.refusal or filtered, choice.finish_reason == "length"
        )
