"""Databases for tests, copied from a migrated template."""

import asyncpg
from sqlalchemy.engine import make_url

from integrations.database import create_engine
from migrations.upgrade import migrate

TEMPLATE = "autoprime_template"


def database_url(server: str, name: str) -> str:
    """The URL of database `name` on the same server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def run_on(server: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    connection = await asyncpg.connect(database_url(server, "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def forget_durability(server: str) -> None:
    """Let a server that lives as long as the tests not wait for the disk; never one that somebody else uses."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        await run_on(server, f"ALTER SYSTEM SET {setting} = off")
    await run_on(server, "SELECT pg_reload_conf()")


async def make_template(server: str) -> None:
    """Migrate once; every test's database is a copy."""
    await run_on(server, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
    await run_on(server, f"CREATE DATABASE {TEMPLATE}")
    engine = create_engine(database_url(server, TEMPLATE))
    await migrate(engine)
    await engine.dispose()
