"""The sweep: messages that no webhook brought are found by reading the talks that moved.

Once a minute the talks in work are listed (one call for 250 of them). A talk whose `updated_at` is explained by a
message already stored is left alone; only the others are read. The same minute finds rows whose job vanished.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from integrations.database import Sessions, transaction
from integrations.kommo.chats.inbox import InboxRules
from integrations.kommo.chats.models import Conversation, Message
from integrations.kommo.chats.talkreader import chat_key, mark_seen, read_talk, seen_until
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import Blocked, Forbidden, NotFound, PaymentRequired, Unauthorized
from integrations.kommo.models import KommoAccount
from integrations.kommo.schemas import Talk

log = structlog.get_logger(__name__)

SLACK = timedelta(seconds=2)
"""A talk's `updated_at` may lie so much after the time of the message that moved it (assumed)."""
JUST_NOW = timedelta(minutes=1)


async def begin_sweep(sessions: Sessions, base_url: str, now: datetime, every: timedelta) -> bool:
    """Whether this process may sweep now; of all replicas one does in each interval."""
    async with transaction(sessions) as session:
        await session.execute(insert(KommoAccount).values(base_url=base_url).on_conflict_do_nothing())
        due = KommoAccount.swept_at.is_(None) | (KommoAccount.swept_at < now - every * 0.8)
        statement = update(KommoAccount).where(KommoAccount.base_url == base_url, due).values(swept_at=now)
        return (await session.execute(statement.returning(KommoAccount.base_url))).first() is not None


async def sweep_talks(sessions: Sessions, client: KommoClient, rules: InboxRules, now: datetime) -> None:
    """Read the talks in work that moved without our seeing why. Raises `KommoError` when the list cannot be had."""
    async for talk in client.all_talks(only_in_work=True):
        if rules.answers(talk.origin or None) and await _is_unexplained(sessions, talk, rules, now):
            await _read(sessions, client, talk, rules, now)


async def _read(sessions: Sessions, client: KommoClient, talk: Talk, rules: InboxRules, now: datetime) -> None:
    """Read one talk; what is wrong with it must not keep the others from being read."""
    try:
        await read_talk(sessions, client, talk, rules, now)
    except (Blocked, Unauthorized, Forbidden, PaymentRequired):
        raise
    except NotFound:
        await mark_seen(sessions, talk, talk.updated_at or now)
    except Exception as error:
        log.warning("sweep.talk_not_read", talk=talk.talk_id, error=type(error).__name__)


async def _is_unexplained(sessions: Sessions, talk: Talk, rules: InboxRules, now: datetime) -> bool:
    """Whether the talk moved after it was last read, other than by messages that came in just now.

    A message that webhooks brought explains a change only for a minute: its neighbour may be the one that was lost.
    """
    moved = talk.updated_at or now
    if moved < now - rules.answer_within:
        return False
    seen = await seen_until(sessions, talk)
    if seen is not None and moved <= seen + SLACK:
        return False
    return now - moved > JUST_NOW or not await _has_message_since(sessions, talk, moved - SLACK)


async def _has_message_since(sessions: Sessions, talk: Talk, since: datetime) -> bool:
    async with transaction(sessions) as session:
        query = (
            select(Message.id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(Conversation.chat_key == chat_key(talk), Message.sent_at >= since)
            .limit(1)
        )
        return (await session.execute(query)).first() is not None
