"""What one embedded answer costs, beside the same look-ups in PostgreSQL alone.

Everything from "who is speaking" to the checked text, tools on PostgreSQL included; no queue, no Kommo, one at a time.
"""

import json
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from assistant.conversation.answering import Answering
from assistant.conversation.assembly import create_answering, shop_terms
from assistant.conversation.embedded.understanding import Understander
from assistant.conversation.responder import Author, Line, Request
from assistant.tools.registry import build_tools
from assistant.tools.speaker import identify
from assistant.tools.toolbox import Speaker, Tool, Toolbox
from integrations.contact import normal_phone
from integrations.database import Sessions, create_engine, create_sessions, transaction
from integrations.settings import SHOP_ZONE, ResponderChoice, Settings
from tests.benchmarks.figures import Table, median, percentile
from tests.benchmarks.options import Options
from tests.benchmarks.servers import fresh_database, machine
from tests.benchmarks.typical import TYPICAL
from tests.stack.fixtures import seed

REPEATS = 5
"""Times each message is answered a round."""

Calls = Sequence[tuple[str, dict[str, Any]]]


@dataclass
class Times:
    """Wall and processor milliseconds of one kind of work."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    async def add(self, work: Callable[[], Awaitable[object]]) -> None:
        wall, cpu = perf_counter(), process_time()
        await work()
        self.cpu.append((process_time() - cpu) * 1000)
        self.wall.append((perf_counter() - wall) * 1000)

    def cells(self) -> tuple[str, ...]:
        p50, p99 = median(self.wall), percentile(self.wall, 0.99)
        return f"{p50:.2f}", f"{p99:.2f}", f"{median(self.cpu):.2f}", f"{percentile(self.cpu, 0.99):.2f}"


@dataclass
class Bench:
    """The parts that answer, and the same tools alone."""

    answering: Answering
    understander: Understander
    sessions: Sessions
    tools: Sequence[Tool]
    whole: Times = field(default_factory=Times)
    look_ups: Times = field(default_factory=Times)
    reading: Times = field(default_factory=Times)

    async def measure(self, phone: str, text: str) -> None:
        """One message: the answer, then its look-ups alone, then its understanding alone."""
        calls = await self._calls(phone, text)
        await self.whole.add(lambda: self._answer(phone, text))
        await self.look_ups.add(lambda: self._look_up(phone, calls))

        async def read() -> None:
            self.understander.understand(text)

        await self.reading.add(read)

    async def _answer(self, phone: str, text: str) -> dict[str, Any]:
        now = datetime.now(SHOP_ZONE)
        line = Line(Author.CUSTOMER, text, "text", now)
        request = Request([line], [], await self._speaker(phone), now)
        return (await self.answering.answer(request)).trace

    async def _speaker(self, phone: str) -> Speaker:
        async with transaction(self.sessions) as session:
            return await identify(session, normal_phone(phone))

    async def _calls(self, phone: str, text: str) -> Calls:
        trace = await self._answer(phone, text)
        return [(call["tool"], json.loads(json.dumps(call["arguments"]))) for call in trace["tools"]]

    async def _look_up(self, phone: str, calls: Calls) -> None:
        """What the answer asked of PostgreSQL, and nothing else."""
        toolbox = Toolbox(self.sessions, await self._speaker(phone), datetime.now(SHOP_ZONE), self.tools)
        for name, arguments in calls:
            await toolbox.call(name, arguments)


async def run(server: str, options: Options) -> None:
    """Measure all typical messages and print the table."""
    async with fresh_database(server) as database:
        await seed(database)
        with tempfile.TemporaryDirectory(prefix="autoprime-load-") as folder:
            settings = Settings(
                _env_file=None, database_url=database, data_dir=Path(folder), responder=ResponderChoice.EMBEDDED
            )
            engine = create_engine(database)
            bench = _bench(settings, create_sessions(engine))
            for _ in range(options.rounds * REPEATS):
                for phone, text in TYPICAL:
                    await bench.measure(phone, text)
            await engine.dispose()
    show(bench)


def _bench(settings: Settings, sessions: Sessions) -> Bench:
    answering = create_answering(settings, sessions)
    understander = Understander.load(settings.data_dir / "cache")
    return Bench(answering, understander, sessions, build_tools(shop_terms(settings)))


def show(bench: Bench) -> None:
    table = Table(
        f"Embedded answer: milliseconds a message, {len(TYPICAL)} typical messages of the demo shop's customers",
        ("", "wall p50", "wall p99", "CPU p50", "CPU p99"),
    )
    table.add("whole answer", *bench.whole.cells())
    table.add("its look-ups alone", *bench.look_ups.cells())
    table.add("its understanding alone", *bench.reading.cells())
    pairs = zip(bench.whole.wall, bench.look_ups.wall, strict=True)
    table.note(
        f"whole / look-ups: {median([whole / alone for whole, alone in pairs]):.2f} (median, message by message)"
    )
    table.note(f"target: < 50 ms of work a turn; {len(bench.whole.wall)} answers; {machine()}")
    table.show()
