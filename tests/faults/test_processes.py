"""Processes that die, stand still or are restarted."""

from tests.stack.fixtures import MakeStack
from tests.stack.running import Stack, eventually, go_on, pause

CONTACTS = "/api/v4/contacts"


async def test_a_worker_killed_in_the_middle_of_a_turn_is_replaced_and_answers_once(make_stack: MakeStack) -> None:
    stack = await make_stack()
    phone = stack.phone("5511987654321")
    await stack.fault("slow", seconds=120, path=CONTACTS)
    await phone.write("oi, cadê meu carro?")
    await eventually(lambda: turn_is_running(stack), "a turn is running")
    stack.programs["worker0"].kill()
    await stack.no_faults()
    stack.programs["worker0"].start()
    assert "Gol" in (await phone.replies(1, within=60))[0]
    await stack.settled()
    assert len(await phone.received()) == 1


async def test_a_worker_killed_while_sending_sends_no_second_time(make_stack: MakeStack) -> None:
    stack = await make_stack()
    phone = stack.phone("5511987654321")
    await stack.fault("slow", seconds=120, path="/api/v4/talks/")
    await phone.write("oi, cadê meu carro?")
    await eventually(lambda: stack.outbox_in("sending"), "a reply is being sent")
    stack.programs["worker0"].kill()
    await stack.no_faults()
    stack.programs["worker0"].start()
    await phone.replies(1, within=60)
    await stack.settled(within=60)
    assert len(await phone.received()) == 1


async def test_a_paused_worker_that_comes_back_sends_nothing(make_stack: MakeStack) -> None:
    stack = await make_stack(workers=2)
    phone = stack.phone("5511987654321")
    await stack.fault("slow", seconds=120, path=CONTACTS)
    await phone.write("oi, cadê meu carro?")
    await eventually(lambda: turn_is_running(stack), "a turn is running")
    holder = "worker0" if await stack.took_a_turn("worker0") else "worker1"
    pause(stack.programs[holder])
    await stack.no_faults()
    await phone.replies(1, within=60)
    go_on(stack.programs[holder])
    await eventually(lambda: stack.logged(holder, "turn.lease_lost"), "the paused worker saw that it lost its lease")
    await stack.settled()
    assert len(await phone.received()) == 1


async def test_everything_is_restarted_and_the_conversation_goes_on(make_stack: MakeStack) -> None:
    stack = await make_stack()
    phone = stack.phone("5511987654321")
    await phone.ask("oi, cadê meu carro?")
    for name in reversed(stack.programs):
        stack.programs[name].stop()
    for program in stack.programs.values():
        program.start()
    await stack.answers(f"{stack.url}/health/ready")
    await stack.answers(f"{stack.sandbox_url}/sandbox/token")
    assert len(await phone.received()) == 1
    assert await phone.ask("e que horas vocês fecham?", within=60)
    assert len(await phone.received()) == 2


async def turn_is_running(stack: Stack) -> bool:
    return bool(await stack.query("SELECT 1 FROM turn WHERE state = 'running'"))
