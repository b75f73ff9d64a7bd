"""A person takes a chat over and gives it back: what nobody answered meanwhile is answered, the rest never."""

from .conftest import Shop, takeover_ends, tasks

WAITING = "SELECT text FROM message WHERE direction = 'in' AND turn_id IS NULL AND NOT history"


async def taken(shop: Shop) -> None:
    """A person writes, and a moment passes."""
    await shop.write("oi")
    await shop.stage.staff_writes(shop.person, "Oi Carlos, aqui é a Carla.")
    await shop.later(seconds=1)


async def test_what_is_written_meanwhile_waits_and_is_answered_at_the_end(shop: Shop) -> None:
    await taken(shop)
    assert await shop.write("cadê meu carro?") == ""
    assert await shop.rows(WAITING) == [("cadê meu carro?",)]
    assert await shop.rows("SELECT 1 FROM conversation WHERE due_at IS NOT NULL") == []
    (reply,) = await takeover_ends(shop)
    assert "Jetta" in reply
    assert await shop.rows(WAITING) == []


async def test_what_a_person_answered_is_never_answered(shop: Shop) -> None:
    await taken(shop)
    await shop.write("cadê meu carro?")
    await shop.later(seconds=1)
    await shop.stage.staff_writes(shop.person, "Está na mesa de orçamento.")
    assert await takeover_ends(shop) == []


async def test_only_what_came_after_the_persons_answer_is_answered(shop: Shop) -> None:
    await taken(shop)
    await shop.write("vocês têm estacionamento?")
    await shop.stage.staff_writes(shop.person, "Temos sim!")
    await shop.later(seconds=1)
    await shop.write("cadê meu carro?")
    (reply,) = await takeover_ends(shop)
    assert "Jetta" in reply
    answered = "SELECT history, turn_id FROM message WHERE text = 'vocês têm estacionamento?'"
    assert await shop.rows(answered) == [(True, None)]


async def test_what_is_too_old_for_whatsapp_becomes_a_task(shop: Shop) -> None:
    await taken(shop)
    await shop.write("cadê meu carro?")
    await shop.later(hours=24)
    assert await takeover_ends(shop) == []
    assert "janela de 24 horas" in (await tasks(shop))[-1]


async def test_the_word_hands_back_at_once_and_counts_as_no_answer(shop: Shop) -> None:
    await taken(shop)
    await shop.write("cadê meu carro?")
    await shop.stage.staff_writes(shop.person, "Pode voltar!")
    (reply,) = await shop.stage.answers(shop.person)
    assert "Jetta" in reply
    assert "Jetta" in await shop.write("e o orçamento do jetta, quanto ficou?")


async def test_the_word_inside_a_sentence_is_a_persons_answer(shop: Shop) -> None:
    await taken(shop)
    await shop.write("posso buscar?")
    await shop.stage.staff_writes(shop.person, "pode voltar amanhã para buscar")
    assert await shop.stage.answers(shop.person) == []
    assert await shop.write("obrigado, e o preço?") == ""


async def test_a_take_over_lasts_for_opening_hours(shop: Shop) -> None:
    """Twelve of them on this stage: more than a day has, so at least a night lies in between."""
    await taken(shop)
    assert await shop.rows("SELECT quiet_until > now() + interval '20 hours' FROM conversation") == [(True,)]


async def test_the_leads_field_shows_who_has_the_chat(shop: Shop) -> None:
    await taken(shop)
    assert await shop.rows("SELECT lead_id, shown, wanted FROM lead_mode") == [(1, "Ativo", "Pessoa")]
    await shop.stage.staff_writes(shop.person, "pode voltar")
    assert await shop.rows("SELECT wanted FROM lead_mode") == [("Ativo",)]
