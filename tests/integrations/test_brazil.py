"""Amounts, dates, times and phones as Brazilians write them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from integrations import brazil
from integrations.settings import SHOP_ZONE

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=SHOP_ZONE)


@pytest.mark.parametrize(
    ("amount", "written"),
    [("1870", "R$ 1.870,00"), ("0.5", "R$ 0,50"), ("1234567.89", "R$ 1.234.567,89"), ("0", "R$ 0,00")],
)
def test_money(amount: str, written: str) -> None:
    assert brazil.money(Decimal(amount)) == written


@pytest.mark.parametrize(("value", "written"), [("4.00", "4"), ("1.50", "1,5"), ("1200", "1.200"), ("0.25", "0,25")])
def test_quantities(value: str, written: str) -> None:
    assert brazil.number(Decimal(value)) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (time(17), "17h"),
        (time(14, 30), "14h30"),
        (time(8, 5), "8h05"),
        (time(0), "0h"),
        (datetime(2026, 11, 23, 20, 0, tzinfo=UTC), "17h"),
    ],
)
def test_clock(value: time | datetime, written: str) -> None:
    assert brazil.clock(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 11, 22), "ontem"),
        (date(2026, 11, 23), "hoje"),
        (date(2026, 11, 24), "amanhã"),
        (date(2026, 11, 27), "sexta-feira, 27/11/2026"),
        (date(2026, 11, 30), "30/11/2026"),
        (date(2026, 11, 21), "21/11/2026"),
        (datetime(2026, 11, 24, 2, 59, tzinfo=UTC), "hoje"),
        (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), "amanhã"),
    ],
)
def test_relative_days(value: date, written: str) -> None:
    assert brazil.relative_day(value, NOW) == written


def test_relative_moments() -> None:
    assert brazil.relative_moment(datetime(2026, 11, 24, 17, tzinfo=SHOP_ZONE), NOW) == "amanhã às 17h"
    assert brazil.relative_moment(datetime(2025, 1, 2, 13, 45, tzinfo=SHOP_ZONE), NOW) == "02/01/2025 às 13h45"
    assert brazil.relative_moment(datetime(2026, 11, 23, 1, tzinfo=SHOP_ZONE), NOW) == "hoje à 1h"


def test_since_never_names_a_weekday() -> None:
    assert brazil.since(datetime(2026, 11, 22, 9, tzinfo=SHOP_ZONE), NOW) == "ontem"
    assert brazil.since(datetime(2026, 11, 20, 9, tzinfo=SHOP_ZONE), NOW) == "20/11/2026"


def test_days_and_weekdays() -> None:
    assert (brazil.day(date(2026, 11, 3)), brazil.weekday(date(2026, 11, 23))) == ("03/11/2026", "segunda-feira")


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        brazil.local(datetime(2026, 11, 23, 10, 30))  # noqa: DTZ001 the very mistake that is refused


@pytest.mark.parametrize(
    ("normal", "written"),
    [
        ("5511987654321", "(11) 98765-4321"),
        ("551132345678", "(11) 3234-5678"),
        ("34612345678", "+34 612 34 56 78"),
        ("999", "+999"),
    ],
)
def test_phones(normal: str, written: str) -> None:
    assert brazil.phone(normal) == written
