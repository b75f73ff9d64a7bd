"""Slots: inside the opening hours, never on a closed day or full, and the nearest ones to a wish."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.settings import SHOP_ZONE
from integrations.workshop.opening import OpeningHours, Span, holiday_name
from integrations.workshop.slots import BookingRules, DayPart, Wanted, best, free_among, nearest, starts_on

HOURS = OpeningHours(Span(time(8), time(18)), Span(time(8), time(12)), Span(time(12), time(13)))
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=SHOP_ZONE)
"""A Monday."""
RULES = BookingRules()


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHOP_ZONE)


def hours_on(day: date, rules: BookingRules = RULES, hours: OpeningHours = HOURS) -> list[str]:
    return [f"{start:%H:%M}" for start in starts_on(hours, day, rules)]


@pytest.mark.parametrize(
    ("day", "starts"),
    [
        (date(2026, 11, 24), "08 09 10 11 13 14 15 16 17"),
        (date(2026, 11, 28), "08 09 10 11"),
        (date(2026, 11, 29), ""),
        (date(2026, 12, 25), ""),
        (date(2026, 11, 20), ""),
    ],
    ids=["weekday", "saturday", "sunday", "christmas", "consciência negra"],
)
def test_the_grid_of_a_day(day: date, starts: str) -> None:
    assert hours_on(day) == [f"{start}:00" for start in starts.split()]


def test_a_long_slot_begins_anew_after_lunch_and_ends_by_closing() -> None:
    rules = BookingRules(slot=timedelta(minutes=90))
    assert hours_on(date(2026, 11, 24), rules) == ["08:00", "09:30", "13:00", "14:30", "16:00"]


def test_lunch_outside_the_hours_takes_nothing() -> None:
    evening = OpeningHours(Span(time(14), time(16)), None, Span(time(12), time(13)))
    assert hours_on(date(2026, 11, 24), hours=evening) == ["14:00", "15:00"]
    assert hours_on(date(2026, 11, 28), hours=evening) == []


def test_lead_time_and_last_day() -> None:
    free = free_among(HOURS, [], NOW, RULES)
    assert free[0] == at(23, 13)
    assert free[-1] == at(7, 17, month=12)


def test_a_place_is_taken_by_what_begins_in_the_slot() -> None:
    free = free_among(HOURS, [at(24, 9), at(24, 9, 30), at(24, 10), at(24, 12, 15)], NOW, RULES)
    assert at(24, 9) not in free
    assert {at(24, 8), at(24, 10), at(24, 13)} <= set(free)


@pytest.mark.parametrize(
    ("wanted", "found", "as_asked"),
    [
        (Wanted(), [at(23, 13), at(24, 8), at(24, 13)], True),
        (Wanted(day=date(2026, 11, 26)), [at(26, 8), at(26, 9), at(26, 13)], True),
        (Wanted(day=date(2026, 11, 26), part=DayPart.MORNING), [at(26, 8), at(26, 9), at(26, 10)], True),
        (Wanted(day=date(2026, 11, 26), at=time(10)), [at(26, 10)], True),
        (Wanted(day=date(2026, 11, 26), at=time(12)), [at(26, 11), at(26, 13), at(26, 14)], False),
        (Wanted(day=date(2026, 11, 29)), [at(30, 8), at(30, 9), at(30, 10)], False),
        (Wanted(day=date(2026, 11, 28), part=DayPart.AFTERNOON), [at(28, 9), at(28, 10), at(28, 11)], False),
        (Wanted(from_day=date(2026, 11, 30)), [at(30, 8), at(30, 13), at(1, 8, month=12)], True),
        (Wanted(at=time(17)), [at(23, 17), at(24, 17), at(25, 17)], True),
    ],
)
def test_the_best_slots_for_a_wish(wanted: Wanted, found: list[datetime], as_asked: bool) -> None:
    assert best(free_among(HOURS, [], NOW, RULES), wanted, 3) == (found, as_asked)


def test_nothing_is_found_where_nothing_is_free() -> None:
    assert best([], Wanted(day=date(2026, 11, 26)), 3) == ([], False)


def test_the_later_of_two_equally_near_comes_first() -> None:
    assert nearest([at(24, 9), at(24, 11)], at(24, 10)) == [at(24, 11), at(24, 9)]


MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
SPANS = st.tuples(MINUTES, MINUTES).filter(lambda ends: ends[0] < ends[1]).map(lambda ends: Span(*ends))
WEEKS = st.builds(OpeningHours, st.none() | SPANS, st.none() | SPANS, st.none() | SPANS)
SETS = st.builds(
    BookingRules,
    slot=st.integers(10, 240).map(lambda minutes: timedelta(minutes=minutes)),
    capacity=st.integers(1, 3),
    days=st.integers(1, 20),
)
MOMENTS = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31")).map(
    lambda moment: moment.replace(tzinfo=SHOP_ZONE)
)


@given(WEEKS, SETS, MOMENTS, st.data())
def test_whatever_the_shop_sets_only_free_working_time_is_offered(
    hours: OpeningHours, rules: BookingRules, now: datetime, data: st.DataObject
) -> None:
    ahead = st.timedeltas(timedelta(0), timedelta(days=rules.days))
    booked = [now + each for each in data.draw(st.lists(ahead, max_size=12))]
    everything = free_among(hours, [], now, rules)
    booked += data.draw(st.lists(st.sampled_from(everything), max_size=8)) if everything else []
    for start in free_among(hours, booked, now, rules):
        end, span = start + rules.slot, hours.on(start.date())
        assert span is not None
        assert not holiday_name(start.date())
        assert start.weekday() != 6
        assert span.start <= start.time()
        assert end <= datetime.combine(start.date(), span.end, SHOP_ZONE)
        if hours.lunch is not None:
            lunch_starts = datetime.combine(start.date(), hours.lunch.start, SHOP_ZONE)
            lunch_ends = datetime.combine(start.date(), hours.lunch.end, SHOP_ZONE)
            assert end <= lunch_starts or start >= lunch_ends
        assert now + rules.lead <= start
        assert start.date() <= now.date() + timedelta(days=rules.days)
        assert sum(start <= each < end for each in booked) < rules.capacity


@given(MOMENTS, st.integers(0, 20), st.sampled_from([None, *DayPart]), st.none() | MINUTES)
def test_a_wish_gets_at_most_three_different_slots_in_order(
    now: datetime, ahead: int, part: DayPart | None, hour: time | None
) -> None:
    free = free_among(HOURS, [], now, RULES)
    found, as_asked = best(free, Wanted(now.date() + timedelta(days=ahead), None, part, hour), 3)
    assert len(found) <= 3
    assert list(found) == sorted(set(found))
    assert set(found) <= set(free)
    assert found or not free
    assert not as_asked or all(slot.date() == now.date() + timedelta(days=ahead) for slot in found)
