"""Paid messages: how many `send_message` calls of this month Kommo counted, and whether it refused one lately.

Derived from the outbox; what other programs send through the same account is not in it. When Kommo's own count starts
anew is not documented: the shop's calendar month is assumed. Takes a session, never commits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.chats.models import Outbox, OutboxKind
from integrations.kommo.models import KommoAccount
from integrations.settings import SHOP_ZONE

WARN_AT = 0.8
LATELY = timedelta(hours=24)
NOTED_EVERY = timedelta(minutes=1)
TALKS = "talks"
"""The way whose messages are paid for."""


@dataclass(frozen=True)
class PaidMessages:
    """The month so far. `included` and `left` are None when it is not known how many there are."""

    since: datetime
    used: int
    included: int | None
    left: int | None
    running_out: bool
    """Four fifths are used, or all."""
    refused_at: datetime | None
    """When Kommo last answered 402, if that was within a day: replies go through the Salesbot."""

    @property
    def notice(self) -> str | None:
        """What the staff should know, if anything."""
        if self.refused_at is not None:
            return (
                "O Kommo recusou mensagens pagas (erro 402): acabaram, ou o plano não as inclui. As respostas estão "
                "saindo pelo Salesbot, se ele estiver montado. Compre mais mensagens no Kommo."
            )
        if self.running_out:
            return f"{self.used} de {self.included} mensagens pagas já foram usadas neste mês. Compre mais no Kommo."
        return None


async def paid_messages(
    session: AsyncSession, now: datetime, included: int, base_url: str | None = None
) -> PaidMessages:
    """What this month used of the `included` messages (0 = unknown), and the last refusal of the account."""
    since = now.astimezone(SHOP_ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).where(
        Outbox.kind == OutboxKind.MESSAGE, Outbox.way == TALKS, Outbox.sent_at >= since, Outbox.sent_at <= now
    )
    used = (await session.execute(query)).scalar_one()
    refused_at = await _refused_at(session, base_url)
    return PaidMessages(
        since=since,
        used=used,
        included=included or None,
        left=max(0, included - used) if included else None,
        running_out=bool(included) and used >= included * WARN_AT,
        refused_at=refused_at if refused_at is not None and now - refused_at < LATELY else None,
    )


async def _refused_at(session: AsyncSession, base_url: str | None) -> datetime | None:
    query = select(func.max(KommoAccount.payment_refused_at))
    if base_url is not None:
        query = query.where(KommoAccount.base_url == base_url)
    return (await session.execute(query)).scalar_one_or_none()


async def note_payment_refused(session: AsyncSession, base_url: str, now: datetime) -> None:
    """Note that Kommo answered 402 to a message, at most once a minute."""
    last = KommoAccount.payment_refused_at
    stale = or_(last.is_(None), last < now - NOTED_EVERY)
    await session.execute(
        update(KommoAccount).where(KommoAccount.base_url == base_url, stale).values(payment_refused_at=now)
    )
