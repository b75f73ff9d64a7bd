"""The stand-in served by uvicorn in a way that ends at once: open streams of the phone page are let go first."""

import socket

import uvicorn
from litestar import Litestar

from .signals import Signals

GRACE_SECONDS = 2
"""What may take longer than this is cut off when the server stops."""


class Server(uvicorn.Server):
    """A server that wakes its own long-lived streams before it waits for connections to end."""

    def __init__(self, app: Litestar, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS)
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        signals = self._app.state.signals
        if isinstance(signals, Signals):
            signals.close()
        await super().shutdown(sockets)
