"""What the page Saúde shows, read in a handful of cheap queries: connection, queue, sweep, parked rows, spending.

Takes a session, never commits, calls nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.spending import day_start, model_cost
from integrations.backlog import Backlog, backlog
from integrations.kommo.chats.parked import Parked, list_parked
from integrations.kommo.connection.paid import PaidMessages, paid_messages
from integrations.kommo.connection.status import ConnectionStatus, Source, connection_status
from integrations.kommo.models import KommoAccount
from integrations.settings import Settings

SLOW_QUEUE = timedelta(minutes=1)
"""A job that has been due for so long means that no worker runs, or that they cannot keep up."""
LATE_SWEEPS = 3
"""So many sweeps may be missed before the page calls it late."""


@dataclass(frozen=True)
class Spending:
    """US$ that the model has cost; `daily` is the budget, None when there is none."""

    today: Decimal
    month: Decimal
    daily: Decimal | None

    @property
    def used_up(self) -> bool:
        """Whether the embedded responder answers until midnight."""
        return self.daily is not None and self.today >= self.daily


@dataclass(frozen=True)
class Health:
    """How the service is, at one moment."""

    connection: ConnectionStatus
    paid: PaidMessages
    queue: Backlog
    swept_at: datetime | None
    sweep_late: bool
    spending: Spending
    parked: Sequence[Parked]

    @property
    def connected(self) -> bool:
        """Whether there is an account and nothing is known against it."""
        return self.connection.source is not Source.NONE and not self.connection.lost

    @property
    def queue_slow(self) -> bool:
        """Whether work waits for longer than it ever should."""
        return self.queue.oldest is not None and self.queue.oldest > SLOW_QUEUE

    @property
    def well(self) -> bool:
        """Whether nobody has to do anything."""
        troubles = (not self.connected, self.paid.notice, self.queue_slow, self.sweep_late, self.parked)
        return not any(troubles)


async def health(session: AsyncSession, settings: Settings, now: datetime) -> Health:
    """How the service is now."""
    connection = await connection_status(session, settings, now)
    swept_at, known_since = (
        await session.execute(select(func.max(KommoAccount.swept_at), func.max(KommoAccount.connected_at)))
    ).one()
    late_after = timedelta(seconds=LATE_SWEEPS * settings.sweep_seconds)
    today = day_start(now)
    return Health(
        connection=connection,
        paid=await paid_messages(session, now, settings.paid_messages, connection.base_url),
        queue=await backlog(session),
        swept_at=swept_at,
        sweep_late=connection.source is not Source.NONE and now - (swept_at or known_since or now) > late_after,
        spending=Spending(
            await model_cost(session, today),
            await model_cost(session, today.replace(day=1)),
            settings.model_daily_usd or None,
        ),
        parked=await list_parked(session),
    )
