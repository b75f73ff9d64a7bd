"""The demo shop on a stage, as the decisions' tests have it, and a look at what was handed over."""

from tests.assistant.decisions.conftest import Shop, make_shop, shop

__all__ = ["Shop", "make_shop", "matters", "shop", "tasks"]


async def tasks(shop: Shop) -> list[str]:
    """The tasks for the staff, oldest first."""
    return [text for (text,) in await shop.rows("SELECT text FROM outbox WHERE kind = 'task' ORDER BY id")]


async def matters(shop: Shop) -> list[tuple[str, str]]:
    """Reason and state of everything handed over, oldest first."""
    return [(reason, state) for reason, state in await shop.rows("SELECT reason, state FROM handoff ORDER BY id")]


async def nobody_reacts(shop: Shop) -> None:
    """The time is over that the staff have."""
    await shop.change("UPDATE handoff SET escalate_at = now() - interval '1 minute' WHERE escalate_at IS NOT NULL")
    await shop.stage.minute()


async def takeover_ends(shop: Shop) -> list[str]:
    """The opening hours of a take-over are over; what the assistant answers then."""
    await shop.later(seconds=1)
    await shop.change("UPDATE conversation SET quiet_until = now()")
    await shop.stage.minute()
    return await shop.stage.answers(shop.person)
