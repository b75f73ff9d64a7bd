"""The staff's pages as a real process on loopback, with people who may sign in, and a browser in front of it."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page

from assistant.staff.roles import Role
from integrations.database import create_engine, create_sessions
from tests.assistant.staff.visitor import PASSWORD, hire
from tests.stack.running import Program, clean_environment, eventually, free_port

MANAGER, ATTENDANT = "carla@oficina.example", "bia@oficina.example"
WIDE, PHONE = (1280, 860), (360, 740)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass
class StaffSite:
    """One web process with a database of its own."""

    database: str
    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database,
            "AUTOPRIME_DATA_DIR": str(self.folder),
            "AUTOPRIME_PORT": str(self.port),
            "AUTOPRIME_WEBHOOK_SECRET": "only-this-test-run-knows-this-secret",
            **self.settings,
        }

    async def start(self) -> None:
        self.program = Program("serve", ["-m", "assistant", "serve"], self.environment, self.folder / "serve.log")
        self.program.start()
        async with httpx.AsyncClient() as http:

            async def answers() -> bool:
                try:
                    return (await http.get(f"{self.url}/health/ready")).is_success
                except httpx.TransportError:
                    return False

            await eventually(answers, "the web process answers")

    async def staff(self) -> None:
        """A manager and an attendant who sign in with `PASSWORD`."""
        engine = create_engine(self.database)
        for email, role, name in ((MANAGER, Role.GERENTE, "Carla Lima"), (ATTENDANT, Role.ATENDENTE, "Bia Souza")):
            await hire(create_sessions(engine), email, role, name=name)
        await engine.dispose()

    async def command(self, *arguments: str) -> str:
        """What `autoprime …` prints, without a terminal."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "assistant", *arguments),
            env={**clean_environment(), **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said
        return said.decode()


class Person:
    """Somebody at a browser of their own; whatever the page complains of is in `errors`."""

    def __init__(self, site: StaffSite, context: BrowserContext, page: Page) -> None:
        self.site, self.context, self.page = site, context, page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if _is_flaw(said.type, said.text) else None)

    @classmethod
    async def at(
        cls, site: StaffSite, chromium: Browser, size: tuple[int, int] = WIDE, *, dark: bool = False
    ) -> "Person":
        # Reduced motion: a toast that is still fading in has the contrast of no moment that a person reads it in.
        context = await chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="pt-BR",
        )
        return cls(site, context, await context.new_page())

    async def opens(self, path: str) -> None:
        await self.page.goto(self.site.url + path)

    async def signs_in(self, email: str, password: str = PASSWORD) -> None:
        await self.opens("/entrar")
        await self.page.get_by_label("E-mail").fill(email)
        await self.page.get_by_label("Senha").fill(password)
        await self.page.get_by_role("button", name="Entrar").click()
        await self.page.wait_for_url(re.compile("/(inicio|trocar-senha|entrar/codigo)"))

    async def presses(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def focused(self) -> str:
        """The words of what has the focus."""
        words = await self.page.evaluate(
            """(() => {
              const there = document.activeElement;
              return there.getAttribute("aria-label") || there.innerText || there.name;
            })()"""
        )
        return str(words).strip()

    async def complaints(self) -> list[str]:
        """What axe-core finds wrong with the page as it stands, and whether it is wider than the window."""
        found = await Axe().run(self.page, options=RULES)
        flaws = [f"{one['id']}: {node['html'][:150]}" for one in found.response["violations"] for node in one["nodes"]]
        wide = await self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return [*flaws, *([f"{wide} px too wide"] if wide > 0 else [])]


Opens = Callable[..., Awaitable[Person]]
"""Lets somebody come: `await person(PHONE, dark=True)`."""


@asynccontextmanager
async def people_at(site: StaffSite, chromium: Browser) -> AsyncIterator[Opens]:
    """People at browsers of their own; a script error, or what the policy of the page forbids, fails at the end."""
    there: list[Person] = []

    async def come(size: tuple[int, int] = WIDE, *, dark: bool = False) -> Person:
        there.append(await Person.at(site, chromium, size, dark=dark))
        return there[-1]

    yield come
    for one in there:
        await one.context.close()
    assert [error for one in there for error in one.errors] == []


def _is_flaw(kind: str, text: str) -> bool:
    # A page that answers 4xx on purpose is reported by the browser itself.
    return kind in ("error", "warning") and "Failed to load resource" not in text
