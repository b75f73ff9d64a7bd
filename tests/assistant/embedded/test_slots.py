"""Plates, OS numbers, models, days and times as customers write them, and what only looks like one."""

from datetime import date, time

import pytest

from assistant.conversation.embedded.clock import find_time
from assistant.conversation.embedded.moments import DateKind, find_dates, resolve_date
from assistant.conversation.embedded.slots import find_models, find_order_number, find_ordinal, find_plates

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        ("meu carro é o ABC1D23", ["ABC1D23"]),
        ("abc-1d23 ta pronto?", ["ABC1D23"]),
        ("abc 1d23", ["ABC1D23"]),
        ("a b c 1 d 2 3", ["ABC1D23"]),
        ("placa JQK-9832.", ["JQK9832"]),
        ("o jqk 9832 e o QWE4R56", ["JQK9832", "QWE4R56"]),
        ("placa por 3450", ["POR3450"]),
        ("faz por 3450", []),
        ("gol 2015", []),
        ("em dez 2024", []),
        ("das 1h30 até as 3", []),
        ("paguei uns 2000", []),
        ("os 1042", []),
        ("meu cpf é 12345678900", []),
        ("xabc1d234", []),
    ],
)
def test_plates(text: str, plates: list[str]) -> None:
    assert find_plates(text) == plates


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("OS-1042", "1042"),
        ("os 1042", "1042"),
        ("a os nº 0871", "0871"),
        ("ordem 1042", "1042"),
        ("ordem de serviço número 1043", "1043"),
        ("O.S. 1044", "1044"),
        ("os 870 reais", None),
        ("os 2 carros", None),
        ("carros 1042", None),
        ("os 1500 km", None),
    ],
)
def test_order_numbers(text: str, number: str | None) -> None:
    assert find_order_number(text) == number


def test_models() -> None:
    assert find_models("o Polo e o t cross") == ("polo", "t-cross")
    assert find_models("meu GOLZINHO") == ("gol",)
    assert find_models("gola alta") == ()


@pytest.mark.parametrize(
    ("text", "place"), [("o segundo", 2), ("o outro carro", 2), ("o primeiro", 1), ("o último", -1), ("o carro", None)]
)
def test_ordinals(text: str, place: int | None) -> None:
    assert find_ordinal(text) == place


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("amanhã", date(2026, 11, 24)),
        ("depois de amanhã", date(2026, 11, 25)),
        ("hj", MONDAY),
        ("na sexta", date(2026, 11, 27)),
        ("segunda", date(2026, 11, 30)),
        ("2ª feira", date(2026, 11, 30)),
        ("dia 12", date(2026, 12, 12)),
        ("dia 30", date(2026, 11, 30)),
        ("25/11", date(2026, 11, 25)),
        ("28 de dezembro", date(2026, 12, 28)),
        ("dia 3 de dez", date(2026, 12, 3)),
        ("sex", date(2026, 11, 27)),
        ("a manhã as 8", date(2026, 11, 24)),
        ("10/01", date(2027, 1, 10)),
        ("05/03/2025", date(2025, 3, 5)),
        ("31/02", None),
        ("semana que vem", None),
    ],
)
def test_days_seen_from_a_monday(text: str, day: date | None) -> None:
    (mention,) = find_dates(text)
    assert resolve_date(mention, MONDAY) == day


def test_what_is_no_day() -> None:
    assert find_dates("a segunda via da nota, pela segunda vez, em 3x") == ()
    assert find_dates("dia 5 ou sexta")[0].kind is DateKind.DAY_OF_MONTH


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("14h30", time(14, 30)),
        ("às 9", time(9)),
        ("9h", time(9)),
        ("16:00", time(16)),
        ("8 horas", time(8)),
        ("meio-dia", time(12)),
        ("9 da manhã", time(9)),
        ("9 e meia", time(9, 30)),
        ("as três da tarde", time(3)),
        ("14:30h", time(14, 30)),
        ("as duas pastilhas", None),
        ("OS 1042", None),
        ("em 10x", None),
    ],
)
def test_times(text: str, moment: time | None) -> None:
    assert find_time(text) == moment
