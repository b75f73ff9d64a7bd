"""The shared limiter on a real PostgreSQL: the pace over many connections, who goes first, and what a 429 stops."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import pytest

from integrations.database import Sessions
from integrations.kommo.limiter import SharedLimiter, create_limiter
from integrations.kommo.pacing import Busy, Limiter, Priority
from integrations.kommo.sandbox.settings import SandboxSettings

from .conftest import JOAO, running

KEY = "https://shop.kommo.com"


async def timed(limiter: Limiter, priority: Priority) -> float:
    """The moment the slot was given."""
    await limiter.acquire(priority)
    return monotonic()


async def sixty_calls(limiters: Sequence[SharedLimiter]) -> float:
    """Seconds until so many calls, spread over the limiters, have had their slot."""
    began = monotonic()
    calls = [timed(one, Priority.READ) for one in limiters for _ in range(60 // len(limiters))]
    return max(await asyncio.gather(*calls)) - began


async def test_many_processes_share_one_pace(sessions: Sessions) -> None:
    """Four take as long as one: not less, for they share the slots, and not much more, for none is left unused.

    Compared with one on the same machine in the same minute: a late call gives its slot up, and under load many do.
    """
    alone = await sixty_calls([SharedLimiter(sessions, "https://other.kommo.com", 50)])
    together = await sixty_calls([SharedLimiter(sessions, KEY, 50) for _ in range(4)])
    assert together >= 59 / 50
    assert together < 3 * alone


async def test_accounts_do_not_share(sessions: Sessions) -> None:
    slow, other = SharedLimiter(sessions, KEY, 0.1), SharedLimiter(sessions, "https://other.kommo.com", 0.1)
    await slow.acquire(Priority.REPLY)
    async with asyncio.timeout(5):
        await other.acquire(Priority.REPLY)


async def test_a_reply_passes_a_bulk_job(sessions: Sessions) -> None:
    bulk = [SharedLimiter(sessions, KEY, 10) for _ in range(3)]
    jobs = [asyncio.create_task(timed(one, Priority.BULK)) for one in bulk for _ in range(40)]
    await jobs[0]
    await asyncio.gather(*(timed(SharedLimiter(sessions, KEY, 10), Priority.REPLY) for _ in range(3)))
    assert sum(job.done() for job in jobs) < 20
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)


async def test_bulk_work_uses_what_is_left(sessions: Sessions) -> None:
    limiter = SharedLimiter(sessions, KEY, 20)
    began = monotonic()
    times = await asyncio.gather(*(timed(limiter, Priority.BULK) for _ in range(30)))
    assert 29 / 20 <= max(times) - began < 29 / 20 * 3


async def test_a_429_stops_everybody_until_it_is_over(sessions: Sessions) -> None:
    first, second = SharedLimiter(sessions, KEY, 1000), SharedLimiter(sessions, KEY, 1000)
    await first.acquire(Priority.REPLY)
    await first.block(0.5)
    began = monotonic()
    times = await asyncio.gather(timed(first, Priority.REPLY), timed(second, Priority.BULK))
    assert min(times) - began >= 0.45


async def test_a_429_stops_those_who_already_wait(sessions: Sessions) -> None:
    limiter = SharedLimiter(sessions, KEY, 4)
    await limiter.acquire(Priority.REPLY)
    waiting = asyncio.create_task(timed(limiter, Priority.REPLY))
    began = monotonic()
    await asyncio.sleep(0)
    await limiter.block(0.8)
    assert await waiting - began >= 0.75


async def test_nobody_waits_out_of_proportion(sessions: Sessions) -> None:
    limiter = SharedLimiter(sessions, KEY, 1000)
    await limiter.block(300)
    with pytest.raises(Busy) as busy:
        await limiter.acquire(Priority.REPLY)
    assert 290 < busy.value.retry_after <= 300


async def test_the_client_stays_under_kommos_limit(sessions: Sessions, tmp_path: Path) -> None:
    settings = SandboxSettings(data_dir=tmp_path, rate_limit=7)
    async with running(settings) as stand_in:
        ids = await stand_in.writes(JOAO, "oi")
        limiter = create_limiter(sessions, stand_in.base_url, 6.4)
        async with stand_in.client(limiter=limiter) as client:
            await asyncio.gather(*(client.talk(ids["talk_id"]) for _ in range(20)))
        assert await stand_in.calls("GET", f"/talks/{ids['talk_id']}") == [200] * 20
