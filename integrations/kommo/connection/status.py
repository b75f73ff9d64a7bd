"""How the connection stands, in words: for the staff's pages (pt-BR) and for `/health/ready` (English).

Reads rows only; calls nobody and opens no secret.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.connection import store
from integrations.kommo.connection.models import ConnectionKind, ConnectionState, KommoConnection, LostReason, Trouble
from integrations.kommo.models import KommoAccount
from integrations.settings import SHOP_ZONE, Settings

REFUSED_LATELY = timedelta(minutes=10)
"""A token of the environment counts as refused while a refusal is so fresh; the sweep asks every minute."""
ENDS_SOON = timedelta(days=14)

CONNECT_AGAIN = "Conecte a conta de novo."
WHY_LOST = {
    LostReason.REVOKED: "O Kommo não renova mais o acesso: a integração foi desconectada ou desativada na conta.",
    LostReason.TOKEN_REFUSED: "O Kommo não aceita mais o token: ele venceu ou foi revogado na integração.",
    LostReason.NEW_TOKEN_REFUSED: "O Kommo renovou o acesso e recusou logo em seguida: confira a integração na conta.",
    LostReason.CLIENT_REFUSED: "O Kommo não aceita mais a chave secreta da integração: ela foi trocada.",
    LostReason.ACCOUNT_GONE: "A conta não existe mais neste endereço.",
}
WHY_TROUBLE = {
    Trouble.UNREACHABLE: "O Kommo não respondeu ao renovar o acesso. O sistema tenta de novo sozinho.",
    Trouble.REFUSED_CLIENT: (
        "O Kommo não aceita o ID ou a chave secreta da integração. Confira AUTOPRIME_KOMMO_CLIENT_ID e "
        "AUTOPRIME_KOMMO_CLIENT_SECRET no servidor."
    ),
    Trouble.NO_CLIENT: (
        "Faltam AUTOPRIME_KOMMO_CLIENT_ID e AUTOPRIME_KOMMO_CLIENT_SECRET no servidor para renovar o acesso."
    ),
}


class Source(StrEnum):
    """Where the connection comes from."""

    ENVIRONMENT = "environment"
    STORED = "stored"
    NONE = "none"


@dataclass(frozen=True)
class ConnectionStatus:
    """The connection as a page shows it. No token, and nothing to make one of."""

    source: Source
    base_url: str | None = None
    account_id: int | None = None
    kind: ConnectionKind | None = None
    lost: bool = False
    since: datetime | None = None
    """Since when it is connected or lost."""
    text: str | None = None
    """pt-BR: what is wrong and what to do; None when nothing is."""
    warning: str | None = None
    """The same in English, for operators."""
    scopes: tuple[str, ...] | None = None
    expires_at: datetime | None = None
    connected_at: datetime | None = None
    connected_by: int | None = None


async def connection_status(session: AsyncSession, settings: Settings, now: datetime) -> ConnectionStatus:
    """How the connection of the account in use stands."""
    if settings.kommo_url is not None and (settings.kommo_token is not None or await store.current(session) is None):
        return await _of_environment(session, settings.kommo_url.rstrip("/"), now)
    row = await store.current(session)
    if row is None:
        return ConnectionStatus(
            Source.NONE,
            text="Nenhuma conta do Kommo está conectada. Clique em “Conectar Kommo”.",
            warning="No Kommo account is connected: connect one on the settings page, or set AUTOPRIME_KOMMO_URL "
            "and AUTOPRIME_KOMMO_TOKEN.",
        )
    return _of_row(row, now)


async def is_connected(session: AsyncSession, settings: Settings, now: datetime) -> bool:
    """Whether there is an account and its access is good as far as we know."""
    status = await connection_status(session, settings, now)
    return status.source is not Source.NONE and not status.lost


async def _of_environment(session: AsyncSession, base_url: str, now: datetime) -> ConnectionStatus:
    account = await session.get(KommoAccount, base_url)
    refused_at = account.token_refused_at if account else None
    lost = refused_at is not None and now - refused_at < REFUSED_LATELY
    return ConnectionStatus(
        Source.ENVIRONMENT,
        base_url,
        account.account_id if account else None,
        ConnectionKind.LONG_LIVED,
        lost=lost,
        since=refused_at if lost else None,
        text=f"{WHY_LOST[LostReason.TOKEN_REFUSED]} Troque AUTOPRIME_KOMMO_TOKEN no servidor." if lost else None,
        warning="Kommo refuses AUTOPRIME_KOMMO_TOKEN: make a new token and restart the workers." if lost else None,
    )


def _of_row(row: KommoConnection, now: datetime) -> ConnectionStatus:
    text, warning = _trouble(row, now)
    return ConnectionStatus(
        Source.STORED,
        row.base_url,
        row.account_id,
        ConnectionKind(row.kind),
        lost=row.state == ConnectionState.LOST,
        since=row.state_since,
        text=text,
        warning=warning,
        scopes=tuple(row.scopes) if row.scopes is not None else None,
        expires_at=row.expires_at,
        connected_at=row.connected_at,
        connected_by=row.connected_by,
    )


def _trouble(row: KommoConnection, now: datetime) -> tuple[str | None, str | None]:
    """What is wrong, in both languages."""
    if row.lost_reason is not None:
        return (
            f"{WHY_LOST[LostReason(row.lost_reason)]} {CONNECT_AGAIN}",
            f"The connection to Kommo is lost ({row.lost_reason}): connect the account again on the settings page.",
        )
    if row.trouble is not None and (row.trouble != Trouble.UNREACHABLE or _expired(row, now)):
        return WHY_TROUBLE[Trouble(row.trouble)], f"The access to Kommo cannot be renewed ({row.trouble})."
    if row.refresh_token is None and row.expires_at is not None and row.expires_at - now < ENDS_SOON:
        day = row.expires_at.astimezone(SHOP_ZONE).date()
        return (
            f"O token do Kommo vence em {day:%d/%m/%Y}. Gere outro na integração e conecte de novo.",
            f"The long-lived token ends on {day:%Y-%m-%d}: make a new one and connect again.",
        )
    return None, None


def _expired(row: KommoConnection, now: datetime) -> bool:
    return row.expires_at is not None and row.expires_at <= now
