"""Slows guessing down: after some failures an account, or an address, has to wait, each time longer.

An attempt is counted before it is judged and forgiven when it was right, so that a hundred attempts at once are counted
like a hundred one after the other. An account that does not exist is counted like one that does.
"""

import hashlib
import ipaddress
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.models import LoginThrottle

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
ACCOUNT_FAILURES, ADDRESS_FAILURES = 5, 30


@dataclass(frozen=True)
class Counted:
    """One thing whose failures are counted, and how many it may have."""

    key: str
    allowed: int


def account(email: str) -> Counted:
    """The account of this e-mail address, whether it exists or not."""
    return Counted("account:" + hashlib.sha256(email.encode()).hexdigest(), ACCOUNT_FAILURES)


def second_step(user_id: int) -> Counted:
    """The codes of one person."""
    return Counted(f"code:{user_id}", ACCOUNT_FAILURES)


def address(text: str) -> Counted:
    """An address; of IPv6 the network, for whoever has one has all of it."""
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return Counted("address:unknown", ADDRESS_FAILURES)
    if parsed.version == 6:
        text = str(ipaddress.ip_network((parsed, 64), strict=False))
    return Counted(f"address:{text}", ADDRESS_FAILURES)


async def admit(session: AsyncSession, counted: Sequence[Counted], now: datetime) -> timedelta | None:
    """Count an attempt against each; or how long to wait, and then nothing is counted."""
    allowed = {one.key: one.allowed for one in counted}
    keys = sorted(allowed)
    await session.execute(insert(LoginThrottle).values([{"key": key} for key in keys]).on_conflict_do_nothing())
    query = select(LoginThrottle).where(LoginThrottle.key.in_(keys)).order_by(LoginThrottle.key).with_for_update()
    rows = (await session.scalars(query)).all()
    blocked = [row.blocked_until for row in rows if row.blocked_until is not None and row.blocked_until > now]
    if blocked:
        return timedelta(seconds=math.ceil((max(blocked) - now).total_seconds()))
    for row in rows:
        row.failures = 1 if row.last_at < now - FORGOTTEN_AFTER else row.failures + 1
        row.last_at = now
        row.blocked_until = _until(row.failures - allowed[row.key], now)
    return None


def _until(over: int, now: datetime) -> datetime | None:
    if over < 0:
        return None
    wait: timedelta = FIRST_WAIT * (1 << min(over, 10))
    return now + min(wait, LONGEST_WAIT)


async def forgive(session: AsyncSession, right: Counted, where: Counted) -> None:
    """The attempt was right: forget the account's failures, and this one of the address."""
    await session.execute(delete(LoginThrottle).where(LoginThrottle.key == right.key))
    row = await session.get(LoginThrottle, where.key, with_for_update=True)
    if row is not None:
        row.failures = max(row.failures - 1, 0)
        if row.failures < where.allowed:
            row.blocked_until = None


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Delete what counts no more."""
    await session.execute(delete(LoginThrottle).where(LoginThrottle.last_at < now - FORGOTTEN_AFTER * 24))
