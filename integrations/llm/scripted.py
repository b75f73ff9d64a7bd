"""A model that says what a script tells it: a small web application that speaks `POST /v1/chat/completions`, and
`POST /v1/audio/transcriptions`.

For tests and trials without a provider: point `OPENAI_BASE_URL` at `ScriptedModel.base_url`, and the product's own
client, unchanged, meets tool calls, texts, refusals, errors, slowness and broken answers over real HTTP. Steps are
taken in order, each request is recorded, and `assert_finished` fails on steps that nobody asked for and on requests
without a step.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import uvicorn
from litestar import Litestar, Request, Response, post
from litestar.datastructures import State, UploadFile
from pydantic import BaseModel, ConfigDict, JsonValue

START_SECONDS = 10.0
TOKENS_PER_CALL = 100, 20
"""Prompt and completion tokens that each answer claims to have used."""


class Asked(BaseModel):
    """A request as it arrived."""

    model_config = ConfigDict(extra="allow")

    model: str
    messages: list[dict[str, JsonValue]]
    tools: list[dict[str, JsonValue]] = []
    tool_choice: JsonValue = None

    @property
    def text(self) -> str:
        """All that was said, in one text to search in."""
        return "\n".join(str(message.get("content") or "") for message in self.messages)

    @property
    def tool_answers(self) -> list[str]:
        """What the tools answered so far, oldest first."""
        return [str(message.get("content")) for message in self.messages if message["role"] == "tool"]


@dataclass(frozen=True)
class Say:
    """The model writes this."""

    text: str
    finish_reason: str = "stop"


@dataclass(frozen=True)
class CallTools:
    """The model wants these tools called; arguments as text are sent as they are, however broken."""

    calls: Sequence[tuple[str, Mapping[str, JsonValue] | str]]
    text: str | None = None


@dataclass(frozen=True)
class Refuse:
    """The model declines to answer."""

    text: str = "I cannot help with that."


@dataclass(frozen=True)
class Fail:
    """The endpoint answers with an error status."""

    status: int
    code: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True)
class Raw:
    """The endpoint answers 200 with this body, whatever it is."""

    body: str
    content_type: str = "application/json"


@dataclass(frozen=True)
class Slow:
    """The endpoint takes its time, then does `then`."""

    seconds: float
    then: "Step"


@dataclass(frozen=True)
class Hear:
    """The recogniser hears this. With `segments` in the detailed form only."""

    text: str
    duration: float | None = None
    segments: Sequence[Mapping[str, JsonValue]] | None = None


@dataclass(frozen=True)
class Listened:
    """A recording as it arrived."""

    fields: Mapping[str, str]
    content: bytes


Step = Say | CallTools | Refuse | Fail | Raw | Slow
Mind = Callable[[Asked], Step]
"""Decides each answer by what was asked: for models that react, also hostile ones."""


def call(name: str, arguments: Mapping[str, JsonValue] | str | None = None) -> CallTools:
    """One tool call."""
    return CallTools([(name, arguments if arguments is not None else {})])


@dataclass
class ScriptedModel:
    """The steps left, and what was asked so far. With a `mind`, it answers when the steps are used up."""

    steps: list[Step] = field(default_factory=list)
    mind: Mind | None = None
    asked: list[Asked] = field(default_factory=list)
    voices: list[Hear | Fail | Slow] = field(default_factory=list)
    """What the next recordings sound like."""
    listened: list[Listened] = field(default_factory=list)
    surprises: int = 0
    """Requests for which there was no step."""
    base_url: str = ""
    """Where it listens, for `OPENAI_BASE_URL`; empty until it is served."""

    def assert_finished(self) -> None:
        """Fail unless every step was used and every request had one."""
        assert not self.voices, f"{len(self.voices)} voices of the scripted model were not heard"
        assert not self.steps, f"{len(self.steps)} steps of the scripted model were not used; next: {self.steps[0]}"
        assert not self.surprises, f"{self.surprises} requests came when the scripted model had no step left"

    async def answer(self, asked: Asked) -> Response[str]:
        """Record the request and take the next step."""
        self.asked.append(asked)
        if self.steps:
            return await self._take(self.steps.pop(0))
        if self.mind is not None:
            return await self._take(self.mind(asked))
        self.surprises += 1
        return _error(Fail(400, "script_is_over"))

    async def hear(self, listened: Listened) -> Response[str]:
        """Record the recording and take the next voice."""
        self.listened.append(listened)
        if not self.voices:
            self.surprises += 1
            return _error(Fail(400, "script_is_over"))
        voice = self.voices.pop(0)
        if isinstance(voice, Slow):
            await asyncio.sleep(voice.seconds)
            return _error(Fail(500))
        if isinstance(voice, Fail):
            return _error(voice)
        body: dict[str, JsonValue] = {"text": voice.text}
        if listened.fields.get("response_format") == "verbose_json":
            body |= {"duration": voice.duration, "segments": [dict(segment) for segment in voice.segments or ()]}
        return Response(json.dumps(body), media_type="application/json", status_code=200)

    async def _take(self, step: Step) -> Response[str]:
        match step:
            case Slow(seconds, then):
                await asyncio.sleep(seconds)
                return await self._take(then)
            case Fail():
                return _error(step)
            case Raw(body, content_type):
                return Response(body, status_code=200, media_type=content_type)
            case Say(text, finish_reason):
                return self._completion({"role": "assistant", "content": text}, finish_reason)
            case Refuse(text):
                return self._completion({"role": "assistant", "content": None, "refusal": text}, "stop")
            case CallTools(calls, text):
                return self._completion(
                    {"role": "assistant", "content": text, "tool_calls": self._wire(calls)}, "tool_calls"
                )

    def _wire(self, calls: Sequence[tuple[str, Mapping[str, JsonValue] | str]]) -> list[JsonValue]:
        return [
            {
                "id": f"call_{len(self.asked)}_{at}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": arguments if isinstance(arguments, str) else json.dumps(dict(arguments)),
                },
            }
            for at, (name, arguments) in enumerate(calls)
        ]

    def _completion(self, message: dict[str, JsonValue], finish_reason: str) -> Response[str]:
        prompt, completion = TOKENS_PER_CALL
        body: dict[str, JsonValue] = {
            "id": f"chatcmpl-{len(self.asked)}",
            "object": "chat.completion",
            "created": 0,
            "model": self.asked[-1].model,
            "choices": [{"index": 0, "message": message, "finish_reason": finish_reason, "logprobs": None}],
            "usage": {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion},
        }
        return Response(json.dumps(body), media_type="application/json", status_code=200)


def create_app(model: ScriptedModel) -> Litestar:
    """The application of one scripted model."""
    return Litestar([chat_completions, transcriptions], state=State({"model": model}), openapi_config=None)


@post("/v1/chat/completions", status_code=200)
async def chat_completions(request: Request[object, object, State]) -> Response[str]:
    """One request of a client."""
    model = request.app.state.model
    assert isinstance(model, ScriptedModel)
    return await model.answer(Asked.model_validate_json(await request.body()))


@post("/v1/audio/transcriptions", status_code=200)
async def transcriptions(request: Request[object, object, State]) -> Response[str]:
    """One recording of a client."""
    model = request.app.state.model
    assert isinstance(model, ScriptedModel)
    form = await request.form()
    file = form["file"]
    assert isinstance(file, UploadFile)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return await model.hear(Listened(fields, await file.read()))


@asynccontextmanager
async def scripted_model(*steps: Step, mind: Mind | None = None) -> AsyncIterator[ScriptedModel]:
    """A scripted model, served on a free port of this machine while the block runs."""
    model = ScriptedModel(list(steps), mind)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        model.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        config = uvicorn.Config(create_app(model), log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        try:
            async with asyncio.timeout(START_SECONDS):
                while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event to wait for
                    await asyncio.sleep(0.01)
            yield model
        finally:
            server.should_exit = True
            with suppress(asyncio.CancelledError):
                await serving


def _error(failure: Fail) -> Response[str]:
    headers = {"retry-after": str(failure.retry_after)} if failure.retry_after is not None else {}
    body = {"error": {"message": "scripted", "type": "scripted", "param": None, "code": failure.code}}
    return Response(json.dumps(body), status_code=failure.status, media_type="application/json", headers=headers)
