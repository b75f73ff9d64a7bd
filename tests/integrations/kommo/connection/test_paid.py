"""Paid messages are counted from what was sent, with a warning at four fifths and after a 402."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from integrations.database import Sessions, transaction
from integrations.kommo.connection.paid import PaidMessages, note_payment_refused, paid_messages
from integrations.settings import SHOP_ZONE

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BASE = "https://shop.kommo.com"


async def sent(sessions: Sessions, number: int, way: str = "talks", kind: str = "message", at: datetime = NOW) -> None:
    """So many rows that were sent."""
    async with transaction(sessions) as session:
        conversation = text(
            "INSERT INTO conversation (chat_key) VALUES ('c') ON CONFLICT (chat_key) DO UPDATE SET chat_key = 'c' "
            "RETURNING id"
        )
        owner = (await session.execute(conversation)).scalar_one()
        rows = text(
            "INSERT INTO outbox (conversation_id, dedupe_key, kind, text, state, way, sent_at) "
            "SELECT :owner, gen_random_uuid()::text, :kind, 't', 'delivered', :way, :at "
            "FROM generate_series(1, :number)"
        )
        await session.execute(rows, {"owner": owner, "number": number, "way": way, "kind": kind, "at": at})


async def counted(sessions: Sessions, included: int, now: datetime = NOW) -> PaidMessages:
    async with transaction(sessions) as session:
        return await paid_messages(session, now, included, BASE)


async def test_only_what_the_talks_api_sent_this_month_counts(sessions: Sessions) -> None:
    month = datetime(2026, 11, 1, tzinfo=SHOP_ZONE)
    await sent(sessions, 3)
    await sent(sessions, 1, at=month)
    await sent(sessions, 5, at=month - timedelta(seconds=1))
    await sent(sessions, 7, way="salesbot")
    await sent(sessions, 9, kind="task")
    found = await counted(sessions, 500)
    assert (found.used, found.included, found.left, found.notice, found.since) == (4, 500, 496, None, month)


@pytest.mark.parametrize(("used", "warned"), [(7, False), (8, True), (12, True)])
async def test_the_warning_comes_at_four_fifths(sessions: Sessions, used: int, warned: bool) -> None:
    await sent(sessions, used)
    found = await counted(sessions, 10)
    assert (found.running_out, found.left) == (warned, max(0, 10 - used))
    assert bool(found.notice) is warned


async def test_an_unknown_number_warns_of_nothing(sessions: Sessions) -> None:
    await sent(sessions, 3)
    found = await counted(sessions, 0)
    assert (found.used, found.included, found.left, found.notice) == (3, None, None, None)


async def test_a_402_is_shown_for_a_day(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        await session.execute(text("INSERT INTO kommo_account (base_url) VALUES (:base)"), {"base": BASE})
        await note_payment_refused(session, BASE, NOW)
        # Each waiting reply hears of the same refusal: a minute's worth is one note.
        await note_payment_refused(session, BASE, NOW + timedelta(seconds=30))
    found = await counted(sessions, 500, NOW + timedelta(hours=1))
    assert found.refused_at == NOW
    assert found.notice is not None
    assert "Salesbot" in found.notice
    assert (await counted(sessions, 500, NOW + timedelta(hours=25))).refused_at is None
