"""The limit over real processes, and who goes first. How much of it is used is measured by the benchmark `pace`."""

import asyncio
from time import monotonic

from integrations.database import Sessions
from integrations.kommo.limiter import SharedLimiter
from integrations.kommo.pacing import Priority
from tests.benchmarks.pace import busiest_second, call

LIMIT = 70
"""Ten times Kommo's, so that the test takes seconds; the benchmark makes two thousand calls."""
CALLS = 800


async def test_eight_processes_never_call_more_often_than_kommo_takes(database: str) -> None:
    times = await call(database, LIMIT, CALLS)
    assert len(times) == CALLS
    assert busiest_second(list(times)) <= LIMIT


async def test_a_reply_waits_less_than_a_second_behind_ten_thousand_calls(sessions: Sessions) -> None:
    """At Kommo's own pace; four workers have the bulk job under way."""
    workers = [SharedLimiter(sessions, "https://shop.kommo.com", 6.6) for _ in range(4)]
    job = [asyncio.create_task(one.acquire(Priority.BULK)) for one in workers for _ in range(2_500)]
    await asyncio.wait(job, return_when=asyncio.FIRST_COMPLETED)
    waits = []
    for number in range(12):
        began = monotonic()
        await workers[number % 4].acquire(Priority.REPLY)
        waits.append(monotonic() - began)
    for task in job:
        task.cancel()
    await asyncio.gather(*job, return_exceptions=True)
    assert max(waits) < 1.0
