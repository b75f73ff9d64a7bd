"""A running stand-in on a free port, an API client with its token, and a receiver for its webhooks."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest
import uvicorn
from litestar import Litestar, Request, Response, post
from litestar.datastructures import State

from integrations.kommo.sandbox.app import create_sandbox
from integrations.kommo.sandbox.settings import SandboxSettings

JOAO = "5511987654321"
NEWCOMER = "5511955554444"
DEADLINE_SECONDS = 10.0

Started = Callable[[SandboxSettings], Awaitable["Stand"]]


@dataclass
class Stand:
    """One running stand-in: `api` carries a token, `phone` does not."""

    base_url: str
    api: httpx.AsyncClient
    phone: httpx.AsyncClient
    settings: SandboxSettings

    async def writes(self, phone: str, text: str) -> dict[str, object]:
        """A customer writes; the ids of the message."""
        answer = await self.phone.post(f"/sandbox/chats/{phone}/messages", json={"text": text})
        assert answer.status_code == 201, answer.text
        ids: dict[str, object] = answer.json()
        return ids

    async def sees(self, phone: str) -> list[dict[str, object]]:
        """What the customer's phone shows."""
        shown: list[dict[str, object]] = (await self.phone.get(f"/sandbox/chats/{phone}/messages")).json()
        return shown

    async def subscribe(self, url: str, *names: str) -> httpx.Response:
        return await self.api.post("/webhooks", json={"destination": url, "settings": list(names), "sort": 1})

    async def breaks(self, kind: str, **more: object) -> None:
        answer = await self.phone.post("/sandbox/faults", json={"kind": kind, **more})
        assert answer.status_code == 201, answer.text


@dataclass
class Receiver:
    """Takes webhooks and keeps their bodies; answers with `status`."""

    url: str = ""
    status: int = 200
    bodies: list[dict[str, str]] = field(default_factory=list)
    widget_requests: list[dict[str, str | dict[str, str]]] = field(default_factory=list)

    def keep(self, body: bytes) -> None:
        self.bodies.append(dict(parse_qsl(body.decode(), keep_blank_values=True)))

    def having(self, prefix: str) -> list[dict[str, str]]:
        """Bodies with a key that begins so."""
        return [body for body in self.bodies if any(key.startswith(prefix) for key in body)]

    async def wait_for(self, prefix: str, count: int = 1) -> list[dict[str, str]]:
        """The bodies with such a key, once there are so many."""
        await eventually(lambda: len(self.having(prefix)) >= count)
        return self.having(prefix)


async def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something is so; fails after the deadline."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        for pause in repeat(0.01):
            if holds():
                return
            await asyncio.sleep(pause)


def client(base_url: str, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    """A client for plain HTTP; without certificates to load it is there at once."""
    return httpx.AsyncClient(base_url=base_url, headers=headers, verify=False, trust_env=False)


@asynccontextmanager
async def serving(app: Litestar) -> AsyncIterator[str]:
    """The address of an application served on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    await eventually(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()


@asynccontextmanager
async def stand_in(settings: SandboxSettings) -> AsyncIterator[Stand]:
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(serving(create_sandbox(settings)))
        phone = await stack.enter_async_context(client(base_url=address))
        token = (await phone.get("/sandbox/token")).json()["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        api = client(base_url=f"{address}/api/v4", headers=headers)
        yield Stand(address, await stack.enter_async_context(api), phone, settings)


@pytest.fixture
def quick(tmp_path: Path) -> SandboxSettings:
    """Settings that do not make a test wait, without the limit of calls."""
    return SandboxSettings(
        data_dir=tmp_path / "kommo", rate_limit=0, bot_seconds=0.05, delivery_seconds=0.02, time_scale=0.0001
    )


@pytest.fixture
async def start() -> AsyncIterator[Started]:
    """Start a stand-in with settings of one's own; stopped after the test."""
    async with AsyncExitStack() as stack:

        async def started(settings: SandboxSettings) -> Stand:
            return await stack.enter_async_context(stand_in(settings))

        yield started


@pytest.fixture
async def stand(start: Started, quick: SandboxSettings) -> Stand:
    return await start(quick)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Somebody's webhook endpoint."""
    taken = Receiver()

    @post("/hook", status_code=200)
    async def hook(request: Request[object, object, State]) -> Response[None]:
        taken.keep(await request.body())
        return Response(None, status_code=taken.status)

    @post("/widget", status_code=200)
    async def widget(request: Request[object, object, State]) -> None:
        taken.widget_requests.append(await request.json())

    async with serving(Litestar([hook, widget], openapi_config=None)) as address:
        taken.url = f"{address}/hook"
        yield taken


def embedded(answer: httpx.Response, name: str) -> list[dict[str, object]]:
    """The rows of a list answer; none for 204."""
    if answer.status_code == 204:
        assert answer.content == b""
        return []
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, object]] = answer.json()["_embedded"][name]
    return rows


async def add_leads(stand: Stand, *items: dict[str, object]) -> list[int]:
    answer = await stand.api.post("/leads", json=list(items))
    assert answer.status_code == 200, answer.text
    return [lead["id"] for lead in answer.json()["_embedded"]["leads"]]


async def stages_of(stand: Stand) -> dict[str, int]:
    pipeline = embedded(await stand.api.get("/leads/pipelines"), "pipelines")[0]
    inner = pipeline["_embedded"]
    assert isinstance(inner, dict)
    return {stage["name"]: stage["id"] for stage in inner["statuses"]}


async def ids_of(stand: Stand, path: str, **query: str) -> list[object]:
    name = path.strip("/").split("/")[-1]
    return [row["id"] for row in embedded(await stand.api.get(path, params=query), name)]
