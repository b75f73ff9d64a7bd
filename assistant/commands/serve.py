"""`autoprime serve`: the web process."""

import click
import uvicorn

from assistant.app import create_app
from integrations.logs import configure_logs
from integrations.settings import load_settings


@click.command(help="Run the web process on AUTOPRIME_HOST and AUTOPRIME_PORT.")
def command() -> None:
    settings = load_settings()
    configure_logs(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        # Out of the box uvicorn believes whoever connects from this machine.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
    )
