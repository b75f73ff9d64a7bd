"""A conversation played as if Kommo were there: messages go in through the inbox, turns run, replies count as sent.

Everything between the inbox and the outbox is the service's own code. Time passes by moving what happened into the
past; on a stage with a clock of its own, by moving that clock ahead. Writes to the database it is given, speaks to
nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.answering import Answering
from assistant.conversation.turns import TurnRules, Turns, present
from assistant.decisions.desk import Desk
from assistant.handoffs.escalation import escalate_overdue
from integrations.contact import normal_phone
from integrations.database import Sessions, transaction
from integrations.kommo.chats.contacts import ContactBook
from integrations.kommo.chats.corrections import correct, take_back
from integrations.kommo.chats.inbox import InboxRules, Seen, receive
from integrations.kommo.chats.models import (
    AuthorType,
    Conversation,
    Direction,
    Message,
    Outbox,
    OutboxKind,
    OutboxState,
)
from integrations.kommo.chats.takeover import end_takeovers
from integrations.kommo.client import KommoClient

RULES = InboxRules(
    origins=frozenset({"waba", "instagram_business", "facebook"}),
    quiet=timedelta(0),
    cap=timedelta(seconds=30),
    takeover=timedelta(hours=12),
    answer_within=timedelta(hours=23),
    answer_from=datetime(2020, 1, 1, tzinfo=UTC),
)
TURN_RULES = TurnRules(RULES.cap)
PAST = {
    "message": ("sent_at", "created_at"),
    "outbox": ("answers_at", "created_at", "sending_at", "called_at", "sent_at", "settled_at", "next_at"),
    "attachment": ("wait_until", "next_at", "created_at"),
    "proposal": ("expires_at", "created_at", "closed_at"),
    "conversation": (
        "contact_checked_at", "quiet_until", "handed_back_at", "last_customer_at", "last_staff_at", "burst_since",
        "created_at",
    ),
    "handoff": ("opened_at", "escalate_at", "escalated_at", "closed_at"),
    "turn": ("started_at", "finished_at"),
}  # fmt: skip
"""The moments that move when time passes."""


class StageClock:
    """A clock set to a moment, which then goes on as clocks do and can be moved ahead."""

    def __init__(self, moment: datetime) -> None:
        self._ahead = moment - present()

    def __call__(self) -> datetime:
        return present() + self._ahead

    def move(self, time: timedelta) -> None:
        """Let so much time pass at once."""
        self._ahead += time


@dataclass(frozen=True)
class Sent:
    """One message of a customer; `kind` is Kommo's message_type."""

    text: str
    kind: str = "text"


@dataclass
class Person:
    """A customer on a phone, as Kommo knows them. `phone` None: a channel without numbers."""

    phone: str | None
    name: str | None = None
    chat: str = field(default_factory=lambda: uuid4().hex)
    lead_id: int = 1
    contact_id: int = 1
    origin: str = "waba"
    further_phones: tuple[str, ...] = ()
    """Other numbers of the same contact."""


