"""`autoprime worker`: a worker process."""

import click
import uvloop

from assistant.worker import run_worker
from integrations.logs import configure_logs
from integrations.settings import load_settings


@click.command(help="Run a worker until SIGTERM; jobs under way are finished first.")
def command() -> None:
    settings = load_settings()
    configure_logs(settings.log_level)
    uvloop.run(run_worker(settings))
