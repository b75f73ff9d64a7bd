"""The stage of the decisions' tests, with people the shop does not know."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from pydantic import SecretStr

from assistant.conversation.assembly import create_answering, create_desk
from assistant.conversation.turns import TurnRules
from assistant.rehearsal.stage import Stage
from integrations.database import Sessions
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Unlimited
from integrations.llm.scripted import ScriptedModel, Step, scripted_model
from integrations.settings import Settings
from tests.assistant.decisions.conftest import Shop, make_shop

__all__ = ["make_shop"]

STRANGER = "+55 21 99999-0000"
MakeShop = Callable[..., Awaitable[Shop]]


@pytest.fixture
async def stranger(make_shop: MakeShop) -> Shop:
    """The demo shop with an unknown number writing to the embedded responder."""
    return await make_shop(STRANGER)


@pytest.fixture
async def with_model(
    make_shop: MakeShop, sessions: Sessions, settings: Settings
) -> AsyncIterator[Callable[..., Awaitable[tuple[Shop, ScriptedModel]]]]:
    """Opens the shop with a scripted model answering: `await with_model(PHONE, Say("oi"))`."""
    async with AsyncExitStack() as ending:

        async def make(phone: str | None, *steps: Step, **changed: object) -> tuple[Shop, ScriptedModel]:
            shop = await make_shop(phone)
            script = await ending.enter_async_context(scripted_model(*steps))
            endpoint = {"openai_base_url": script.base_url, "openai_api_key": SecretStr("sk-test"), "model": "scripted"}
            own = settings.model_copy(update=endpoint | changed)
            answering = create_answering(own, sessions)
            ending.push_async_callback(answering.aclose)
            nowhere = KommoClient("http://127.0.0.1:9", StaticToken(SecretStr("none")), Unlimited(), 1)
            rules = TurnRules(timedelta(seconds=30), history_tokens=own.history_tokens)
            shop.stage = Stage(sessions, nowhere, create_desk(own), answering, rules)
            return shop, script

        yield make
