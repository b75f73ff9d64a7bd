"""What a client asks before each call to Kommo: whose turn it is, and the pacer of an account without a limit.

Holds no state outside the process; the pace that all processes share is in `limiter.py`.
"""

import asyncio
from enum import StrEnum
from time import monotonic
from typing import Protocol

PATIENCE_SECONDS = 30.0
"""Longest wait of a reply or a look-up for its slot; mass work waits as long as it takes."""


class Priority(StrEnum):
    """Whose call goes first: a reply to a waiting customer, a look-up or the sweep, mass work."""

    REPLY = "reply"
    READ = "read"
    BULK = "bulk"


class Busy(Exception):
    """No slot within the caller's patience; try again in `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"no slot for {retry_after:.1f} s")
        self.retry_after = retry_after


class Limiter(Protocol):
    """What the client asks before each call."""

    async def acquire(self, priority: Priority) -> None:
        """Wait for this call's slot. Raises `Busy` rather than wait out of proportion."""
        ...

    async def block(self, seconds: float) -> None:
        """Kommo answered 429: nobody calls for so long."""
        ...


class Unlimited:
    """No pacing, for an account without a limit; a 429 still stops this process for a while."""

    def __init__(self) -> None:
        self._blocked_until = 0.0

    async def acquire(self, priority: Priority) -> None:
        wait = self._blocked_until - monotonic()
        if wait > PATIENCE_SECONDS and priority is not Priority.BULK:
            raise Busy(wait)
        if wait > 0:
            await asyncio.sleep(wait)

    async def block(self, seconds: float) -> None:
        self._blocked_until = max(self._blocked_until, monotonic() + seconds)
