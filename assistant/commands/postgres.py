"""Settings with a database behind them, for commands that also run where no `DATABASE_URL` is set.

Kept apart from the engine: `autoprime run` needs only this, and starts sooner without SQLAlchemy.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.embedded import embedded_postgres
from integrations.logs import configure_logs
from integrations.settings import Settings, load_settings


@contextmanager
def settings_with_database(settings: Settings | None = None, log_level: str | None = None) -> Iterator[Settings]:
    """Settings whose `database_url` is set: the given one, or the embedded PostgreSQL's while the block runs."""
    loaded = settings or load_settings()
    configure_logs(log_level or loaded.log_level)
    if loaded.database_url is not None:
        yield loaded
        return
    with embedded_postgres(loaded.data_dir) as url:
        yield loaded.model_copy(update={"database_url": url})
