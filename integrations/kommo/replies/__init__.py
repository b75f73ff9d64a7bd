"""The ways a reply can take into a customer's chat, behind one interface (`ReplyWay`)."""

from integrations.kommo.replies.choice import choose_ways, order_ways
from integrations.kommo.replies.split import split_text
from integrations.kommo.replies.way import (
    ReplyUnavailable,
    ReplyUnclear,
    ReplyWay,
    Sent,
    Target,
    Unavailable,
)

__all__ = [
    "ReplyUnavailable",
    "ReplyUnclear",
    "ReplyWay",
    "Sent",
    "Target",
    "Unavailable",
    "choose_ways",
    "order_ways",
    "split_text",
]
