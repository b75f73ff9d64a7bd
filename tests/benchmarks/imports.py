"""Ten thousand leads through the whole service: calls, time, memory; then all imported while workers are killed.

The sandbox has no limit of calls. One of two workers after the other is killed with `kill -9`, at random moments: while
leads are fetched, imported, and while Kommo is told. In the end each lead has one candidate, one OS and one note.
"""

import asyncio
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from time import monotonic

import httpx

from integrations.database import create_engine, create_sessions, transaction
from integrations.kommo.importer.batches import MOST, start_batch
from integrations.kommo.importer.history import Reviewer
from integrations.kommo.importer.listing import ready_ids
from integrations.kommo.importer.runs import Source, start_run
from tests.benchmarks.figures import Table
from tests.benchmarks.options import Options
from tests.benchmarks.servers import fresh_database, machine, number, resident_mib
from tests.benchmarks.storm import kill_workers
from tests.integrations.kommo.conftest import StandIn
from tests.integrations.kommo.importer.office import QUALIFIED, Office, prepared
from tests.stack.running import Stack, eventually

LEADS = 10_000
AT_ONCE = 50
"""Leads in one call of `POST /leads/complex`, Kommo's limit."""
IMPORTED = 1000
"""Leads that are imported while workers are killed."""
WORKERS = 2
KILL_EVERY = 4.0
PATIENCE = 1800.0
CLERK = Reviewer(1, "Carla Lima")
ONCE = {
    "candidates": "SELECT count(*) FROM import_candidate",
    "leads with more than one candidate": "SELECT count(*) - count(DISTINCT lead_id) FROM import_candidate",
    "orders made": "SELECT count(*) FROM ordens_servico",
    "orders without their lead": "SELECT count(*) FROM ordens_servico o "
    "WHERE NOT EXISTS (SELECT 1 FROM kommo_os_mapping m WHERE m.os_id = o.id)",
    "customers made": "SELECT count(*) FROM profiles",
    "order numbers given twice": "SELECT count(*) - count(DISTINCT numero_os) FROM ordens_servico",
}


async def run(server: str, options: Options) -> None:
    """Both parts against one service."""
    async with fresh_database(server) as database, AsyncExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="autoprime-load-")))
        stack = Stack(database, folder, {}, ("--rate-limit", "0"), WORKERS)
        ending.push_async_callback(stack.stop)
        await stack.start()
        engine = create_engine(database)
        ending.push_async_callback(engine.dispose)
        hand = await ending.enter_async_context(httpx.AsyncClient(base_url=stack.sandbox_url, timeout=120))
        token = (await hand.get("/sandbox/token")).json()["access_token"]
        kommo = StandIn(stack.sandbox_url, token, hand)
        client = await ending.enter_async_context(kommo.client())
        office = await prepared(kommo, client, create_sessions(engine))
        await hand.request("DELETE", "/api/v4/webhooks", json={"destination": stack.webhook}, headers=_bearer(kommo))
        await _fill(office)
        (await _look(stack, office)).show()
        (await _import(stack, office)).show()


def _bearer(kommo: StandIn) -> Mapping[str, str]:
    return {"authorization": f"Bearer {kommo.token}"}


async def _fill(office: Office) -> None:
    """Leads with contacts of their own, as a person's afternoon of advertising would leave them."""
    for batch in _batches():
        rows = [_lead(office, place) for place in batch]
        answer = await office.kommo.hand.post("/api/v4/leads/complex", json=rows, headers=_bearer(office.kommo))
        assert answer.is_success, answer.text


def _batches() -> Iterator[Sequence[int]]:
    return (range(start, min(start + AT_ONCE, LEADS)) for start in range(0, LEADS, AT_ONCE))


