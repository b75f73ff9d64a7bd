"""START HERE: the stand-in's Litestar application; which module answers which path, and what runs beside it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.types import LifeSpanReceive, LifeSpanScope, LifeSpanSend, Message, Receive, Scope, Send

from . import (
    api_account,
    api_bots,
    api_complex,
    api_contacts,
    api_events,
    api_fields,
    api_leads,
    api_links,
    api_notes,
    api_pipelines,
    api_tags,
    api_talks,
    api_tasks,
    api_webhooks,
    bots,
    control,
    files,
    oauth,
    page,
    person,
    phone,
)
from .background import Background
from .calls import CallLog
from .chats import resume_deliveries
from .context import Sandbox
from .courier import Courier
from .errors import BadControl, Problem, answer_control, answer_crash, answer_http, answer_problem
from .faults import Faults
from .gate import Gate
from .seed import seed
from .settings import SandboxSettings
from .signals import Signals
from .world import World

API = (
    api_account,
    api_pipelines,
    api_leads,
    api_complex,
    api_contacts,
    api_fields,
    api_tags,
    api_notes,
    api_links,
    api_tasks,
    api_events,
    api_talks,
    api_bots,
    api_webhooks,
)


class SandboxApp(Litestar):
    """Litestar that remembers the server's own `send`, for faults that cut the connection."""

    async def __call__(
        self, scope: Scope | LifeSpanScope, receive: Receive | LifeSpanReceive, send: Send | LifeSpanSend
    ) -> None:
        if scope["type"] != "lifespan":
            scope.setdefault("state", {})["raw_send"] = send
        await super().__call__(scope, receive, send)


def create_sandbox(settings: SandboxSettings) -> Litestar:
    """One stand-in account as an application. Its file is opened here and closed when the application ends."""
    box = _open(settings)

    async def before_send(message: Message, scope: Scope) -> None:
        # Whatever an answer acknowledges is on disk before it leaves.
        if message["type"] == "http.response.start":
            box.world.flush()

    return SandboxApp(
        route_handlers=[
            Router("/api/v4", route_handlers=[route for module in API for route in module.ROUTES]),
            Router("/sandbox", route_handlers=[*control.ROUTES, *person.ROUTES, *files.ROUTES, *phone.ROUTES]),
            *oauth.ROUTES,
            page.index,
            *page.static_files(),
        ],
        dependencies={"box": Provide(lambda: box, sync_to_thread=False)},
        middleware=[Gate(box)],
        exception_handlers={
            Problem: answer_problem,
            BadControl: answer_control,
            HTTPException: answer_http,
            Exception: answer_crash,
        },
        before_send=[before_send],
        state=State({"signals": box.signals}),
        lifespan=[_running(box)],
        openapi_config=None,
        logging_config=None,
    )


def _open(settings: SandboxSettings) -> Sandbox:
    world, faults, background, signals = World(settings), Faults(), Background(), Signals()
    courier = Courier(world, faults, background, signals)
    box = Sandbox(world, faults, background, signals, courier, CallLog())
    seed(box)
    return box


def _running(box: Sandbox) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        resume_deliveries(box)
        await box.courier.start()
        bots.resume(box)
        try:
            yield
        finally:
            await box.background.stop()
            await box.courier.stop()
            box.world.journal.close()

    return running
