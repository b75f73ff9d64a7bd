"""Memory of the web and worker processes after some hundred turns of the whole service, and their work a turn.

The baseline is the same processes right after their start.
"""

import tempfile
from collections.abc import Mapping
from itertools import cycle, islice
from pathlib import Path
from time import monotonic

from tests.benchmarks.figures import Table
from tests.benchmarks.options import Options
from tests.benchmarks.servers import cpu_seconds, fresh_database, machine, number, resident_mib
from tests.benchmarks.typical import TYPICAL
from tests.stack.fixtures import seed
from tests.stack.running import Stack

TARGETS_MIB = {"serve": 200, "worker0": 400}
PHONES_AT_ONCE = 20
SETTLE_SECONDS = 120.0


async def run(server: str, options: Options) -> None:
    """Start the service, let customers write, print the table."""
    async with fresh_database(server) as database:
        await seed(database)
        with tempfile.TemporaryDirectory(prefix="autoprime-load-") as folder:
            stack = Stack(database, Path(folder))
            try:
                await stack.start()
                await stack.account(chats_limit=1_000_000)
                await _measure(stack, database, options.turns)
            finally:
                await stack.stop()


async def _measure(stack: Stack, database: str, turns: int) -> None:
    pids = {name: _pid(stack, name) for name in TARGETS_MIB}
    before = {name: (resident_mib(pid)[0], cpu_seconds(pid)) for name, pid in pids.items()}
    started = monotonic()
    written = list(islice(cycle(TYPICAL), turns))
    for first in range(0, turns, PHONES_AT_ONCE):
        for place, (_, text) in enumerate(written[first : first + PHONES_AT_ONCE]):
            # A phone of its own for each text of a batch: two texts in one chat would be one turn.
            await stack.phone(_phone(place)).write(text)
        await stack.settled(SETTLE_SECONDS)
    done = await number(database, "SELECT count(*) FROM turn WHERE state IN ('answered', 'silent')")
    _show(pids, before, done, monotonic() - started)


def _phone(place: int) -> str:
    """The demo customers' phones first, then strangers'."""
    known = sorted({phone for phone, _ in TYPICAL})
    return known[place] if place < len(known) else f"55119000{place:05d}"


def _pid(stack: Stack, name: str) -> int:
    process = stack.programs[name].process
    assert process is not None
    return process.pid


def _show(pids: Mapping[str, int], before: Mapping[str, tuple[float, float]], turns: float, seconds: float) -> None:
    table = Table(
        f"Memory and work of the running service, {turns:.0f} turns",
        ("process", "MiB at start", "MiB after", "ratio", "MiB highest", "target MiB", "CPU ms a turn"),
    )
    for name, pid in pids.items():
        (resident, highest), (was, cpu_was) = resident_mib(pid), before[name]
        table.add(
            name.rstrip("0"),
            f"{was:.0f}",
            f"{resident:.0f}",
            f"{resident / was:.2f}",
            f"{highest:.0f}",
            f"< {TARGETS_MIB[name]}",
            f"{(cpu_seconds(pid) - cpu_was) * 1000 / max(1.0, turns):.1f}",
        )
    table.note("CPU: everything the process did, webhooks, queue, turn and sending included; idle polling too")
    table.note(f"{turns:.0f} turns in {seconds:.0f} s; {machine()}")
    table.show()