class Stage:
    """Plays conversations; one for any number of persons."""

    def __init__(
        self,
        sessions: Sessions,
        client: KommoClient,
        desk: Desk,
        answering: Answering,
        rules: TurnRules = TURN_RULES,
        clock: StageClock | None = None,
    ) -> None:
        self.sessions = sessions
        self._client = client
        self._own_clock = clock
        self._clock = clock or present
        contacts = ContactBook(sessions, client)
        self._turns = Turns(sessions, contacts, desk, answering, rules, self._clock)

    async def writes(self, person: Person, *texts: str, kind: str = "text") -> list[str]:
        """The customer writes a burst; the replies to it, in order."""
        return await self.writes_burst(person, [Sent(written, kind) for written in texts])

    async def writes_burst(self, person: Person, messages: Sequence[Sent]) -> list[str]:
        """The customer sends a burst of any kinds; the replies to it, in order."""
        before = await self._last_outbox(person)
        for message in messages:
            await self.sends(person, message.text, kind=message.kind)
        await self._turn(person)
        return await self._deliver(person, before)

    async def sends(self, person: Person, written: str, kind: str = "text") -> str:
        """A message of the customer that nobody answers yet; Kommo's id of it."""
        return await self._receive(person, Direction.IN, AuthorType.EXTERNAL, written, kind)

    async def changes(self, person: Person, kommo_id: str, written: str) -> None:
        """The customer changes a message."""
        now = self._clock()
        async with transaction(self.sessions) as session:
            seen = _seen(person, Direction.IN, AuthorType.EXTERNAL, written, "text", now)
            await correct(session, replace(seen, kommo_id=kommo_id), RULES, "rehearsal", now)

    async def takes_back(self, kommo_id: str) -> None:
        """The customer deletes a message."""
        async with transaction(self.sessions) as session:
            await take_back(session, kommo_id, self._clock())

    async def staff_writes(self, person: Person, written: str) -> None:
        """A person of the shop writes in this chat."""
        await self._receive(person, Direction.OUT, AuthorType.INTERNAL, written, "text")

    async def passes(self, time: timedelta) -> None:
        """Let time pass: everything that happened in all conversations so far is that much longer ago."""
        if self._own_clock is not None:
            self._own_clock.move(time)
            return
        async with transaction(self.sessions) as session:
            for table, columns in PAST.items():
                moved = ", ".join(f"{column} = {column} - CAST(:time AS interval)" for column in columns)
                await session.execute(text(f"UPDATE {table} SET {moved}"), {"time": time})

    async def minute(self) -> None:
        """What happens each minute by the clock: take-overs end, what nobody reacted to is escalated."""
        now = self._clock()
        async with transaction(self.sessions) as session:
            await end_takeovers(session, now, RULES.answer_within)
        await escalate_overdue(self.sessions, self._client, now)

    async def goes_on(self, person: Person, time: timedelta) -> list[str]:
        """Time passes, and what the clock makes due happens; what is sent without a new message."""
        before = await self._last_outbox(person)
        await self.passes(time)
        await self.minute()
        if await self.conversation(person) is None:
            return []
        await self._turn(person)
        return await self._deliver(person, before)

    async def answers(self, person: Person) -> list[str]:
        """Run what is due in this chat without a new message; the replies."""
        before = await self._last_outbox(person)
        await self._turn(person)
        return await self._deliver(person, before)

    async def conversation(self, person: Person) -> Conversation | None:
        """The stored conversation of a person."""
        async with transaction(self.sessions) as session:
            return await _conversation(session, person)

    async def _receive(self, person: Person, direction: Direction, author: AuthorType, written: str, kind: str) -> str:
        now = self._clock()
        seen = _seen(person, direction, author, written, kind, now)
        async with transaction(self.sessions) as session:
            await receive(session, seen, RULES, "rehearsal", now)
            phones = list(filter(None, map(normal_phone, (person.phone, *person.further_phones))))
            known = {"phones": phones, "contact_name": person.name, "contact_checked_at": now}
            await session.execute(update(Conversation).where(Conversation.chat_key == person.chat).values(**known))
            if self._own_clock is not None:
                await session.execute(update(Message).where(Message.kommo_id == seen.kommo_id).values(created_at=now))
        return seen.kommo_id

    async def _turn(self, person: Person) -> None:
        conversation = await self.conversation(person)
        if conversation is not None:
            await self._turns.run(conversation.id)

    async def _last_outbox(self, person: Person) -> int:
        conversation = await self.conversation(person)
        if conversation is None:
            return 0
        async with transaction(self.sessions) as session:
            query = select(Outbox.id).where(Outbox.conversation_id == conversation.id).order_by(Outbox.id.desc())
            return (await session.execute(query.limit(1))).scalar_one_or_none() or 0

    async def _deliver(self, person: Person, after: int) -> list[str]:
        """Let the replies count as sent, and see them in the chat as Kommo would show them."""
        conversation = await self.conversation(person)
        assert conversation is not None
        now = self._clock()
        async with transaction(self.sessions) as session:
            query = select(Outbox).where(
                Outbox.conversation_id == conversation.id, Outbox.kind == OutboxKind.MESSAGE, Outbox.id > after
            )
            rows: Sequence[Outbox] = (await session.execute(query.order_by(Outbox.id))).scalars().all()
            for row in rows:
                row.state, row.kommo_id, row.sent_at, row.settled_at = OutboxState.DELIVERED, uuid4().hex, now, now
                session.add(_as_message(row, now))
            return [row.text for row in rows]


def _seen(person: Person, direction: Direction, author: AuthorType, written: str, kind: str, now: datetime) -> Seen:
    return Seen(
        kommo_id=uuid4().hex,
        chat_id=person.chat,
        talk_id=None,
        contact_id=person.contact_id,
        lead_id=person.lead_id,
        origin=person.origin,
        direction=direction,
        author_type=author,
        author_id=None,
        message_type=kind,
        text=written,
        attachment=None,
        sent_at=now,
    )


def _as_message(row: Outbox, now: datetime) -> Message:
    return Message(
        kommo_id=row.kommo_id,
        conversation_id=row.conversation_id,
        direction=Direction.OUT,
        author_type=AuthorType.BOT,
        text=row.text,
        sent_at=now,
        via="rehearsal",
    )


async def _conversation(session: AsyncSession, person: Person) -> Conversation | None:
    query = select(Conversation).where(Conversation.chat_key == person.chat)
    return (await session.execute(query)).scalar_one_or_none()
