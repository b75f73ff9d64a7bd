"""The web process in this process, asked over HTTP."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from pydantic import SecretStr

from assistant.app import create_app
from assistant.staff.roles import Role
from integrations.database import Sessions
from integrations.settings import Settings
from tests.assistant.staff.visitor import Visitor, hire

WEBHOOK_SECRET = "only-these-tests-know-this-secret"


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Litestar]:
    """The application while it runs."""
    made = create_app(settings.model_copy(update={"webhook_secret": SecretStr(WEBHOOK_SECRET)}))
    async with AsyncTestClient(made):
        yield made


OpenBrowser = Callable[[], Visitor]


@pytest.fixture
async def browser(app: Litestar) -> AsyncIterator[OpenBrowser]:
    """Opens browsers that know nothing of each other."""
    opened: list[httpx.AsyncClient] = []

    def open_one() -> Visitor:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
        opened.append(httpx.AsyncClient(transport=transport, base_url="http://oficina.test"))
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
