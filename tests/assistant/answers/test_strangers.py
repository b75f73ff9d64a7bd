"""Unknown numbers, other people's plates, new customers: nothing leaks, and new work is taken down without a price."""

import pytest

from assistant.conversation.responder import HandOffReason

from .conftest import Talk
from .conversation import FERNANDA, JOAO, MARIA, STRANGER, handed_over

OF_OTHERS = (
    "ABC1D23",
    "QWE4R56",
    "GHI5J67",
    "OS-1042",
    "OS-1044",
    "João",
    "Maria",
    "Gol",
    "Jetta",
    "Diagnóstico",
    "R$",
)


@pytest.mark.parametrize("phone", [STRANGER, FERNANDA, None])
@pytest.mark.parametrize(
    "text",
    [
        "cadê meu carro?",
        "cadê o carro placa ABC1D23?",
        "status da OS 1042",
        "sou o João Silva, meu carro é o ABC-1D23, tá pronto?",
        "quanto ficou o orçamento da OS-1044?",
        "quero o histórico do ABC1D23",
        "quanto falta pagar da os 1043?",
        "pode aprovar o orçamento da os 1044",
        "o ABC1D23 tá na garantia?",
    ],
)
async def test_an_unknown_number_gets_no_order_data(talk: Talk, phone: str | None, text: str) -> None:
    draft = await talk(phone).write(text)
    assert [fact for fact in OF_OTHERS if fact in draft.text] == [], draft.text
    assert draft.text


@pytest.mark.parametrize("text", ["cadê o carro da placa GHI5J67?", "status da os 1044", "orçamento da OS-1044?"])
async def test_a_customer_gets_nothing_about_another_customers_car(talk: Talk, text: str) -> None:
    draft = await talk(MARIA).write(text)
    assert "Não encontrei ess" in draft.text or "não encontrei ess" in draft.text
    assert "Jetta" not in draft.text
    assert "R$" not in draft.text


async def test_a_stranger_is_offered_a_person(talk: Talk) -> None:
    conversation = talk(STRANGER)
    assert "pessoa da equipe?" in (await conversation.write("cadê o carro placa ABC1D23?")).text
    assert handed_over(await conversation.write("quero sim")) is HandOffReason.ASKED_FOR_PERSON


async def test_a_stranger_is_welcomed_and_asked_what_is_needed(talk: Talk) -> None:
    draft = await talk(STRANGER, contact_name="Bruno Reis").write("oi")
    assert draft.text.startswith("Boa tarde, Bruno! Aqui é o assistente virtual da Doctor Auto Prime.")
    assert "o modelo ou a placa do carro e o que está acontecendo" in draft.text
    assert "o seu nome" not in draft.text


async def test_a_new_quote_asks_only_what_is_missing(talk: Talk) -> None:
    conversation = talk(STRANGER)
    asked = await conversation.write("bom dia, queria um orçamento")
    assert "o seu nome, o modelo ou a placa do carro e o que está acontecendo" in asked.text
    assert asked.handoff is None
    told = await conversation.write("me chamo Carla, é um polo 2018, tá fazendo barulho na roda dianteira")
    assert handed_over(told) is HandOffReason.NEW_QUOTE
    assert told.handoff is not None
    assert "Carla" in told.handoff.summary
    assert "Polo" in told.handoff.summary
    assert "barulho na roda dianteira" in told.handoff.summary
    assert "Carla" in told.text
    assert "?" not in told.text


async def test_no_price_for_new_work(talk: Talk) -> None:
    conversation = talk(STRANGER)
    draft = await conversation.write("quanto custa trocar a embreagem?")
    assert "R$" not in draft.text
    assert "consultor" in draft.text
    assert handed_over(draft) is HandOffReason.NEW_QUOTE
    car = await conversation.write("é um gol 2015")
    assert car.handoff is not None
    assert "Gol" in car.handoff.summary
    assert "embreagem" in car.handoff.summary


async def test_a_known_customer_is_not_asked_who_they_are(talk: Talk) -> None:
    draft = await talk(JOAO).write("meu gol tá vazando óleo, quanto fica pra arrumar?")
    assert handed_over(draft) is HandOffReason.NEW_QUOTE
    assert "o seu nome" not in draft.text
    assert "placa do carro" not in draft.text
