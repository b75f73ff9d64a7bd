"""Paces the calls to Kommo: all processes together stay under the account's limit, replies to customers first.

The pace is kept in one row of PostgreSQL (GCRA, the generic cell rate algorithm with a burst of one): each call
reserves the next slot on a grid of 1/rate seconds in a single statement and sleeps until then, outside of any
transaction. Who matters less may reserve less far ahead, and so always leaves the next slots to who matters more.
Kommo's limit: 7 calls a second, repeat offenders are blocked (developers.kommo.com `docs/limitations`).
"""

import asyncio
from time import monotonic

from sqlalchemy import text

from integrations.database import Sessions, transaction
from integrations.kommo.pacing import PATIENCE_SECONDS, Busy, Limiter, Priority, Unlimited

AHEAD_SLOTS = {Priority.READ: 5, Priority.BULK: 1}
"""How many slots ahead of now a call may reserve: a reply finds at most this many calls before it."""

REPLY_AHEAD_SECONDS = 30.0

LATE_SECONDS = 0.04
"""A call that wakes later than this gives its slot up and takes another one: late calls bunch up with those after them,
and Kommo counts the calls of any second (at 6.6 a second, seven slots and the eighth call are 1.06 s apart)."""

MISSES = 3
"""So many slots may be missed on a machine under load; then the call goes out all the same."""


RESERVE = text("""
    INSERT INTO kommo_limiter AS slot (key, next_at)
    VALUES (:key, clock_timestamp() + make_interval(secs => :gap))
    ON CONFLICT (key) DO UPDATE
    SET next_at = greatest(slot.next_at, slot.blocked_until, clock_timestamp()) + make_interval(secs => :gap)
    WHERE greatest(slot.next_at, slot.blocked_until) <= clock_timestamp() + make_interval(secs => :ahead)
    RETURNING extract(epoch FROM next_at - clock_timestamp())::float8 - :gap
""")

NEXT_SLOT = text("""
    SELECT extract(epoch FROM greatest(next_at, blocked_until) - clock_timestamp())::float8
    FROM kommo_limiter WHERE key = :key
""")

IS_BLOCKED = text("SELECT blocked_until > clock_timestamp() FROM kommo_limiter WHERE key = :key")

BLOCK = text("""
    INSERT INTO kommo_limiter AS slot (key, next_at, blocked_until)
    VALUES (:key, clock_timestamp(), clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (key) DO UPDATE
    SET blocked_until = greatest(slot.blocked_until, clock_timestamp() + make_interval(secs => :seconds))
""")


class SharedLimiter:
    """The limiter of all processes on one database. `rate` is calls a second, `key` the account's base URL."""

    def __init__(self, sessions: Sessions, key: str, rate: float) -> None:
        self._sessions = sessions
        self._key = key
        self._gap = 1 / rate
        self._one_bulk = asyncio.Lock()

    async def acquire(self, priority: Priority) -> None:
        """Wait for this call's slot; raises `Busy` for replies and look-ups that would wait longer than patience."""
        if priority is Priority.BULK:
            # One waiter a process: the others would ask the database for the same slot over and over.
            async with self._one_bulk:
                await self._acquire(priority, float("inf"))
        else:
            await self._acquire(priority, monotonic() + PATIENCE_SECONDS)

    async def block(self, seconds: float) -> None:
        """Stop all calls of all processes for so long; a longer block in force stays."""
        async with transaction(self._sessions) as session:
            await session.execute(BLOCK, {"key": self._key, "seconds": seconds})

    async def _acquire(self, priority: Priority, give_up: float) -> None:
        ahead = AHEAD_SLOTS[priority] * self._gap if priority in AHEAD_SLOTS else REPLY_AHEAD_SECONDS
        missed = 0
        while missed < MISSES:
            wait, reserved = await self._reserve(ahead)
            slot_at = monotonic() + wait
            if slot_at > give_up:
                raise Busy(wait)
            if not reserved:
                await asyncio.sleep(max(wait - ahead, self._gap / 10))
                continue
            if wait > 0:
                await asyncio.sleep(wait)
                if await self._blocked():
                    continue
            if monotonic() - slot_at <= LATE_SECONDS:
                return
            missed += 1

    async def _reserve(self, ahead: float) -> tuple[float, bool]:
        """Seconds until the slot, and whether it is ours; not ours when it lies further ahead than allowed."""
        async with transaction(self._sessions) as session:
            key = {"key": self._key}
            wait = (await session.execute(RESERVE, {**key, "gap": self._gap, "ahead": ahead})).scalar_one_or_none()
            if wait is not None:
                return float(wait), True
            return float((await session.execute(NEXT_SLOT, key)).scalar_one()), False

    async def _blocked(self) -> bool:
        """Whether a 429 of another call came in while this one slept."""
        async with transaction(self._sessions) as session:
            return bool((await session.execute(IS_BLOCKED, {"key": self._key})).scalar_one_or_none())


def create_limiter(sessions: Sessions, base_url: str, rate: float) -> Limiter:
    """The limiter for an account; `rate` in calls a second, 0 = none."""
    return SharedLimiter(sessions, base_url.rstrip("/"), rate) if rate else Unlimited()
