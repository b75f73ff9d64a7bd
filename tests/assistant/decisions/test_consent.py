"""Opting out, coming back, and requests about one's own data: noted with the message as proof, confirmed once."""

import pytest

from campaigns.consent import may_write_first
from integrations.database import transaction

from .conftest import CARLOS, MakeShop, Shop

LEDGER = (
    "SELECT c.phone, c.contact_id, c.state, c.source, m.text FROM consent_entry c "
    "LEFT JOIN message m ON m.id = c.message_id ORDER BY c.id"
)
REQUESTS = (
    "SELECT r.kind, r.state, r.phone, m.text, "
    "r.answer_by - CAST(r.created_at AT TIME ZONE 'America/Sao_Paulo' AS date) "
    "FROM privacy_request r LEFT JOIN message m ON m.id = r.message_id ORDER BY r.id"
)
PHONE = "5511998765432"


async def may_write(shop: Shop, phone: str | None = CARLOS, contact_id: int | None = 1) -> bool:
    async with transaction(shop.stage.sessions) as session:
        return await may_write_first(session, phone, contact_id)


async def tasks(shop: Shop) -> list[str]:
    return [text for (text,) in await shop.rows("SELECT text FROM outbox WHERE kind = 'task' ORDER BY id")]


async def test_an_opt_out_holds_at_once_and_is_confirmed_in_one_sentence(shop: Shop) -> None:
    assert await may_write(shop)
    reply = await shop.write("para de mandar mensagem")
    assert reply.count(".") == 1
    assert "voltar" in reply
    assert not await may_write(shop)
    assert await shop.rows(LEDGER) == [(PHONE, 1, "opted_out", "customer_message", "para de mandar mensagem")]
    assert len(await tasks(shop)) == 1


async def test_it_stops_what_we_begin_and_no_answer(shop: Shop) -> None:
    await shop.write("para de mandar mensagem")
    assert "OS-1044" in await shop.write("quanto ficou o orçamento da OS-1044?")
    assert not await may_write(shop)


@pytest.mark.parametrize("words", ["voltar", "quero voltar a receber", "volta a me mandar as promoções"])
async def test_who_comes_back_is_written_to_again(shop: Shop, words: str) -> None:
    await shop.write("sair")
    assert "volta a receber" in await shop.write(words)
    assert await may_write(shop)
    assert [row[2] for row in await shop.rows(LEDGER)] == ["opted_out", "opted_in"]


async def test_coming_back_means_nothing_from_who_never_left(shop: Shop) -> None:
    assert "volta a receber" not in await shop.write("voltar")
    assert await shop.rows(LEDGER) == []


async def test_asking_twice_writes_one_line(shop: Shop) -> None:
    first = await shop.write("não quero mais receber mensagens")
    second = await shop.write("para de mandar mensagem")
    assert first != second
    assert len(await shop.rows(LEDGER)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "não para não, gosto",
        "para de fazer barulho o carro",
        "não para de mandar",
        "não recebi a mensagem do orçamento",
        "quero voltar a receber as mensagens",
        "não quero apagar meus dados",
        "quero corrigir meus dados",
    ],
)
async def test_near_misses_stop_nothing(shop: Shop, text: str) -> None:
    await shop.write(text)
    assert await may_write(shop)
    assert await shop.rows("SELECT 1 FROM consent_entry") == []


async def test_in_a_burst_the_message_that_says_it_is_the_proof(shop: Shop) -> None:
    reply = await shop.write("não recebi o orçamento", "e para de me mandar propaganda", "quanto ficou a OS-1044?")
    assert "iniciativa nossa" in reply
    assert "3.450,00" in reply
    assert [row[4] for row in await shop.rows(LEDGER)] == ["e para de me mandar propaganda"]


async def test_what_is_taken_back_in_the_same_burst_stops_nothing(shop: Shop) -> None:
    await shop.write("para de me mandar mensagem", "brincadeira, pode continuar mandando")
    assert await may_write(shop)


