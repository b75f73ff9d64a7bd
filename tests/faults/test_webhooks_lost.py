"""Webhooks that get lost, come twice or out of order."""

import pytest

from tests.stack.fixtures import MakeStack
from tests.stack.running import Stack, eventually


@pytest.fixture(autouse=True)
async def healthy_afterwards(stack: Stack) -> None:
    await stack.no_faults()


async def test_with_all_webhooks_dropped_the_sweep_answers(stack: Stack) -> None:
    await stack.fault("drop_webhook")
    reply = await stack.phone("5511987654321").ask("oi, cadê meu carro?")
    assert "Gol" in reply


async def test_one_lost_webhook_among_others_is_found_once_the_chat_is_quiet(stack: Stack) -> None:
    phone = stack.phone("5511985551234")
    await stack.fault("drop_webhook", seconds=30)
    first = await phone.write("oi, a peça chegou?")
    await stack.no_faults()
    await phone.write("e que horas vocês fecham?")
    await phone.replies(1)
    found = f"SELECT 1 FROM message WHERE kommo_id = '{first['id']}' AND turn_id IS NOT NULL"
    await eventually(lambda: stack.query(found), "the lost message was answered", within=120)


async def test_a_webhook_that_comes_twice_is_answered_once(stack: Stack) -> None:
    await stack.fault("duplicate_webhook")
    phone = stack.phone("5511976543210")
    await phone.ask("cadê meu carro?")
    await phone.ask("obrigada, e qual o horário de vocês?")
    assert len(await phone.received()) == 2


async def test_webhooks_out_of_order_make_one_answer_to_the_whole_burst(make_stack: MakeStack) -> None:
    # The stand-in holds webhooks back for a moment to mix them: the quiet window has to be longer than that.
    stack = await make_stack(settings={"AUTOPRIME_QUIET_SECONDS": "3", "AUTOPRIME_BURST_CAP_SECONDS": "20"})
    await stack.fault("reorder_webhooks")
    phone = stack.phone("5511998765432")
    for line in ("oi", "bom dia", "meu orçamento", "quanto ficou mesmo?"):
        await phone.write(line)
    replies = await phone.replies(1)
    assert "3.450,00" in "\n".join(replies)
    await stack.settled()
    assert len(await phone.received()) == 1
