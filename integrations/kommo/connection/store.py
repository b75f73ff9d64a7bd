"""Rows of connected accounts: writing a new connection, claiming a renewal, storing what came of it.

Takes a session, never commits. Everything after a claim is fenced: `lease_token` in the WHERE clause lets only the
holder of the newest claim write, so a process that was paused for minutes can undo nothing. It grows with every change.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.connection.exchange import Pair, claims_of
from integrations.kommo.connection.models import (
    ConnectionKind,
    ConnectionState,
    KommoConnection,
    LostReason,
    Trouble,
)
from integrations.kommo.connection.vault import Vault

LEASE = timedelta(seconds=30)
"""How long a renewal holds the row; its calls to Kommo end well before."""

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7201104713)")
"""Two of the staff may connect at the same moment; the one who finishes last has the current account."""

MOVE_HISTORY = text("""
    INSERT INTO kommo_account (base_url, account_id, connected_at, swept_at, facts)
    SELECT :new, account_id, connected_at, swept_at, facts FROM kommo_account WHERE base_url = :old
    ON CONFLICT (base_url) DO UPDATE SET connected_at = excluded.connected_at
""")
"""A renamed account keeps since when it is answered: its older messages stay history, its newer ones stay ours."""


@dataclass(frozen=True)
class NewConnection:
    """An account that was just connected. `refresh` and `seconds` come with OAuth only."""

    base_url: str
    kind: ConnectionKind
    access: SecretStr
    refresh: SecretStr | None
    seconds: float | None
    account_id: int | None
    staff_id: int | None


def renewal_due(now: datetime, seconds: float) -> datetime:
    """When a token of so many seconds is to be renewed: a quarter of its life, or an hour, before its end."""
    margin = min(max(seconds / 4, 3600.0), seconds / 2)
    return now + timedelta(seconds=seconds - margin)


async def connect(session: AsyncSession, vault: Vault, new: NewConnection, now: datetime) -> KommoConnection:
    """Store a new connection and make its account the current one; what an earlier one was lost by is over."""
    await session.execute(ONE_AT_A_TIME)
    same = [KommoConnection.base_url == new.base_url]
    if new.account_id is not None:
        same.append(KommoConnection.account_id == new.account_id)
    query = select(KommoConnection).where(or_(*same)).order_by(KommoConnection.id).with_for_update()
    known = list((await session.execute(query)).scalars())
    row = next((found for found in known if found.base_url == new.base_url), known[0] if known else None)
    await session.execute(update(KommoConnection).where(KommoConnection.is_current).values(is_current=False))
    if row is None:
        row = KommoConnection(lease_token=0)
        session.add(row)
    elif row.base_url != new.base_url:
        await session.execute(MOVE_HISTORY, {"old": row.base_url, "new": new.base_url})
    _fill(row, vault, new, now)
    await session.flush()
    return row


def _fill(row: KommoConnection, vault: Vault, new: NewConnection, now: datetime) -> None:
    claims = claims_of(new.access)
    row.base_url, row.kind, row.is_current = new.base_url, new.kind, True
    row.account_id = new.account_id or claims.account_id
    row.access_token = vault.seal(new.access)
    row.refresh_token = vault.seal(new.refresh) if new.refresh else None
    row.previous_refresh_token = row.renewed_at = None
    row.scopes = claims.scopes
    if new.seconds is None:
        row.expires_at = datetime.fromtimestamp(claims.exp, now.tzinfo) if claims.exp else None
        row.renew_at = None
    else:
        row.expires_at, row.renew_at = now + timedelta(seconds=new.seconds), renewal_due(now, new.seconds)
    row.state, row.lost_reason, row.state_since = ConnectionState.CONNECTED, None, now
    row.trouble = row.retry_at = row.lease_until = None
    # A renewal that is under way for the old tokens may store nothing any more.
    row.lease_token += 1
    row.connected_at, row.connected_by = now, new.staff_id


async def current(session: AsyncSession) -> KommoConnection | None:
    """The connection of the account in use."""
    return (await session.execute(select(KommoConnection).where(KommoConnection.is_current))).scalar_one_or_none()


async def claim(session: AsyncSession, row: KommoConnection) -> int | None:
    """Claim the renewal of the tokens as they were seen; the fencing token, or None when somebody else was sooner."""
    statement = (
        update(KommoConnection)
        .where(
            KommoConnection.id == row.id,
            KommoConnection.lease_token == row.lease_token,
            KommoConnection.state == ConnectionState.CONNECTED,
            or_(KommoConnection.lease_until.is_(None), KommoConnection.lease_until < func.now()),
        )
        .values(lease_token=KommoConnection.lease_token + 1, lease_until=func.now() + LEASE)
        .returning(KommoConnection.lease_token)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def store_pair(
    session: AsyncSession, vault: Vault, row: KommoConnection, token: int, pair: Pair, base_url: str, now: datetime
) -> bool:
    """Store a renewed pair and where the account lives now; False when the claim is not ours any more."""
    if base_url != row.base_url:
        await session.execute(MOVE_HISTORY, {"old": row.base_url, "new": base_url})
    return await _settle(
        session,
        row,
        token,
        base_url=base_url,
        access_token=vault.seal(pair.access),
        refresh_token=vault.seal(pair.refresh),
        previous_refresh_token=row.refresh_token,
        scopes=claims_of(pair.access).scopes,
        expires_at=now + timedelta(seconds=pair.seconds),
        renew_at=renewal_due(now, pair.seconds),
        renewed_at=now,
        trouble=None,
        retry_at=None,
    )


async def note_trouble(
    session: AsyncSession, row: KommoConnection, token: int, trouble: Trouble, retry_at: datetime
) -> bool:
    """Note that a renewal did not succeed and when the next may be tried."""
    return await _settle(session, row, token, trouble=trouble, retry_at=retry_at)


async def lose(session: AsyncSession, row: KommoConnection, token: int, reason: LostReason, now: datetime) -> bool:
    """Mark the connection lost, if it is still the one that was seen and is not lost already."""
    return await _settle(
        session, row, token, state=ConnectionState.LOST, lost_reason=reason, state_since=now, trouble=None
    )


async def _settle(session: AsyncSession, row: KommoConnection, token: int, **values: Any) -> bool:
    statement = (
        update(KommoConnection)
        .where(
            KommoConnection.id == row.id,
            KommoConnection.lease_token == token,
            KommoConnection.state == ConnectionState.CONNECTED,
        )
        # Whoever read the row while the claim was held must not claim what was renewed meanwhile.
        .values(lease_until=None, lease_token=KommoConnection.lease_token + 1, **values)
        .returning(KommoConnection.id)
    )
    return (await session.execute(statement)).first() is not None
