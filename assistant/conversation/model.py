"""The responder that asks a language model, with the tools of the turn and a bounded number of rounds.

The model sees the shop's rules (`prompt.md`), the conversation (`model_words.py`) and what tools answer. It can reach
nothing but the toolbox of this turn, which knows by itself who is speaking. What it writes is a draft: the fact check
decides. Any way in which it fails is a `ResponderFailed`, so that another responder answers.
"""

import json
import math
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import Field, ValidationError

from assistant.conversation.embedded.intents import Intent
from assistant.conversation.model_words import for_whatsapp, load_prompt, opening
from assistant.conversation.responder import (
    Draft,
    HandOff,
    HandOffReason,
    Request,
    ResponderFailed,
    Usage,
)
from assistant.tools.toolbox import Arguments, Toolbox, ToolFailed
from integrations.llm.client import LanguageModel, ModelTurn
from integrations.llm.errors import ModelError, ModelOutOfTime, ModelRejected, ModelUnavailable, ModelUnreadable
from integrations.llm.messages import Assistant, Message, Reply, ToolAnswer, ToolOffer, ToolRequest

__all__ = ["Failure", "ModelResponder", "load_prompt"]

CALLS_A_ROUND = 6
SUMMARY_CHARACTERS = 800
ARGUMENT_CHARACTERS = 4000


class Failure(StrEnum):
    """Why the model gave no draft; kept in the turn's trace."""

    UNAVAILABLE = "model_unavailable"
    OUT_OF_TIME = "model_out_of_time"
    REJECTED = "model_rejected"
    UNREADABLE = "model_unreadable"
    REFUSED = "model_refused"
    CUT_OFF = "model_cut_off"
    EMPTY = "model_empty"
    OUT_OF_ROUNDS = "model_out_of_rounds"


class HandOffArguments(Arguments):
    """What `hand_off` takes."""

    reason: HandOffReason
    summary: str = Field(min_length=1, description="Para a equipe, em português, até cinco linhas.")


class NoteIntentsArguments(Arguments):
    """What `note_intents` takes."""

    intents: list[Intent] = Field(min_length=1, description="Do que o cliente fala, o principal primeiro.")


HAND_OFF, NOTE_INTENTS = "hand_off", "note_intents"
INTERNAL: dict[str, tuple[str, type[Arguments]]] = {
    HAND_OFF: (
        "Passa a conversa para uma pessoa da equipe: abre uma tarefa com o motivo e o resumo.",
        HandOffArguments,
    ),
    NOTE_INTENTS: ("Registra do que o cliente está falando.", NoteIntentsArguments),
}


@dataclass
class Notes:
    """What the model told through the internal tools."""

    handoff: HandOff | None = None
    intents: list[Intent] = field(default_factory=list)


class ModelResponder:
    """Drafts replies with a language model."""

    name = "model"
    costs = True

    def __init__(self, model: LanguageModel, prompt: str) -> None:
        self._model = model
        self._prompt = prompt

    async def draft(self, request: Request, toolbox: Toolbox, complaint: str | None = None) -> Draft:
        """The model's reply; raises `ResponderFailed` with a `Failure` when there is none."""
        turn = self._model.begin_turn()
        try:
            return await self._converse(turn, opening(self._prompt, request, toolbox, complaint), toolbox)
        except ModelError as error:
            raise ResponderFailed(_failure(error), self._usage(turn)) from error

    async def aclose(self) -> None:
        """Close the connections to the endpoint."""
        await self._model.aclose()

    async def _converse(self, turn: ModelTurn, messages: list[Message], toolbox: Toolbox) -> Draft:
        """Ask, call the tools it wants, ask again, until it writes; in the last round it may only write."""
        notes, offers = Notes(), _offers(toolbox)
        for left in reversed(range(self._model.rounds + 1)):
            reply = await turn.ask(messages, offers, may_call=left > 0)
            if reply.tool_requests and left > 0:
                messages += [Assistant(reply.text, reply.tool_requests)]
                messages += [await _answer(each, at, toolbox, notes) for at, each in enumerate(reply.tool_requests)]
                continue
            text = self._text(reply, turn)
            return Draft(text, tuple(notes.intents), notes.handoff, usage=self._usage(turn))
        raise ResponderFailed(Failure.OUT_OF_ROUNDS, self._usage(turn))

    def _text(self, reply: Reply, turn: ModelTurn) -> str:
        """What the model wrote, in WhatsApp's formatting."""
        text = for_whatsapp(reply.text)
        if reply.refusal:
            raise ResponderFailed(Failure.REFUSED, self._usage(turn))
        if reply.tool_requests:
            raise ResponderFailed(Failure.OUT_OF_ROUNDS, self._usage(turn))
        if reply.truncated or not text:
            raise ResponderFailed(Failure.CUT_OFF if reply.truncated else Failure.EMPTY, self._usage(turn))
        return text

    def _usage(self, turn: ModelTurn) -> Usage:
        spent = turn.spent
        return Usage(self._model.name, spent.prompt_tokens, spent.completion_tokens, spent.calls, spent.cost)


