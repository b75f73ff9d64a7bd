"""Everybody wants the token at once: one renewal at Kommo, and nobody is left without a token."""

import asyncio
import hashlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from integrations.database import create_engine, create_sessions
from integrations.settings import Settings

from ..conftest import eventually
from .conftest import Shop, environment

RACERS = 20
RACING = Path(__file__).with_name("racing.py")
ROOT = Path(__file__).parents[4]


@asynccontextmanager
async def racers(settings: Settings) -> AsyncIterator[list[Process]]:
    """So many processes, all of them ready to ask; never more than a few start at a time."""
    places, started = asyncio.Semaphore(4), list[Process]()

    async def ready() -> None:
        async with places:
            command = (sys.executable, str(RACING))
            where = environment(settings) | {"PYTHONPATH": str(ROOT)}
            racer = await asyncio.create_subprocess_exec(*command, env=where, stdin=PIPE, stdout=PIPE)
            started.append(racer)
            assert racer.stdout is not None
            assert await racer.stdout.readline() == b"ready\n"

    try:
        await asyncio.gather(*(ready() for _ in range(RACERS)))
        yield started
    finally:
        for racer in started:
            if racer.returncode is None:
                racer.kill()
                await racer.communicate()


async def test_twenty_processes_renew_once(shop: Shop) -> None:
    connected = await shop.connects()
    before = await shop.tokens(connected).token()
    await shop.expires()
    async with racers(shop.settings) as everybody:
        said = await asyncio.gather(*(racer.communicate(b"go\n") for racer in everybody))
    after = await shop.tokens(connected).token()
    assert {out.decode().splitlines()[-1] for out, _ in said} == {hashlib.sha256(after.encode()).hexdigest()}
    assert after != before
    assert await shop.exchanges() == [200, 200]
    assert await shop.works(after) == 200


async def test_many_tasks_on_connections_of_their_own_renew_once_after_a_refusal(shop: Shop) -> None:
    """Each with its own engine, all refused with the same token in the same moment."""
    connected = await shop.connects()
    refused = await shop.tokens(connected).token()
    engines = [create_engine(shop.settings.required_database_url(), pool_size=2) for _ in range(RACERS)]
    everybody = [shop.tokens(connected, sessions=create_sessions(engine)) for engine in engines]
    got = await asyncio.gather(*(tokens.renew(refused) for tokens in everybody))
    assert len(set(got)) == 1
    assert got[0] not in (None, refused)
    assert await shop.exchanges() == [200, 200]
    for engine in engines:
        await engine.dispose()


async def test_those_whose_token_is_still_good_do_not_wait(shop: Shop) -> None:
    """While one process renews, slowly, the others go on with the old token."""
    connected = await shop.connects()
    before = await shop.tokens(connected).token()
    await shop.comes_due()
    await shop.stand_in.breaks("slow", seconds=2, path="/oauth2/")
    slow = asyncio.create_task(shop.tokens(connected).token())

    async def claimed() -> bool:
        return bool((await shop.row("lease_until IS NOT NULL"))[0])

    await eventually(claimed)
    assert await shop.tokens(connected).token() == before
    assert not slow.done()
    assert await slow != before
    assert await shop.exchanges() == [200, 200]
