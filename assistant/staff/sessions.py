"""Sessions of the staff, on the server: a random token in the cookie, its hash in the table.

A session ends by logout, by a change of password, when nobody used it for a while, or a day's work after it began.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.models import StaffSession, StaffUser

CODE_WITHIN = timedelta(minutes=10)
"""How long a right password waits for its second step."""
SEEN_EVERY = timedelta(minutes=1)
"""A session's last use is written down no more often than this."""


@dataclass(frozen=True)
class Limits:
    """How long a session lasts."""

    idle: timedelta
    whole: timedelta


@dataclass(frozen=True)
class Browser:
    """Where somebody signs in from, as they are shown it in their list of sessions."""

    address: str
    agent: str


def new_token() -> str:
    """What goes into a cookie; 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored of a token. The token is random, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).digest()


async def begin_session(
    session: AsyncSession, user_id: int, browser: Browser, lasts: timedelta, now: datetime, *, awaits_code: bool = False
) -> str:
    """Open a session; its token."""
    token = new_token()
    session.add(
        StaffSession(
            token_hash=token_hash(token),
            user_id=user_id,
            awaits_code=awaits_code,
            address=browser.address,
            agent=browser.agent[:300],
            created_at=now,
            seen_at=now,
            expires_at=now + lasts,
        )
    )
    await session.flush()
    return token


async def find_session(
    session: AsyncSession, token: str, limits: Limits, now: datetime
) -> tuple[StaffSession, StaffUser] | None:
    """The session of a token, with whose it is; `None` when it is over or the person is disabled."""
    query = (
        select(StaffSession, StaffUser)
        .join(StaffUser, StaffUser.id == StaffSession.user_id)
        .where(StaffSession.token_hash == token_hash(token), StaffUser.disabled_at.is_(None))
        .where(StaffSession.expires_at > now, StaffSession.seen_at > now - limits.idle)
    )
    found = (await session.execute(query)).one_or_none()
    return (found[0], found[1]) if found else None


async def note_use(session: AsyncSession, session_id: int, now: datetime) -> None:
    """The session was used just now."""
    old = StaffSession.seen_at < now - SEEN_EVERY
    await session.execute(update(StaffSession).where(StaffSession.id == session_id, old).values(seen_at=now))


async def open_sessions(session: AsyncSession, user_id: int, limits: Limits, now: datetime) -> Sequence[StaffSession]:
    """Where a person is signed in, the latest used first."""
    query = (
        select(StaffSession)
        .where(StaffSession.user_id == user_id, ~StaffSession.awaits_code)
        .where(StaffSession.expires_at > now, StaffSession.seen_at > now - limits.idle)
        .order_by(StaffSession.seen_at.desc(), StaffSession.id)
    )
    return (await session.scalars(query)).all()


async def end_session(session: AsyncSession, session_id: int) -> None:
    """End one."""
    await session.execute(delete(StaffSession).where(StaffSession.id == session_id))


async def end_sessions(session: AsyncSession, user_id: int, *, but: int | None = None) -> None:
    """End all of a person's, except the one with the id `but`."""
    ending = delete(StaffSession).where(StaffSession.user_id == user_id)
    await session.execute(ending if but is None else ending.where(StaffSession.id != but))


async def forget_ended(session: AsyncSession, now: datetime) -> None:
    """Delete those that ran out."""
    await session.execute(delete(StaffSession).where(StaffSession.expires_at < now))
