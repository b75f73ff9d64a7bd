"""A stage with the demo shop, in a database of the test's own, and the customers who write on it."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from integrations.settings import SHOP_ZONE, Settings
from integrations.workshop.demo import seed_demo
from tests.stack.running import share_cache

CARLOS = "+55 11 99876-5432"


@dataclass
class Shop:
    """The shop on a stage: customers write, time passes, rows are looked at."""

    stage: Stage
    person: Person

    async def write(self, *texts: str, kind: str = "text") -> str:
        """A burst of the customer; the reply, its parts joined."""
        return "\n".join(await self.stage.writes(self.person, *texts, kind=kind))

    async def later(self, **time: float) -> None:
        await self.stage.passes(timedelta(**time))

    async def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a query finds."""
        async with transaction(self.stage.sessions) as session:
            return [tuple(row) for row in (await session.execute(text(query), values)).all()]

    async def change(self, statement: str) -> None:
        """What somebody of the shop changes meanwhile."""
        async with transaction(self.stage.sessions) as session:
            await session.execute(text(statement))

    async def order(self, number: str = "OS-1044") -> tuple[Any, ...]:
        """Status, approved amount, whether an approval is dated, and the reason of a refusal."""
        query = (
            "SELECT status, valor_aprovado, data_aprovacao IS NOT NULL, motivo_recusa "
            "FROM ordens_servico WHERE numero_os = :number"
        )
        return (await self.rows(query, number=number))[0]

    async def proposals(self) -> list[str]:
        """The states of all proposals, oldest first."""
        return [state for (state,) in await self.rows("SELECT state FROM proposal ORDER BY id")]


MakeShop = Callable[..., Awaitable[Shop]]


@pytest.fixture
async def make_shop(sessions: Sessions, settings: Settings, tmp_path: Path) -> AsyncIterator[MakeShop]:
    """Opens the demo shop for one customer: `await make_shop(CARLOS)`."""
    share_cache(tmp_path)
    nowhere = KommoClient("http://127.0.0.1:9", StaticToken(SecretStr("none")), Unlimited(), 1)

    async def make(phone: str | None = CARLOS, **changed: object) -> Shop:
        own = settings.model_copy(update=changed)
        async with transaction(sessions) as session:
            await seed_demo(session, datetime.now(SHOP_ZONE))
        answering = create_answering(own, sessions)
        ending.push_async_callback(answering.aclose)
        rules = TurnRules(timedelta(seconds=30), SpendingRules.of(own), history_tokens=own.history_tokens)
        stage = Stage(sessions, nowhere, create_desk(own), answering, rules)
        return Shop(stage, Person(phone, chat=uuid.uuid4().hex))

    async with AsyncExitStack() as ending:
        yield make


@pytest.fixture
async def shop(make_shop: MakeShop) -> Shop:
    """The demo shop with Carlos writing."""
    return await make_shop()