def _offers(toolbox: Toolbox) -> list[ToolOffer]:
    own = [ToolOffer(tool.name, tool.description, tool.arguments.model_json_schema()) for tool in toolbox.tools]
    internal = [ToolOffer(name, words, model.model_json_schema()) for name, (words, model) in INTERNAL.items()]
    return own + internal


async def _answer(request: ToolRequest, at: int, toolbox: Toolbox, notes: Notes) -> ToolAnswer:
    """Run one requested tool; what goes wrong is told to the model, which may do better."""
    if at >= CALLS_A_ROUND:
        return ToolAnswer(request.id, f"Recusado: no máximo {CALLS_A_ROUND} ferramentas por vez.")
    arguments = _arguments(request.arguments)
    if arguments is None:
        return ToolAnswer(request.id, "Argumentos inválidos: é preciso um objeto JSON.")
    if request.name in INTERNAL:
        return ToolAnswer(request.id, _noted(request.name, arguments, notes))
    try:
        result = await toolbox.call(request.name, arguments)
    except ToolFailed as failure:
        return ToolAnswer(request.id, f"Erro: {failure}")
    return ToolAnswer(request.id, result.model_dump_json())


def _noted(name: str, given: dict[str, object], notes: Notes) -> str:
    """Keep what an internal tool tells."""
    try:
        arguments = INTERNAL[name][1].model_validate(given)
    except ValidationError as error:
        return f"Argumentos inválidos: {error.errors(include_url=False, include_input=False)}"
    if isinstance(arguments, HandOffArguments):
        notes.handoff = HandOff(arguments.reason, arguments.summary.strip()[:SUMMARY_CHARACTERS])
        return "A equipe foi avisada. Agora escreva a mensagem ao cliente."
    if isinstance(arguments, NoteIntentsArguments):
        notes.intents = list(dict.fromkeys(arguments.intents))
    return "Registrado."


def _arguments(written: str) -> dict[str, object] | None:
    """The object the model wrote; None for anything else, and for more than a question to a tool ever needs."""
    if len(written) > ARGUMENT_CHARACTERS:
        return None
    try:
        parsed = json.loads(written or "{}")
    except (ValueError, RecursionError):
        return None
    return {storable(str(key)): _storable(value) for key, value in parsed.items()} if isinstance(parsed, dict) else None


def _storable(value: object) -> object:
    """The value without characters that PostgreSQL takes neither in a text nor in JSON, nor numbers JSON has not."""
    match value:
        case str():
            return storable(value)
        case float():
            return value if math.isfinite(value) else None
        case list():
            return [_storable(each) for each in value]
        case dict():
            return {storable(str(key)): _storable(each) for key, each in value.items()}
    return value


def storable(text: str) -> str:
    """The text without NUL and half surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _failure(error: ModelError) -> Failure:
    match error:
        case ModelOutOfTime():
            return Failure.OUT_OF_TIME
        case ModelRejected():
            return Failure.REJECTED
        case ModelUnreadable():
            return Failure.UNREADABLE
        case ModelUnavailable() | ModelError():
            return Failure.UNAVAILABLE
