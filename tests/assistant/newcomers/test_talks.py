"""Whole conversations of somebody new, on a database: what is asked, kept, classified, handed over, and never told."""

import json
from typing import Any

import pytest

from assistant.newcomers.questions import MOST_QUESTIONS, questions_in
from assistant.rehearsal.stage import Person
from integrations.llm.scripted import CallTools, Say, call
from tests.assistant.decisions.conftest import Shop

from .conftest import STRANGER

MARIA = "+55 11 91234-5678"
SECRETS = ("Gol", "Diagnóstico", "OS-1042", "R$", "Silva")


async def lead(shop: Shop, columns: str) -> tuple[Any, ...]:
    return (await shop.rows(f"SELECT {columns} FROM lead_facts"))[0]


async def tasks(shop: Shop) -> list[str]:
    """What the staff are told: the task, which is also a note on the lead, and what is added to it later."""
    return [text for (text,) in await shop.rows("SELECT text FROM outbox WHERE kind = 'note' ORDER BY id")]


async def fields(shop: Shop) -> list[dict[str, str]]:
    rows = await shop.rows("SELECT text FROM outbox WHERE kind = 'lead_fields' ORDER BY id")
    return [json.loads(text) for (text,) in rows]


async def test_a_lead_is_qualified_and_nothing_is_asked_twice(stranger: Shop) -> None:
    asked: list[frozenset[str]] = []
    for text in ("oi", "queria um orçamento", "Carla", "um polo 2018", "barulho na roda", "sem pressa", "vi no google"):
        reply = await stranger.write(text)
        asked.append(frozenset(questions_in(reply)))
        assert len(asked[-1]) <= MOST_QUESTIONS
        assert "R$" not in reply
    assert sum(map(len, asked)) == len(frozenset().union(*asked)) == 5
    known = await lead(stranger, "name, model, symptom, urgency, origin, job_size, warmth")
    assert known == ("Carla", "Polo 2018", "barulho na roda", "Baixa", "Google", "medium", "cold")
    (task,) = await tasks(stranger)
    assert len(task.splitlines()) == 5
    for part in ("Carla", "Polo 2018", "barulho na roda", "médio"):
        assert part in task


async def test_each_fact_names_its_message_and_goes_to_the_field_once(stranger: Shop) -> None:
    await stranger.write(
        "quero orçamento", "me chamo Carla, tenho um gol placa ABC-1D24", "o freio tá rangendo, é urgente"
    )
    (sources,) = await lead(stranger, "sources")
    ids = dict(await stranger.rows("SELECT text, id FROM message WHERE direction = 'in'"))
    second = ids["me chamo Carla, tenho um gol placa ABC-1D24"]
    third = ids["o freio tá rangendo, é urgente"]
    assert sources == {"name": second, "plate": second, "model": second, "symptom": third, "urgency": third}
    (written,) = await fields(stranger)
    assert written == {
        "Placa": "ABC1D24", "Modelo/Marca": "Gol", "Problema Relatado": "o freio tá rangendo, é urgente",
        "Urgência": "Alta", "Tipo de Serviço": "Médio", "Temperatura": "Quente",
    }  # fmt: skip
    await stranger.write("foi indicação de um amigo")
    assert (await fields(stranger))[1:] == [{"Origem": "Indicação"}]
    await stranger.write("obrigada!")
    assert len(await fields(stranger)) == 2


async def test_a_price_hands_over_and_the_car_is_told_afterwards(stranger: Shop) -> None:
    assert "R$" not in await stranger.write("quanto custa trocar a embreagem?")
    assert "Pediu preço" in (await tasks(stranger))[0]
    await stranger.write("é um gol 2015")
    assert "Gol 2015" in (await tasks(stranger))[1]
    assert "consultor" in await stranger.write("e quanto fica então?")
    assert len(await tasks(stranger)) == 2


@pytest.mark.parametrize("proof", ["a placa é ABC1D23", "meu cpf é 123.456.789-09, cadê meu carro?", "é a OS-1042"])
async def test_a_second_phone_is_never_linked_on_its_word(stranger: Shop, proof: str) -> None:
    for text in ("sou o João Silva, esse é meu outro número", proof, "e aí, tá pronto?"):
        reply = await stranger.write(text)
        assert [secret for secret in SECRETS if secret in reply] == [], reply
    (task,) = await tasks(stranger)
    assert "Confirmem a identidade" in task
    assert await lead(stranger, "claims_customer, plate") == (True, None)
    assert await stranger.rows("SELECT 1 FROM profiles WHERE phone LIKE '%99999-0000%'") == []


async def test_a_second_phone_is_handed_over_whatever_the_model_says(with_model: Any) -> None:
    shop, script = await with_model(STRANGER, Say("Oi João! Como posso ajudar?"))
    reply = await shop.write("sou o João, esse é meu outro número, a placa é ABC1D23")
    script.assert_finished()
    assert "a equipe confirma" in reply
    assert "Confirmem a identidade" in (await tasks(shop))[0]


@pytest.mark.parametrize("origin", ["instagram_business", "facebook"])
async def test_without_a_phone_nobody_is_known_until_staff_link_them(make_shop: Any, origin: str) -> None:
    shop = await make_shop(None)
    shop.person = Person(None, name="joaosilva", origin=origin)
    reply = await shop.write("meu número é 11 98765-4321, cadê meu Gol ABC1D23?")
    assert [secret for secret in SECRETS[1:] if secret in reply] == [], reply
    assert await shop.rows("SELECT phones FROM conversation") == [([],)]
    shop.person.phone = "+55 11 98765-4321"
    assert "Diagnóstico" in await shop.write("cadê meu carro?")


