"""A real Chromium in front of a real sandbox process; both speak over loopback only.

Chromium is found on the path or at `CHROMIUM`. Without one these tests are skipped, on CI (`CI=true`) they fail.
"""

import asyncio
import os
import re
import shutil
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_SECONDS = 20.0
WIDE = (1280, 860)
Message = dict[str, object]
Seen = TypeVar("Seen")


async def until(look: Callable[[], Awaitable[Seen | None]]) -> Seen:
    """What `look` sees, as soon as it sees something; fails after `WAIT_SECONDS`."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            if seen := await look():
                return seen
            await asyncio.sleep(0.05)


class SandboxProcess:
    """The stand-in as a user starts it, on a port of its own; it can be killed and started again with its data."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._port = _free_port()
        self._process: Process | None = None
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self._port}")

    @property
    def url(self) -> str:
        return str(self.http.base_url)

    async def start(self) -> None:
        arguments = ["--port", str(self._port), "--data-dir", str(self._data_dir)]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "integrations.kommo.sandbox", *arguments
        )
        await until(self._answers)

    async def kill(self) -> None:
        """As `kill -9` does it: nothing is said goodbye to."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def close(self) -> None:
        await self.http.aclose()
        await self.kill()

    async def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.returncode is None, "the sandbox ended while starting"
        try:
            return (await self.http.get("/sandbox/customers")).is_success
        except httpx.TransportError:
            return False

    async def customer_writes(self, phone: str, text: str, name: str = "") -> None:
        """From another device of the customer's."""
        answer = await self.http.post(f"/sandbox/chats/{phone}/messages", json={"text": text, "name": name})
        answer.raise_for_status()

    async def staff_writes(self, phone: str, text: str) -> None:
        answer = await self.http.post(f"/sandbox/chats/{phone}/staff-messages", json={"text": text})
        answer.raise_for_status()

    async def messages(self, phone: str) -> list[Message]:
        answer = await self.http.get(f"/sandbox/chats/{phone}/messages")
        found: list[Message] = answer.raise_for_status().json()
        return found

    async def api(self, path: str, body: object) -> None:
        """A call of Kommo's own API, with the account's token."""
        token = (await self.http.get("/sandbox/token")).json()["access_token"]
        answer = await self.http.post(f"/api/v4/{path}", json=body, headers={"Authorization": f"Bearer {token}"})
        answer.raise_for_status()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxProcess]:
    """One sandbox for all tests that leave it running; each uses customers of its own."""
    process = SandboxProcess(tmp_path_factory.mktemp("sandbox"))
    await process.start()
    yield process
    await process.close()


@pytest.fixture
async def mortal_sandbox(tmp_path: Path) -> AsyncIterator[SandboxProcess]:
    """A sandbox of the test's own, to be killed and started again."""
    process = SandboxProcess(tmp_path)
    await process.start()
    yield process
    await process.close()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        reason = "no Chromium on this machine: install it (Debian: apt-get install chromium) or set CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()


OpenPhone = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_phone(chromium: Browser, sandbox: SandboxProcess) -> AsyncIterator[OpenPhone]:
    """Opens the page like a person on a fresh device; any script error on it fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    async def open_it(
        phone: str = "", *, size: tuple[int, int] = WIDE, dark: bool = False, at: SandboxProcess = sandbox
    ) -> Page:
        context = await chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light", locale="pt-BR"
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if _is_flaw(said.type, said.text) else None)
        await page.goto(f"{at.url}/{'#' + phone if phone else ''}")
        return page

    yield open_it
    for context in contexts:
        await context.close()
    assert errors == []


def _is_flaw(kind: str, text: str) -> bool:
    # A connection that the test cut is reported by the browser itself, whatever the page does about it.
    return kind in ("error", "warning") and not re.search(r"net::ERR_|Failed to load resource", text)


_numbers = count(5511930000001)


@pytest.fixture
def phone() -> str:
    """A number that nobody has used yet."""
    return str(next(_numbers))
