"""Who the account is, and what its token says and allows. One call."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from integrations.kommo.check.expected import Expected
from integrations.kommo.client import KommoClient
from integrations.kommo.endpoints.account import TokenFacts
from integrations.kommo.endpoints.talks import READ_SCOPE, SEND_SCOPE
from integrations.kommo.errors import (
    Blocked,
    Forbidden,
    KommoError,
    NotSent,
    PaymentRequired,
    RateLimited,
    Unauthorized,
    Unclear,
)
from integrations.kommo.findings import Code, Finding, finding
from integrations.kommo.schemas import Account

SOON = timedelta(days=30)
"""A token that ends sooner is warned of."""

LONG_LIVED = timedelta(days=1, hours=1)
"""An access token that lives longer than OAuth's 24 hours was made by hand."""

CRM_SCOPE = "crm"
BOXES = {SEND_SCOPE: "Sending to external chats", READ_SCOPE: "External chat history"}
"""What the scopes are called in Kommo's form."""


async def account_findings(client: KommoClient, expected: Expected) -> list[Finding]:
    """About the token first, which needs no call, then about the account. Raises nothing of Kommo's."""
    facts = await client.token_facts()
    token = [*token_findings(facts, expected.token_renews, datetime.now(UTC)), *scope_findings(facts.scopes)]
    try:
        return [*_account(await client.account(), expected), *token]
    except KommoError as error:
        return [_no_account(error), *token]


def _account(account: Account, expected: Expected) -> Iterator[Finding]:
    yield finding(Code.ACCOUNT_FOUND, account=account.name, id=account.id)
    if expected.account_id is None:
        yield finding(Code.ACCOUNT_ID_UNSET, id=account.id)
    elif expected.account_id != account.id:
        yield finding(Code.ACCOUNT_OTHER_ID, id=account.id, expected=expected.account_id)


def _no_account(error: KommoError) -> Finding:
    match error:
        case Unauthorized():
            return finding(Code.ACCOUNT_TOKEN_REFUSED)
        case Blocked():
            return finding(Code.ACCOUNT_BLOCKED)
        case PaymentRequired():
            return finding(Code.ACCOUNT_UNPAID, detail=error.detail or error.title)
        case Forbidden():
            return finding(Code.ACCOUNT_FORBIDDEN)
        case NotSent() | Unclear():
            return finding(Code.ACCOUNT_UNREACHABLE, reason=error.reason)
        case RateLimited():
            return finding(Code.ACCOUNT_BUSY)
        case _:
            return finding(Code.ACCOUNT_ODD_ANSWER, detail=str(error))


def token_findings(facts: TokenFacts, renews: bool, now: datetime) -> list[Finding]:
    """How long the token lives."""
    if facts.expires_at is None:
        return [finding(Code.TOKEN_UNREADABLE)]
    long_lived = facts.issued_at is None or facts.expires_at - facts.issued_at > LONG_LIVED
    if renews and not long_lived:
        return [finding(Code.TOKEN_RENEWED)]
    if facts.expires_at <= now:
        return [finding(Code.TOKEN_EXPIRED, until=facts.expires_at)]
    days = (facts.expires_at - now).days
    code = Code.TOKEN_EXPIRES_SOON if facts.expires_at - now < SOON else Code.TOKEN_VALID
    return [finding(code, until=facts.expires_at, days=days)]


def scope_findings(scopes: frozenset[str] | None) -> list[Finding]:
    """Which scopes the token lacks, each with the box to tick."""
    if scopes is None:
        return [finding(Code.SCOPES_UNREADABLE)]
    lacking = [finding(Code.SCOPE_CRM_MISSING)] if CRM_SCOPE not in scopes else []
    lacking += [finding(Code.SCOPE_CHAT_MISSING, scope=s, box=box) for s, box in BOXES.items() if s not in scopes]
    return lacking or [finding(Code.SCOPES_COMPLETE, scopes=", ".join(sorted(scopes)))]
