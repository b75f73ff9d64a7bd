"""The bot that sends replies, the bots that may answer beside us, and the ways that a reply can take. One call."""

from collections.abc import Collection, Sequence
from typing import assert_never

from integrations.kommo.check.expected import Expected
from integrations.kommo.client import KommoClient
from integrations.kommo.findings import Code, Finding, finding
from integrations.kommo.labels import same_label
from integrations.kommo.schemas_bots import Bot
from integrations.settings import ReplyPath


async def bot_findings(client: KommoClient, expected: Expected) -> list[Finding]:
    """About all bots; scripts and triggers cannot be read, so an active one is only pointed at. Raises `KommoError`."""
    bots = await client.bots()
    ours = reply_bot(bots, expected.reply_bot)
    others = [bot for bot in bots if bot.settings.active and (ours is None or bot.id != ours.id)]
    beside = [finding(Code.BOT_OTHER_ACTIVE, bot=bot.name, id=bot.id) for bot in others]
    return [_ours(ours, expected.reply_bot), *(beside or [finding(Code.BOTS_NO_OTHER)])]


def reply_bot(bots: Sequence[Bot], wanted: str) -> Bot | None:
    """The bot of the setting, a name or an id; the oldest of several with the name."""
    if wanted.strip().isdigit():
        return next((bot for bot in bots if bot.id == int(wanted)), None)
    return min((bot for bot in bots if same_label(bot.name, wanted)), key=lambda bot: bot.id, default=None)


def _ours(bot: Bot | None, wanted: str) -> Finding:
    if bot is None:
        return finding(Code.BOT_REPLY_MISSING, bot=wanted)
    code = Code.BOT_REPLY_READY if bot.settings.active else Code.BOT_REPLY_INACTIVE
    return finding(code, bot=bot.name, id=bot.id)


NO_TALKS = frozenset({Code.CHATS_NO_ADDON, Code.CHATS_NO_SCOPE, Code.SCOPE_CHAT_MISSING, Code.PAID_USED_UP})
"""Any of these, and the talks API sends nothing: reading and sending are sold and ticked together."""


def way_finding(found: Collection[Finding], expected: Expected) -> Finding:
    """Which ways a reply can take, concluded from all that was found before."""
    codes = {one.code for one in found}
    talks = not codes & NO_TALKS
    fields = {one.params["field"] for one in found if one.code is Code.FIELD_PRESENT}
    salesbot = Code.BOT_REPLY_READY in codes and expected.reply_field.strip() in fields
    match expected.reply_path:
        case ReplyPath.AUTO if talks and salesbot:
            return finding(Code.REPLY_BOTH)
        case ReplyPath.AUTO | ReplyPath.TALKS if talks:
            return finding(Code.REPLY_TALKS_UNTRIED if Code.CHATS_UNTRIED in codes else Code.REPLY_TALKS)
        case ReplyPath.AUTO | ReplyPath.SALESBOT if salesbot:
            return finding(Code.REPLY_SALESBOT)
        case ReplyPath.WIDGET:
            return finding(Code.REPLY_WIDGET)
        case ReplyPath.AUTO | ReplyPath.TALKS | ReplyPath.SALESBOT:
            return finding(Code.REPLY_NONE, path=expected.reply_path.value)
        case never:
            assert_never(never)
