"""A person of the shop who writes in the chat makes the assistant quiet there, also when no webhook told of it."""

import pytest

from tests.stack.running import Stack, eventually


@pytest.fixture(autouse=True)
async def healthy(stack: Stack) -> None:
    await stack.no_faults()


async def test_after_a_persons_answer_the_assistant_is_quiet(stack: Stack) -> None:
    phone = stack.phone("5511987654321")
    await phone.ask("oi, cadê meu carro?")
    await phone.staff_write("Oi João, aqui é a Carla. Vou ver com o mecânico.")
    await eventually(lambda: stack.query("SELECT 1 FROM conversation WHERE quiet_until > now()"), "the take-over")
    await phone.write("beleza, e o preço?")
    await eventually(lambda: stack.query("SELECT 1 FROM turn WHERE state = 'silent'"), "the silent turn")
    await stack.settled()
    assert len(await phone.received()) == 1


async def test_a_persons_answer_that_no_webhook_brought_is_seen_before_sending(stack: Stack) -> None:
    phone = stack.phone("5511976543210")
    await stack.fault("drop_webhook", seconds=30)
    await stack.query("UPDATE kommo_account SET swept_at = now() + interval '1 hour' RETURNING 1")
    await phone.write("cadê meu carro?")
    await phone.staff_write("Oi Ana, já te respondo!")
    await stack.no_faults()
    await stack.query("UPDATE kommo_account SET swept_at = NULL RETURNING 1")
    await eventually(
        lambda: stack.query(
            "SELECT 1 FROM turn t JOIN conversation c ON c.id = t.conversation_id WHERE c.phones IS NULL"
        ),
        "the silent turn",
    )
    await stack.settled()
    assert await phone.received() == []
