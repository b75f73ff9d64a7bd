"""When a customer wants to come, in their words, and which of the offered slots they take."""

from datetime import date, datetime, time

import pytest

from assistant.conversation.embedded.answers.visit_words import chosen, numbered, read_list, wanted_in
from integrations.settings import SHOP_ZONE
from integrations.workshop.slots import DayPart, Wanted

MONDAY = date(2026, 11, 23)
OFFERED = [
    datetime(2026, 11, 24, 10, tzinfo=SHOP_ZONE),
    datetime(2026, 11, 24, 14, 30, tzinfo=SHOP_ZONE),
    datetime(2026, 11, 26, 8, tzinfo=SHOP_ZONE),
]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("pode ser amanhã às 10?", Wanted(day=date(2026, 11, 24), at=time(10))),
        ("quinta de manhã", Wanted(day=date(2026, 11, 26), part=DayPart.MORNING)),
        ("semana que vem", Wanted(from_day=date(2026, 11, 30))),
        ("quinta da semana que vem", Wanted(day=date(2026, 12, 3))),
        ("mês que vem", Wanted(from_day=date(2026, 12, 1))),
        ("de tarde", Wanted(part=DayPart.AFTERNOON)),
        ("boa tarde, quero agendar", Wanted()),
        ("bom dia! amanhã cedo", Wanted(day=date(2026, 11, 24), part=DayPart.MORNING)),
        ("dia 30 às 14h30", Wanted(day=date(2026, 11, 30), at=time(14, 30))),
        ("às 2 da tarde", Wanted(part=DayPart.AFTERNOON, at=time(14))),
        ("às 3", Wanted(at=time(15))),
        ("não posso quinta, só sexta", Wanted(day=date(2026, 11, 27))),
        ("quero agendar uma revisão de 10 mil", Wanted()),
    ],
)
def test_a_wish_in_words(text: str, wanted: Wanted) -> None:
    assert wanted_in(text, MONDAY) == wanted


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2", 1), ("o segundo", 1), ("a segunda opção", 1), ("o último", 2), ("pode ser o primeiro", 0), ("às 10", 0),
        ("o das 10", 0), ("14h30", 1), ("quinta", 2), ("amanhã de tarde", 1), ("de manhã", None), ("amanhã", None),
        ("tanto faz", 0), ("o 7", None), ("às 11", None), ("segunda", None), ("sim", None), ("10", 0),
    ],
)  # fmt: skip
def test_which_slot_is_taken(text: str, place: int | None) -> None:
    assert chosen(text, OFFERED, wanted_in(text, MONDAY)) == (None if place is None else OFFERED[place])


def test_a_list_is_read_back_as_it_was_written() -> None:
    assert read_list(f"Qual horário fica melhor para você?\n{numbered(OFFERED)}\n\nAté logo!") == OFFERED
    assert read_list("1. Embreagem\n2. Óleo") == []
