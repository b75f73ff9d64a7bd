"""A crowd writes at once: is every customer answered once and with their own facts, how fast, and at what cost?

Through everything: sandbox, webhook, queue, turn, outbox, sandbox. Without Kommo's limit the baseline is a bare client
that only sends the same number of messages to the same sandbox; with the limit it is the limit itself.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, time
from typing import Any

import httpx

from integrations.database import create_engine, create_sessions, transaction
from integrations.settings import SHOP_ZONE
from tests.benchmarks.crowdcheck import Seen, check
from tests.benchmarks.crowdtimes import Spent, call_table, stage_table, summary_table
from tests.benchmarks.figures import Table
from tests.benchmarks.options import Options
from tests.benchmarks.people import Person, add_known
from tests.benchmarks.servers import cpu_seconds, fresh_database, number, postgres_cpu_seconds
from tests.stack.fixtures import seed
from tests.stack.running import Stack

KOMMO_LIMIT = 7
OUR_RATE = 6.6
"""The service's default pace, calls a second."""
QUIET_SECONDS = 6.0
SETTINGS = {
    "AUTOPRIME_QUIET_SECONDS": str(QUIET_SECONDS),
    "AUTOPRIME_BURST_CAP_SECONDS": "30",
    "AUTOPRIME_SWEEP_SECONDS": "60",
}
"""The defaults of a real service, which the tests' stack shortens."""
WRITERS = 32
PLAIN_REPLY = "Olá! O seu carro está na etapa de Diagnóstico."
OPEN_WORK = (
    "SELECT (SELECT greatest(0, $1 - count(*)) FROM message WHERE direction = 'in')"
    " + (SELECT count(*) FROM conversation WHERE due_at IS NOT NULL)"
    " + (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'unclear'))"
    " + (SELECT count(*) FROM kommo_event WHERE state = 'pending')"
)
"""Zero when all of so many messages came in, and all that follows from them is done."""
UNDELIVERED = "SELECT count(*) FROM outbox WHERE kind = 'message' AND state = 'accepted'"


async def run(server: str, options: Options) -> None:
    """The crowd without the limit, then with it."""
    for limited in options.limits:
        async with fresh_database(server) as database:
            with tempfile.TemporaryDirectory(prefix="autoprime-load-") as folder:
                await _run_one(database, Path(folder), options, limited)


async def _run_one(database: str, folder: Path, options: Options, limited: bool) -> None:
    crowd = [Person(place) for place in range(options.customers)]
    await seed(database)
    await _add(database, crowd)
    rate = {"AUTOPRIME_KOMMO_RATE": str(OUR_RATE if limited else 0)}
    sandbox_limit = ("--rate-limit", str(KOMMO_LIMIT if limited else 0))
    stack = Stack(database, folder, SETTINGS | rate, sandbox_limit, options.workers)
    try:
        await stack.start()
        await stack.account(chats_limit=1_000_000)
        crowding = Crowding(stack, database, crowd, limited)
        for table in await crowding.measure():
            table.show()
    finally:
        await stack.stop()


async def _add(database: str, crowd: Sequence[Person]) -> None:
    engine = create_engine(database)
    async with transaction(create_sessions(engine)) as session:
        await add_known(session, crowd, datetime.now(SHOP_ZONE))
    await engine.dispose()


@dataclass
class Crowding:
    """One crowd against one running service."""

    stack: Stack
    database: str
    crowd: Sequence[Person]
    limited: bool

    async def measure(self) -> list[Table]:
        """Let all of them write, wait for the last reply and for what follows it, and say what happened."""
        since, cpu = time(), self._cpu()
        await self._all_write()
        written = time()
        # A reply takes one call at least: three times that, and two minutes, means that something hangs.
        patience = 120 + (3 * len(self.crowd) / OUR_RATE if self.limited else 0.2 * len(self.crowd))
        settled = await self._wait_until_none(patience, OPEN_WORK, sum(len(person.messages) for person in self.crowd))
        spent = Spent(since, written, QUIET_SECONDS, {name: now - cpu[name] for name, now in self._cpu().items()})
        seen = await self._all_phones()
        findings = check(seen)
        early = await self._calls(since, findings.last_reply_at)
        followed = await self._wait_until_none(patience, UNDELIVERED)
        late = await self._calls(since, time())
        baseline = OUR_RATE if self.limited else await self._bare_sends_a_second(seen)
        name = f"{len(self.crowd)} customers at once, " + ("with Kommo's limit" if self.limited else "without a limit")
        summary = summary_table(name, findings, spent, baseline, limited=self.limited)
        if not (settled and followed):
            summary.note("UNFINISHED WORK WAS LEFT" if not settled else "some deliveries were still unknown at the end")
        return [
            summary,
            await stage_table(self.database, seen, QUIET_SECONDS),
            call_table(early, late, findings.answered),
        ]

    def _cpu(self) -> dict[str, float]:
        """Processor seconds of each process so far."""
        used = {name: cpu_seconds(p.process.pid) for name, p in self.stack.programs.items() if p.process is not None}
        return used | ({"postgres": seconds} if (seconds := postgres_cpu_seconds()) else {})

    async def _all_write(self) -> None:
        """Everybody's messages, as fast as the sandbox takes them; each customer's own in order."""
        slots = asyncio.Semaphore(WRITERS)

        async def write(person: Person) -> None:
            async with slots:
                for text in person.messages:
                    url = f"{self.stack.phone(person.phone).url}/messages"
                    (await self.stack.http.post(url, json={"text": text, "name": person.name})).raise_for_status()

        await asyncio.gather(*(write(person) for person in self.crowd))

    async def _all_phones(self) -> list[Seen]:
        """What every customer's phone shows."""
        return [Seen(person, await self.stack.phone(person.phone).messages()) for person in self.crowd]

    async def _wait_until_none(self, patience: float, query: str, *arguments: int) -> bool:
        """Wait until the query counts nothing, twice in a row; False when patience is over."""
        give_up, quiet = monotonic() + patience, 0
        while monotonic() < give_up:
            quiet = quiet + 1 if await number(self.database, query, *arguments) == 0 else 0
            if quiet == 2:
                return True
            await asyncio.sleep(0.5)
        return False

    async def _calls(self, since: float, until: float) -> list[dict[str, Any]]:
        return [call for call in await self.stack.calls() if since <= call["at"] <= until]

    async def _bare_sends_a_second(self, seen: Sequence[Seen]) -> float:
        """Messages a second that a client sends which does nothing else, into the talks of these customers."""
        for name in [name for name in self.stack.programs if name != "sandbox"]:
            self.stack.programs[name].stop()
        token = (await self.stack.http.get(f"{self.stack.sandbox_url}/sandbox/token")).json()["access_token"]
        talks = [await self._talk(one.person) for one in seen[:200]]
        slots = asyncio.Semaphore(20)
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:

            async def send(talk: int) -> None:
                async with slots:
                    url = f"{self.stack.sandbox_url}/api/v4/talks/{talk}/send_message"
                    (await client.post(url, json={"text": PLAIN_REPLY})).raise_for_status()

            started = monotonic()
            await asyncio.gather(*(send(talk) for talk in talks))
            return len(talks) / (monotonic() - started)

    async def _talk(self, person: Person) -> int:
        answer = await self.stack.http.get(self.stack.phone(person.phone).url)
        return int(answer.json()["talk_id"])
