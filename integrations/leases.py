"""Keep a lease alive while work is under way: a killed process loses it within seconds, a slow one does not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=15)
"""How long a claim holds without being renewed."""
RENEW_EVERY = timedelta(seconds=5)


class LeaseLost(Exception):
    """Another worker holds the claim by now; the work must not be finished."""


@asynccontextmanager
async def keeping(renew: Callable[[], Awaitable[bool]]) -> AsyncIterator[None]:
    """Call `renew` every few seconds while the block runs; a refused renewal raises `LeaseLost` in the block."""
    holder = asyncio.current_task()
    assert holder is not None
    lost = False

    async def keep() -> None:
        nonlocal lost
        while True:
            await asyncio.sleep(RENEW_EVERY.total_seconds())
            try:
                held = await renew()
            except Exception as error:
                # The database hiccups: the lease still holds for a while, and the work goes on.
                log.warning("lease.renewal_failed", error=type(error).__name__)
                continue
            if not held:
                lost = True
                holder.cancel()
                return

    keeper = asyncio.create_task(keep())
    try:
        yield
    except asyncio.CancelledError:
        if lost:
            holder.uncancel()
            raise LeaseLost from None
        raise
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper
