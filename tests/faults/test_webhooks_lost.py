"""Webhooks that get lost, come twice or out of order."""

import pytest

from tests.stack.running import Stack


@pytest.fixture(autouse=True)
async def healthy_afterwards(stack: Stack) -> None:
    await stack.no_faults()


async def test_with_all_webhooks_dropped_the_sweep_answers(stack: Stack) -> None:
    await stack.fault("drop_webhook")
    reply = await stack.phone("5511987654321").ask("oi, cadê meu carro?")
    assert "Gol" in reply


async def test_a_webhook_that_comes_twice_is_answered_once(stack: Stack) -> None:
    await stack.fault("duplicate_webhook")
    phone = stack.phone("5511976543210")
    await phone.ask("cadê meu carro?")
    await phone.ask("obrigada, e qual o horário de vocês?")
    assert len(await phone.received()) == 2


async def test_webhooks_out_of_order_make_one_answer_to_the_whole_burst(stack: Stack) -> None:
    await stack.fault("reorder_webhooks")
    phone = stack.phone("5511998765432")
    for line in ("oi", "bom dia", "meu orçamento", "quanto ficou mesmo?"):
        await phone.write(line)
    replies = await phone.replies(1)
    assert "3.450,00" in "\n".join(replies)
    await stack.settled()
    assert len(await phone.received()) == 1
