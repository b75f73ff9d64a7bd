"""Is the service alive, can it do its work, and what is it doing: for load balancers, operators and Prometheus."""

from datetime import UTC, datetime

from litestar import MediaType, Request, Response, get
from litestar.datastructures import State
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from integrations.database import Sessions, transaction
from integrations.kommo.chats.models import Conversation, Outbox
from integrations.kommo.connection.status import connection_status, is_connected
from integrations.kommo.models import EventState, KommoAccount, KommoEvent
from integrations.settings import Settings
from migrations.upgrade import pending


@get("/health/live", sync_to_thread=False)
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/health/ready")
async def ready(request: Request[None, None, State]) -> Response[dict[str, str | list[str]]]:
    """200 when the database is reachable and migrated; else 503 with what to do.

    What is wrong with Kommo is a warning and no reason to be cut off: webhooks are to be stored all the same
    (docs/decisions/0006-a-lost-connection-is-a-warning.md).
    """
    state = request.app.state
    problem = await _problem(state.engine)
    if problem is not None:
        return Response({"status": "unavailable", "problem": problem}, status_code=HTTP_503_SERVICE_UNAVAILABLE)
    warnings = await _warnings(state.sessions, state.settings)
    return Response({"status": "ok", **({"warnings": warnings} if warnings else {})}, status_code=HTTP_200_OK)


async def _warnings(sessions: Sessions, settings: Settings) -> list[str]:
    """What keeps the assistant from answering although this process works."""
    found = []
    async with transaction(sessions) as session:
        status = await connection_status(session, settings, datetime.now(UTC))
    if status.warning is not None:
        found.append(status.warning)
    if settings.webhook_secret is None and not settings.vault_keys:
        found.append("No webhook can come in: set AUTOPRIME_SECRET_KEYS, or AUTOPRIME_WEBHOOK_SECRET.")
    return found


async def _problem(engine: AsyncEngine) -> str | None:
    try:
        if await pending(engine):
            return "The database lacks a migration: run `autoprime migrate`."
    except Exception as error:
        return f"The database does not answer ({type(error).__name__}): check DATABASE_URL and the server."
    return None


@get("/metrics", media_type=MediaType.TEXT)
async def metrics(request: Request[None, None, State]) -> Response[bytes]:
    """Counts from the database, the one truth of all processes, in Prometheus' text format."""
    registry = CollectorRegistry()
    await _measure(request.app.state.sessions, request.app.state.settings, registry)
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _measure(sessions: Sessions, settings: Settings, registry: CollectorRegistry) -> None:
    events = Gauge("autoprime_events", "Kommo events by state", ["state"], registry=registry)
    outbox = Gauge("autoprime_outbox", "Outbox rows by kind and state", ["kind", "state"], registry=registry)
    due = Gauge("autoprime_conversations_due", "Conversations with unanswered messages", registry=registry)
    connected = Gauge("autoprime_kommo_connected", "1 while the account's access is good", registry=registry)
    swept = Gauge("autoprime_sweep_age_seconds", "Seconds since the last sweep began", registry=registry)
    async with transaction(sessions) as session:
        for state in EventState:
            events.labels(state.value).set(0)
        for state_name, number in (
            await session.execute(select(KommoEvent.state, func.count()).group_by(KommoEvent.state))
        ).all():
            events.labels(state_name).set(number)
        rows = await session.execute(
            select(Outbox.kind, Outbox.state, func.count()).group_by(Outbox.kind, Outbox.state)
        )
        for kind, state_name, number in rows.all():
            outbox.labels(kind, state_name).set(number)
        due.set((await session.execute(select(func.count()).where(Conversation.due_at.is_not(None)))).scalar_one())
        swept.set(await _sweep_age(session))
        connected.set(await is_connected(session, settings, datetime.now(UTC)))


async def _sweep_age(session: AsyncSession) -> float:
    newest = (await session.execute(select(func.max(KommoAccount.swept_at)))).scalar_one_or_none()
    return (datetime.now(UTC) - newest).total_seconds() if newest else -1.0
