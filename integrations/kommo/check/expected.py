"""What the service expects of an account, from its settings and from what others counted. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from integrations.kommo.setup.wanted import Wanted, wanted_fields
from integrations.settings import ReplyPath, Settings


@dataclass(frozen=True)
class PaidMessages:
    """Messages that the add-on counts, as far as we can: `sent` by us, of `limit`; None when it is not known."""

    sent: int
    limit: int | None = None


@dataclass(frozen=True)
class Heard:
    """When Kommo's last event arrived here; None when none ever did."""

    at: datetime | None


@dataclass(frozen=True)
class Expected:
    """What an account is checked against."""

    wanted: Wanted
    account_id: int | None
    origins: frozenset[str]
    reply_path: ReplyPath
    reply_bot: str
    reply_field: str
    token_renews: bool = False
    """Whether the token is renewed by itself (OAuth); a long-lived one ends for good."""
    paid: PaidMessages | None = None
    heard: Heard | None = None
    """None when nobody looked."""


def expected_of(
    settings: Settings,
    webhook: SecretStr | None,
    known_fields: Mapping[str, int],
    *,
    token_renews: bool = False,
    paid: PaidMessages | None = None,
    heard: Heard | None = None,
) -> Expected:
    """What these settings expect; `webhook` is the address Kommo should post to, None when it is not set up."""
    return Expected(
        Wanted(webhook, wanted_fields(settings.reply_field), known_fields),
        settings.kommo_account_id,
        settings.allowed_origins,
        settings.reply_path,
        settings.reply_bot,
        settings.reply_field,
        token_renews,
        paid,
        heard,
    )
