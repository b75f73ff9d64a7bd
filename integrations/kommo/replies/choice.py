"""Which ways are tried, and in which order: the setting `reply_path`, and what the target allows."""

from collections.abc import Sequence
from typing import assert_never

from integrations.kommo.client import KommoClient
from integrations.kommo.replies.salesbot_way import SalesbotWay
from integrations.kommo.replies.talks_way import TalksWay
from integrations.kommo.replies.way import ReplyWay, Target
from integrations.kommo.replies.widget_way import WidgetWay
from integrations.settings import ReplyPath, Settings


def choose_ways(client: KommoClient, settings: Settings) -> tuple[ReplyWay, ...]:
    """The ways of the setting `reply_path`, the preferred one first; make them once a process, they remember."""
    match settings.reply_path:
        case ReplyPath.AUTO:
            return (TalksWay(client), _salesbot(client, settings), WidgetWay(client))
        case ReplyPath.TALKS:
            return (TalksWay(client),)
        case ReplyPath.SALESBOT:
            return (_salesbot(client, settings),)
        case ReplyPath.WIDGET:
            return (WidgetWay(client),)
        case never:
            assert_never(never)


def _salesbot(client: KommoClient, settings: Settings) -> SalesbotWay:
    return SalesbotWay(client, settings.reply_bot, settings.reply_field)


def order_ways(ways: Sequence[ReplyWay], target: Target) -> tuple[ReplyWay, ...]:
    """The ways for one target: a bot that waits for us comes before launching another, which would do nothing."""
    waiting = target.continue_url is not None
    rank = {TalksWay.name: 0, WidgetWay.name: 1 if waiting else 2, SalesbotWay.name: 2 if waiting else 1}
    return tuple(sorted(ways, key=lambda way: rank.get(way.name, len(rank))))
