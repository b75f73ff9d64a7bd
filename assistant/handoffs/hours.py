"""When a person is back, in a sentence: from the shop's own hours and holidays, never a promise of minutes."""

from datetime import datetime

from assistant.tools.shop import ShopInfo
from integrations.brazil import relative_moment


def staff_back(shop: ShopInfo, now: datetime) -> str | None:
    """When the staff are back; None when they are there or nobody told the hours."""
    if shop.open_now or shop.next_opening is None:
        return None
    opening = relative_moment(shop.next_opening, now)
    if shop.at_lunch:
        return f"Agora é horário de almoço. A equipe volta {opening}."
    return f"A oficina está fechada agora e a equipe volta {opening}."
