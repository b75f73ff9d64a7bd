"""What must happen happens, whoever writes the answer: a scripted model that forgets its tools, or misuses them."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from campaigns.consent import may_write_first
from integrations.database import transaction
from integrations.llm.scripted import Fail, Say, ScriptedModel, call, scripted_model
from integrations.settings import ResponderChoice

from .conftest import CARLOS, MakeShop, Shop

MARIA = "+55 11 91234-5678"


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with scripted_model() as scripted:
        yield scripted
        scripted.assert_finished()


@pytest.fixture
async def shop(make_shop: MakeShop, model: ScriptedModel) -> Shop:
    """Maria's chat, answered by the scripted model."""
    return await make_shop(
        MARIA,
        responder=ResponderChoice.MODEL,
        openai_api_key=SecretStr("a-key-of-the-scripted-model"),
        openai_base_url=model.base_url,
    )


async def tasks(shop: Shop) -> list[str]:
    return [text for (text,) in await shop.rows("SELECT text FROM outbox WHERE kind = 'task' ORDER BY id")]


async def responder(shop: Shop) -> str:
    return str((await shop.rows("SELECT responder FROM turn ORDER BY id DESC LIMIT 1"))[0][0])


async def may_write(shop: Shop, phone: str = MARIA) -> bool:
    async with transaction(shop.stage.sessions) as session:
        return await may_write_first(session, phone, None)


async def test_an_opt_out_that_the_model_forgets(shop: Shop, model: ScriptedModel) -> None:
    model.steps = [Say("Tudo bem, Maria!")]
    reply = await shop.write("para de me mandar mensagem")
    assert reply.startswith("Tudo bem, Maria!")
    assert reply.count("iniciativa nossa") == 1
    assert await responder(shop) == "model"
    assert not await may_write(shop)
    (task,) = await tasks(shop)
    assert "não quer mais receber mensagens" in task


async def test_an_opt_out_that_the_model_notes_is_noted_and_told_once(shop: Shop, model: ScriptedModel) -> None:
    model.steps = [call("record_opt_out"), Say("Entendi, Maria.")]
    reply = await shop.write("olha, cansei desses avisos de vocês no meu celular, chega")
    assert reply.count("iniciativa nossa") == 1
    assert await shop.rows("SELECT state FROM consent_entry") == [("opted_out",)]


async def test_a_near_miss_cannot_be_noted_by_the_model(shop: Shop, model: ScriptedModel) -> None:
    model.steps = [call("record_opt_out"), Say("Que bom que gosta, Maria!")]
    assert await shop.write("não para não, gosto") == "Que bom que gosta, Maria!"
    assert "no tool named" in model.asked[-1].tool_answers[0]
    assert await may_write(shop)


async def test_the_model_cannot_bring_somebody_back_who_did_not_ask(shop: Shop, model: ScriptedModel) -> None:
    model.steps = [Say("Ok."), call("record_opt_in"), Say("O que você precisa, Maria?")]
    await shop.write("para de me mandar mensagem")
    await shop.write("bom dia, tudo bem?")
    assert not await may_write(shop)


async def test_coming_back_that_the_model_forgets(shop: Shop, model: ScriptedModel) -> None:
    model.steps = [Say("Ok."), Say("Que bom te ver de novo!")]
    await shop.write("sair")
    assert "volta a receber" in await shop.write("voltar")
    assert await may_write(shop)


async def test_a_refused_draft_notes_nothing(shop: Shop, model: ScriptedModel) -> None:
    model.steps = [
        call("record_opt_out"),
        Say("Anotado! Seu carro fica pronto amanhã às 10h."),
        Say("Fica pronto amanhã, sem falta!"),
    ]
    await shop.write("cadê meu carro?")
    assert await responder(shop) == "embedded"
    assert await shop.rows("SELECT 1 FROM consent_entry") == []
    assert await may_write(shop)


async def test_a_refused_draft_does_not_lose_what_is_owed(shop: Shop, model: ScriptedModel) -> None:
    model.steps = [
        call("record_opt_out"),
        Say("Seu carro fica pronto amanhã às 10h."),
        Say("Fica pronto amanhã, sem falta!"),
    ]
    assert "iniciativa nossa" in await shop.write("para de me mandar mensagem, só avisa quando ficar pronto")
    assert await shop.rows("SELECT state FROM consent_entry") == [("opted_out",)]


