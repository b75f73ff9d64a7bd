"""Can chats be read, how many paid messages are left, which channels do customers write by. Sends nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from integrations.kommo.check.expected import Expected, Heard, PaidMessages
from integrations.kommo.client import KommoClient
from integrations.kommo.endpoints.talks import READ_SCOPE
from integrations.kommo.errors import Forbidden, NotFound, PaymentRequired
from integrations.kommo.findings import Code, Finding, finding
from integrations.kommo.schemas import Talk

RETRIED_AFTER = timedelta(minutes=20)
"""Kommo tries a failed event again after 5, then after 15 minutes: what has not come by then is lost."""

LOW = 0.8
"""Part of the paid messages from which on is warned."""


async def chat_findings(client: KommoClient, expected: Expected) -> list[Finding]:
    """Add-on, paid messages and channels. Raises `KommoError`."""
    talks = await client.talks()
    addon = await addon_finding(client, talks)
    heard = heard_findings(talks, expected.heard, datetime.now(UTC))
    return [*heard, addon, *paid_findings(expected.paid, addon), *origin_findings(talks, expected.origins)]


def heard_findings(talks: Iterable[Talk], heard: Heard | None, now: datetime) -> Iterator[Finding]:
    """Whether Kommo's events reach us: one should have come with the last change of a chat."""
    if heard is None:
        return
    if heard.at is None:
        yield finding(Code.WEBHOOK_NEVER_HEARD)
        return
    changed = max((talk.updated_at for talk in talks if talk.updated_at), default=heard.at)
    silent = changed - heard.at > RETRIED_AFTER
    yield finding(Code.WEBHOOK_SILENT if silent else Code.WEBHOOK_HEARD, ago=_ago(now - heard.at))


def _ago(passed: timedelta) -> str:
    """The same in both languages: `5 min`, `3 h`, `40 d`."""
    minutes = int(passed.total_seconds() // 60)
    hours = minutes // 60
    return f"{minutes} min" if minutes < 120 else f"{hours} h" if hours < 72 else f"{hours // 24} d"


async def addon_finding(client: KommoClient, talks: Sequence[Talk]) -> Finding:
    """Try to read the newest talk: Kommo names the plan nowhere else. Uses up no paid message."""
    if not talks:
        return finding(Code.CHATS_UNTRIED)
    try:
        await client.talk_messages(talks[0].talk_id, since=talks[0].updated_at)
    except Forbidden:
        return finding(Code.CHATS_NO_SCOPE, scope=READ_SCOPE)
    except PaymentRequired as error:
        return finding(Code.CHATS_NO_ADDON, detail=error.detail or error.title)
    except NotFound:
        return finding(Code.CHATS_UNTRIED)
    return finding(Code.CHATS_READABLE)


def paid_findings(paid: PaidMessages | None, addon: Finding) -> Iterator[Finding]:
    """How many paid messages are used, as far as it is counted; nothing where the account has no add-on."""
    if addon.code in (Code.CHATS_NO_ADDON, Code.CHATS_NO_SCOPE):
        return
    if paid is None:
        yield finding(Code.PAID_NOT_COUNTED)
    elif paid.limit is None:
        yield finding(Code.PAID_LIMIT_UNKNOWN, sent=paid.sent)
    elif paid.sent >= paid.limit:
        yield finding(Code.PAID_USED_UP, sent=paid.sent, limit=paid.limit)
    else:
        code = Code.PAID_LOW if paid.sent >= LOW * paid.limit else Code.PAID_LEFT
        yield finding(code, sent=paid.sent, limit=paid.limit, left=paid.limit - paid.sent)


def origin_findings(talks: Iterable[Talk], answered: frozenset[str]) -> list[Finding]:
    """The channels of the newest talks against those that are answered."""
    seen = Counter(talk.origin for talk in talks if talk.origin)
    if not seen:
        return [finding(Code.ORIGINS_NONE_SEEN, origins=", ".join(sorted(answered)))]
    found = [
        finding(Code.ORIGIN_ANSWERED if origin in answered else Code.ORIGIN_NOT_ANSWERED, origin=origin, talks=count)
        for origin, count in sorted(seen.items())
    ]
    unseen = sorted(answered - set(seen))
    return [*found, *(finding(Code.ORIGIN_NOT_SEEN, origin=origin) for origin in unseen)]
