"""The whole service on loopback: sandbox, web process and workers as real processes against a database of their own."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx

from integrations.kommo.setup import EVENTS

T = TypeVar("T")

SECRET = "a-secret-only-this-test-run-knows"
WAIT = 60.0
"""Seconds until an expected state has to show."""

FAST = {
    "AUTOPRIME_QUIET_SECONDS": "0.3",
    "AUTOPRIME_BURST_CAP_SECONDS": "3",
    "AUTOPRIME_SWEEP_SECONDS": "1",
    "AUTOPRIME_LOG_LEVEL": "INFO",
}
"""Settings under which a dialogue takes a second."""


def free_port() -> int:
    """A port nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def shared_cache() -> Path:
    """The folder of fitted classifiers that all tests share: a file is named by the data and code it was made from."""
    shared = Path(tempfile.gettempdir()) / f"autoprime-tests-cache-{os.getuid()}"
    shared.mkdir(exist_ok=True, mode=0o700)
    return shared


def share_cache(data_dir: Path) -> None:
    """Let the service find a classifier that is fitted already: its first start would take longer than all the rest."""
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / "cache").symlink_to(shared_cache())


async def eventually(look: Callable[[], Any], what: str, within: float = WAIT) -> Any:
    """Call the async `look` until it returns something true; fails naming `what`."""
    deadline = time.monotonic() + within
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen within {within:.0f} s: {what}")
        await asyncio.sleep(0.05)


@dataclass
class Program:
    """A process of the stack, its output kept in a file."""

    name: str
    arguments: list[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *self.arguments],
                env={**clean_environment(), **self.environment},
                stdout=output,
                stderr=output,
            )

    def send(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.name} did not end within 10 s of SIGTERM") from None


def clean_environment() -> dict[str, str]:
    """The machine's environment without settings of ours in it."""
    foreign = {k: v for k, v in os.environ.items() if not k.startswith(("AUTOPRIME_", "OPENAI_", "DATABASE_"))}
    return {**foreign, "PYTHONWARNINGS": "error::ResourceWarning"}


@dataclass
class Stack:
    """The running service; `phone()` is a customer."""

    database: str
    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    sandbox_arguments: tuple[str, ...] = ("--rate-limit", "0")
    workers: int = 1
    programs: dict[str, Program] = field(default_factory=dict)
    http: httpx.AsyncClient = field(init=False)
    port: int = field(default_factory=free_port)
    sandbox_port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def webhook(self) -> str:
        return f"{self.url}/webhooks/kommo/{SECRET}"

    async def start(self) -> None:
        """Start all of it and wait until everything answers."""
        self.http = httpx.AsyncClient(timeout=30)
        self.folder.mkdir(parents=True, exist_ok=True)
        share_cache(self.folder)
        self.add(
            "sandbox",
            [
                "-m",
                "integrations.kommo.sandbox",
                "--port",
                str(self.sandbox_port),
                "--data-dir",
                str(self.folder / "sandbox"),
                *self.sandbox_arguments,
            ],
            {},
        )
        token = (await self.answers(f"{self.sandbox_url}/sandbox/token")).json()["access_token"]
        environment = self.environment(token)
        self.add("serve", ["-m", "assistant", "serve"], environment)
        for number in range(self.workers):
            self.add(f"worker{number}", ["-m", "assistant", "worker"], environment)
        await self.answers(f"{self.url}/health/ready")
        await self.subscribe(token)
        for number in range(self.workers):
            await eventually(partial(self.logged, f"worker{number}", "worker.started"), f"worker {number} started")

    def environment(self, token: str) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database,
            "AUTOPRIME_DATA_DIR": str(self.folder),
            "AUTOPRIME_PORT": str(self.port),
            "AUTOPRIME_KOMMO_URL": self.sandbox_url,
            "AUTOPRIME_KOMMO_TOKEN": token,
            "AUTOPRIME_KOMMO_RATE": "0",
            "AUTOPRIME_WEBHOOK_SECRET": SECRET,
            **FAST,
            **self.settings,
        }

    def add(self, name: str, arguments: list[str], environment: Mapping[str, str]) -> None:
        program = self.programs[name] = Program(name, arguments, environment, self.folder / f"{name}.log")
        program.start()

    async def subscribe(self, token: str) -> None:
        body = {"destination": self.webhook, "settings": list(EVENTS)}
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self.http.post(f"{self.sandbox_url}/api/v4/webhooks", json=body, headers=headers)
        assert answer.is_success, answer.text

    async def answers(self, url: str) -> httpx.Response:
        async def look() -> httpx.Response | None:
            try:
                response = await self.http.get(url)
            except httpx.HTTPError:
                return None
            return response if response.is_success else None

        found = await eventually(look, f"{url} answers\n{self.logs()}")
        assert isinstance(found, httpx.Response)
        return found

    async def logged(self, name: str, event: str) -> bool:
        return event in self.programs[name].log.read_text()

    def logs(self) -> str:
        """The end of every program's output, for a failing test."""
        return "\n".join(f"--- {name}\n{program.log.read_text()[-2000:]}" for name, program in self.programs.items())

    async def stop(self) -> None:
        for name in reversed(self.programs):
            self.programs[name].stop()
        await self.http.aclose()

    async def took_a_turn(self, name: str) -> bool:
        """Whether this worker has claimed a turn."""
        return await self.logged(name, "turn.claimed")

    async def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Look into (or change) the service's database; statements must return rows."""
        connection = await asyncpg.connect(self.database)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    async def outbox_in(self, state: str) -> bool:
        return bool(await self.query(f"SELECT 1 FROM outbox WHERE kind = 'message' AND state = '{state}'"))

    async def settled(self, within: float = WAIT) -> None:
        """Wait until no message is unanswered, no reply unsent and no event unhandled."""
        open_work = (
            "SELECT 1 FROM conversation WHERE due_at IS NOT NULL "
            "UNION ALL SELECT 1 FROM outbox WHERE state IN ('queued', 'sending', 'unclear') "
            "UNION ALL SELECT 1 FROM kommo_event WHERE state = 'pending' "
            "UNION ALL SELECT 1 FROM attachment WHERE state = 'pending'"
        )

        async def look() -> bool:
            return not await self.query(open_work)

        await eventually(look, f"all work is done\n{self.logs()}", within)

    def phone(self, number: str) -> "Phone":
        return Phone(self, number)

    async def fault(self, kind: str, rate: float = 1.0, seconds: float = 60, path: str | None = None) -> None:
        """Make the sandbox misbehave."""
        body = {"kind": kind, "rate": rate, "seconds": seconds} | ({"path": path} if path else {})
        answer = await self.http.post(f"{self.sandbox_url}/sandbox/faults", json=body)
        assert answer.is_success, answer.text

    async def no_faults(self) -> None:
        await self.http.delete(f"{self.sandbox_url}/sandbox/faults")

    async def account(self, **changes: object) -> None:
        """Change the sandbox's account: plan, chats_limit, scopes."""
        answer = await self.http.patch(f"{self.sandbox_url}/sandbox/account", json=changes)
        assert answer.is_success, answer.text

    async def calls(self) -> list[dict[str, Any]]:
        """Every API call the sandbox has received."""
        return list((await self.http.get(f"{self.sandbox_url}/sandbox/calls")).json())


