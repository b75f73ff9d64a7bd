"""The model client against a scripted model over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest
from pydantic import SecretStr

from integrations.llm.client import LanguageModel
from integrations.llm.errors import ModelOutOfTime, ModelRejected, ModelUnavailable, ModelUnreadable
from integrations.llm.messages import Assistant, Message, System, ToolAnswer, ToolOffer, ToolRequest, User
from integrations.llm.scripted import CallTools, Fail, Raw, Refuse, Say, ScriptedModel, Slow, Step, call, scripted_model
from integrations.settings import Settings

Meet = Callable[..., Awaitable[tuple[LanguageModel, ScriptedModel]]]
HELLO: list[Message] = [System("Seja breve."), User("oi")]
LOOK_UP = ToolOffer("look_up", "Looks something up.", {"type": "object", "properties": {"what": {"type": "string"}}})


def settings(base_url: str, **over: object) -> Settings:
    """Settings that point at a scripted model."""
    plain = Settings.model_construct()
    return plain.model_copy(
        update={"openai_base_url": base_url, "openai_api_key": SecretStr("sk-test"), "model": "scripted-1", **over}
    )


@pytest.fixture
async def meet() -> AsyncIterator[Meet]:
    """Makes a scripted model and a client for it."""
    async with AsyncExitStack() as ending:

        async def make(*steps: Step, **over: object) -> tuple[LanguageModel, ScriptedModel]:
            script = await ending.enter_async_context(scripted_model(*steps))
            model = LanguageModel(settings(script.base_url, **over))
            ending.push_async_callback(model.aclose)
            return model, script

        yield make


async def test_a_text_is_answered_and_its_tokens_are_billed(meet: Meet) -> None:
    model, script = await meet(Say(" Olá! "), model_input_cost=Decimal("0.15"), model_output_cost=Decimal("0.60"))
    turn = model.begin_turn()
    reply = await turn.ask(HELLO)
    script.assert_finished()
    assert (reply.text, reply.tool_requests, reply.refusal) == ("Olá!", (), None)
    assert (turn.spent.prompt_tokens, turn.spent.completion_tokens, turn.spent.calls) == (100, 20, 1)
    assert turn.spent.cost == Decimal("0.000027")
    assert script.asked[0].model == "scripted-1"
    assert script.asked[0].messages == [{"role": "system", "content": "Seja breve."}, {"role": "user", "content": "oi"}]
    assert script.asked[0].tools == []


async def test_no_prices_no_cost(meet: Meet) -> None:
    model, _ = await meet(Say("Olá!"))
    turn = model.begin_turn()
    await turn.ask(HELLO)
    assert turn.spent.cost is None


async def test_tools_are_offered_wanted_and_answered(meet: Meet) -> None:
    model, script = await meet(call("look_up", {"what": "x"}), Say("Achei."))
    turn = model.begin_turn()
    wanted = await turn.ask(HELLO, [LOOK_UP])
    (request,) = wanted.tool_requests
    assert (request.name, request.arguments) == ("look_up", '{"what": "x"}')
    answered = [*HELLO, Assistant("", [request]), ToolAnswer(request.id, '{"found": 1}')]
    assert (await turn.ask(answered, [LOOK_UP], may_call=False)).text == "Achei."
    script.assert_finished()
    first, second = script.asked
    assert first.tools[0]["function"] == {
        "name": "look_up",
        "description": "Looks something up.",
        "parameters": LOOK_UP.schema,
    }
    assert (first.tool_choice, second.tool_choice) == (None, "none")
    assert second.tool_answers == ['{"found": 1}']
    assert turn.spent.calls == 2


async def test_broken_arguments_are_handed_on_as_written(meet: Meet) -> None:
    model, _ = await meet(CallTools([("look_up", '{"what": ')]))
    reply = await model.begin_turn().ask(HELLO, [LOOK_UP])
    assert reply.tool_requests == (ToolRequest(reply.tool_requests[0].id, "look_up", '{"what": '),)


@pytest.mark.parametrize(
    "failure", [Fail(429, retry_after=0.01), Fail(500, retry_after=0.01), Fail(503, retry_after=0)]
)
async def test_what_passes_is_tried_again(meet: Meet, failure: Fail) -> None:
    model, script = await meet(failure, failure, Say("Olá!"))
    assert (await model.begin_turn().ask(HELLO)).text == "Olá!"
    script.assert_finished()


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (Fail(401, "invalid_api_key"), 401, "invalid_api_key"),
        (Fail(404, "model_not_found"), 404, "model_not_found"),
        (Fail(400), 400, None),
        (Fail(429, "insufficient_quota"), 429, "insufficient_quota"),
    ],
)
async def test_what_stays_wrong_is_not_tried_again(meet: Meet, failure: Fail, status: int, code: str | None) -> None:
    model, script = await meet(failure)
    with pytest.raises(ModelRejected) as raised:
        await model.begin_turn().ask(HELLO)
    assert (raised.value.status, raised.value.code) == (status, code)
    script.assert_finished()


async def test_a_wait_longer_than_the_turn_is_not_begun(meet: Meet) -> None:
    model, script = await meet(Fail(429, retry_after=60), model_timeout=5.0)
    with pytest.raises(ModelUnavailable) as raised:
        await model.begin_turn().ask(HELLO)
    assert raised.value.status == 429
    script.assert_finished()


async def test_the_time_is_of_the_whole_turn(meet: Meet) -> None:
    model, _ = await meet(Say("um"), Slow(30, Say("dois")), model_timeout=0.4)
    turn = model.begin_turn()
    began = asyncio.get_running_loop().time()
    await turn.ask(HELLO)
    with pytest.raises(ModelOutOfTime):
        await turn.ask(HELLO)
    assert asyncio.get_running_loop().time() - began < 5


async def test_nobody_listening_is_unavailable() -> None:
    model = LanguageModel(settings("http://127.0.0.1:9/v1", model_timeout=0.3))
    with pytest.raises((ModelUnavailable, ModelOutOfTime)):
        await model.begin_turn().ask(HELLO)
    await model.aclose()


@pytest.mark.parametrize(
    "body", ["", "<html>gateway</html>", "{}", '{"choices": []}', '{"choices": [{"message": null}]}', "[1]", "null"]
)
async def test_what_is_no_completion_is_unreadable(meet: Meet, body: str) -> None:
    model, _ = await meet(Raw(body))
    with pytest.raises(ModelUnreadable):
        await model.begin_turn().ask(HELLO)


async def test_what_an_endpoint_leaves_out_is_not_missed(meet: Meet) -> None:
    body = '{"choices": [{"message": {"content": null, "tool_calls": [{"function": {"name": "look_up"}}]}}]}'
    model, _ = await meet(Raw(body, "text/plain"))
    turn = model.begin_turn()
    (request,) = (await turn.ask(HELLO, [LOOK_UP])).tool_requests
    assert (request.name, request.arguments) == ("look_up", "{}")
    assert request.id
    assert turn.spent.prompt_tokens == 0


async def test_refusals_and_cut_answers_are_told(meet: Meet) -> None:
    model, _ = await meet(Refuse("Não posso."), Say("", "content_filter"), Say("Era uma v", "length"))
    turn = model.begin_turn()
    assert (await turn.ask(HELLO)).refusal == "Não posso."
    assert (await turn.ask(HELLO)).refusal == "content_filter"
    assert (await turn.ask(HELLO)).truncated


async def test_a_script_tells_what_was_left_and_what_was_too_much(meet: Meet) -> None:
    _, unused = await meet(Say("nunca"))
    with pytest.raises(AssertionError):
        unused.assert_finished()
    model, over = await meet()
    with pytest.raises(ModelRejected):
        await model.begin_turn().ask(HELLO)
    with pytest.raises(AssertionError):
        over.assert_finished()
