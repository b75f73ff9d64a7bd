"""Conversations in circles: judged on lines, and stopped on the stage with one hand-off."""

from datetime import datetime, timedelta

import pytest

from assistant.conversation.loops import Loop, alike, is_auto_reply, loop_before
from assistant.conversation.responder import Author, Line, Request
from assistant.tools.toolbox import Speaker
from integrations.settings import SHOP_ZONE

from .conftest import Shop, matters

NOW = datetime(2026, 11, 24, 10, tzinfo=SHOP_ZONE)
NOBODY = Speaker((), None, None)
US, THEM, STAFF = Author.ASSISTANT, Author.CUSTOMER, Author.STAFF


def request(text: str, *history: tuple[Author, str], every: timedelta = timedelta(minutes=1)) -> Request:
    """A turn after a history whose lines lie so far apart."""
    lines = [
        Line(author, said, "text", NOW - every * (len(history) - place)) for place, (author, said) in enumerate(history)
    ]
    return Request([Line(THEM, text, "text", NOW)], lines, NOBODY, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "Olá! No momento não posso atender. Retorno assim que possível.",
        "Esta é uma mensagem automática. Em breve retornaremos o seu contato.",
        "*Mensagem automática:* estamos fora do horário de atendimento.",
        "No momento não estamos disponíveis, deixe seu recado",
        "Agradecemos o contato! Em breve responderemos.",
        "This is an automated message, please do not reply",
        "Por favor, não responda esta mensagem.",
    ],
)
def test_auto_replies_are_known(text: str) -> None:
    assert is_auto_reply(text)


@pytest.mark.parametrize(
    "text",
    [
        "essa mensagem é automática?",
        "isso é uma resposta automática?",
        "no momento não posso buscar o carro",
        "em breve passo aí",
        "o câmbio automático está patinando",
        "vocês não respondem minha mensagem",
        "assim que possível me avisa do orçamento",
    ],
)
def test_what_people_write_is_no_auto_reply(text: str) -> None:
    assert not is_auto_reply(text)


def test_the_same_message_again_and_again_is_stopped() -> None:
    menu, answer = "Olá, digite 1 para vendas ou 2 para suporte", "Oi! Como posso ajudar?"
    thrice = [(THEM, menu), (US, answer), (THEM, menu + "!"), (US, answer + "!"), (THEM, menu), (US, answer)]
    assert loop_before(request(menu, *thrice), False) is Loop.SAME_MESSAGE
    assert loop_before(request(menu, *thrice[2:]), False) is None
    assert loop_before(request(menu, *thrice, every=timedelta(minutes=9)), False) is None
    assert loop_before(request("quero vender meu carro", *thrice), False) is None


def test_six_equal_lines_of_one_burst_are_one_message() -> None:
    assert loop_before(request("oi", *[(THEM, "oi")] * 6, (US, "Oi!")), False) is None


def test_a_persons_message_begins_anew() -> None:
    said = [(THEM, "cadê meu carro?"), (US, "No diagnóstico.")] * 3
    assert loop_before(request("cadê meu carro?", *said), False) is Loop.SAME_MESSAGE
    assert loop_before(request("cadê meu carro?", *said, (STAFF, "oi!")), False) is None


def test_after_a_stop_only_another_message_is_answered() -> None:
    assert loop_before(request("cadê meu carro", (THEM, "cadê meu carro?")), True) is Loop.SAME_MESSAGE
    assert loop_before(request("quero falar com alguém", (THEM, "cadê meu carro?")), True) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("cadê o meu carro agora?", "Cadê o meu carro agora", True),
        ("quero a OS-1044 do Jetta", "quero a OS-1045 do Jetta", False),
        ("sim", "sem", False),
    ],
)
def test_other_numbers_make_another_message(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same


async def test_the_third_equal_answer_in_a_row_is_a_person(shop: Shop) -> None:
    asked = ["qual a garantia de vcs?", "e a garantia?", "qual é a garantia"]
    first, second, third = [await shop.write(text) for text in asked]
    assert "90 dias" in first
    assert second.startswith("Repetindo")
    assert "passei a conversa para a equipe" in third
    assert [reason for reason, _ in await matters(shop)] == ["not_understood"]


async def test_a_phone_that_answers_by_itself_gets_no_answer_and_one_hand_off(shop: Shop) -> None:
    await shop.write("oi")
    for _ in range(3):
        assert await shop.write("No momento não posso atender. Esta é uma mensagem automática.") == ""
    assert await matters(shop) == [("loop", "open")]
    assert "Jetta" in await shop.write("oi, voltei, cadê meu carro?")


async def test_two_machines_are_stopped(shop: Shop) -> None:
    replies = [await shop.write("Digite 1 para falar com o financeiro") for _ in range(8)]
    assert replies[-3:] == ["", "", ""]
    assert [reason for reason, _ in await matters(shop)].count("loop") == 1
    assert await shop.rows("SELECT escalate_at FROM handoff WHERE reason = 'loop' AND escalate_at IS NOT NULL") == []
