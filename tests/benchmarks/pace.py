"""How much of Kommo's limit is used: eight processes call as fast as the shared limiter lets them.

Never more calls in any second than Kommo takes, and at least nine of ten that it would take. At three times Kommo's
pace, so that two thousand calls take less than two minutes and not five.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figures import Table
from tests.benchmarks.options import Options
from tests.benchmarks.servers import fresh_database

PACER = Path(__file__).with_name("pacer.py")
ROOT = Path(__file__).parents[2]
PROCESSES = 8
CALLS = 2_000
SHARE = 6.6 / 7
"""What AUTOPRIME_KOMMO_RATE uses of Kommo's limit."""
LIMIT = 21


async def run(server: str, _options: Options) -> None:
    """Measure and print the table."""
    async with fresh_database(server) as database:
        times = await call(database, LIMIT, CALLS)
    used = (len(times) - 1) / (times[-1] - times[0])
    table = Table(f"Pace: {PROCESSES} processes, {CALLS} calls, limit {LIMIT} a second", ("", "service", "target"))
    table.add("most calls in any second", f"{busiest_second(times)}", f"<= {LIMIT}")
    table.add("calls a second", f"{used:.1f}", "")
    table.add("share of the limit used", f"{used / LIMIT:.2f}", ">= 0.90")
    table.show()


async def call(database: str, limit: int, calls: int) -> Sequence[float]:
    """The moments of so many calls by eight processes under a limit, in their order."""
    command = (sys.executable, str(PACER), database, str(limit * SHARE), str(calls // PROCESSES))
    where = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    started = [
        await asyncio.create_subprocess_exec(*command, env=where, stdin=PIPE, stdout=PIPE) for _ in range(PROCESSES)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"ready\n"
        said = await asyncio.gather(*(process.communicate(b"go\n") for process in started))
    finally:
        for process in started:
            if process.returncode is None:
                process.kill()
                await process.communicate()
    return sorted(float(line) for out, _ in said for line in out.split())


def busiest_second(times: Sequence[float]) -> int:
    """The most calls in any second."""
    most = first = 0
    for index, moment in enumerate(times):
        while moment - times[first] >= 1.0:
            first += 1
        most = max(most, index - first + 1)
    return most
