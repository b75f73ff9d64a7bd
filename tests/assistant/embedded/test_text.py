"""One spelling for what people write in twenty ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation.embedded.courtesy import strip_courtesy
from assistant.conversation.embedded.text import normalise


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Cadê meu carro?", "cade meu carro ?"),
        ("kd meu gol", "cade meu carro"),
        ("vc tb ñ vem hj", "voce tambem nao vem hoje"),
        ("obrigadooooo", "obrigado"),
        ("kkkkkk", "xriso"),
        ("cadê o ABC1D23", "cade o xplaca"),
        ("a OS-1042", "a xos"),
        ("R$ 3.450,00 ou 900 reais", "xvalor ou xvalor"),
        ("dia 25/11 às 14h30", "xdata as xhora"),
        ("na segunda-feira", "na xsemana"),
        ("a segunda via", "a segunda via"),
        ("👍🏻", "xjoia"),
        ("veja https://exemplo.com.br/a?b=c", "veja xlink"),
        ("", ""),
    ],
)
def test_normal_form(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


@pytest.mark.parametrize(
    ("typed", "core"),
    [
        ("Bom dia pessoal, tudo bem? cadê meu carro por favor", "cade meu carro"),
        ("fala chefe quanto ficou", "quanto ficou"),
        ("oi, quando fica pronto? obrigado", "quando fica pronto ?"),
        ("bom dia", "bom dia"),
        ("bom dia pessoal da oficina", "bom dia pessoal da oficina"),
        ("não, obrigado", "nao obrigado"),
        ("oi atendente", "oi atendente"),
    ],
)
def test_politeness_around_a_request_goes(typed: str, core: str) -> None:
    assert strip_courtesy(normalise(typed)) == core


@given(st.text(max_size=200))
def test_any_text_has_a_normal_form(typed: str) -> None:
    normal = normalise(typed)
    assert all(word == "?" or (word.isascii() and word.isalpha()) for word in normal.split())
