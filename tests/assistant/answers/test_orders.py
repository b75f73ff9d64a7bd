"""Where the car is, when it will be ready, what was done before, what is under warranty."""

import pytest

from assistant.conversation.responder import HandOffReason

from .conftest import BETO, RITA, UNNAMED, ZECA, Talk
from .conversation import ANA, CARLOS, JOAO, MARIA, PAULO, handed_over


async def test_the_first_question_of_all(talk: Talk) -> None:
    draft = await talk(JOAO).write("oi, cadê meu carro?")
    assert draft.text.startswith("Boa tarde! João, o seu VW Gol (ABC1D23) está na etapa de Diagnóstico desde ontem.")
    assert "barulho na suspensão dianteira" in draft.text
    assert draft.intents == ("status_os",)
    assert draft.handoff is None


@pytest.mark.parametrize(
    ("phone", "text", "facts"),
    [
        (MARIA, "meu carro tá pronto?", ["Audi A3 (QWE4R56)", "Pronto para Retirada", "R$ 870,00", "8h às 18h"]),
        (CARLOS, "status", ["VW Jetta (GHI5J67)", "Aguardando Aprovação", "ontem", "R$ 3.450,00"]),
        (ANA, "como tá meu carro", ["VW T-Cross (JKL8M90)", "Em Execução", "amanhã às 17h"]),
        (PAULO, "a peça chegou?", ["VW Voyage (JQK9832)", "Aguardando Peças", "bomba de combustível", "26/11/2026"]),
        (PAULO, "status jqk 9832", ["VW Voyage (JQK9832)"]),
        (PAULO, "status da placa JQK9I32", ["VW Voyage (JQK9832)"]),
        (UNNAMED, "cadê meu carro", ["O seu veículo está na etapa de Orçamento", "ainda não foi enviado"]),
        (ZECA, "status", ["a sua VW Amarok (AMA3K33)", "era ontem"]),
        (MARIA, "e o polo?", ["VW Polo (RTY7U89)", "não tem ordem de serviço aberta", "OS-1031", "23/04/2026"]),
        (MARIA, "como ficou a os 1031", ["OS-1031", "VW Polo (RTY7U89)", "entregue em 23/04/2026"]),
        (BETO, "cadê meu carro?", ["ordem de serviço aberta"]),
    ],
)
async def test_where_the_car_is(talk: Talk, phone: str, text: str, facts: list[str]) -> None:
    draft = await talk(phone).write(text)
    assert [fact for fact in facts if fact not in draft.text] == [], draft.text


async def test_all_open_orders_are_named(talk: Talk) -> None:
    draft = await talk(RITA).write("cadê meus carros?")
    assert "2 ordens de serviço" in draft.text
    assert "o seu VW Golf GTI (GLF2F22)" in draft.text.replace("O seu", "o seu")
    assert "a sua VW Saveiro (SAV1E11)" in draft.text.replace("A sua", "a sua")
    assert draft.text.count("?") == 1


@pytest.mark.parametrize(("phone", "car"), [(JOAO, "VW Gol (ABC1D23)"), (PAULO, "VW Voyage (JQK9832)")])
async def test_no_forecast_is_said_honestly(talk: Talk, phone: str, car: str) -> None:
    conversation = talk(phone)
    draft = await conversation.write("quando fica pronto?")
    assert "não há previsão de entrega registrada" in draft.text
    assert car in draft.text
    assert "pessoa da equipe?" in draft.text
    assert handed_over(await conversation.write("sim")) is HandOffReason.ASKED_FOR_PERSON


async def test_a_forecast_is_told_as_one(talk: Talk) -> None:
    draft = await talk(ANA).write("vai ficar pronto quando?")
    assert "previsão de entrega do seu VW T-Cross (JKL8M90) é amanhã às 17h" in draft.text


async def test_a_forecast_that_has_passed_is_no_forecast(talk: Talk) -> None:
    draft = await talk(ZECA).write("quando fica pronta a amarok?")
    assert "era ontem às 14h30; ainda não há uma nova" in draft.text


async def test_status_and_forecast_in_one_message_are_one_answer(talk: Talk) -> None:
    draft = await talk(ANA).write("como tá meu carro?", "e quando fica pronto?")
    assert set(draft.intents) == {"status_os", "previsao_entrega"}
    assert "Em Execução" in draft.text
    assert draft.text.count("amanhã às 17h") == 1


async def test_the_history_tells_what_was_done(talk: Talk) -> None:
    draft = await talk(JOAO).write("o que foi feito na última revisão?")
    for fact in ("23/09/2025", "OS-0871", "troca de óleo e filtro", "pastilhas", "R$ 780,00"):
        assert fact in draft.text


async def test_the_history_of_one_car_only(talk: Talk) -> None:
    draft = await talk(MARIA).write("o que vocês já fizeram no polo? quero o histórico")
    assert "OS-1031" in draft.text
    assert "A3" not in draft.text


@pytest.mark.parametrize(
    ("phone", "text", "until"),
    [
        (BETO, "o virtus ainda tá na garantia?", "vai até 11/02/2027"),
        (MARIA, "meu polo tá na garantia?", "foi até 22/07/2026"),
    ],
)
async def test_the_warranty_rule_and_what_it_gives(talk: Talk, phone: str, text: str, until: str) -> None:
    draft = await talk(phone).write(text)
    assert "90 dias a partir da entrega" in draft.text
    assert until in draft.text
    assert handed_over(draft) is HandOffReason.WARRANTY


async def test_the_warranty_rule_alone_calls_nobody(talk: Talk) -> None:
    assert handed_over(await talk(MARIA).write("quantos dias de garantia vocês dão?")) is None


async def test_a_warranty_claim_goes_to_a_person_with_the_old_order(talk: Talk) -> None:
    draft = await talk(MARIA).write("o amortecedor do polo voltou a bater, quero acionar a garantia")
    assert handed_over(draft) is HandOffReason.WARRANTY
    assert draft.handoff is not None
    assert "VW Polo (RTY7U89), OS-1031" in draft.handoff.summary


async def test_the_same_question_gets_other_words(talk: Talk) -> None:
    conversation = talk(JOAO)
    replies = [(await conversation.write("cadê meu carro?")).text for _ in range(6)]
    assert all("VW Gol (ABC1D23) está na etapa de Diagnóstico" in reply for reply in replies)
    assert len(set(replies[:3])) == 3
