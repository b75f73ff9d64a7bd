"""The web process in this process, asked over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from litestar import Litestar
from pydantic import SecretStr

from assistant.app import create_app
from assistant.staff.roles import Role
from integrations.database import Sessions
from integrations.settings import Settings
from tests.assistant.staff.visitor import Visitor, hire

WEBHOOK_SECRET = "only-these-tests-know-this-secret"


@asynccontextmanager
async def running_app(settings: Settings) -> AsyncIterator[Litestar]:
    """The application with these settings and a fixed webhook secret while it runs."""
    async with alive(create_app(settings.model_copy(update={"webhook_secret": SecretStr(WEBHOOK_SECRET)}))) as running:
        yield running


@asynccontextmanager
async def alive(made: Litestar) -> AsyncIterator[Litestar]:
    """The application while it runs, in the loop of the tests."""
    running, ending = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with made.lifespan():
            running.set()
            await ending.wait()

    # A task of its own: what is entered in one task may not be left in another.
    life = asyncio.create_task(live())
    await running.wait()
    yield made
    ending.set()
    await life


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Litestar]:
    """The application as it runs on a machine without TLS."""
    async with running_app(settings) as running:
        yield running


OpenBrowser = Callable[[], Visitor]


def client_of(app: Litestar, base_url: str = "http://oficina.test") -> httpx.AsyncClient:
    """HTTP to the application, without a network."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=base_url)


@pytest.fixture
async def browser(app: Litestar) -> AsyncIterator[OpenBrowser]:
    """Opens browsers that know nothing of each other."""
    opened: list[httpx.AsyncClient] = []

    def open_one() -> Visitor:
        opened.append(client_of(app))
        return Visitor(opened[-1])

    yield open_one
    for client in opened:
        await client.aclose()


@pytest.fixture
def visitor(browser: OpenBrowser) -> Visitor:
    """A browser that nobody has used."""
    return browser()


@pytest.fixture
async def attendant(sessions: Sessions, browser: OpenBrowser) -> Visitor:
    """Bia, an attendant, signed in."""
    await hire(sessions, "bia@oficina.example", Role.ATENDENTE, name="Bia Souza")
    return await browser().sign_in("bia@oficina.example")


@pytest.fixture
async def manager(sessions: Sessions, browser: OpenBrowser) -> Visitor:
    """Carla, a manager, signed in."""
    await hire(sessions, "carla@oficina.example", Role.GERENTE, name="Carla Lima")
    return await browser().sign_in("carla@oficina.example")
