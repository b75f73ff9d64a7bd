"""What the staff set: kept only when it makes sense, in front of the environment's, gone when removed."""

from datetime import UTC, date, datetime, time

import pytest

from integrations.database import Sessions, transaction
from integrations.settings import Settings
from integrations.workshop.pix import is_pix_key
from integrations.workshop.preferences import (
    WeekHours,
    WrongPreference,
    preferences,
    remove_day,
    save_day,
    save_hours,
    save_preference,
    with_preferences,
)
from integrations.workshop.shop import shop_hours

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "key",
    [
        "529.982.247-25",
        "11222333000181",
        "+5511987654321",
        "+55 11 98765-4321",
        "pix@oficina.com.br",
        "123e4567-e89b-12d3-a456-426614174000",
    ],
)
def test_pix_keys_are_known(key: str) -> None:
    assert is_pix_key(key)


@pytest.mark.parametrize("typo", ["529.982.247-26", "11987654321", "pix@oficina", "123e4567", "", "pix da loja"])
def test_typos_are_no_pix_key(typo: str) -> None:
    assert not is_pix_key(typo)


async def test_a_setting_stands_before_the_environments_until_it_is_removed(
    sessions: Sessions, settings: Settings
) -> None:
    async with transaction(sessions) as session:
        await save_preference(session, settings, "pix_key", " pix@oficina.com.br ", 7, NOW)
        await save_preference(session, settings, "warranty_days", "120", 7, NOW)
    async with transaction(sessions) as session:
        chosen = with_preferences(settings, await preferences(session))
        assert (chosen.pix_key, chosen.warranty_days) == ("pix@oficina.com.br", 120)
        await save_preference(session, settings, "pix_key", "", 7, NOW)
        assert with_preferences(settings, await preferences(session)).pix_key == settings.pix_key


@pytest.mark.parametrize(
    ("name", "typed"),
    [("pix_key", "pix da loja"), ("warranty_days", "noventa"), ("warranty_days", "-1"), ("openai_api_key", "sk-1")],
)
async def test_what_makes_no_sense_is_refused(sessions: Sessions, settings: Settings, name: str, typed: str) -> None:
    async with transaction(sessions) as session:
        with pytest.raises(WrongPreference) as refused:
            await save_preference(session, settings, name, typed, 7, NOW)
        assert refused.value.field == name
        assert await preferences(session) == {}


def test_a_value_that_no_version_reads_any_more_is_left_out(settings: Settings) -> None:
    assert with_preferences(settings, {"warranty_days": "noventa"}).warranty_days == settings.warranty_days


async def test_hours_and_days_of_the_shops_own(sessions: Sessions) -> None:
    day = date(2026, 11, 27)
    async with transaction(sessions) as session:
        await save_hours(session, WeekHours(time(8), time(18), time(12), time(12), time(13)))
        await save_day(session, day, "Confraternização", None, None, 7, NOW)
        await save_day(session, day, "Confraternização", time(8), time(11), 7, NOW)
    async with transaction(sessions) as session:
        hours = await shop_hours(session)
        assert hours.lunch is not None
        assert str(hours.on(day)) == "Span(start=datetime.time(8, 0), end=datetime.time(11, 0))"
        assert await remove_day(session, day)
        assert not await remove_day(session, day)
        assert (await shop_hours(session)).on(day) == hours.weekday


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (WeekHours(time(18), time(8)), "closes"),
        (WeekHours(time(8), time(18), time(7)), "closes_saturday"),
        (WeekHours(time(8), time(18), None, time(12)), "lunch_ends"),
        (WeekHours(time(8), time(18), None, time(13), time(12)), "lunch_ends"),
    ],
)
async def test_impossible_hours_are_refused(sessions: Sessions, hours: WeekHours, field: str) -> None:
    async with transaction(sessions) as session:
        with pytest.raises(WrongPreference) as refused:
            await save_hours(session, hours)
    assert refused.value.field == field
