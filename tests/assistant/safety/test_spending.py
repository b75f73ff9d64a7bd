"""What a contact and the model may spend: the polite end, the silence, the embedded responder in the model's place."""

import asyncio
from decimal import Decimal

from structlog.testing import capture_logs

from assistant.conversation.spending import POLITE_END
from integrations.llm.scripted import Fail, Say, Slow, Step, call
from tests.stack.running import eventually

from .conftest import CARLOS, Open, Shop

GOL = "João, seu Gol está em diagnóstico."
LOOKED_UP: list[Step] = [call("my_orders"), Say(GOL)]
A_CALL = Decimal("0.1")
"""US$ of one call of the scripted model here: 100 prompt tokens."""
HOURS = ["qual o horário de vocês?", "e o endereço?", "e o telefone?"]


async def answers(shop: Shop, columns: str = "responder, state") -> list[tuple[object, ...]]:
    return await shop.rows(f"SELECT {columns} FROM turn ORDER BY id")


async def tasks(shop: Shop) -> list[str]:
    return [str(told) for (told,) in await shop.rows("SELECT text FROM outbox WHERE kind = 'task' ORDER BY id")]


async def test_over_the_hourly_limit_a_person_takes_over_and_then_it_is_quiet(open_shop: Open) -> None:
    shop = await open_shop(contact_turns_per_hour=2)
    joao = shop.person()
    for question in HOURS[:2]:
        assert await shop.write(joao, question) not in ("", POLITE_END)
    assert await shop.write(joao, HOURS[2]) == POLITE_END
    assert "2 respostas em uma hora" in (await tasks(shop))[-1]
    told = len(await tasks(shop))
    assert await shop.write(joao, "oi?") == ""
    assert await shop.write(joao, "alguém?") == ""
    assert len(await tasks(shop)) == told
    await shop.later(minutes=61)
    assert await shop.write(joao, HOURS[2]) not in ("", POLITE_END)


async def test_all_chats_of_a_contact_count_together_and_nobody_elses(open_shop: Open) -> None:
    shop = await open_shop(contact_turns_per_hour=2)
    await shop.write(shop.person(contact_id=7), HOURS[0])
    await shop.write(shop.person(contact_id=7), HOURS[1])
    assert await shop.write(shop.person(contact_id=8), HOURS[2]) != POLITE_END
    assert await shop.write(shop.person(contact_id=7), HOURS[2]) == POLITE_END


async def test_a_contact_that_cost_enough_today_is_a_persons_for_the_rest_of_the_day(open_shop: Open) -> None:
    shop = await open_shop(*LOOKED_UP, contact_daily_cost_usd=Decimal("0.15"))
    joao = shop.person()
    assert await shop.write(joao, "cadê meu carro?") == GOL
    assert await shop.write(joao, HOURS[0]) == POLITE_END
    assert await shop.write(joao, HOURS[1]) == ""
    assert "US$ 0.15 em um dia" in (await tasks(shop))[-1]
    await shop.later(days=1)
    shop.script.steps = list(LOOKED_UP)
    assert await shop.write(joao, "cadê meu carro?") == GOL


async def test_when_the_days_budget_is_spent_the_embedded_responder_answers_and_it_is_logged_once(
    open_shop: Open,
) -> None:
    shop = await open_shop(*LOOKED_UP, model_daily_usd=Decimal("0.2"))
    assert await shop.write(shop.person(), "cadê meu carro?") == GOL
    with capture_logs() as logs:
        for phone in (CARLOS, CARLOS):
            assert await shop.write(shop.person(phone, contact_id=2), HOURS[0])
    assert await answers(shop, "responder") == [("model",), ("embedded",), ("embedded",)]
    assert [log["event"] for log in logs].count("spending.model_budget_reached") == 1
    await shop.later(days=1)
    shop.script.steps = list(LOOKED_UP)
    assert await shop.write(shop.person(), "cadê meu carro?") == GOL
    shop.script.assert_finished()


async def test_zero_is_no_limit(open_shop: Open) -> None:
    shop = await open_shop(*LOOKED_UP, *LOOKED_UP)
    assert await shop.write(shop.person(), "cadê meu carro?") == GOL
    assert await shop.write(shop.person(), "cadê meu carro?") == GOL


async def test_a_model_that_fails_half_way_has_cost_too(open_shop: Open) -> None:
    shop = await open_shop(call("my_orders"), Fail(400))
    assert await shop.write(shop.person(), "cadê meu carro?")
    assert await answers(shop, "responder, prompt_tokens, cost_usd") == [("embedded", 100, A_CALL)]


async def test_refused_drafts_have_cost_too(open_shop: Open) -> None:
    shop = await open_shop(Say("Fica R$ 99,00."), Say("Fica R$ 98,00."))
    assert await shop.write(shop.person(), "cadê meu carro?")
    assert await answers(shop, "responder, prompt_tokens, cost_usd") == [("embedded", 200, 2 * A_CALL)]


async def test_an_answer_that_came_too_late_has_cost_too(open_shop: Open) -> None:
    shop = await open_shop(Slow(1.0, Say("Um momento, por favor.")))
    joao = shop.person()
    first = asyncio.create_task(shop.write(joao, "cadê meu carro?"))

    async def asked() -> bool:
        return bool(shop.script.asked)

    await eventually(asked, "the model is asked")
    assert await shop.write(joao, "e o orçamento?") == ""
    assert await first == ""
    assert await answers(shop, "state, prompt_tokens, cost_usd") == [("superseded", 100, A_CALL)]
