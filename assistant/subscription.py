"""Makes an account post its events to this service, and makes the lead fields that are missing there.

Kept apart from the database: `autoprime run` needs only this, and starts sooner without SQLAlchemy.
"""

import structlog
from pydantic import SecretStr

from assistant.problem import Problem
from integrations.kommo.client import KommoClient, TokenProvider
from integrations.kommo.errors import KommoError
from integrations.kommo.pacing import Unlimited
from integrations.kommo.setup import ensure_lead_fields, prepare_mode_field, subscribe_webhook

log = structlog.get_logger(__name__)


async def subscribe(base_url: str, tokens: TokenProvider, destination: SecretStr, call_seconds: float) -> bool:
    """Subscribe the webhook; True when something had to be changed. `destination` holds the secret."""
    async with KommoClient(base_url, tokens, Unlimited(), call_seconds) as client:
        try:
            changed = await subscribe_webhook(client, destination.get_secret_value())
            await _prepare_fields(client)
            return changed
        except KommoError as error:
            raise Problem(
                f"Kommo refused the webhook: {error}. Check the token's rights (admin) and the plan."
            ) from error


async def _prepare_fields(client: KommoClient) -> None:
    """Our fields of the lead. Without them everything else works, so a refusal stops nothing."""
    try:
        await prepare_mode_field(client)
        await ensure_lead_fields(client)
    except KommoError as error:
        log.warning("kommo.lead_fields_refused", error=type(error).__name__)
