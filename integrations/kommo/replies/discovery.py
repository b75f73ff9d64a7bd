"""Which bot and which field the Salesbot way uses: found by the names in the settings, remembered for a while."""

from dataclasses import dataclass
from time import monotonic

from integrations.kommo.client import KommoClient
from integrations.kommo.labels import find_field, same_label
from integrations.kommo.replies.way import ReplyUnavailable, Unavailable

REMEMBER_SECONDS = 600.0
TEXT_TYPES = ("textarea", "text")


@dataclass(frozen=True)
class Found:
    """Ids of the bot and of the lead field."""

    bot_id: int
    field_id: int


class Discovery:
    """Finds bot and field by name; digits are taken as the id itself."""

    def __init__(self, client: KommoClient, bot: str, field: str) -> None:
        self._client = client
        self._bot = bot.strip()
        self._field = field.strip()
        self._found: Found | None = None
        self._until = 0.0

    async def find(self) -> Found:
        """Both ids. Raises `ReplyUnavailable` when the account has no such bot or field."""
        if self._found is None or monotonic() >= self._until:
            self._found = Found(await self._bot_id(), await self._field_id())
            self._until = monotonic() + REMEMBER_SECONDS
        return self._found

    def forget(self) -> None:
        """Look them up again at the next use."""
        self._found = None

    async def _bot_id(self) -> int:
        if self._bot.isdigit():
            return int(self._bot)
        named = [bot.id for bot in await self._client.bots() if same_label(bot.name, self._bot)]
        if not named:
            raise ReplyUnavailable(Unavailable.NO_BOT)
        return min(named)

    async def _field_id(self) -> int:
        if self._field.isdigit():
            return int(self._field)
        field = find_field(await self._client.lead_fields(), self._field, TEXT_TYPES)
        if field is None:
            raise ReplyUnavailable(Unavailable.NO_FIELD)
        return field.id
