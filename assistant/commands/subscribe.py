"""`autoprime subscribe`: tell Kommo where to post its events, and make the lead fields that are missing there."""

import asyncio

import click
import structlog

from assistant.problem import Problem
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.errors import KommoError
from integrations.kommo.pacing import Unlimited
from integrations.kommo.setup import ensure_lead_fields, prepare_mode_field, subscribe_webhook
from integrations.settings import Settings, WrongSettings, load_settings

log = structlog.get_logger(__name__)


@click.command(help="Subscribe this service's webhook in the Kommo account; safe to repeat.")
def command() -> None:
    changed = asyncio.run(subscribe(load_settings()))
    click.echo("Kommo now posts its events here." if changed else "Kommo already posts its events here.")


def webhook_url(settings: Settings) -> str:
    """The address Kommo posts to. It holds the secret: never log it."""
    if settings.webhook_secret is None:
        raise WrongSettings("AUTOPRIME_WEBHOOK_SECRET: is needed for the webhook's address and not set")
    return f"{settings.service_url}/webhooks/kommo/{settings.webhook_secret.get_secret_value()}"


async def subscribe(settings: Settings) -> bool:
    """Subscribe the webhook; True when something had to be changed."""
    base_url, token = settings.kommo_account()
    async with KommoClient(base_url, StaticToken(token), Unlimited(), settings.kommo_timeout) as client:
        try:
            changed = await subscribe_webhook(client, webhook_url(settings))
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
