"""The demo shop on a stage, with limits and a scripted model where a test wants them."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from assistant.conversation.assembly import create_answering, create_desk
from assistant.conversation.spending import SpendingRules
from assistant.conversation.turns import TurnRules
from assistant.rehearsal.stage import Person, Stage
from integrations.database import Sessions, transaction
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Unlimited
from integrations.llm.scripted import ScriptedModel, Step, scripted_model
from integrations.settings import SHOP_ZONE, ResponderChoice, Settings
from integrations.workshop.demo import seed_demo
from tests.stack.running import share_cache

JOAO, CARLOS = "+55 11 98765-4321", "+55 11 99876-5432"


@dataclass
class Shop:
    """The shop on a stage."""

    stage: Stage
    script: ScriptedModel

    def person(self, phone: str | None = JOAO, contact_id: int = 1) -> Person:
        """Somebody in a chat of their own."""
        return Person(phone, chat=uuid.uuid4().hex, contact_id=contact_id)

    async def write(self, person: Person, written: str) -> str:
        return "\n".join(await self.stage.writes(person, written))

    async def later(self, **time: float) -> None:
        await self.stage.passes(timedelta(**time))

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with transaction(self.stage.sessions) as session:
            return [tuple(row) for row in (await session.execute(text(query))).all()]

    async def change(self, statement: str) -> None:
        async with transaction(self.stage.sessions) as session:
            await session.execute(text(statement))


Open = Callable[..., Awaitable[Shop]]


@pytest.fixture
async def open_shop(sessions: Sessions, settings: Settings, tmp_path: Path) -> AsyncIterator[Open]:
    """`await open_shop(*steps, contact_turns_per_hour=2)`: with steps a model answers, without them none is set."""
    share_cache(tmp_path)
    nowhere = KommoClient("http://127.0.0.1:9", StaticToken(SecretStr("none")), Unlimited(), 1)
    async with AsyncExitStack() as ending:

        async def make(*steps: Step, **changed: object) -> Shop:
            script = await ending.enter_async_context(scripted_model(*steps))
            endpoint = {
                "responder": ResponderChoice.MODEL if steps else ResponderChoice.EMBEDDED,
                "openai_base_url": script.base_url,
                "openai_api_key": SecretStr("a-key-of-the-scripted-model"),
                "model_input_cost": Decimal(1000),
                "contact_turns_per_hour": 0,
            }
            own = settings.model_copy(update=endpoint | changed)
            async with transaction(sessions) as session:
                await seed_demo(session, datetime.now(SHOP_ZONE))
            answering = create_answering(own, sessions)
            ending.push_async_callback(answering.aclose)
            rules = TurnRules(timedelta(seconds=30), SpendingRules.of(own))
            return Shop(Stage(sessions, nowhere, create_desk(own), answering, rules), script)

        yield make
