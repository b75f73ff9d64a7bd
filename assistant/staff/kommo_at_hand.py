"""The account in use, for handlers that call Kommo: opened with what is expected of it, no transaction left open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.staff.web.parts import StaffParts
from integrations.database import transaction
from integrations.kommo.check.current import expected_now
from integrations.kommo.check.expected import Expected
from integrations.kommo.client import KommoClient
from integrations.kommo.connection.accounts import kommo_account
from integrations.kommo.mapping.choices import Chosen
from integrations.settings import WrongSettings

NOT_CONNECTED = "Conecte o Kommo primeiro, em Configurações › Kommo."
NO_KEY = "Falta uma chave no servidor (AUTOPRIME_SECRET_KEYS): avise quem cuida dele."
UNREACHABLE = "O Kommo não respondeu como devia ({error}). Tente de novo em um minuto."


class NoAccount(Exception):
    """There is no account to look at; the text says what to do."""


@dataclass(frozen=True)
class AtHand:
    """The account in use, and what is expected of it."""

    client: KommoClient
    expected: Expected
    chosen: Chosen


@asynccontextmanager
async def at_hand(parts: StaffParts) -> AsyncIterator[AtHand]:
    """The account in use; raises `NoAccount`."""
    try:
        account = await kommo_account(parts.settings, parts.sessions)
        if account is None:
            raise NoAccount(NOT_CONNECTED)
        async with transaction(parts.sessions) as session:
            expected, chosen = await expected_now(session, parts.settings, account, datetime.now(UTC))
    except WrongSettings:
        raise NoAccount(NO_KEY) from None
    async with account.client(parts.settings, parts.sessions) as client:
        yield AtHand(client, expected, chosen)
