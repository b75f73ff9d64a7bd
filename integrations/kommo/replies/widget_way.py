"""The way of a waiting bot: it asked us (widget_request), and the continue call gives it the text to send.

How long a bot waits is not documented: any 4xx is taken as "waits no more", and another way is used.
Source: developers.kommo.com `docs/widget-request`.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from integrations.kommo.client import KommoClient
from integrations.kommo.errors import Forbidden, NotFound, PaymentRequired, Rejected, ServerError, Unclear
from integrations.kommo.pacing import Priority
from integrations.kommo.replies.finding import find_in_chat
from integrations.kommo.replies.way import ReplyUnavailable, ReplyUnclear, Sent, Target, Unavailable

CONTINUE_PATH = re.compile(r"/api/v4/salesbot/([0-9]{1,18})/continue/([0-9]{1,18})/?")


class ContinuePoint(NamedTuple):
    """The bot and the point in its run that wait for an answer."""

    bot_id: int
    continue_id: int


def continue_point(url: str, base_url: str) -> ContinuePoint | None:
    """The point a continue address means; None unless it lies on the account's own host, where the token may go."""
    try:
        address, account = urlsplit(url), urlsplit(base_url)
        same_host = (address.scheme, address.hostname, address.port) == (account.scheme, account.hostname, account.port)
    except ValueError:
        return None
    found = CONTINUE_PATH.fullmatch(address.path)
    if not same_host or found is None or address.username is not None:
        return None
    return ContinuePoint(int(found[1]), int(found[2]))


class WidgetWay:
    """Sends by answering the bot that waits for us."""

    name = "widget"

    def __init__(self, client: KommoClient) -> None:
        self._client = client.at(Priority.REPLY)

    async def send(self, target: Target, text: str) -> Sent:
        """Give the waiting bot its text."""
        if target.continue_url is None:
            raise ReplyUnavailable(Unavailable.NO_BOT_WAITING)
        point = continue_point(target.continue_url, self._client.base_url)
        if point is None:
            raise ReplyUnavailable(Unavailable.FOREIGN_ADDRESS)
        try:
            await self._client.continue_bot(point.bot_id, point.continue_id, text)
        except (Unclear, ServerError) as error:
            raise ReplyUnclear.by(self.name, error) from error
        except (NotFound, Rejected, Forbidden, PaymentRequired) as error:
            raise ReplyUnavailable(Unavailable.EXPIRED, error) from error
        return Sent(self.name, None, target.talk_id)

    async def find_sent(
        self, target: Target, text: str, since: datetime, exclude_ids: Collection[str] = ()
    ) -> str | None:
        """See `ReplyWay`."""
        return await find_in_chat(self._client, target, text, since, exclude_ids)

    async def clear(self, target: Target) -> None:
        """Nothing to tidy up."""
