"""The counterpart of our client: a stand-in account served over loopback HTTP, and clients that speak to it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn
from litestar import Litestar
from pydantic import SecretStr

from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Limiter, Unlimited
from integrations.kommo.replies import ReplyWay, Target
from integrations.kommo.sandbox.app import create_sandbox
from integrations.kommo.sandbox.settings import SandboxSettings

FIXTURES = Path(__file__).parent / "fixtures"
JOAO = "5511987654321"
DEADLINE_SECONDS = 10.0


def webhook_body(name: str) -> bytes:
    """The body of fixture `name`, encoded as Kommo sends it; the file holds one `key=value` a line."""
    lines = (FIXTURES / f"{name}.txt").read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines]
    return urlencode([(key, value) for key, value in pairs]).encode()


def api_answer(name: str) -> object:
    """The document of fixture `name`, as Kommo's API answers it."""
    document: object = json.loads((FIXTURES / f"{name}.json").read_text())
    return document


@dataclass
class StandIn:
    """A running stand-in account, seen by its operator: `hand` reaches the parts that are not Kommo's API."""

    base_url: str
    token: str
    hand: httpx.AsyncClient

    def client(
        self,
        *,
        token: str | None = None,
        limiter: Limiter | None = None,
        timeout: float = 5.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> KommoClient:
        """A client of ours, connected to this account."""
        secret = StaticToken(SecretStr(token or self.token))
        return KommoClient(self.base_url, secret, limiter or Unlimited(), timeout, transport)

    async def writes(self, phone: str, text: str) -> dict[str, int]:
        """A customer writes; `contact_id`, `lead_id` and `talk_id` of the message."""
        answer = await self.hand.post(f"/sandbox/chats/{phone}/messages", json={"text": text})
        assert answer.status_code == 201, answer.text
        ids: dict[str, int] = answer.json()
        return ids

    async def sees(self, phone: str) -> list[dict[str, str]]:
        """The messages on a customer's phone, those from the shop only."""
        shown = (await self.hand.get(f"/sandbox/chats/{phone}/messages")).json()
        return [message for message in shown if message["direction"] == "out"]

    async def sees_text(self, phone: str, text: str) -> dict[str, str]:
        """The message with this text, once the phone shows it."""
        found: list[dict[str, str]] = []

        async def shown() -> bool:
            found[:] = [message for message in await self.sees(phone) if message["text"] == text]
            return bool(found)

        await eventually(shown)
        return found[0]

    async def adds(self, entity: str, rows: list[dict[str, object]]) -> list[int]:
        """Make contacts or leads through the account's API, as any other integration would; their ids."""
        headers = {"authorization": f"Bearer {self.token}"}
        answer = await self.hand.post(f"/api/v4/{entity}", json=rows, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        return [row["id"] for row in answer.json()["_embedded"][entity]]

    async def breaks(self, kind: str, **more: object) -> None:
        answer = await self.hand.post("/sandbox/faults", json={"kind": kind, **more})
        assert answer.status_code == 201, answer.text

    async def person(self, method: str, path: str, **given: object) -> dict[str, object]:
        """A person does something on the account's screens: `path` is below /sandbox; what the screen then shows."""
        answer = await self.hand.request(method, f"/sandbox{path}", json=given or None)
        assert answer.is_success, answer.text
        shown: dict[str, object] = answer.json() if answer.content else {}
        return shown

    async def new_token(self) -> str:
        """A token with the scopes that are ticked now."""
        return str((await self.hand.get("/sandbox/token")).json()["access_token"])

    async def mends(self) -> None:
        await self.hand.delete("/sandbox/faults")

    async def account(self, **changes: object) -> None:
        answer = await self.hand.patch("/sandbox/account", json=changes)
        assert answer.status_code == 200, answer.text

    async def calls(self, method: str, path_end: str) -> list[int]:
        """The statuses of the calls received so far with this method and end of path."""
        calls = (await self.hand.get("/sandbox/calls")).json()
        return [call["status"] for call in calls if call["method"] == method and call["path"].endswith(path_end)]


async def token_of_a_plain_user(stand_in: StandIn) -> str:
    """Somebody who is no administrator lets the integration in."""
    back = "http://127.0.0.1:9/back"
    await stand_in.account(redirect_uri=back)
    keys = (await stand_in.hand.get("/sandbox/integration")).json()
    async with stand_in.client() as admin:
        user = next(user for user in await admin.users() if not user.rights.is_admin)
    sent = await stand_in.hand.post("/oauth", data={"state": "s", "answer": "allow", "user_id": str(user.id)})
    code = httpx.URL(sent.headers["location"]).params["code"]
    given = {key: keys[key] for key in ("client_id", "client_secret")} | {"redirect_uri": back, "code": code}
    answer = await stand_in.hand.post("/oauth2/access_token", json=given | {"grant_type": "authorization_code"})
    return str(answer.json()["access_token"])


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so; fails after the deadline."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.02)


async def target_of(stand_in: StandIn, kommo: KommoClient, phone: str = JOAO) -> Target:
    """The chat of a customer who just wrote."""
    ids = await stand_in.writes(phone, "oi, cadê meu carro?")
    talk = await kommo.talk(ids["talk_id"])
    assert talk is not None
    return Target(talk.talk_id, talk.chat_id, talk.contact_id, talk.lead_id)


async def found(way: ReplyWay, target: Target, text: str, since: datetime) -> str:
    """The id of the sent message, once the talk shows it."""
    seen: list[str | None] = [None]

    async def shown() -> bool:
        seen[0] = await way.find_sent(target, text, since)
        return seen[0] is not None

    await eventually(shown)
    assert seen[0] is not None
    return seen[0]


@asynccontextmanager
async def serving(app: Litestar) -> AsyncIterator[str]:
    """The address of an application served on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve(sockets=[listener]))

    async def started() -> bool:
        return server.started

    await eventually(started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()


@asynccontextmanager
async def running(settings: SandboxSettings) -> AsyncIterator[StandIn]:
    """A stand-in with its operator's hand on it."""
    async with (
        serving(create_sandbox(settings)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as hand,
    ):
        token = (await hand.get("/sandbox/token")).json()["access_token"]
        yield StandIn(address, token, hand)


@pytest.fixture
def unhurried(tmp_path: Path) -> SandboxSettings:
    """Settings of a stand-in that makes nobody wait and has no limit of calls."""
    return SandboxSettings(data_dir=tmp_path / "kommo", rate_limit=0, bot_seconds=0.05, delivery_seconds=0.02)


@pytest.fixture
async def stand_in(unhurried: SandboxSettings) -> AsyncIterator[StandIn]:
    """The demo shop's account on the stand-in."""
    async with running(unhurried) as found:
        yield found


@pytest.fixture
async def kommo(stand_in: StandIn) -> AsyncIterator[KommoClient]:
    """Our client, connected to the stand-in without a limit of our own."""
    async with stand_in.client() as client:
        yield client