def _lead(office: Office, place: int) -> dict[str, object]:
    plate = f"{chr(65 + place // 2600 % 26)}BC{place % 10}{chr(65 + place // 10 % 26)}{place // 260 % 100:02d}"
    fields = {"Placa": plate, "Modelo/Marca": "VW Gol 1.6", "Problema Relatado": "barulho na suspensão"}
    phone = {"field_code": "PHONE", "values": [{"value": f"+55 11 9{70_000_000 + place}", "enum_code": "WORK"}]}
    return {
        "name": f"Lead {place}",
        "price": 1000 + place,
        "status_id": office.stages[QUALIFIED],
        "custom_fields_values": [
            {"field_id": office.fields[key], "values": [{"value": v}]} for key, v in fields.items()
        ],
        "_embedded": {"contacts": [{"name": f"Cliente {_word(place)} Souza", "custom_fields_values": [phone]}]},
    }


def _word(place: int) -> str:
    """A given name that sounds like no other."""
    letters = "bcdfglmnprstvz"
    return "".join(f"{letters[place // len(letters) ** n % len(letters)]}a" for n in range(4)).capitalize()


async def _look(stack: Stack, office: Office) -> Table:
    """The button, with nobody killed: what it costs."""
    before = _memory(stack)
    calls = len(await stack.calls())
    began = monotonic()
    async with transaction(office.sessions) as session:
        await start_run(session, Source.BUTTON, CLERK.name)
    await eventually(partial(_none, stack, "SELECT count(*) FROM import_run WHERE state = 'running'"), "done", PATIENCE)
    seconds, after = monotonic() - began, _memory(stack)
    table = Table(f"A look at {LEADS:,} leads", ["", "figure"])
    table.add("calls of Kommo", str(len(await stack.calls()) - calls))
    table.add("seconds", f"{seconds:.0f}")
    table.add("leads a second", f"{LEADS / seconds:.0f}")
    table.add("MiB of the larger worker before", f"{before:.0f}")
    table.add("MiB of the larger worker after", f"{after:.0f}")
    table.add("candidates", str(await number(stack.database, ONCE["candidates"])))
    table.note(machine())
    return table


def _memory(stack: Stack) -> float:
    """MiB of the worker that holds more."""
    processes = [stack.programs[f"worker{place}"].process for place in range(WORKERS)]
    return max(resident_mib(process.pid)[0] for process in processes if process is not None)


async def _import(stack: Stack, office: Office) -> Table:
    """Batches and a second look, while workers die."""
    kills = [0]
    killing = asyncio.create_task(kill_workers(stack, random.Random(11), kills, KILL_EVERY))
    began = monotonic()
    try:
        async with transaction(office.sessions) as session:
            await start_run(session, Source.BUTTON, CLERK.name)
            ready = await ready_ids(session, IMPORTED)
            for start in range(0, IMPORTED, MOST):
                await start_batch(session, CLERK, list(ready[start : start + MOST]))
        for open_work in ("import_run WHERE state = 'running'", "import_batch WHERE finished_at IS NULL"):
            await eventually(partial(_none, stack, f"SELECT count(*) FROM {open_work}"), open_work, PATIENCE)
    finally:
        killing.cancel()
        with suppress(asyncio.CancelledError):
            await killing
    unsettled = "SELECT count(*) FROM kommo_lead_write WHERE state IN ('queued', 'sending', 'unclear')"
    await eventually(partial(_none, stack, unsettled), "Kommo is told", PATIENCE)
    seconds = monotonic() - began
    table = Table(f"{IMPORTED:,} imported, workers killed", ["", "figure"])
    for name, query in ONCE.items():
        table.add(name, str(await number(stack.database, query)))
    table.add("leads without exactly one note in Kommo", str(await _wrong_notes(stack, office)))
    table.add("workers killed", str(kills[0]))
    table.add("seconds until Kommo was told", f"{seconds:.0f}")
    return table


async def _wrong_notes(stack: Stack, office: Office) -> int:
    rows = await stack.query("SELECT kommo_lead_id FROM kommo_os_mapping")
    return sum([len((await office.in_kommo(lead))["notes"]) != 1 for (lead,) in rows])


async def _none(stack: Stack, query: str) -> bool:
    return await number(stack.database, query) == 0
