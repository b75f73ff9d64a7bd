"""Fixtures that start the whole service."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

import pytest

from integrations.database import create_engine, create_sessions, transaction
from integrations.settings import SHOP_ZONE
from integrations.workshop.demo import seed_demo
from tests.stack.databases import TEMPLATE, database_url, run_on
from tests.stack.running import Stack

MakeStack = Callable[..., Awaitable[Stack]]


@pytest.fixture(scope="module")
async def make_stack(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MakeStack]:
    """Starts a service with the demo shop in a database of its own; all are stopped after the module."""
    async with AsyncExitStack() as ending:

        async def make(**options: object) -> Stack:
            name = f"stack_{uuid.uuid4().hex}"
            await run_on(postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
            ending.push_async_callback(run_on, postgres, f"DROP DATABASE {name} WITH (FORCE)")
            url = database_url(postgres, name)
            await seed(url)
            stack = Stack(url, Path(tmp_path_factory.mktemp("stack")), **options)  # type: ignore[arg-type]
            ending.push_async_callback(stack.stop)
            await stack.start()
            return stack

        yield make


async def seed(url: str) -> None:
    """Write the demo shop."""
    engine = create_engine(url)
    async with transaction(create_sessions(engine)) as session:
        await seed_demo(session, datetime.now(SHOP_ZONE))
    await engine.dispose()


@pytest.fixture(scope="module")
async def stack(make_stack: MakeStack) -> Stack:
    """One running service for the tests of a module."""
    return await make_stack()
