"""What the account in use is checked against: the settings, the stored choices, the webhook's address, what was paid.

Reads the database and calls nobody.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from integrations.kommo.check.expected import Expected, PaidMessages, expected_of
from integrations.kommo.check.heard import last_heard
from integrations.kommo.connection.accounts import Account
from integrations.kommo.connection.models import ConnectionKind
from integrations.kommo.connection.paid import paid_messages
from integrations.kommo.connection.status import connection_status
from integrations.kommo.connection.webhook_secrets import webhook_address
from integrations.kommo.mapping.choices import Chosen
from integrations.kommo.mapping.store import load_chosen
from integrations.settings import Settings


async def expected_now(
    session: AsyncSession, settings: Settings, account: Account, now: datetime
) -> tuple[Expected, Chosen]:
    """What is expected of the account, and what was chosen of it."""
    chosen = await load_chosen(session)
    has_secret = settings.webhook_secret is not None or settings.secret_keys is not None
    address = await webhook_address(session, settings) if has_secret else None
    paid = await paid_messages(session, now, settings.paid_messages, account.base_url)
    status = await connection_status(session, settings, now)
    expected = expected_of(
        settings,
        address,
        chosen.field_ids,
        token_renews=status.kind is ConnectionKind.OAUTH,
        paid=PaidMessages(paid.used, paid.included),
        heard=await last_heard(session),
    )
    return expected, chosen
