"""Databases for dialogues: a migrated demo shop made once a moment, copied for each dialogue, then dropped.

Works on the server of a given URL and leaves that URL's own database alone. Names begin with `rehearsal_`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import uuid4

import asyncpg
from sqlalchemy.engine import make_url

from assistant.problem import Problem
from integrations.database import create_engine, create_sessions, driver_dsn, transaction
from integrations.workshop.demo import seed_demo
from migrations.upgrade import migrate


class Databases:
    """Templates by the moment of their demo shop; `close` drops them."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._templates: dict[datetime, str] = {}
        self._migrated: str | None = None

    @asynccontextmanager
    async def copy(self, moment: datetime) -> AsyncIterator[str]:
        """The URL of a database of its own with the demo shop as of that moment."""
        if moment not in self._templates:
            self._templates[moment] = await self._seeded(moment)
        name = await self._create(self._templates[moment])
        try:
            yield self._url(name)
        finally:
            await self._drop(name)

    async def close(self) -> None:
        """Drop the templates."""
        for name in (*self._templates.values(), *([self._migrated] if self._migrated else [])):
            await self._drop(name)
        self._templates, self._migrated = {}, None

    async def _seeded(self, moment: datetime) -> str:
        if self._migrated is None:
            name = await self._create(None)
            engine = create_engine(self._url(name))
            await migrate(engine)
            await engine.dispose()
            self._migrated = name
        name = await self._create(self._migrated)
        engine = create_engine(self._url(name))
        async with transaction(create_sessions(engine)) as session:
            await seed_demo(session, moment)
        await engine.dispose()
        return name

    async def _create(self, template: str | None) -> str:
        name = f"rehearsal_{uuid4().hex}"
        try:
            await self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        except (OSError, asyncpg.PostgresError) as error:
            raise Problem(
                f"No database could be made for the dialogues ({type(error).__name__}: {error}). "
                "DATABASE_URL has to name a server on which its user may create databases; "
                "unset, the embedded PostgreSQL is used."
            ) from error
        return name

    async def _drop(self, name: str) -> None:
        await self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(driver_dsn(self._server))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _url(self, name: str) -> str:
        return make_url(self._server).set(database=name).render_as_string(hide_password=False)
