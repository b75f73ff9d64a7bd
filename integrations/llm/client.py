"""The only place that calls a language model: Chat Completions at any OpenAI-compatible endpoint.

A turn has one clock and one bill (`ModelTurn`): all its calls, tries and waits share `Settings.model_timeout`, and all
tokens are counted. Overload (429) and failures of the endpoint (5xx, no connection) are tried again while time is left.
Nothing that is said or answered is logged.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import structlog
from openai import APIConnectionError, APIStatusError, AsyncOpenAI, Omit, OpenAIError, omit
from openai.types.chat import (
    ChatCompletionFunctionToolParam,
    ChatCompletionMessageFunctionToolCallParam,
    ChatCompletionMessageParam,
)
from pydantic import ValidationError

from integrations.llm.errors import ModelError, ModelOutOfTime, ModelRejected, ModelUnavailable, ModelUnreadable
from integrations.llm.messages import (
    Assistant,
    Completion,
    Message,
    Reply,
    System,
    TokensUsed,
    ToolAnswer,
    ToolOffer,
    ToolRequest,
    User,
)
from integrations.settings import Settings

log = structlog.get_logger(__name__)

FIRST_WAIT = 0.5
LONGEST_WAIT = 8.0
"""Seconds between tries double from the first to the longest, unless the endpoint names a time."""
PASSING = frozenset({408, 409, 425, 429})
NO_QUOTA = "insufficient_quota"
"""A 429 with this code lasts until somebody pays."""
MILLION = Decimal(1_000_000)


@dataclass
class Spent:
    """What a turn has cost so far. `cost` is in US$, None when no prices are set."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    cost: Decimal | None = None


class LanguageModel:
    """One model at one endpoint; shared by all turns of a process."""

    def __init__(self, settings: Settings) -> None:
        key = settings.openai_api_key
        self.name = settings.model
        self.rounds = settings.model_rounds
        """Tool rounds a turn may take, for whoever runs the turn."""
        self.seconds = settings.model_timeout
        self._prices = settings.model_input_cost, settings.model_output_cost
        self._client = AsyncOpenAI(
            api_key=key.get_secret_value() if key else "none", base_url=settings.openai_base_url, max_retries=0
        )

    def begin_turn(self) -> "ModelTurn":
        """Start the clock and the bill of one customer turn."""
        return ModelTurn(self, asyncio.get_running_loop().time() + self.seconds)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    def cost(self, used: TokensUsed) -> Decimal | None:
        """US$ for these tokens; None when no prices are set."""
        input_price, output_price = self._prices
        if not input_price and not output_price:
            return None
        return (used.prompt_tokens * input_price + used.completion_tokens * output_price) / MILLION

    async def once(self, messages: Sequence[Message], tools: Sequence[ToolOffer], may_call: bool) -> Completion:
        """One request, one try; raises a `ModelError`."""
        try:
            response = await self._client.chat.completions.with_raw_response.create(
                model=self.name,
                messages=[_message(message) for message in messages],
                tools=[_tool(tool) for tool in tools] if tools else omit,
                tool_choice=_choice(tools, may_call),
            )
        except APIStatusError as error:
            raise _refused(error) from None
        except APIConnectionError:
            raise ModelUnavailable from None
        except OpenAIError as error:
            raise ModelUnreadable(type(error).__name__) from None
        try:
            return Completion.model_validate_json(response.content)
        except ValidationError as error:
            raise ModelUnreadable(", ".join(".".join(map(str, part["loc"])) for part in error.errors())) from None


@dataclass
class ModelTurn:
    """All dealings with the model for one customer turn."""

    model: LanguageModel
    ends_at: float
    """When the time is over, on the event loop's clock."""
    spent: Spent = field(default_factory=Spent)

    async def ask(
        self, messages: Sequence[Message], tools: Sequence[ToolOffer] = (), *, may_call: bool = True
    ) -> Reply:
        """The model's next answer. With `may_call` False the tools stay described but the model has to write.

        Raises a `ModelError`: `ModelOutOfTime` once the turn's time is over, whatever was going on.
        """
        try:
            async with asyncio.timeout_at(self.ends_at):
                completion = await self._until_answered(messages, tools, may_call)
        except TimeoutError:
            raise ModelOutOfTime(self.model.seconds) from None
        self._book(completion.usage or TokensUsed())
        return completion.reply()

    async def _until_answered(
        self, messages: Sequence[Message], tools: Sequence[ToolOffer], may_call: bool
    ) -> Completion:
        wait = FIRST_WAIT
        while True:
            try:
                return await self.model.once(messages, tools, may_call)
            except ModelUnavailable as failure:
                pause = _pause(failure, wait)
                if asyncio.get_running_loop().time() + pause >= self.ends_at:
                    raise
                log.warning("model.unavailable", status=failure.status, code=failure.code, retry_in=round(pause, 2))
                await asyncio.sleep(pause)
                wait = min(wait * 2, LONGEST_WAIT)

    def _book(self, used: TokensUsed) -> None:
        self.spent.calls += 1
        self.spent.prompt_tokens += used.prompt_tokens
        self.spent.completion_tokens += used.completion_tokens
        cost = self.model.cost(used)
        if cost is not None:
            self.spent.cost = (self.spent.cost or Decimal(0)) + cost


def _refused(error: APIStatusError) -> ModelError:
    """The endpoint's error status in our tree. Its text may repeat what was sent, so only status and code are kept."""
    status, code = error.status_code, error.code
    if status >= 500 or (status in PASSING and code != NO_QUOTA):
        return ModelUnavailable(status, code, _seconds(error.response.headers.get("retry-after")))
    return ModelRejected(status, code)


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None


def _pause(failure: ModelUnavailable, usual: float) -> float:
    if failure.retry_after is not None:
        return failure.retry_after
    return usual * (0.75 + random.random() / 2)


def _choice(tools: Sequence[ToolOffer], may_call: bool) -> Omit | Literal["none"]:
    return "none" if tools and not may_call else omit


def _tool(tool: ToolOffer) -> ChatCompletionFunctionToolParam:
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema},
    }


def _message(message: Message) -> ChatCompletionMessageParam:
    match message:
        case System(text):
            return {"role": "system", "content": text}
        case User(text):
            return {"role": "user", "content": text}
        case ToolAnswer(request_id, text):
            return {"role": "tool", "tool_call_id": request_id, "content": text}
        case Assistant(text, requests):
            if not requests:
                return {"role": "assistant", "content": text}
            return {"role": "assistant", "content": text or None, "tool_calls": [_call(each) for each in requests]}


def _call(request: ToolRequest) -> ChatCompletionMessageFunctionToolCallParam:
    return {"id": request.id, "type": "function", "function": {"name": request.name, "arguments": request.arguments}}