async def test_who_writes_on_instagram_is_not_asked_where_from(make_shop: Any) -> None:
    shop = await make_shop(None)
    shop.person = Person(None, name="Bia", origin="instagram_business")
    reply = await shop.write("meu polo tá com barulho na suspensão, quero orçamento")
    assert "conheceu" not in reply
    assert (await fields(shop))[0]["Origem"] == "Instagram"


async def test_the_models_notes_count_in_the_customers_words_and_code_adds_the_rest(with_model: Any) -> None:
    notes = {"name": "Joana", "symptom": "trepidação quando freia", "plate": "ABC1D23", "origin": "Google"}
    shop, script = await with_model(
        STRANGER, call("note_lead", notes), Say("Obrigado, Joana! Quando você precisa do carro?")
    )
    reply = await shop.write("oi, Joana aqui do tiguan, ele faz uma trepidação quando freia")
    script.assert_finished()
    known = await lead(shop, "name, model, symptom, plate, origin, job_size")
    assert known == (
        "Joana", "Tiguan", "oi, Joana aqui do tiguan, ele faz uma trepidação quando freia", None, "Google", "medium",
    )  # fmt: skip
    assert "consultor" in reply
    assert "Joana" in (await tasks(shop))[0]


async def test_a_note_is_no_source_for_a_fact(with_model: Any) -> None:
    launder = call("note_lead", {"symptom": "embreagem por R$ 950,00"})
    shop, _ = await with_model(STRANGER, launder, Say("A embreagem fica R$ 950,00."), Say("Fica R$ 950,00, sim."))
    reply = await shop.write("quanto fica a embreagem do gol?")
    assert "950" not in reply
    assert (await shop.rows("SELECT responder FROM turn"))[0] == ("embedded",)


async def test_a_model_that_asks_again_is_corrected(with_model: Any) -> None:
    shop, script = await with_model(
        STRANGER,
        Say("Oi! Qual o seu nome e o modelo do carro?"),
        Say("E qual o modelo do carro?"),
        Say("O que ele tem?"),
    )
    await shop.write("oi")
    assert "modelo" not in await shop.write("Carla")
    script.assert_finished()
    assert "Não pergunte de novo" in script.asked[-1].text
    assert "Carla" in script.asked[-1].text


async def test_the_same_text_is_reworded_and_then_a_person_takes_over(with_model: Any) -> None:
    shop, _ = await with_model(STRANGER, *[Say("Estamos à disposição.")] * 3)
    first, second, third = [await shop.write(text) for text in ("oi", "e?", "e então?")]
    assert first == "Estamos à disposição."
    assert second == "Repetindo, para não ficar dúvida: estamos à disposição."
    assert "passei a conversa para a equipe" in third
    assert "terceira vez" in (await tasks(shop))[0]


SPANISH = "Su Audi A3 (QWE4R56) está en la etapa *Pronto para Retirada*. Falta pagar R$ 870,00."


async def test_the_model_answers_spanish_and_its_facts_are_checked(with_model: Any) -> None:
    look = CallTools([("my_orders", {})])
    shop, _ = await with_model(MARIA, look, Say(SPANISH))
    assert await shop.write("hola, mi coche ya está listo?") == SPANISH
    shop, _ = await with_model(MARIA, look, Say(SPANISH.replace("870", "780")), Say(SPANISH))
    shop.person = Person(MARIA)
    assert await shop.write("cuanto tengo que pagar por el coche?") == SPANISH


async def test_the_embedded_responder_hands_over_in_the_customers_language(stranger: Shop) -> None:
    assert "una persona de nuestro equipo" in await stranger.write("Señor, ustedes hacen pintura de carro?")
    assert len(await tasks(stranger)) == 1


async def test_the_other_car_and_its_amount_are_understood_across_turns(make_shop: Any) -> None:
    shop = await make_shop(MARIA)
    assert "Polo" in await shop.write("cadê o polo?")
    assert "Audi A3" in await shop.write("e o outro carro?")
    reply = await shop.write("quanto fica então?")
    assert "R$" in reply
    assert "Polo" not in reply


async def test_what_leaves_the_window_is_summarised_without_facts(with_model: Any, make_shop: Any) -> None:
    shop = await make_shop(MARIA, history_tokens=200)
    for text in ("quanto fica o audi?", "e o outro carro?", "qual o horário?", "quero falar com uma pessoa", "e o a3?"):
        await shop.write(text)
    ((up_to, text),) = await shop.rows("SELECT up_to_message_id, text FROM conversation_summary")
    assert "orçamento" in text or "pagamento" in text
    assert "A3" in text
    assert "R$" not in text
    assert up_to < (await shop.rows("SELECT max(id) FROM message"))[0][0]
    assert len(await shop.rows("SELECT 1 FROM message")) == 10


async def test_the_model_is_shown_the_window_and_the_summary(with_model: Any) -> None:
    shop, script = await with_model(
        MARIA, *[Say(f"Resposta {word}. " + "Certo! " * 60) for word in "abcde"], history_tokens=200
    )
    for text in ("cadê o polo?", "e o audi?", "sobre o a3", "certo", "e aí"):
        await shop.write(text)
    system = str(script.asked[-1].messages[0]["content"])
    assert "Antes das mensagens abaixo" in system
    assert "Polo" in system
    shown = str(script.asked[-1].messages[1:])
    assert "Resposta d" in shown
    assert "cadê o polo" not in shown