async def test_a_request_about_data_that_the_model_forgets(shop: Shop, model: ScriptedModel) -> None:
    model.steps = [Say("Claro, Maria!")]
    reply = await shop.write("quero que apaguem meus dados")
    ((number, kind),) = await shop.rows("SELECT id, kind FROM privacy_request")
    assert (kind, f"*LGPD-{number}*" in reply) == ("erasure", True)
    assert f"LGPD-{number}" in (await tasks(shop))[0]


async def test_an_invented_protocol_is_refused(shop: Shop, model: ScriptedModel) -> None:
    model.steps = [Say("Pronto! Seu protocolo é 987654321."), Say("Pronto, cuidamos disso.")]
    reply = await shop.write("quais dados vocês têm de mim?")
    assert "987654321" not in reply
    assert "LGPD-" in reply


async def test_a_payment_that_the_model_forgets_to_note(shop: Shop, model: ScriptedModel) -> None:
    model.steps = [Say("Obrigada, Maria!")]
    reply = await shop.write("já paguei o restante")
    assert "a confirmação quem dá é a equipe" in reply
    assert await shop.rows("SELECT order_number, state FROM payment_claim") == [("OS-1043", "open")]


@pytest.mark.parametrize(
    "said",
    ["Recebemos o seu pagamento, obrigado!", "Então está pago, obrigado!", "Seu pagamento já foi registrado."],
)
async def test_the_model_cannot_say_that_it_is_paid(shop: Shop, model: ScriptedModel, said: str) -> None:
    model.steps = [call("record_payment_claim"), Say(said), Say(said)]
    reply = await shop.write("já paguei o restante")
    assert said not in reply
    assert "a confirmação quem dá é a equipe" in reply
    assert await responder(shop) == "embedded"
    assert len(await shop.rows("SELECT 1 FROM payment_claim")) == 1


async def test_a_complaint_beside_a_question_has_priority_without_the_models_help(
    shop: Shop, model: ScriptedModel
) -> None:
    model.steps = [call("my_orders"), Say("Maria, seu Audi A3 está pronto para retirada.")]
    reply = await shop.write("cadê meu carro?", "que descaso, uma vergonha esse atendimento de vocês")
    assert "com prioridade" in reply
    (task,) = await tasks(shop)
    assert "PRIORIDADE, reclamação" in task
    assert "que descaso" in task


async def test_a_complaint_that_the_model_files_as_something_else(shop: Shop, model: ScriptedModel) -> None:
    handing = {"reason": "asked_for_person", "summary": "Maria quer falar com alguém."}
    model.steps = [call("hand_off", handing), Say("Sinto muito, Maria. Uma pessoa da equipe fala com você por aqui.")]
    reply = await shop.write("estou indignada, que péssimo atendimento, um absurdo")
    assert reply == "Sinto muito, Maria. Uma pessoa da equipe fala com você por aqui."
    (task,) = await tasks(shop)
    assert "PRIORIDADE" in task.split("\n")[0]
    assert "Maria quer falar com alguém." in task


async def test_a_warranty_claim_carries_the_old_order_whoever_writes(shop: Shop, model: ScriptedModel) -> None:
    handing = {"reason": "warranty", "summary": "Maria diz que o barulho do Polo voltou."}
    model.steps = [call("hand_off", handing), Say("Sinto muito, Maria. Passei o seu caso para um consultor.")]
    await shop.write("voltou o barulho no polo, está na garantia?")
    (task,) = await tasks(shop)
    assert "OS anterior VW Polo (RTY7U89), OS-1031, entregue em" in task


@pytest.mark.parametrize("said", ["O conserto está coberto pela garantia.", "A garantia cobre esse serviço."])
async def test_the_model_cannot_say_that_a_repair_is_covered(shop: Shop, model: ScriptedModel, said: str) -> None:
    await shop.change("UPDATE ordens_servico SET data_entrega = now() - interval '3 days' WHERE numero_os = 'OS-1031'")
    model.steps = [call("service_history"), Say(said), Say(said)]
    assert "cob" not in await shop.write("voltou o barulho no polo, está na garantia?")


async def test_a_model_that_is_away_changes_nothing_of_it(shop: Shop, model: ScriptedModel) -> None:
    model.mind = lambda asked: Fail(401)
    await shop.write("para de me mandar mensagem")
    assert not await may_write(shop)


async def test_complaint_and_question_with_no_model(make_shop: MakeShop) -> None:
    shop = await make_shop(CARLOS)
    reply = await shop.write("vocês são péssimos, que descaso. quanto ficou o orçamento?")
    assert "R$ 3.450,00" in reply
    (task,) = await tasks(shop)
    assert "PRIORIDADE, reclamação" in task
