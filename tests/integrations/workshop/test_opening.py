"""Opening hours: lunch, Saturdays, Sundays, holidays and hours that make no sense."""

from datetime import UTC, date, datetime, time

import pytest

from integrations.settings import SHOP_ZONE
from integrations.workshop.models import ShopConfig
from integrations.workshop.opening import OpeningHours, holiday_name, opening_hours
from integrations.workshop.preference_models import ShopDay

HOURS = opening_hours(
    ShopConfig(
        horario_entrada=time(8),
        horario_saida_semana=time(17, 30),
        horario_saida_sabado=time(12),
        horario_almoco_inicio=time(12, 15),
        horario_almoco_fim=time(13, 30),
    )
)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHOP_ZONE)


@pytest.mark.parametrize(
    ("now", "is_open", "lunch", "opens_next"),
    [
        (at(23, 8), True, False, None),
        (at(23, 7, 59), False, False, at(23, 8)),
        (at(23, 12, 15), False, True, at(23, 13, 30)),
        (at(23, 13, 30), True, False, None),
        (at(23, 17, 30), False, False, at(24, 8)),
        (at(28, 11, 59), True, False, None),
        (at(28, 12), False, False, at(30, 8)),
        (at(28, 12, 30), False, False, at(30, 8)),
        (at(29, 10), False, False, at(30, 8)),
        (at(24, 20, month=12), False, False, at(26, 8, month=12)),
        (at(25, 12, 20, month=12), False, False, at(26, 8, month=12)),
        (at(20, 10), False, False, at(21, 8)),
    ],
)
def test_open_now_and_next(now: datetime, is_open: bool, lunch: bool, opens_next: datetime | None) -> None:
    assert (HOURS.is_open(now), HOURS.at_lunch(now), HOURS.next_opening(now)) == (is_open, lunch, opens_next)


def test_the_shops_clock_counts_wherever_now_comes_from() -> None:
    assert HOURS.is_open(datetime(2026, 11, 23, 11, 0, tzinfo=UTC))
    assert not HOURS.is_open(datetime(2026, 11, 23, 10, 59, tzinfo=UTC))


def test_the_end_of_the_day_is_told_while_open() -> None:
    assert HOURS.closes_at(at(23, 9)) == at(23, 17, 30)
    assert HOURS.closes_at(at(28, 9)) == at(28, 12)
    assert HOURS.closes_at(at(23, 12, 30)) is None


@pytest.mark.parametrize(
    "config",
    [
        None,
        ShopConfig(),
        ShopConfig(horario_entrada=time(18), horario_saida_semana=time(8), horario_saida_sabado=time(8)),
    ],
)
def test_unknown_or_impossible_hours_are_closed(config: ShopConfig | None) -> None:
    hours = opening_hours(config)
    assert hours == OpeningHours(None, None, None)
    assert (hours.is_open(at(23, 10)), hours.next_opening(at(23, 10))) == (False, None)


def test_national_and_state_holidays_are_known_in_portuguese() -> None:
    assert holiday_name(date(2026, 7, 9)) == "Revolução Constitucionalista"
    assert holiday_name(date(2026, 4, 3)) == "Sexta-feira Santa"
    assert holiday_name(date(2026, 11, 23)) is None
    assert HOURS.closed_days(date(2026, 10, 20)) == [(date(2026, 11, 2), "Finados")]
    assert (date(2026, 11, 15), "Proclamação da República") not in HOURS.closed_days(date(2026, 11, 1))


def test_the_shops_own_days_stand_before_weekday_and_holiday() -> None:
    config = ShopConfig(horario_entrada=time(8), horario_saida_semana=time(18))
    town, worked = date(2026, 11, 24), date(2026, 11, 2)
    days = [
        ShopDay(day=town, name="Aniversário da cidade"),
        ShopDay(day=worked, name="Finados", opens=time(9), closes=time(12)),
    ]
    hours = opening_hours(config, days)
    assert not hours.is_open(at(24, 10))
    assert hours.closes_at(at(2, 10)) == at(2, 12)
    closed = hours.closed_days(date(2026, 11, 1))
    assert (town, "Aniversário da cidade") in closed
    assert worked not in [day for day, _ in closed]
