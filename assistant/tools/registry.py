"""The list of all tools a responder may call."""

from dataclasses import dataclass

from assistant.tools.toolbox import Tool


@dataclass(frozen=True)
class ShopTerms:
    """What the shop sets about money and warranty, from `integrations/settings.py`."""

    pix_key: str | None
    payment_ways: str
    warranty_days: int


def build_tools(terms: ShopTerms) -> tuple[Tool, ...]:
    """All tools: my_orders, order_details, quote, service_history, payments, shop_info."""
    return ()
