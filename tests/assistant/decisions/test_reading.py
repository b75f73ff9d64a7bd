"""An explicit yes, and everything that only looks like one."""

from datetime import date

import pytest

from assistant.decisions.echo import Asked
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


TUESDAY = date(2026, 11, 24)
VISIT = Asked("Para agendar a sua visita: *sábado, 28/11/2026, às 9h*, com o carro VW Polo (RTY7U89).", TUESDAY)
PART = Asked(
    "Para fazer só uma parte do orçamento da OS-1044, VW Jetta (GHI5J67):\n- Kit de embreagem: R$ 2.100,00\n"
    "- Mão de obra: troca da embreagem: R$ 900,00\n*Total: R$ 3.000,00*\nFica de fora:\n- Óleo do câmbio: R$ 450,00",
    TUESDAY,
)


@pytest.mark.parametrize(
    "text",
    ["sim, sábado às 9", "sim sabado 9 da manha no polo", "isso, dia 28 as nove", "confirmado, 28/11 às 9h",
     "Sim, confirmo. Boas festas!", "sim, até sábado", "sim pode marca"],
)  # fmt: skip
def test_a_yes_may_repeat_the_visit(text: str) -> None:
    assert read_reply([text], Wish.VISIT, VISIT) is Reply.YES


@pytest.mark.parametrize(
    "text",
    ["sim, sábado às 10", "sim, domingo", "sim no gol", "sim dia 29", "pode ser as 9 da noite", "sábado às 9",
     "sim, sábado às 9?", "sim mas sábado às 9", "sim sabado 9 da tarde"],
)  # fmt: skip
def test_a_yes_to_another_visit_is_none(text: str) -> None:
    assert read_reply([text], Wish.VISIT, VISIT) is Reply.OTHER


@pytest.mark.parametrize(
    "text",
    [
        "sim, com a embreagem também",
        "sim, só isso",
        "siim",
        "sim, é isso, pode tocar",
        "sim, sem o óleo",
        "isso, só a embreagem",
        "sim, os R$ 3.000,00 do jetta",
        "aprovo a OS-1044",
        "sim",
    ],
)
def test_a_yes_may_repeat_the_part(text: str) -> None:
    assert read_reply([text], Wish.QUOTE, PART) is Reply.YES


@pytest.mark.parametrize(
    "text",
    ["sim, com o óleo também", "sim, com o óleo", "sim, com desconto", "sim, com o câmbio", "confirmo a recusa",
     "sim, só o óleo", "sim sem a embreagem", "sim, tudo", "pode fazer tudo", "sim, os R$ 3.450,00", "sim o gol",
     "aprovo a OS-1042", "sem o óleo", "sim sem o óleo e sem a embreagem"],
)  # fmt: skip
def test_a_yes_to_another_part_is_none(text: str) -> None:
    assert read_reply([text], Wish.QUOTE, PART) is Reply.OTHER


def test_a_move_is_agreed_to_in_its_own_words() -> None:
    assert read_reply(["sim, pode trocar"], Wish.MOVE) is Reply.YES
    assert read_reply(["pode cancelar"], Wish.MOVE) is Reply.OTHER
    assert read_reply(["sim, pode trocar"], Wish.CANCELLATION) is Reply.OTHER


@pytest.mark.parametrize("text", ["pode liberar o carro", "sim, libera meu carro", "liberado o carro"])
def test_who_wants_the_car_released_approves_no_work(text: str) -> None:
    assert read_reply([text], Wish.QUOTE) is Reply.OTHER
    assert read_reply(["pode liberar"], Wish.QUOTE) is Reply.YES


def test_a_word_for_one_decision_confirms_no_other() -> None:
    assert read_reply(["Sim, confirmo a recusa."], Wish.REFUSAL) is Reply.YES
    assert read_reply(["confirmo a aprovação"], Wish.REFUSAL) is Reply.OTHER
    assert read_reply(["confirmo o cancelamento"], Wish.CANCELLATION) is Reply.YES
    assert read_reply(["confirmo o cancelamento"], Wish.QUOTE) is Reply.OTHER