@dataclass
class Phone:
    """A customer's phone in the sandbox."""

    stack: Stack
    number: str

    @property
    def url(self) -> str:
        return f"{self.stack.sandbox_url}/sandbox/chats/{self.number}"

    async def write(self, text: str) -> dict[str, Any]:
        """Send a text; Kommo's ids of it."""
        return await self._post({"text": text})

    async def attach(self, kind: str, link: str = "https://example.com/file") -> dict[str, Any]:
        """Send an attachment."""
        return await self._post({"attachment": {"type": kind, "link": link}})

    async def sends_file(self, kind: str, content: bytes, caption: str = "") -> dict[str, Any]:
        """Send a file: it is uploaded first, and Kommo links to it."""
        uploaded = await self.stack.http.post(f"{self.stack.sandbox_url}/sandbox/files", content=content)
        assert uploaded.status_code == 201, uploaded.text
        return await self._post({"text": caption, "attachment": {"type": kind, "link": uploaded.json()["link"]}})

    async def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.stack.http.post(f"{self.url}/messages", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def staff_write(self, text: str) -> None:
        """A person of the shop answers from Kommo's screen."""
        answer = await self.stack.http.post(f"{self.url}/staff-messages", json={"text": text})
        assert answer.is_success, answer.text

    async def messages(self) -> list[dict[str, Any]]:
        return list((await self.stack.http.get(f"{self.url}/messages")).json())

    async def received(self) -> list[dict[str, Any]]:
        """What the shop sent to this phone, by whatever way, but for its staff."""
        return [found for found in await self.messages() if found["direction"] == "out" and found["via"] != "staff"]

    async def replies(self, count: int = 1, within: float = WAIT) -> list[str]:
        """Wait for so many replies in all."""

        async def look() -> list[dict[str, Any]] | None:
            found = await self.received()
            return found if len(found) >= count else None

        try:
            found = await eventually(look, f"{count} replies to {self.number}", within)
        except AssertionError as missing:
            raise AssertionError(f"{missing}\n{self.stack.logs()}") from None
        return [str(message["text"]) for message in found]

    async def ask(self, text: str, within: float = WAIT) -> str:
        """Write and wait for the next reply."""
        before = len(await self.received())
        await self.write(text)
        return (await self.replies(before + 1, within))[before]


def pause(program: Program) -> None:
    """SIGSTOP: the process stands still and keeps everything it holds."""
    program.send(signal.SIGSTOP)


def go_on(program: Program) -> None:
    """SIGCONT."""
    program.send(signal.SIGCONT)
