"""Threats in whatever form, and angry or innocent words that only look like one."""

import pytest

from assistant.conversation.embedded.text import normalise
from assistant.conversation.embedded.threats import is_threat


@pytest.mark.parametrize(
    "text",
    ["se não sair hoje eu vou aí e quebro essa oficina inteira", "vou aí quebrar tudo", "taco fogo nessa porcaria",
     "vou dar um soco na cara do gerente", "vocês vão se arrepender", "eu mato o dono dessa oficina",
     "to indo aí armado", "sei onde o dono mora", "resolvo na porrada", "vou acabar com vocês", "te pego na rua"],
)  # fmt: skip
def test_a_threat(text: str) -> None:
    assert is_threat(normalise(text))


@pytest.mark.parametrize(
    "text",
    ["o carro quebrou de novo", "vou no procon e vou processar vocês", "quero pegar o carro aí amanhã",
     "vou acabar com tudo isso e vender o carro", "vou matar a saudade do meu carro", "quebra esse galho pra mim",
     "vai ter volta no valor do cartão?", "acho que vou bater o carro se esse freio falhar", "vou dar um pulo aí"],
)  # fmt: skip
def test_no_threat(text: str) -> None:
    assert not is_threat(normalise(text))
