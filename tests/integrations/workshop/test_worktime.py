"""Time that counts only while the shop is open: lunch, nights, weekends, holidays."""

from datetime import datetime, timedelta

import pytest

from integrations.settings import SHOP_ZONE
from integrations.workshop.opening import opening_hours
from integrations.workshop.worktime import after_work_time

from .test_opening import HOURS, at


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(23, 9), 1, at(23, 10)),
        (at(23, 11, 45), 1, at(23, 14)),
        (at(23, 12, 30), 1, at(23, 14, 30)),
        (at(23, 17), 1, at(24, 8, 30)),
        (at(23, 20), 1, at(24, 9)),
        (at(23, 10), 4, at(23, 15, 15)),
        (at(27, 16, 30), 4, at(28, 11)),
        (at(28, 11), 4, at(30, 11)),
        (at(29, 10), 4, at(30, 12)),
        (at(24, 17, month=12), 1, at(26, 8, 30, month=12)),
    ],
)
def test_only_opening_hours_count(start: datetime, hours: int, end: datetime) -> None:
    assert after_work_time(HOURS, start, timedelta(hours=hours)) == end


def test_without_known_hours_time_just_passes() -> None:
    start = datetime(2026, 11, 29, 10, tzinfo=SHOP_ZONE)
    assert after_work_time(opening_hours(None), start, timedelta(hours=4)) == start + timedelta(hours=4)
