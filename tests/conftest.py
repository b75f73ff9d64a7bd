"""Fixtures for every test: one PostgreSQL server for the run, a fresh migrated database for each test that asks.

Uses `TEST_DATABASE_URL` (a server on which databases may be created) when it is set, else the embedded PostgreSQL.
"""

import asyncio
import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck

from integrations.database import Sessions, create_engine, create_sessions
from integrations.embedded import embedded_postgres
from integrations.settings import Settings
from tests.stack.databases import TEMPLATE, database_url, forget_durability, make_template, run_on

# Speed is measured in benchmarks, never by a clock inside a test.
hypothesis.settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("unhurried")

pytest_plugins = ["tests.stack.fixtures"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of the run's server, with a migrated template database on it."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        asyncio.run(make_template(given))
        yield given
        return
    # Not in pytest's own folder: every run of pytest takes that away from other users, and PostgreSQL runs as one.
    with tempfile.TemporaryDirectory(prefix="autoprime-tests-") as folder, embedded_postgres(Path(folder)) as url:
        asyncio.run(forget_durability(url))
        asyncio.run(make_template(url))
        yield url


@pytest.fixture
async def empty_database(postgres: str) -> AsyncIterator[str]:
    """The URL of a database with nothing in it."""
    name = f"test_{uuid.uuid4().hex}"
    await run_on(postgres, f"CREATE DATABASE {name}")
    yield database_url(postgres, name)
    await run_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(postgres: str) -> AsyncIterator[str]:
    """The URL of a migrated database of the test's own."""
    name = f"test_{uuid.uuid4().hex}"
    await run_on(postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield database_url(postgres, name)
    await run_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def sessions(database: str) -> AsyncIterator[Sessions]:
    """A session factory on the test's database."""
    engine = create_engine(database)
    yield create_sessions(engine)
    await engine.dispose()


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """Settings on the test's database, untouched by the machine's environment."""
    return Settings(_env_file=None, database_url=database, data_dir=tmp_path)
