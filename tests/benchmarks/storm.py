"""A storm: bursts, webhooks doubled and out of order, lost answers, workers killed. Is every customer answered once?

No time is measured here: what counts is that nothing is missing and nothing doubled. Customers come in waves, so that
kills and reorderings fall into all moments of a turn.
"""

import asyncio
import random
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from integrations.database import create_engine, create_sessions, transaction
from integrations.settings import SHOP_ZONE
from tests.benchmarks.crowd import OPEN_WORK
from tests.benchmarks.crowdcheck import Findings, Seen, check
from tests.benchmarks.figures import Table
from tests.benchmarks.options import Options
from tests.benchmarks.people import Person, add_known
from tests.benchmarks.servers import fresh_database, number
from tests.stack.fixtures import seed
from tests.stack.running import Program, Stack, eventually

WAVE = 150
"""Customers who write at the same time."""
WORKERS = 2
KILL_EVERY = 12.0
"""Seconds of work between a worker's start and the next kill, on average: on a slow machine a start takes many."""
FAULTS = {"duplicate_webhook": 0.3, "reorder_webhooks": 0.3, "lost_response": 0.01}
LINES = ("oi", "bom dia", "tudo bem?", "é o seguinte", "deixei o carro aí")
SETTINGS = {"AUTOPRIME_QUIET_SECONDS": "6", "AUTOPRIME_BURST_CAP_SECONDS": "30", "AUTOPRIME_SWEEP_SECONDS": "60"}
"""The service's own, not those of the tests, which hurry."""
SENT = """
    SELECT ltrim(c.phones[1], '+') AS phone, count(*) AS replies FROM outbox o
    JOIN conversation c ON c.id = o.conversation_id
    WHERE o.kind = 'message' AND o.state IN ('accepted', 'delivered', 'failed') GROUP BY 1
"""
"""Replies as the service has them on its books, by phone: one more in the chat was sent twice."""
PATIENCE = 240.0
"""Seconds a wave has until all that follows from it is done."""


async def run(server: str, options: Options) -> None:
    """All waves against one service."""
    people = [Person(place) for place in range(options.storm)]
    async with fresh_database(server) as database:
        with tempfile.TemporaryDirectory(prefix="autoprime-load-") as folder:
            await seed(database)
            await _add(database, people)
            stack = Stack(database, Path(folder), SETTINGS, ("--rate-limit", "0"), WORKERS)
            try:
                await stack.start()
                await stack.account(chats_limit=1_000_000)
                for kind, rate in FAULTS.items():
                    await stack.fault(kind, rate=rate, seconds=86_400)
                (await _rage(stack, database, people)).show()
            finally:
                await stack.stop()


async def _add(database: str, people: Sequence[Person]) -> None:
    engine = create_engine(database)
    async with transaction(create_sessions(engine)) as session:
        await add_known(session, people, datetime.now(SHOP_ZONE))
    await engine.dispose()


async def _rage(stack: Stack, database: str, people: Sequence[Person]) -> Table:
    """Every wave writes while workers are killed; then each phone is read."""
    dice, written, kills, unfinished = random.Random(7), 0, [0], 0
    killing = asyncio.create_task(kill_workers(stack, dice, kills, KILL_EVERY))
    try:
        for start in range(0, len(people), WAVE):
            written += sum(await asyncio.gather(*(_write(stack, one, dice) for one in people[start : start + WAVE])))
            unfinished += not await _settled(database, written)
    finally:
        killing.cancel()
        with suppress(asyncio.CancelledError):
            await killing
    seen = [Seen(person, await stack.phone(person.phone).messages()) for person in people]
    return _table(check(seen), await _sent_twice(stack, seen), written, kills[0], unfinished)


async def _sent_twice(stack: Stack, seen: Sequence[Seen]) -> list[int]:
    """Customers whose chat shows more replies than the service meant to send."""
    booked = dict(await stack.query(SENT))
    return [one.person.number for one in seen if len(one.replies) > booked.get(one.person.phone, 0)]


async def _write(stack: Stack, person: Person, dice: random.Random) -> int:
    """A burst of one to six lines, the question somewhere in it."""
    lines = [*dice.sample(LINES, dice.randrange(len(LINES) + 1))]
    lines.insert(dice.randrange(len(lines) + 1), "cadê meu carro?")
    for line in lines:
        await asyncio.sleep(dice.random() / 2)
        url = f"{stack.phone(person.phone).url}/messages"
        (await stack.http.post(url, json={"text": line, "name": person.name})).raise_for_status()
    return len(lines)


async def kill_workers(stack: Stack, dice: random.Random, kills: list[int], every: float) -> None:
    """kill -9 of one worker after the other, each started again, every so many seconds; never both at once."""
    while True:
        await asyncio.sleep(dice.uniform(0.5, 2 * every))
        program = stack.programs[f"worker{kills[0] % WORKERS}"]
        before = _starts(program)
        await asyncio.to_thread(program.kill)
        program.start()
        kills[0] += 1
        await eventually(partial(_started_again, program, before), "the worker is up again", PATIENCE)


async def _started_again(program: Program, before: int) -> bool:
    return _starts(program) > before


def _starts(program: Program) -> int:
    return program.log.read_text().count("worker.started")


async def _settled(database: str, written: int) -> bool:
    async def look() -> bool:
        return await number(database, OPEN_WORK, written) == 0

    try:
        return bool(await eventually(look, "the wave is over", PATIENCE))
    except AssertionError:
        return False


def _table(findings: Findings, twice: Sequence[int], written: int, kills: int, unfinished: int) -> Table:
    troubles = {"a reply sent twice": twice, **findings.troubles()}
    counts = {"answered": findings.answered, **{name: len(who) for name, who in troubles.items()}}
    counts |= {"messages written": written, "workers killed": kills, "waves with work left undone": unfinished}
    table = Table(f"{findings.answered + len(findings.unanswered)} customers in a storm", ["", "figure"])
    for name, count in counts.items():
        table.add(name, str(count))
    for name, who in troubles.items():
        if who:
            table.note(f"{name}: {who[:20]}")
    return table
