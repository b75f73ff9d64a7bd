"""The baseline of the webhook: a Litestar handler with one asyncpg INSERT, served as `autoprime serve` is.

`python -m tests.benchmarks.bare DATABASE_URL PORT`
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from litestar import Litestar, Request, Response, post
from litestar.datastructures import State
from litestar.status_codes import HTTP_200_OK

POOL = 10
"""Connections, as many as the service keeps."""
TABLE = "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)"


@post("/bare", status_code=HTTP_200_OK)
async def bare(request: Request[None, None, State]) -> Response[bytes]:
    body = (await request.body()).decode()
    await request.app.state.pool.execute("INSERT INTO bare (body) VALUES ($1)", body)
    return Response(b"", status_code=HTTP_200_OK)


def create_bare(database: str) -> Litestar:
    """The application on this database."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with asyncpg.create_pool(database, min_size=POOL, max_size=POOL) as pool:
            app.state.pool = pool
            yield

    return Litestar([bare], lifespan=[lifespan], openapi_config=None, logging_config=None)


if __name__ == "__main__":
    uvicorn.run(
        create_bare(sys.argv[1]),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
