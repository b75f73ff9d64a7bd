"""START HERE: the Litestar application: routes, what they share, and its life-span."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from litestar import Litestar

from assistant.health import live, metrics, ready
from assistant.staff.router import staff_routers, staff_state
from assistant.staff.web.errors import handle_error
from assistant.webhook import kommo_webhook
from assistant.widget import kommo_widget
from integrations.database import create_engine, create_sessions, driver_dsn
from integrations.kommo.connection.webhook_secrets import create_doorkeeper
from integrations.kommo.events import EventStore
from integrations.settings import Settings, WrongSettings

WRITERS = 2
"""Connections that store webhooks: one writes at a time, the other is there when the first is lost."""


def create_app(settings: Settings) -> Litestar:
    """The web application for these settings; raises `WrongSettings` when it cannot work with them."""
    if settings.database_url is None:
        raise WrongSettings("DATABASE_URL is needed by the web process and not set")
    engine = create_engine(settings.database_url, pool_size=settings.database_pool)
    sessions = create_sessions(engine)
    driver_url = driver_dsn(settings.database_url)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        pool = await asyncpg.create_pool(driver_url, min_size=1, max_size=WRITERS)
        app.state.engine = engine
        app.state.sessions = sessions
        app.state.settings = settings
        app.state.events = EventStore(pool)
        app.state.update(staff_state(settings, sessions))
        app.state.doorkeeper = create_doorkeeper(settings, sessions)
        try:
            yield
        finally:
            await pool.close()
            await engine.dispose()

    return Litestar(
        route_handlers=[kommo_webhook, kommo_widget, live, ready, metrics, *staff_routers()],
        exception_handlers={Exception: handle_error},
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
    )
