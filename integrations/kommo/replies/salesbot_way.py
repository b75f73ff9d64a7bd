"""The way without the add-on: the reply goes into a field of the lead, and a Salesbot sends that field.

Kommo silently does nothing when another bot is at work on the lead, so a launch counts as sent only when the message
shows in the talk (`find_sent`). The field is shared by all launches on a lead: one reply at a time, which the caller
sees to. Source: developers.kommo.com `reference/launch-a-salesbot`.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NoReturn

import structlog

from integrations.kommo.client import KommoClient
from integrations.kommo.errors import (
    Forbidden,
    KommoError,
    NotFound,
    NotSent,
    PaymentRequired,
    Rejected,
    ServerError,
    Unclear,
)
from integrations.kommo.pacing import Priority
from integrations.kommo.replies.discovery import Discovery
from integrations.kommo.replies.finding import find_in_chat
from integrations.kommo.replies.way import ReplyUnavailable, ReplyUnclear, Sent, Target, Unavailable

log = structlog.get_logger(__name__)


class SalesbotWay:
    """Sends through the bot and the field that the settings name (`reply_bot`, `reply_field`)."""

    name = "salesbot"

    def __init__(self, client: KommoClient, bot: str, field: str) -> None:
        self._client = client.at(Priority.REPLY)
        self._discovery = Discovery(self._client, bot, field)

    async def send(self, target: Target, text: str) -> Sent:
        """Write the field and launch the bot."""
        if target.lead_id is None:
            raise ReplyUnavailable(Unavailable.NO_LEAD)
        found = await self._discovery.find()
        await self._check_speaker(target)
        await self._write(target.lead_id, found.field_id, text)
        await self._launch(found.bot_id, target.lead_id)
        return Sent(self.name, None, target.talk_id)

    async def find_sent(
        self, target: Target, text: str, since: datetime, exclude_ids: Collection[str] = ()
    ) -> str | None:
        """See `ReplyWay`."""
        return await find_in_chat(self._client, target, text, since, exclude_ids)

    async def clear(self, target: Target) -> None:
        """Empty the field, so that nobody launching the bot by hand sends an old reply."""
        if target.lead_id is None:
            return
        try:
            found = await self._discovery.find()
            await self._client.set_lead_fields(target.lead_id, {found.field_id: None})
        except (ReplyUnavailable, KommoError) as error:
            log.warning("reply.field_not_cleared", lead=target.lead_id, error=type(error).__name__)

    async def _check_speaker(self, target: Target) -> None:
        """A bot on a lead speaks in its main contact's chat (assumed): nobody else's reply may go there."""
        try:
            lead = await self._client.lead(target.lead_id) if target.lead_id is not None else None
        except (Unclear, ServerError) as error:
            raise NotSent(error.endpoint, type(error).__name__) from error
        if lead is None or lead.main_contact_id != target.contact_id:
            raise ReplyUnavailable(Unavailable.OTHER_CONTACT)

    async def _write(self, lead_id: int, field_id: int, text: str) -> None:
        try:
            await self._client.set_lead_fields(lead_id, {field_id: text})
        except (Unclear, ServerError) as error:
            # Whether the field was written or not: no bot was launched, so nothing was sent.
            raise NotSent(error.endpoint, type(error).__name__) from error
        except (Rejected, NotFound, Forbidden, PaymentRequired) as error:
            self._give_up(Unavailable.NO_FIELD, error)

    async def _launch(self, bot_id: int, lead_id: int) -> None:
        try:
            await self._client.run_bot(bot_id, lead_id)
        except (Unclear, ServerError) as error:
            raise ReplyUnclear.by(self.name, error) from error
        except (Rejected, NotFound, Forbidden, PaymentRequired) as error:
            self._give_up(Unavailable.NO_BOT, error)

    def _give_up(self, reason: Unavailable, cause: KommoError) -> NoReturn:
        """Somebody may have deleted or replaced bot or field: look them up again next time."""
        self._discovery.forget()
        raise ReplyUnavailable(reason, cause) from cause
