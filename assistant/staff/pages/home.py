"""Início: what waits for somebody, at a glance. The numbers renew themselves; that alone keeps no session alive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from litestar import Response, get
from litestar.di import NamedDependency
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.handoffs.models import STILL_OPEN, Handoff, HandoffState
from assistant.staff.roles import Role
from assistant.staff.web.areas import Area, Place
from assistant.staff.web.rendering import page
from assistant.staff.web.visit import StaffRequest
from integrations.brazil import local
from integrations.kommo.chats.models import Conversation, Outbox, OutboxKind
from integrations.kommo.chats.parked import count_parked


@dataclass(frozen=True)
class Count:
    """One number of the first page, with what it means."""

    label: str
    number: int
    meaning: str
    icon: str
    urgent: bool = False


@get("/inicio", lowest=Role.ATENDENTE)
async def show_home(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """The page."""
    return page(request, "home.html", counts=await counts(session, datetime.now(UTC)), now=datetime.now(UTC))


@get("/inicio/numeros", lowest=Role.ATENDENTE, unattended=True)
async def show_numbers(request: StaffRequest, session: NamedDependency[AsyncSession]) -> Response[str]:
    """The numbers alone, for the page to renew itself."""
    now = datetime.now(UTC)
    return page(request, "home.html", block="numbers", counts=await counts(session, now), now=now)


async def counts(session: AsyncSession, now: datetime) -> Sequence[Count]:
    """The numbers as of `now`; each query is answered from an index of just these rows."""
    waiting = await session.scalar(select(func.count()).where(Conversation.due_at.is_not(None))) or 0
    open_matters = select(func.count(), func.count().filter(Handoff.state == HandoffState.ESCALATED))
    handed, late = (await session.execute(open_matters.where(Handoff.state != HandoffState.CLOSED))).one()
    parked = await count_parked(session)
    midnight = datetime.combine(local(now).date(), time(), local(now).tzinfo)
    sent_today = (Outbox.kind == OutboxKind.MESSAGE) & (Outbox.sent_at >= midnight)
    sent = await session.scalar(select(func.count()).where(sent_today)) or 0
    return (
        Count("Esperando resposta", waiting, "conversas que o assistente vai responder", "chat"),
        Count("Passadas para a equipe", handed, _late_words(late), "people", urgent=late > 0),
        Count("Paradas", parked, "envios e avisos que precisam de alguém", "pause", parked > 0),
        Count("Enviadas hoje", sent, "mensagens do assistente", "send"),
    )


def _late_words(late: int) -> str:
    if not late:
        return "assuntos que esperam uma pessoa"
    return f"assuntos que esperam uma pessoa, {late} além do prazo"


assert set(STILL_OPEN) == set(HandoffState) - {HandoffState.CLOSED}

AREA = Area("Início", "/inicio", Role.ATENDENTE, (show_home, show_numbers), Place.HOME)
