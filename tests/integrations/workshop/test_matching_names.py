"""Whether two names can be one person's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.workshop.matching.names import Likeness, compare
from integrations.workshop.matching.sounds import keys_to_find, name_ends, name_start

SAME, CLOSE, FIRST, GENERATION, DIFFERENT, UNKNOWN = Likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("João da Silva", "JOAO SILVA", SAME),
        ("Thiago Souza", "Tiago Sousa Lima", SAME),
        ("Matheus Alves", "Mateus Alves", SAME),
        ("Rita Nunes", "Rita Nunes Barbosa", SAME),
        ("Maria Aparecida da Silva", "Maria Aparecida Silva", SAME),
        ("Rita Alves", "Rita Luísa Alves", CLOSE),
        ("Maria Silva", "Maria Eduarda Silva", CLOSE),
        ("Ana Souza Lima", "Ana Souza Pereira", CLOSE),
        ("Carla Souza Lima", "Carla Souza Pereira", CLOSE),
        ("Zé Ribeiro", "José Ribeiro", CLOSE),
        ("Roberto C. Alves", "Roberto Carlos Alves", CLOSE),
        ("Souza Maria Clara", "Maria Clara Souza", CLOSE),
        ("Fabaina Aguiar", "Fabiana Aguiar", CLOSE),
        ("Renato", "Renato Moreira", FIRST),
        ("Ana", "Ana Paula Souza", CLOSE),
        ("Dani", "Daniel Souza", CLOSE),
        ("José Lima Filho", "José Lima", GENERATION),
        ("José Lima Neto", "José Lima Júnior", GENERATION),
        ("José Lima Jr", "José Lima Júnior", SAME),
        ("Leonardo", "Leonardo Almeida Filho", CLOSE),
        ("Paulo Souza", "Paula Souza", DIFFERENT),
        ("Gabriel Dias", "Gabriela Dias", DIFFERENT),
        ("Márcio Rocha", "Marcos Rocha", DIFFERENT),
        ("Ana Paula Souza", "Ana Clara Souza", DIFFERENT),
        ("João Silva", "João Pereira", DIFFERENT),
        ("Padaria Central LTDA", "padaria central me", SAME),
        ("Padaria Central LTDA", "Mercado Modelo ME", DIFFERENT),
        ("Padaria Central LTDA", "Carlos Souza", UNKNOWN),
        ("Maria de Sá", "Maria Sá", SAME),
        ("", "Maria", UNKNOWN),
        ("🙂", "Maria", UNKNOWN),
    ],
)
def test_names(one: str, other: str, likeness: Likeness) -> None:
    assert compare(one, other) is compare(other, one) is likeness


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_compare_alike_from_both_sides(one: str, other: str) -> None:
    assert compare(one, other) is compare(other, one)


@given(
    st.lists(st.sampled_from(["Maria", "José", "Souza", "Lima", "Alves", "Rocha"]), min_size=2, max_size=4, unique=True)
)
def test_a_name_is_found_by_its_own_keys(words: list[str]) -> None:
    name = " ".join(words)
    assert compare(name, name) is Likeness.SAME
    assert name_ends(name) in keys_to_find(name)
    assert name_start(name) in (None, *keys_to_find(name))


@pytest.mark.parametrize(("one", "other"), [("Felipe Souza", "Philipe Sousa"), ("Kátia Luz", "Catia de Lus")])
def test_spellings_of_one_sound_have_one_key(one: str, other: str) -> None:
    assert name_ends(one) == name_ends(other)
    assert name_ends(one) != name_ends("Paula Souza")
