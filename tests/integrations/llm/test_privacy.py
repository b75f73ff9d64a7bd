"""What people write about themselves and a provider need not see."""

import pytest

from integrations.llm.privacy import without_personal_numbers


@pytest.mark.parametrize(
    "number",
    [
        "11 98765-4321",
        "(11) 98765-4321",
        "+55 11 98765-4321",
        "5511987654321",
        "11987654321",
        "98765-4321",
        "3333-4444",
        "123.456.789-09",
        "12345678909",
        "12.345.678/0001-90",
        "12ABC678/0001-90",
        "joao@exemplo.com.br",
        "4111 1111 1111 1111",
        "+34 612 345 678",
    ],
)
def test_numbers_of_people_are_masked(number: str) -> None:
    masked = without_personal_numbers(f"oi, é {number}, tá?")
    assert not any(char.isdigit() for char in masked)
    assert "@" not in masked


@pytest.mark.parametrize(
    "words",
    [
        "a OS-1042 do Gol ABC1D23",
        "ficou R$ 1.870,00 no dia 23/11/2026 às 14h30",
        "jqk-9832",
        "uns 87.000 km",
        "2019/2020",
        "entre 500 e 800 reais",
        "das 8 às 18",
    ],
)
def test_what_the_conversation_is_about_stays(words: str) -> None:
    assert without_personal_numbers(words) == words
