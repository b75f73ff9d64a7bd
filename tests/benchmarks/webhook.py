"""How fast a webhook is taken: the real endpoint beside a bare handler with one INSERT, same server, same load.

The service stores the body under its hash together with a job; the baseline stores the body. Every body is new.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx

from tests.benchmarks.bare import TABLE
from tests.benchmarks.figures import Table, median
from tests.benchmarks.load import Measured
from tests.benchmarks.options import Options
from tests.benchmarks.servers import cpu_seconds, durability, execute, fresh_database, machine, number
from tests.stack.running import SECRET, Program, eventually, free_port

CONNECTIONS = (1, 16, 64)
PACE = 100.0
PACE_CONNECTIONS = 16
BODIES_A_RUN = 1_000_000

_runs = count(1)


@dataclass
class Side:
    """One of the two servers, with what was measured of it by number of connections."""

    name: str
    program: Program
    port: int
    path: str
    rates: dict[int, list[float]] = field(default_factory=dict)
    cpu: dict[int, list[float]] = field(default_factory=dict)
    paced: list[Measured] = field(default_factory=list)
    accepted: int = 0
    refused: int = 0

    async def load(self, connections: int, seconds: float, rate: float = 0.0) -> tuple[Measured, float]:
        """Load it; what the generator saw, and the server's processor milliseconds a request."""
        assert self.program.process is not None
        before = cpu_seconds(self.program.process.pid)
        arguments = [str(self.port), self.path, "--connections", str(connections), "--seconds", str(seconds)]
        first = next(_runs) * BODIES_A_RUN
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.load",
            *arguments,
            "--rate",
            str(rate),
            "--first",
            str(first),
        ]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        output, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"the load generator failed on {self.name}: {self.program.log.read_text()[-2000:]}")
        measured = Measured(**json.loads(output))
        self.accepted += measured.answers - measured.refused
        self.refused += measured.refused
        return measured, (cpu_seconds(self.program.process.pid) - before) * 1000 / max(1, measured.answers)

    async def flat_out(self, connections: int, seconds: float) -> None:
        measured, cpu = await self.load(connections, seconds)
        self.rates.setdefault(connections, []).append(measured.per_second)
        self.cpu.setdefault(connections, []).append(cpu)

    async def at_a_pace(self, seconds: float) -> None:
        self.paced.append((await self.load(PACE_CONNECTIONS, seconds, PACE))[0])


async def run(server: str, options: Options) -> None:
    """Measure both in turns and print the table."""
    async with fresh_database(server) as database:
        await execute(database, TABLE)
        async with both_sides(database) as sides:
            for side in sides:
                await side.load(4, 1.0)
            for _ in range(options.rounds):
                for connections in CONNECTIONS:
                    for side in sides:
                        await side.flat_out(connections, options.seconds)
            for _ in range(options.rounds):
                for side in sides:
                    await side.at_a_pace(options.seconds)
        ours, bare = sides
        stored = [await number(database, f"SELECT count(*) FROM {table}") for table in ("kommo_event", "bare")]
        table = show(ours, bare)
        table.note(f"{await durability(database)}; {machine()}")
        for side, rows in zip(sides, stored, strict=True):
            verdict = "as many as were stored" if rows == side.accepted else f"BUT {rows:.0f} WERE STORED"
            table.note(f"{side.name}: {side.accepted} requests answered 200, {verdict}; {side.refused} others")
        table.show()


@asynccontextmanager
async def both_sides(database: str) -> AsyncIterator[Sequence[Side]]:
    """The service's web process and the bare server, both running until the block ends."""
    with tempfile.TemporaryDirectory(prefix="autoprime-load-") as given:
        folder, ports = Path(given), (free_port(), free_port())
        settings = {
            "DATABASE_URL": database,
            "AUTOPRIME_DATA_DIR": given,
            "AUTOPRIME_PORT": str(ports[0]),
            "AUTOPRIME_WEBHOOK_SECRET": SECRET,
        }
        ours = Program("service", ["-m", "assistant", "serve"], settings, folder / "service.log")
        bare = Program("bare", ["-m", "tests.benchmarks.bare", database, str(ports[1])], {}, folder / "bare.log")
        try:
            for program, port in zip((ours, bare), ports, strict=True):
                program.start()
                await _listening(port, program)
            yield [Side("service", ours, ports[0], f"/webhooks/kommo/{SECRET}"), Side("bare", bare, ports[1], "/bare")]
        finally:
            ours.stop()
            bare.stop()


async def _listening(port: int, program: Program) -> None:
    async with httpx.AsyncClient() as client:

        async def look() -> bool:
            try:
                await client.get(f"http://127.0.0.1:{port}/")
            except httpx.TransportError:
                return False
            return True

        await eventually(look, f"{program.name} listens")


def show(ours: Side, bare: Side) -> Table:
    """The table of both."""
    columns = ("webhook", "service /s", "bare /s", "ratio", "ratios by round", "service CPU ms", "bare CPU ms")
    table = Table("Webhook: answers a second, the service beside a bare handler with one INSERT", columns)
    for connections in CONNECTIONS:
        pairs = list(zip(ours.rates[connections], bare.rates[connections], strict=True))
        table.add(
            f"{connections} connections",
            f"{median(ours.rates[connections]):.0f}",
            f"{median(bare.rates[connections]):.0f}",
            f"{median([a / b for a, b in pairs]):.2f}",
            " ".join(f"{a / b:.2f}" for a, b in pairs),
            f"{median(ours.cpu[connections]):.3f}",
            f"{median(bare.cpu[connections]):.3f}",
        )
    for side in (ours, bare):
        p50, p99 = (median([getattr(run, name) for run in side.paced]) for name in ("p50", "p99"))
        table.note(f"at {PACE:.0f} a second, {side.name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms (target: p99 < 100 ms)")
    table.note("target: ratio at least 0.70, aim 0.80; CPU is the web process's own, a request")
    return table
