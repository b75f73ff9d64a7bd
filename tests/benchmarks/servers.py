"""What the benchmarks run on: a PostgreSQL server, databases on it, and the processor time that processes have used."""

import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import psutil

from integrations.embedded import embedded_postgres
from tests.stack.databases import TEMPLATE, database_url, make_template, run_on


@asynccontextmanager
async def postgres_server() -> AsyncIterator[str]:
    """The URL of a server with a migrated template: `TEST_DATABASE_URL`, else the embedded PostgreSQL."""
    with _server() as url:
        await make_template(url)
        yield url


@contextmanager
def _server() -> Iterator[str]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="autoprime-bench-") as folder, embedded_postgres(Path(folder)) as url:
        yield url


@asynccontextmanager
async def fresh_database(server: str) -> AsyncIterator[str]:
    """The URL of a migrated database that is dropped afterwards."""
    name = f"bench_{uuid.uuid4().hex}"
    await run_on(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    try:
        yield database_url(server, name)
    finally:
        await run_on(server, f"DROP DATABASE {name} WITH (FORCE)")


async def number(database: str, query: str, *arguments: int) -> float:
    """The one number a query answers."""
    connection = await asyncpg.connect(database)
    try:
        return float(await connection.fetchval(query, *arguments) or 0)
    finally:
        await connection.close()


async def execute(database: str, statement: str) -> None:
    """Run one statement."""
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def durability(database: str) -> str:
    """How PostgreSQL commits, as its settings say."""
    connection = await asyncpg.connect(database)
    try:
        names = ("server_version", "fsync", "synchronous_commit", "wal_sync_method")
        return ", ".join([f"{name} {await connection.fetchval(f'SHOW {name}')}" for name in names])
    finally:
        await connection.close()


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, in seconds."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def postgres_cpu_seconds() -> float:
    """Processor time of the embedded server of this run, ended connections included; 0 when another one is used."""
    total = 0.0
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "postgres" and "autoprime-bench-" in " ".join(process.info["cmdline"] or ()):
            total += _family_seconds(process)
    return total


def _family_seconds(postmaster: psutil.Process) -> float:
    own = postmaster.cpu_times()
    seconds = own.user + own.system + own.children_user + own.children_system
    for child in postmaster.children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system
    return float(seconds)


def resident_mib(pid: int) -> tuple[float, float]:
    """Resident memory of a process now and at its highest, in MiB."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    highest = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), float("nan"))
    return psutil.Process(pid).memory_info().rss / 2**20, highest


def machine() -> str:
    """Cores and their load just now: figures of a busy machine are worth little."""
    return f"{psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f}"
