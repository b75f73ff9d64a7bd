"""What is handed over: once for each matter, with five lines that say who, which car, what, and what was promised."""

from .conftest import Shop, matters, nobody_reacts, tasks

HONEST = "SELECT text FROM outbox WHERE kind = 'message' AND dedupe_key LIKE 'handoff:%'"


async def test_the_staff_read_five_lines_in_a_task_and_a_note(shop: Shop) -> None:
    reply = await shop.write("quero falar com um atendente por favor")
    (task,) = await tasks(shop)
    who, car, wish, said, agreed = task.splitlines()
    assert who == "Quem: Carlos ((11) 99876-5432)"
    assert car == "Carro: VW Jetta (GHI5J67), OS-1044"
    assert wish == "O que quer: quer falar com uma pessoa"
    assert said == "O que disse: quero falar com um atendente por favor"
    assert agreed.startswith(f'O que foi combinado: dissemos: "{reply[:40]}')
    assert await shop.rows("SELECT text FROM outbox WHERE kind = 'note'") == [(task,)]
    assert await matters(shop) == [("asked_for_person", "open")]


async def test_more_of_the_same_matter_is_added_and_makes_no_second_task(shop: Shop) -> None:
    await shop.write("quero falar com um atendente por favor")
    await shop.write("me passa pra um humano, é sobre a embreagem")
    assert len(await tasks(shop)) == 1
    assert await matters(shop) == [("asked_for_person", "open")]
    ((summary,),) = await shop.rows("SELECT summary FROM handoff")
    assert "quero falar com um atendente" in summary
    assert "me passa pra um humano, é sobre a embreagem" in summary
    assert len(await shop.rows("SELECT 1 FROM outbox WHERE kind = 'note'")) == 2


async def test_another_matter_is_a_task_of_its_own_and_a_complaint_comes_first(shop: Shop) -> None:
    await shop.write("quero falar com um atendente por favor")
    await shop.write("isso é um absurdo, péssimo atendimento, quero reclamar")
    asked, complained = await tasks(shop)
    assert not asked.startswith("PRIORIDADE")
    assert complained.startswith("PRIORIDADE – Quem: Carlos")


async def test_a_persons_answer_closes_the_matter_and_the_next_one_is_new(shop: Shop) -> None:
    await shop.write("quero falar com um atendente por favor")
    await shop.stage.staff_writes(shop.person, "Oi Carlos, tudo certo?")
    await shop.stage.minute()
    assert await matters(shop) == [("asked_for_person", "closed")]
    await shop.later(seconds=2)
    await shop.stage.staff_writes(shop.person, "pode voltar")
    await shop.write("quero falar com um atendente por favor")
    assert await matters(shop) == [("asked_for_person", "closed"), ("asked_for_person", "open")]
    assert len(await tasks(shop)) == 2


async def test_what_was_carried_out_is_told_each_time_and_waits_for_nobody(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.write("sim")
    assert await matters(shop) == [("quote_decision", "closed")]
    await nobody_reacts(shop)
    assert len(await tasks(shop)) == 1


async def test_nobody_reacts_the_staff_are_told_again_and_the_customer_once(shop: Shop) -> None:
    await shop.write("quero falar com um atendente por favor")
    await shop.write("isso é um absurdo, péssimo atendimento, quero reclamar")
    await shop.stage.minute()
    assert len(await tasks(shop)) == 2
    await nobody_reacts(shop)
    again = (await tasks(shop))[2:]
    assert len(again) == 2
    assert all(task.startswith("PRIORIDADE – ninguém respondeu ao cliente ainda.\nQuem: Carlos") for task in again)
    ((told,),) = await shop.rows(HONEST)
    assert "Ainda não consegui que alguém da equipe te respondesse" in told
    await nobody_reacts(shop)
    assert len(await tasks(shop)) == 4
    assert {state for _, state in await matters(shop)} == {"escalated"}
    assert len(await shop.rows(HONEST)) == 1


async def test_after_a_persons_answer_nothing_is_escalated(shop: Shop) -> None:
    await shop.write("quero falar com um atendente por favor")
    await shop.stage.staff_writes(shop.person, "Oi Carlos, tudo certo?")
    await nobody_reacts(shop)
    assert await matters(shop) == [("asked_for_person", "closed")]
    assert len(await tasks(shop)) == 1


async def test_outside_the_24_hours_only_the_staff_are_told(shop: Shop) -> None:
    await shop.write("quero falar com um atendente por favor")
    await shop.later(hours=25)
    await nobody_reacts(shop)
    assert len(await tasks(shop)) == 2
    assert await shop.rows(HONEST) == []


async def test_who_wants_no_messages_is_not_told_about_waiting(shop: Shop) -> None:
    await shop.write("para de me mandar mensagem")
    assert await shop.rows("SELECT reason, escalate_at FROM handoff") in ([("opt_out", None)], [])
    await nobody_reacts(shop)
    assert await shop.rows(HONEST) == []
