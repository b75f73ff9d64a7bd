"""Kommo down, slow, erring, out of messages, or without the add-on."""

import pytest

from tests.stack.running import Stack, eventually

SEND = "/api/v4/talks/"


@pytest.fixture(autouse=True)
async def healthy(stack: Stack) -> None:
    await stack.no_faults()
    await stack.account(plan="pro", chats_limit=500)


async def test_kommo_down_for_a_while_the_answer_comes_when_it_is_back(stack: Stack) -> None:
    phone = stack.phone("5511987654321")
    await phone.write("oi, cadê meu carro?")
    await eventually(lambda: stack.query("SELECT 1 FROM message WHERE direction = 'in'"), "the message is in the inbox")
    stack.programs["sandbox"].kill()
    await eventually(lambda: stack.logged("worker0", "NotSent"), "the worker met the closed door")
    stack.programs["sandbox"].start()
    await stack.answers(f"{stack.sandbox_url}/sandbox/token")
    assert "Gol" in (await phone.replies(1, within=60))[0]
    await stack.settled(within=60)
    assert len(await phone.received()) == 1


async def test_a_send_whose_answer_was_lost_is_looked_up_not_repeated(stack: Stack) -> None:
    phone = stack.phone("5511900000101")
    await stack.fault("lost_response", path=SEND, seconds=3)
    await phone.write("oi")
    await phone.replies(1)
    await stack.no_faults()
    await stack.settled(within=60)
    assert len(await phone.received()) == 1


async def test_answers_of_any_form_lose_nothing_and_double_nothing(stack: Stack) -> None:
    """Every answer of Kommo for a while has something wrong in it, the sends' too; then it is well again."""
    phones = [stack.phone(f"55119000003{number:02}") for number in range(6)]
    await stack.fault("bent_answer", seconds=8, path="/api/v4/")
    for phone in phones:
        await phone.write("oi, que horas vocês abrem?")
    some = "SELECT 1 FROM turn WHERE state = 'answered' HAVING count(*) >= 3"
    await eventually(lambda: stack.query(some), "three turns")
    await stack.no_faults()
    for phone in phones:
        await phone.replies(1, within=150)
    await stack.settled(within=120)
    assert [len(await phone.received()) for phone in phones] == [1] * len(phones)


@pytest.mark.parametrize(
    ("kind", "number"), [("http_500", "5511900000201"), ("http_429", "5511900000202"), ("timeout", "5511900000203")]
)
async def test_errors_are_outlasted(stack: Stack, kind: str, number: str) -> None:
    phone = stack.phone(number)
    await stack.fault(kind, rate=0.5, seconds=6, path="/api/v4/")
    await phone.write("oi")
    await eventually(lambda: met_trouble(stack), "a call that failed")
    await stack.no_faults()
    # A timed-out send may still be under way at Kommo: nothing is repeated before it certainly is not.
    await phone.replies(1, within=150)
    await stack.settled(within=120)
    assert len(await phone.received()) == 1


async def met_trouble(stack: Stack) -> bool:
    """Whether the stand-in has let a call fail lately: cut off, refused for its pace, or answered with a 5xx."""
    return any(call["status"] in (0, 429, 500) for call in (await stack.calls())[-20:])


@pytest.mark.parametrize("change", [{"chats_limit": 0}, {"plan": "advanced"}])
async def test_without_paid_messages_or_add_on_the_salesbot_answers(stack: Stack, change: dict[str, object]) -> None:
    await stack.account(**change)
    phone = stack.phone("5511976543210" if "plan" in change else "5511998765432")
    await phone.ask("oi, cadê meu carro?", within=60)
    assert [message["via"] for message in await phone.received()] == ["salesbot"]
    await stack.settled(within=60)
    assert len(await phone.received()) == 1
    assert await stack.query("SELECT 1 FROM kommo_account WHERE payment_refused_at > now() - interval '2 minutes'")


async def test_a_broken_channel_is_noticed_and_the_staff_are_told(stack: Stack) -> None:
    phone = stack.phone("5511900000104")
    await stack.fault("channel_error")
    await phone.write("oi")
    await eventually(lambda: stack.outbox_in("failed"), "the message is known to have failed", within=60)
    await eventually(
        lambda: stack.query("SELECT 1 FROM outbox WHERE kind = 'task' AND state = 'accepted'"), "a task for the staff"
    )
