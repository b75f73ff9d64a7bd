"""`autoprime run`: everything on one machine. Without a Kommo account in the settings, the sandbox takes its place."""

import click

from assistant.problem import Problem
from assistant.supervisor import supervise
from integrations.settings import load_settings


@click.command(
    help="Start PostgreSQL (unless DATABASE_URL is set), service, worker and, without an account, the sandbox."
)
@click.option("--sandbox-port", default=8100, show_default=True, type=click.IntRange(1, 65535))
@click.option("--practice", is_flag=True, help="Start the sandbox empty: you connect and prepare the account yourself.")
def command(sandbox_port: int, practice: bool) -> None:
    settings = load_settings()
    if settings.port == sandbox_port:
        raise Problem(f"Service and sandbox cannot both use port {settings.port}: choose another SANDBOX_PORT.")
    supervise(settings, sandbox_port, practice=practice)
