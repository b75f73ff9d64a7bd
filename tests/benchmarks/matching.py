"""How long one check takes against a million customers, and how often the matcher is right on the labelled set.

The million is made by PostgreSQL itself; one name in twenty is `Maria da Silva`, and ten thousand customers share one
placeholder phone, so that what is common is as common as it gets. Splink (`uv sync --group bench`) is measured on the
same labelled set when it is installed.
"""

import gc
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from random import Random

from sqlalchemy import text

from integrations.database import Sessions, create_engine, create_sessions, transaction
from integrations.workshop.matching import Wanted, find_matches
from tests.benchmarks.figures import Table
from tests.benchmarks.options import Options
from tests.benchmarks.reply import Times
from tests.benchmarks.servers import fresh_database, machine
from tests.evals.matching.measuring import Outcome, measure, store
from tests.evals.matching.records import LabelledSet, labelled_set
from tests.evals.matching.vocabulary import FAMILIES, MEN, WOMEN

MILLION = 1_000_000
CHECKS = 400
"""Checks of each kind that are timed."""
TARGET_MS = 20
SEED = 2026
"""Of the reported figures; every choice in the matcher was made on others."""

PROFILES = """
INSERT INTO profiles (full_name, phone, cpf, email)
SELECT
    CASE WHEN n % 20 = 0 THEN 'Maria da Silva'
    ELSE (CAST(:givens AS text[]))[1 + floor(:given_count * power(random(), 2))::int] || ' ' ||
         (CAST(:families AS text[]))[1 + floor(:family_count * power(random(), 2))::int] || ' ' ||
         (CAST(:families AS text[]))[1 + floor(:family_count * power(random(), 2))::int] END,
    CASE WHEN n % 100 = 1 THEN '(11) 99999-9999' ELSE '+55119' || (80000000 + n) END,
    CASE WHEN n % 2 = 0 THEN lpad(n::text, 11, '0') END,
    CASE WHEN n % 3 = 0 THEN 'customer' || n || '@example.com' END
FROM generate_series(1, :count) AS n
"""
VEHICLES = """
INSERT INTO vehicles (customer_id, brand, model, plate)
SELECT id, 'Volkswagen', 'Gol',
    'ABC'::text || (n % 10) || chr(65 + n / 10 % 26) || lpad((n / 260 % 100)::text, 2, '0')
FROM (SELECT id, row_number() OVER (ORDER BY id)::int AS n FROM profiles) AS numbered
"""
ORDERS = """
INSERT INTO ordens_servico (numero_os, customer_id, client_name, client_phone, plate, status)
SELECT 'OS-' || n, CASE WHEN n % 3 > 0 THEN id END, full_name, phone, 'ABC1D23', 'entregue'
FROM (SELECT *, row_number() OVER (ORDER BY id)::int AS n FROM profiles) AS numbered WHERE n <= :orders
"""


async def run(server: str, options: Options) -> None:
    """Both tables."""
    await _speed(server)
    await _figures(server)


async def _speed(server: str) -> None:
    columns = ("", "wall p50", "wall p99", "CPU p50", "CPU p99")
    table = Table(f"One check against {MILLION:,} customers: milliseconds", columns)
    async with fresh_database(server) as database:
        engine = create_engine(database)
        sessions = create_sessions(engine)
        await fill(sessions, MILLION)
        # A full collection takes 90 ms on the benchmark's own large heap and would fall on some of the checks.
        gc.collect()
        gc.freeze()
        for name, asked in questions().items():
            table.add(name, *(await _times(sessions, asked)).cells())
        gc.unfreeze()
        await engine.dispose()
    table.note(f"target: p99 < {TARGET_MS} ms; {CHECKS} checks of each kind, one at a time; CPU is the service's own")
    table.note(f"the benchmark's heap is kept from garbage collection; {machine()}")
    table.show()


async def fill(sessions: Sessions, count: int) -> None:
    """Customers, a vehicle each, and an order for every tenth."""
    names = {"givens": [*MEN, *WOMEN], "given_count": len(MEN) + len(WOMEN)}
    families = {"families": list(FAMILIES), "family_count": len(FAMILIES)}
    async with transaction(sessions) as session:
        await session.execute(text("SELECT setseed(0.5)"))
        await session.execute(text(PROFILES), {**names, **families, "count": count})
        await session.execute(text(VEHICLES))
        await session.execute(text(ORDERS), {"orders": count // 10})
    async with transaction(sessions) as session:
        for table in ("profiles", "vehicles", "ordens_servico"):
            await session.execute(text(f"ANALYZE {table}"))


def questions() -> dict[str, Sequence[Wanted]]:
    """What is asked: ordinary leads, the commonest name, a placeholder phone, a placeholder plate."""
    random = Random(SEED)

    def name() -> str:
        return f"{random.choice(MEN + WOMEN)} {random.choice(FAMILIES)} {random.choice(FAMILIES)}"

    def phone() -> str:
        return f"55119{80000000 + random.randrange(MILLION)}"

    def plate() -> str:
        return f"ABC{random.randrange(10)}{chr(65 + random.randrange(26))}{random.randrange(100):02d}"

    ordinary = [Wanted(name=name(), phones=(phone(),), plate=plate(), model="Gol") for _ in range(CHECKS)]
    return {
        "name, phone, plate": ordinary,
        "the commonest name, nothing else": [Wanted(name="Maria da Silva")] * CHECKS,
        "a placeholder phone": [Wanted(name=name(), phones=("5511999999999",)) for _ in range(CHECKS)],
        "a placeholder plate": [Wanted(name=name(), phones=(phone(),), plate="ABC1D23") for _ in range(CHECKS)],
        "document and e-mail": [
            Wanted(name=name(), document="39053344705", email=f"customer{random.randrange(MILLION)}@example.com")
            for _ in range(CHECKS)
        ],
    }


async def _times(sessions: Sessions, asked: Sequence[Wanted]) -> Times:
    times = Times()
    async with transaction(sessions) as session:
        for wanted in asked[:20]:
            await find_matches(session, wanted)
        for wanted in asked:
            await times.add(partial(find_matches, session, wanted))
            session.expunge_all()
    return times


async def _figures(server: str) -> None:
    data = labelled_set(SEED, 20_000)
    outcome = await outcome_of(server, data)
    columns = ("", "merged by itself", "precision", "share of known", "in first five")
    table = Table(f"{outcome.leads:,} labelled leads, {len(data.profiles):,} customers on file", columns)
    table.add("find_matches", *_cells(outcome))
    if find_spec("splink"):
        splinking = import_module("tests.evals.matching.splinking")
        for name, other in splinking.splink_outcome(data).items():
            table.add(name, *_cells(other))
    else:
        table.note("Splink is not installed: uv sync --group bench")
    table.note(
        f"seed {SEED}; {outcome.known:,} leads are of known customers; targets: precision 1.000, first five ≥ 0.99"
    )
    table.show()


async def outcome_of(server: str, data: LabelledSet) -> Outcome:
    """Every lead of the set put to the matcher."""
    async with fresh_database(server) as database:
        engine = create_engine(database)
        sessions = create_sessions(engine)
        async with transaction(sessions) as session:
            await store(session, data)
        async with transaction(sessions) as session:
            outcome = await measure(session, data.leads)
        await engine.dispose()
    return outcome


def _cells(outcome: Outcome) -> tuple[str, ...]:
    return (
        f"{outcome.merged:,}",
        f"{outcome.precision:.4f}",
        f"{outcome.automatic:.3f}",
        f"{outcome.recall:.4f}",
    )
