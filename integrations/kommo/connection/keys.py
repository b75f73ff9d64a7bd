"""Sealing what is stored with the first key of AUTOPRIME_SECRET_KEYS, so that older keys can be thrown away.

Takes a session, never commits. Each row is locked, so a renewal that stores new tokens meanwhile is not undone.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from integrations.kommo.connection.models import KommoConnection, WebhookSecret
from integrations.kommo.connection.vault import Vault

Sealed = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]

SEALED: tuple[Sealed, ...] = (
    KommoConnection.access_token,
    KommoConnection.refresh_token,
    KommoConnection.previous_refresh_token,
    WebhookSecret.secret,
)
"""Every column of this folder that holds something sealed."""


async def rotate_keys(session: AsyncSession, vault: Vault, columns: Sequence[Sealed] = SEALED) -> int:
    """Seal all of it with the first key; how many values. Raises `Unopened` when a key is missing."""
    done = 0
    for column in columns:
        query = select(column.class_).where(column.is_not(None)).with_for_update()
        for row in (await session.execute(query)).scalars():
            setattr(row, column.key, vault.reseal(getattr(row, column.key)))
            done += 1
    await session.flush()
    return done
