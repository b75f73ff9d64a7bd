"""An explicit yes, and everything that only looks like one."""

import pytest

from assistant.decisions.reading import Reply, Wish, read_reply


@pytest.mark.parametrize(
    "text",
    ["sim", "Sim!", "ss", "s", "pode", "pode fazer", "ok pode fazer", "confirmo", "isso mesmo", "aprovado",
     "SIM POR FAVOR", "pode mandar ver", "fechado, valeu", "claro que sim", "simmm", "aprovo o orçamento",
     "sim, pode aprovar 👍"],
)  # fmt: skip
def test_a_yes_to_a_quote(text: str) -> None:
    assert read_reply([text], Wish.QUOTE) is Reply.YES


@pytest.mark.parametrize(
    "text",
    ["sim, mas tira o óleo", "sim?", "sim, quanto tempo demora?", "sim, do gol", "sim não", "só a embreagem", "2",
     "vou pensar", "sim se fizer por 3 mil", "pode marcar", "simples assim", "assim", "sim quando der", ""],
)  # fmt: skip
def test_neither_yes_nor_no(text: str) -> None:
    assert read_reply([text], Wish.QUOTE) is Reply.OTHER


@pytest.mark.parametrize("text", ["ok", "👍", "beleza", "blz", "tá bom", "entendi", "certo", "uhum", "combinado"])
def test_politeness_is_no_yes(text: str) -> None:
    assert read_reply([text], Wish.QUOTE) is Reply.WEAK


@pytest.mark.parametrize(
    "text", ["não", "n", "não, obrigado", "agora não", "claro que não", "pode não", "espera", "deixa"]
)
def test_a_no(text: str) -> None:
    assert read_reply([text], Wish.QUOTE) is Reply.NO


def test_every_message_of_a_burst_counts() -> None:
    assert read_reply(["sim", "pode fazer"], Wish.QUOTE) is Reply.YES
    assert read_reply(["quanto custa o óleo?", "sim"], Wish.QUOTE) is Reply.OTHER
    assert read_reply(["sim", "não, espera"], Wish.QUOTE) is Reply.OTHER


def test_the_wish_decides_what_agrees() -> None:
    assert read_reply(["não quero fazer"], Wish.REFUSAL) is Reply.YES
    assert read_reply(["não"], Wish.REFUSAL) is Reply.NO
    assert read_reply(["pode marcar"], Wish.VISIT) is Reply.YES
    assert read_reply(["pode cancelar"], Wish.CANCELLATION) is Reply.YES
    assert read_reply(["pode cancelar"], Wish.QUOTE) is Reply.OTHER
