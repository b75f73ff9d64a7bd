"""Voice, stickers, reactions, changed and deleted messages, where something is open and where nothing is."""

import pytest

from assistant.decisions.messages import Said, read_messages
from assistant.decisions.reading import Reply, Wish

from .conftest import Shop

UNDECIDED = ("orcamento", None, False, None)


async def test_a_spoken_yes_is_read_back_and_counts_only_in_writing(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    asked = await shop.write("Sim, pode aprovar.", kind="voice")
    assert asked.startswith("Pelo áudio entendi que sim.")
    assert "R$ 3.450,00" in asked
    assert "responda *sim* por escrito" in asked
    assert await shop.order() == UNDECIDED
    assert await shop.proposals() == ["open"]
    assert "Registrei a aprovação" in await shop.write("sim")
    assert await shop.proposals() == ["confirmed"]


async def test_a_spoken_no_is_read_back_too(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    assert (await shop.write("não quero", kind="voice")).startswith("Pelo áudio entendi que não.")
    assert await shop.proposals() == ["open"]
    await shop.write("não")
    assert await shop.proposals() == ["declined"]


async def test_a_yes_said_and_written_is_a_written_one(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.stage.sends(shop.person, "sim, pode fazer", kind="voice")
    await shop.stage.sends(shop.person, "sim")
    assert "Registrei a aprovação" in (await shop.stage.answers(shop.person))[0]


async def test_what_was_said_may_take_a_written_yes_back(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.stage.sends(shop.person, "mas tira o óleo do câmbio", kind="voice")
    await shop.stage.sends(shop.person, "sim")
    await shop.stage.answers(shop.person)
    assert await shop.order() == UNDECIDED


async def test_a_yes_beside_a_voice_note_that_nobody_heard_approves_nothing(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.stage.sends(shop.person, "", kind="voice")
    await shop.stage.sends(shop.person, "sim")
    await shop.stage.answers(shop.person)
    assert await shop.order() == UNDECIDED


async def test_a_spoken_request_is_proposed_with_its_figures(shop: Shop) -> None:
    asked = await shop.write("quero aprovar o orçamento", kind="voice")
    assert "*Total: R$ 3.450,00*" in asked
    assert await shop.order() == UNDECIDED


@pytest.mark.parametrize(("text", "kind"), [("👍", "reaction"), ("", "reaction"), ("", "sticker"), ("sim", "reaction")])
async def test_a_sticker_or_reaction_to_a_proposal_is_asked_about(shop: Shop, text: str, kind: str) -> None:
    await shop.write("pode aprovar o orçamento")
    assert "R$ 3.450,00" in await shop.write(text, kind=kind)
    assert await shop.order() == UNDECIDED
    assert await shop.proposals() == ["open"]


@pytest.mark.parametrize("kind", ["sticker", "reaction"])
async def test_a_sticker_to_nothing_is_left_alone(shop: Shop, kind: str) -> None:
    await shop.write("qual o horário de vocês?")
    assert await shop.write("", kind=kind) == ""


async def test_a_sticker_to_a_question_is_asked_for_words(shop: Shop) -> None:
    await shop.write("quero aprovar só uma parte do orçamento")
    assert "por escrito" in await shop.write("", kind="sticker")


@pytest.mark.parametrize("kind", ["picture", "file", "video", "location", "contact", "something_new"])
async def test_what_only_a_person_can_look_at_is_handed_over_and_decides_nothing(shop: Shop, kind: str) -> None:
    await shop.write("pode aprovar o orçamento")
    assert "Recebi" in await shop.write("sim", kind=kind)
    assert await shop.order() == UNDECIDED
    assert "enviou" in (await shop.rows("SELECT text FROM outbox WHERE kind = 'task'"))[0][0]


async def test_a_receipt_is_never_a_payment(shop: Shop) -> None:
    await shop.write("qual a chave pix?")
    told = await shop.write("", kind="picture")
    assert "conferir" in told
    told_staff = await shop.rows("SELECT text FROM outbox WHERE kind <> 'message' ORDER BY id")
    assert "nada foi dado como pago" in told_staff[-1][0]


async def test_who_goes_on_sending_voice_notes_that_nobody_hears_gets_a_person(shop: Shop) -> None:
    assert "me escrever" in await shop.write("", kind="voice")
    assert await shop.rows("SELECT 1 FROM outbox WHERE kind = 'task'") == []
    assert "Recebi o áudio" in await shop.write("", kind="voice")
    assert "áudios" in (await shop.rows("SELECT text FROM outbox WHERE kind = 'task'"))[0][0]


async def test_a_message_changed_before_it_was_answered_is_answered_as_it_is_now(shop: Shop) -> None:
    message = await shop.stage.sends(shop.person, "qual o endereço de vocês?")
    await shop.stage.changes(shop.person, message, "cadê meu carro?")
    (reply,) = await shop.stage.answers(shop.person)
    assert "Jetta" in reply
    assert await shop.rows("SELECT text, first_text, edited_at IS NOT NULL FROM message WHERE direction = 'in'") == [
        ("cadê meu carro?", "qual o endereço de vocês?", True)
    ]


async def test_a_message_changed_after_it_was_answered_stays_the_proof(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    message = await shop.stage.sends(shop.person, "sim")
    await shop.stage.answers(shop.person)
    await shop.stage.changes(shop.person, message, "não, deixa pra lá")
    assert await shop.stage.answers(shop.person) == []
    found = await shop.rows("SELECT text, edited_at IS NOT NULL FROM message WHERE kommo_id = :id", id=message)
    assert found == [("sim", True)]
    assert (await shop.order())[0] == "aprovado"


async def test_an_old_message_changed_into_a_yes_approves_nothing(shop: Shop) -> None:
    """It was written before the proposal, whatever it says now."""
    message = await shop.stage.sends(shop.person, "oi")
    await shop.later(minutes=5)
    await shop.change("UPDATE conversation SET due_at = NULL")
    await shop.change("UPDATE message SET turn_id = 0")
    await shop.write("pode aprovar o orçamento")
    await shop.change(f"UPDATE message SET turn_id = NULL WHERE kommo_id = '{message}'")
    await shop.change("UPDATE conversation SET due_at = now()")
    await shop.stage.changes(shop.person, message, "sim")
    await shop.stage.answers(shop.person)
    assert await shop.order() == UNDECIDED


async def test_a_deleted_message_is_not_answered_and_no_longer_seen(shop: Shop) -> None:
    message = await shop.stage.sends(shop.person, "qual o endereço de vocês?")
    await shop.stage.takes_back(message)
    assert await shop.stage.answers(shop.person) == []
    assert await shop.rows("SELECT 1 FROM conversation WHERE due_at IS NOT NULL") == []
    assert "Jetta" in await shop.write("cadê meu carro?")


async def test_a_deleted_yes_approves_nothing(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    message = await shop.stage.sends(shop.person, "sim")
    await shop.stage.takes_back(message)
    await shop.stage.answers(shop.person)
    assert await shop.order() == UNDECIDED
    assert await shop.proposals() == ["open"]


def test_what_is_heard_is_told_from_what_is_written() -> None:
    voice, text = Said("sim", "voice"), Said("sim", "text")
    assert read_messages([voice], Wish.QUOTE) == (Reply.YES, True)
    assert read_messages([text], Wish.QUOTE) == (Reply.YES, False)
    assert read_messages([voice, text], Wish.QUOTE) == (Reply.YES, False)
    assert read_messages([Said("👍", "text"), voice], Wish.QUOTE) == (Reply.YES, True)
    assert read_messages([Said("👎", "reaction"), text], Wish.QUOTE)[0] is not Reply.YES
