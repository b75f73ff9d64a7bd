"""What a way to reply is, where a reply goes, and how sending can end.

ReplyUnavailable         this way cannot be used for this target or account (`reason`): the next way takes over
KommoError
  Unclear
    ReplyUnclear         the message may be out: `find_sent` before anything is sent again
  any other KommoError   nothing went out; the same way may work later
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self

from integrations.kommo.errors import KommoError, Unclear


class Unavailable(StrEnum):
    """Why a way cannot be used."""

    NO_TALK = "no_talk"
    TALK_CLOSED = "talk_closed"
    NO_MESSAGES_LEFT = "no_messages_left_or_no_addon"
    NO_SCOPE = "no_scope"
    NO_LEAD = "no_lead"
    OTHER_CONTACT = "the_lead_speaks_for_another_contact"
    NO_BOT = "no_bot"
    NO_FIELD = "no_field"
    NO_BOT_WAITING = "no_bot_waits_for_an_answer"
    EXPIRED = "the_bot_waits_no_more"
    FOREIGN_ADDRESS = "the_continue_address_is_not_of_this_account"
    REFUSED = "refused"
    NOT_CONFIGURED = "no_way_is_configured"


class ReplyUnavailable(Exception):
    """The way cannot be used; nothing was sent. `cause` is Kommo's refusal, if there was a call."""

    def __init__(self, reason: Unavailable, cause: KommoError | None = None) -> None:
        super().__init__(f"{reason.value} ({cause})" if cause else reason.value)
        self.reason = reason
        self.cause = cause


@dataclass(eq=False)
class ReplyUnclear(Unclear):
    """It is not known whether the message went out by this way."""

    way: str = ""

    @classmethod
    def by(cls, way: str, cause: KommoError) -> Self:
        """The unclear end of a call made by `way`."""
        return cls(cause.endpoint, type(cause).__name__, way)


@dataclass(frozen=True)
class Target:
    """Where a reply goes. `continue_url` is where a waiting bot takes its answer, if one waits."""

    talk_id: int | None
    chat_id: str
    contact_id: int | None
    lead_id: int | None = None
    continue_url: str | None = None


@dataclass(frozen=True)
class Sent:
    """Kommo accepted the reply. A bot's message has no id yet: it shows in the talk a moment later (`find_sent`)."""

    way: str
    kommo_message_id: str | None
    talk_id: int | None


class ReplyWay(Protocol):
    """One way to bring a text into a chat."""

    @property
    def name(self) -> str:
        """`talks`, `salesbot` or `widget`."""
        ...

    async def send(self, target: Target, text: str) -> Sent:
        """Send; raises `ReplyUnavailable`, `ReplyUnclear`, or a `KommoError` that means: nothing sent, try later."""
        ...

    async def find_sent(
        self, target: Target, text: str, since: datetime, exclude_ids: Collection[str] = ()
    ) -> str | None:
        """The id of the message that a send at `since` made, None when there is none; raises `KommoError`.

        `exclude_ids` are messages known to be other replies.
        """
        ...

    async def clear(self, target: Target) -> None:
        """Tidy up once the message was seen in the talk; raises nothing, and may be left out or repeated."""
        ...
