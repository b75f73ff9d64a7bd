"""The default way: `send_message` of the talks API. Each message is paid for; Kommo names its id at once."""

from collections.abc import Collection
from datetime import datetime
from time import monotonic

from integrations.kommo.client import KommoClient
from integrations.kommo.errors import (
    Forbidden,
    KommoError,
    NotFound,
    PaymentRequired,
    Rejected,
    ServerError,
    TalkClosed,
    Unclear,
)
from integrations.kommo.pacing import Priority
from integrations.kommo.replies.finding import find_in_chat
from integrations.kommo.replies.way import ReplyUnavailable, ReplyUnclear, Sent, Target, Unavailable

ASK_AGAIN_SECONDS = 60.0
"""After 402 or 403 the account is not asked again for so long: the other ways need the calls."""


class TalksWay:
    """Sends through the talks API, where scope, plan and paid messages allow it."""

    name = "talks"

    def __init__(self, client: KommoClient) -> None:
        self._client = client.at(Priority.REPLY)
        self._refusal: ReplyUnavailable | None = None
        self._ask_again_at = 0.0

    async def send(self, target: Target, text: str) -> Sent:
        """Send into the talk, or, when it was closed meanwhile, into the open talk of the same chat."""
        if self._refusal and monotonic() < self._ask_again_at:
            raise ReplyUnavailable(self._refusal.reason, self._refusal.cause)
        if target.talk_id is None:
            raise ReplyUnavailable(Unavailable.NO_TALK)
        try:
            return await self._send(target.talk_id, text)
        except TalkClosed as closed:
            reopened = await self._open_talk(target)
            if reopened is None:
                raise ReplyUnavailable(Unavailable.TALK_CLOSED, closed) from closed
        try:
            return await self._send(reopened, text)
        except TalkClosed as closed:
            raise ReplyUnavailable(Unavailable.TALK_CLOSED, closed) from closed

    async def find_sent(
        self, target: Target, text: str, since: datetime, exclude_ids: Collection[str] = ()
    ) -> str | None:
        """See `ReplyWay`."""
        return await find_in_chat(self._client, target, text, since, exclude_ids)

    async def clear(self, target: Target) -> None:
        """Nothing to tidy up."""

    async def _send(self, talk_id: int, text: str) -> Sent:
        try:
            return Sent(self.name, await self._client.send_message(talk_id, text), talk_id)
        except PaymentRequired as error:
            raise self._refused(Unavailable.NO_MESSAGES_LEFT, error) from error
        except Forbidden as error:
            raise self._refused(Unavailable.NO_SCOPE, error) from error
        except (Unclear, ServerError) as error:
            raise ReplyUnclear.by(self.name, error) from error
        except NotFound as error:
            raise ReplyUnavailable(Unavailable.NO_TALK, error) from error
        except TalkClosed:
            raise
        except Rejected as error:
            raise ReplyUnavailable(Unavailable.REFUSED, error) from error

    def _refused(self, reason: Unavailable, cause: KommoError) -> ReplyUnavailable:
        self._refusal = ReplyUnavailable(reason, cause)
        self._ask_again_at = monotonic() + ASK_AGAIN_SECONDS
        return ReplyUnavailable(reason, cause)

    async def _open_talk(self, target: Target) -> int | None:
        """The newest open talk of the same chat; a customer who writes again opens another one."""
        if target.contact_id is None:
            return None
        talks = await self._client.talks(contact_id=target.contact_id, only_in_work=True)
        same_chat = (t.talk_id for t in talks if t.chat_id == target.chat_id and t.talk_id != target.talk_id)
        return max(same_chat, default=None)