async def test_all_phones_of_the_contact_and_the_contact_are_left_in_peace(shop: Shop) -> None:
    shop.person.further_phones = ("11 90000-0001",)
    assert await may_write(shop, "11 90000-0001", None)
    await shop.write("sair")
    assert not await may_write(shop, CARLOS, None)
    assert not await may_write(shop, "11 90000-0001", None)
    assert not await may_write(shop, None, 1)
    assert await may_write(shop, "+55 11 90000-0002", 2)


async def test_nobody_is_written_to_whom_nothing_names(shop: Shop) -> None:
    assert not await may_write(shop, None, None)


async def test_a_contact_without_a_number_can_opt_out(make_shop: MakeShop) -> None:
    shop = await make_shop(None)
    await shop.write("para de mandar mensagem")
    assert not await may_write(shop, None, 1)
    await shop.write("voltar")
    assert await may_write(shop, None, 1)


async def test_while_a_person_has_the_talk_an_opt_out_holds_and_nothing_is_said(shop: Shop) -> None:
    await shop.write("oi")
    await shop.stage.staff_writes(shop.person, "Oi Carlos, aqui é o Pedro.")
    assert await shop.write("para de mandar mensagem") == ""
    assert not await may_write(shop)
    assert len(await tasks(shop)) == 1


async def test_what_a_person_talks_about_without_a_wish_stays_silent(shop: Shop) -> None:
    await shop.write("oi")
    await shop.stage.staff_writes(shop.person, "Oi Carlos, aqui é o Pedro.")
    assert await shop.write("beleza, e o meu carro?") == ""
    assert await tasks(shop) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("quais dados vocês têm de mim?", "access"),
        ("apaga meus dados", "erasure"),
        ("meu telefone está errado no cadastro de vocês", "correction"),
    ],
)
async def test_a_request_about_data_gets_a_number_and_a_due_day(shop: Shop, text: str, kind: str) -> None:
    reply = await shop.write(text)
    ((number, answer_by),) = await shop.rows("SELECT id, answer_by FROM privacy_request")
    assert f"*LGPD-{number}*" in reply
    assert format(answer_by, "%d/%m/%Y") in reply
    assert await shop.rows(REQUESTS) == [(kind, "open", PHONE, text, 15)]
    (task,) = await tasks(shop)
    assert f"Protocolo LGPD-{number}" in task
    assert "LGPD, art. 18" in task


async def test_not_twice_while_one_of_the_kind_is_open(shop: Shop) -> None:
    await shop.write("apaga meus dados")
    again = await shop.write("já pedi: excluam os meus dados por favor")
    ((number,),) = await shop.rows("SELECT id FROM privacy_request")
    assert f"já está aberto para apagar os seus dados: protocolo *LGPD-{number}*" in again
    await shop.write("e quais dados vocês têm de mim?")
    assert [row[0] for row in await shop.rows(REQUESTS)] == ["erasure", "access"]
    await shop.change("UPDATE privacy_request SET state = 'done', closed_at = now() WHERE kind = 'erasure'")
    await shop.write("apaga meus dados")
    assert [row[0] for row in await shop.rows(REQUESTS)] == ["erasure", "access", "erasure"]


async def test_who_wants_to_be_forgotten_is_not_written_to(shop: Shop) -> None:
    await shop.write("apaga meus dados")
    assert [row[3] for row in await shop.rows(LEDGER)] == ["erasure_request"]
    assert not await may_write(shop)


async def test_nothing_about_data_is_told_or_changed(shop: Shop) -> None:
    before = await shop.rows("SELECT id, full_name, phone FROM profiles ORDER BY id")
    for text in ("quais dados vocês têm de mim?", "corrige meu nome no cadastro para Pedro"):
        assert "99876" not in await shop.write(text)
    assert await shop.rows("SELECT id, full_name, phone FROM profiles ORDER BY id") == before


@pytest.mark.parametrize("text", ["meus dados pra nota são Carlos Silva", "me passa os dados para o pix"])
async def test_data_for_something_else_open_no_request(shop: Shop, text: str) -> None:
    await shop.write(text)
    assert await shop.rows("SELECT 1 FROM privacy_request") == []
