"""Proves the reply path: one message into the chat of a phone, by the ways and in the order that replies take.

It sends for real, so a person names the phone. Nothing is stored: the outbox does not know of it. Calls to Kommo only.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from integrations.contact import normal_phone
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import Forbidden, KommoError, NotFound, PaymentRequired
from integrations.kommo.findings import Code, Finding, finding
from integrations.kommo.replies import ReplyUnavailable, ReplyUnclear, ReplyWay, Sent, Target, order_ways
from integrations.kommo.replies.finding import CLOCKS_APART
from integrations.kommo.schemas import Talk
from integrations.settings import SHOP_ZONE

TEXT = "Teste do assistente nº {number} ({time}): esta mensagem mostra que as respostas chegam. Pode ignorar."
QUERY_DIGITS = 8
"""Kommo's search may or may not know the ninth digit or the country code: it is asked for the end of the number."""


@dataclass(frozen=True)
class Patience:
    """How long to follow the message, and how often to look; seconds."""

    wait: float = 60.0
    pause: float = 2.0


PATIENCE = Patience()


async def prove_reply_path(
    client: KommoClient, ways: Sequence[ReplyWay], phone: str, patience: Patience = PATIENCE
) -> list[Finding]:
    """Send to the newest chat of this phone and follow the message. Raises nothing of Kommo's."""
    number = normal_phone(phone)
    if number is None:
        return [finding(Code.TEST_NO_PHONE)]
    try:
        target = await _target(client, number)
        if isinstance(target, Finding):
            return [target]
        return await _Proof(client, target, patience).run(order_ways(ways, target))
    except KommoError as error:
        return [finding(Code.TEST_REFUSED, detail=str(error))]


async def _target(client: KommoClient, number: str) -> Target | Finding:
    contacts = await client.find_contacts(number[-QUERY_DIGITS:])
    named = [contact.id for contact in contacts if number in map(normal_phone, contact.phones)]
    if not named:
        return finding(Code.TEST_NO_CONTACT)
    talks = [talk for contact_id in named for talk in await client.talks(contact_id=contact_id)]
    newest: Talk | None = max(talks, key=lambda talk: (talk.is_in_work, talk.talk_id), default=None)
    if newest is None:
        return finding(Code.TEST_NO_TALK)
    return Target(newest.talk_id, newest.chat_id, newest.contact_id, newest.lead_id)


class _Proof:
    """One message on its way."""

    def __init__(self, client: KommoClient, target: Target, patience: Patience) -> None:
        self._client = client
        self._target = target
        self._patience = patience
        self._began = datetime.now(UTC)
        self._until = monotonic() + patience.wait
        time = self._began.astimezone(SHOP_ZONE).strftime("%H:%M")
        # With a number of its own, so that an earlier test is not taken for this one.
        self._text = TEXT.format(number=1000 + secrets.randbelow(9000), time=time)

    async def run(self, ways: Sequence[ReplyWay]) -> list[Finding]:
        """By the first way that takes it; those before it say why they did not."""
        passed: list[Finding] = []
        for way in ways:
            try:
                sent = await way.send(self._target, self._text)
            except ReplyUnavailable as error:
                passed.append(finding(Code.TEST_WAY_PASSED, way=way.name, reason=error.reason.value))
                continue
            except ReplyUnclear:
                sent = Sent(way.name, None, self._target.talk_id)
            return [*passed, await self._followed(way, sent)]
        return [*passed, finding(Code.TEST_NO_WAY)]

    async def _followed(self, way: ReplyWay, sent: Sent) -> Finding:
        try:
            return await self._follow(way, sent)
        except KommoError as error:
            return finding(Code.TEST_NOT_FOLLOWED, way=way.name, detail=str(error))

    async def _follow(self, way: ReplyWay, sent: Sent) -> Finding:
        message_id = sent.kommo_message_id or await self._seen(way)
        if message_id is None:
            return finding(Code.TEST_NOT_SEEN, way=way.name, seconds=round(self._patience.wait))
        await way.clear(self._target)
        return await self._delivered(way, sent.talk_id or self._target.talk_id, message_id)

    async def _seen(self, way: ReplyWay) -> str | None:
        """The message's id, once it shows in the chat."""
        while True:
            found = await way.find_sent(self._target, self._text, self._began)
            if found is not None or not await self._again():
                return found

    async def _delivered(self, way: ReplyWay, talk_id: int | None, message_id: str) -> Finding:
        while True:
            try:
                status = await self._status(talk_id, message_id)
            except (Forbidden, PaymentRequired):
                return finding(Code.TEST_SENT_UNREADABLE, way=way.name)
            if status == "delivered":
                return finding(Code.TEST_DELIVERED, way=way.name)
            if status == "error":
                return finding(Code.TEST_NOT_DELIVERED, way=way.name)
            if not await self._again():
                return finding(Code.TEST_UNDER_WAY, way=way.name, seconds=round(self._patience.wait))

    async def _status(self, talk_id: int | None, message_id: str) -> str:
        if talk_id is None:
            return ""
        try:
            messages = await self._client.talk_messages(talk_id, since=self._began - CLOCKS_APART)
        except NotFound:
            return ""
        return next((message.delivery_status for message in messages if message.id == message_id), "")

    async def _again(self) -> bool:
        if monotonic() >= self._until:
            return False
        await asyncio.sleep(self._patience.pause)
        return True
