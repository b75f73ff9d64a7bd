"""The web process as it runs: whose address counts, and what is in its log."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from integrations.database import Sessions, transaction
from tests.browser.staff_site import StaffSite

TYPED = "typed-into-the-form"
FORWARDED = {"X-Forwarded-For": "203.0.113.9"}
Starts = Callable[..., Awaitable[StaffSite]]


@pytest.fixture
async def starts(database: str, tmp_path: Path) -> AsyncIterator[Starts]:
    """A real web process with these settings."""
    running: list[StaffSite] = []

    async def start(**settings: str) -> StaffSite:
        running.append(StaffSite(database, tmp_path, settings))
        await running[-1].start()
        return running[-1]

    yield start
    for site in running:
        site.program.stop()


async def wrong_login(site: StaffSite) -> httpx.Response:
    """What somebody gets who does not know the password."""
    async with httpx.AsyncClient(base_url=site.url) as http:
        page = await http.get("/entrar")
        token = page.text.partition('name="_csrf" value="')[2].partition('"')[0]
        form = {"_csrf": token, "email": f"{TYPED}@x.example", "password": TYPED}
        return await http.post("/entrar", data=form, headers=FORWARDED)


async def address_noted(site: StaffSite, sessions: Sessions) -> str:
    """The address under which a wrong login was counted."""
    assert (await wrong_login(site)).status_code == 401
    async with transaction(sessions) as session:
        query = text("SELECT address FROM audit_log ORDER BY id DESC LIMIT 1")
        return str((await session.execute(query)).scalar_one())


async def test_nobodys_word_is_taken_out_of_the_box(starts: Starts, sessions: Sessions) -> None:
    assert await address_noted(await starts(), sessions) == "127.0.0.1"


async def test_the_word_of_a_named_proxy_is_taken(starts: Starts, sessions: Sessions) -> None:
    assert (
        await address_noted(await starts(AUTOPRIME_TRUSTED_PROXIES="10.0.0.0/8, 127.0.0.1"), sessions) == "203.0.113.9"
    )


async def test_the_number_on_the_page_is_in_the_log_and_what_was_typed_is_not(
    starts: Starts, sessions: Sessions
) -> None:
    site = await starts(AUTOPRIME_LOG_LEVEL="DEBUG")
    async with transaction(sessions) as session:
        await session.execute(text("ALTER TABLE audit_log RENAME TO moved_away"))
    failed = await wrong_login(site)
    assert (failed.status_code, "moved_away" in failed.text, "audit_log" in failed.text) == (500, False, False)
    number = re.search(r"<code>(\w+)</code>", failed.text)
    assert number is not None
    log = site.program.log.read_text()
    assert TYPED not in log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line["event"] == "staff.page_failed"]
    assert (line["request"], "audit_log" in line["exception"]) == (number[1], True)
