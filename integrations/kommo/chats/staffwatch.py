"""Has a person answered meanwhile? One account-wide look at Kommo's events serves every reply that waits for it.

Kommo's event list tells who sent an outgoing chat message and when, without its text (`GET /events`, type
`outgoing_chat_message`). A message in it that is not known yet is read from its talk, where the author's type is
certain, and goes through the inbox like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.coalesce import Coalescer
from integrations.database import Sessions, transaction
from integrations.kommo.chats.inbox import InboxRules
from integrations.kommo.chats.models import Conversation, Message, Outbox
from integrations.kommo.chats.takeover import staff_wrote
from integrations.kommo.chats.talkreader import read_talk, talk_of
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import Forbidden, PaymentRequired
from integrations.kommo.schemas import Event

log = structlog.get_logger(__name__)

ROBOT = 0
"""`created_by` of what no person did."""
OVERLAP = timedelta(seconds=5)
"""How far each look reaches back behind the newest event seen: Kommo lists late ones in between."""
MOST = 1000
GATHER = 1.0
"""Seconds a look waits for company in a rush."""
KEEP = timedelta(hours=2)


@dataclass(frozen=True)
class Outgoing:
    """One chat message that left the account. `by_person` may also be our own call, made in a person's name."""

    message_id: str
    talk_id: int | None
    by_person: bool
    at: datetime


class StaffWatch:
    """Looks for outgoing messages that are not ours; one instance a worker process."""

    def __init__(self, client: KommoClient) -> None:
        self._client = client
        self._seen: dict[str, Outgoing] = {}
        self._covered_from: datetime | None = None
        self._looks: Coalescer[tuple[int, datetime], Sequence[Outgoing]] = Coalescer(self._look, MOST, GATHER)

    async def bring_up_to_date(
        self, sessions: Sessions, conversation: Conversation, since: datetime, rules: InboxRules, now: datetime
    ) -> None:
        """Make sure that what people sent in this chat since then is in the inbox; raises `KommoError`."""
        if conversation.talk_id is None:
            return
        sent = await self._looks.get((conversation.talk_id, since)) or ()
        unknown = await _unknown(sessions, [item for item in sent if item.by_person])
        if not unknown:
            return
        log.info("chat.unknown_outgoing_message", conversation=conversation.id, messages=len(unknown))
        talk = talk_of(conversation, conversation.talk_id)
        try:
            await read_talk(sessions, self._client, talk, rules, now, also_from=since)
        except (Forbidden, PaymentRequired):
            # Without the add-on the author cannot be read: a message that is not ours counts as a person's.
            await _take_as_staff(sessions, conversation.id, max(item.at for item in unknown), rules, now)

    async def _look(self, wanted: Sequence[tuple[int, datetime]]) -> Mapping[tuple[int, datetime], Sequence[Outgoing]]:
        start = min(since for _, since in wanted)
        newest = max((item.at for item in self._seen.values()), default=None)
        covered = self._covered_from is not None and start >= self._covered_from
        reach = newest - OVERLAP if covered and newest is not None else start
        # Taken over only when all pages are read: half a look would leave a gap that no later one closes.
        found = [_outgoing(event) async for event in self._client.outgoing_message_events(since=reach)]
        self._seen |= {item.message_id: item for item in found if item is not None}
        self._covered_from = start if self._covered_from is None else min(start, self._covered_from)
        self._forget(max((item.at for item in self._seen.values()), default=start))
        by_talk: dict[int | None, list[Outgoing]] = {}
        for sent in self._seen.values():
            by_talk.setdefault(sent.talk_id, []).append(sent)
        return {(talk, since): [sent for sent in by_talk.get(talk, ()) if sent.at >= since] for talk, since in wanted}

    def _forget(self, newest: datetime) -> None:
        """Keep two hours of events; an older question is asked of Kommo again."""
        horizon = newest - KEEP
        if self._covered_from is not None and self._covered_from < horizon:
            self._covered_from = horizon
            self._seen = {key: item for key, item in self._seen.items() if item.at >= horizon}


def _outgoing(event: Event) -> Outgoing | None:
    """The event's message; None when Kommo names no message or time."""
    if not event.message_id or event.created_at is None:
        return None
    return Outgoing(event.message_id, event.talk_id, event.created_by != ROBOT, event.created_at)


async def _unknown(sessions: Sessions, sent: Sequence[Outgoing]) -> list[Outgoing]:
    """Those that are neither in the inbox nor sent by us."""
    if not sent:
        return []
    ids = [item.message_id for item in sent]
    async with transaction(sessions) as session:
        stored = await session.execute(select(Message.kommo_id).where(Message.kommo_id.in_(ids)))
        ours = await session.execute(select(Outbox.kommo_id).where(Outbox.kommo_id.in_(ids)))
        known = set(stored.scalars()) | set(ours.scalars())
    return [item for item in sent if item.message_id not in known]


async def _take_as_staff(
    sessions: Sessions, conversation_id: int, at: datetime, rules: InboxRules, now: datetime
) -> None:
    async with transaction(sessions) as session:
        conversation = await session.get_one(Conversation, conversation_id, with_for_update=True)
        if not await _ours_in_flight(session, conversation_id):
            await staff_wrote(session, conversation, at, rules.takeover, now)


async def _ours_in_flight(session: AsyncSession, conversation_id: int) -> bool:
    """Whether a reply of ours may be that message: one whose sending ended unclear has no id yet."""
    unclear = select(Outbox.id).where(
        Outbox.conversation_id == conversation_id, Outbox.kommo_id.is_(None), Outbox.called_at.is_not(None)
    )
    return (await session.execute(unclear.limit(1))).first() is not None
