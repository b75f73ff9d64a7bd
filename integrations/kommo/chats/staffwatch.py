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

from integrations.coalesce import Coalescer
from integrations.database import Sessions, transaction
from integrations.kommo.chats.inbox import InboxRules, staff_wrote
from integrations.kommo.chats.models import Conversation, Message, Outbox
from integrations.kommo.chats.talkreader import read_talk
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import Forbidden, PaymentRequired

log = structlog.get_logger(__name__)

ROBOT = 0
"""`created_by` of what no person did."""
OVERLAP = timedelta(seconds=5)
"""How far each look reaches back behind the newest event seen: Kommo lists late ones in between."""
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
        self._looks: Coalescer[tuple[int, datetime], Sequence[Outgoing]] = Coalescer(self._look, 1000)

    async def bring_up_to_date(
        self, sessions: Sessions, talk_id: int, since: datetime, rules: InboxRules, now: datetime
    ) -> None:
        """Make sure that what people sent in this talk since then is in the inbox; raises `KommoError`."""
        sent = await self._looks.get((talk_id, since)) or ()
        unknown = await _unknown(sessions, [item for item in sent if item.by_person])
        if not unknown:
            return
        log.info("chat.unknown_outgoing_message", talk=talk_id, messages=len(unknown))
        try:
            await read_talk(sessions, self._client, talk_id, since, rules, now)
        except (Forbidden, PaymentRequired):
            # Without the add-on the author cannot be read: a message that is not ours counts as a person's.
            await _take_as_staff(sessions, talk_id, max(item.at for item in unknown), rules)

    async def _look(self, wanted: Sequence[tuple[int, datetime]]) -> Mapping[tuple[int, datetime], Sequence[Outgoing]]:
        start = min(since for _, since in wanted)
        newest = max((item.at for item in self._seen.values()), default=None)
        covered = self._covered_from is not None and start >= self._covered_from
        reach = newest - OVERLAP if covered and newest is not None else start
        async for event in self._client.outgoing_message_events(since=reach):
            if event.message_id and event.created_at:
                self._seen[event.message_id] = Outgoing(
                    event.message_id, event.talk_id, event.created_by != ROBOT, event.created_at
                )
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


async def _take_as_staff(sessions: Sessions, talk_id: int, at: datetime, rules: InboxRules) -> None:
    async with transaction(sessions) as session:
        query = select(Conversation).where(Conversation.talk_id == talk_id).with_for_update()
        for conversation in (await session.execute(query)).scalars():
            staff_wrote(conversation, at, rules)
