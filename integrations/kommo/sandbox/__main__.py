"""Run the stand-in: `python -m integrations.kommo.sandbox --port 8100 --data-dir var/kommo`."""

import argparse
from pathlib import Path

from .app import create_sandbox
from .server import Server
from .settings import SandboxSettings
from .store import UnreadableState

EVERYWHERE = ("0.0.0.0", "::")
"""Hosts to listen on that are no address to be called at: then links take that of the first call."""


def main() -> None:
    given = _arguments()
    settings = SandboxSettings(
        data_dir=given.data_dir,
        base_url=given.base_url or _address(given.host, given.port),
        rate_limit=given.rate_limit,
        bare_messages=given.bare_messages,
        widget_url=given.widget_url,
        empty=given.empty,
    )
    try:
        app = create_sandbox(settings)
    except UnreadableState as error:
        raise SystemExit(str(error)) from error
    Server(app, given.host, given.port).run()


def _address(host: str, port: int) -> str | None:
    return None if host in EVERYWHERE else f"http://{host}:{port}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m integrations.kommo.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--data-dir", type=Path, default=Path("var/kommo-sandbox"))
    parser.add_argument("--base-url", help="address it is reached at, when that is not host and port")
    parser.add_argument("--rate-limit", type=int, default=7, help="API calls a second for one integration; 0 = none")
    parser.add_argument("--bare-messages", action="store_true", help="incoming messages as the bare add[0] form")
    parser.add_argument("--empty", action="store_true", help="a new account has no reply field and no bots yet")
    parser.add_argument("--widget-url", help="where the asking bot posts its widget_request")
    return parser.parse_args()


if __name__ == "__main__":
    main()
