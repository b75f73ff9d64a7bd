"""What is open, how to pay, and "já paguei": noted with the message, handed over, never taken as paid."""

import pytest

from assistant.rehearsal.stage import Person

from .conftest import MakeShop, Shop

MARIA = "+55 11 91234-5678"
CLAIMS = (
    "SELECT m.text, m.message_type, p.order_number, p.state FROM payment_claim p JOIN message m ON m.id = p.message_id"
)
PAID = "SELECT count(*), sum(amount) FROM pagamentos"


@pytest.fixture
async def maria(make_shop: MakeShop) -> Shop:
    return await make_shop(MARIA, pix_key="chave-Pix da Oficina+1")


@pytest.mark.parametrize("text", ["já paguei", "fiz o pix agora", "já paguei, posso buscar hoje?"])
async def test_a_claim_is_noted_and_makes_nothing_paid(maria: Shop, text: str) -> None:
    before = await maria.rows(PAID)
    reply = await maria.write(text)
    assert "a confirmação quem dá é a equipe" in reply
    assert await maria.rows(CLAIMS) == [(text, "text", "OS-1043", "open")]
    assert await maria.rows(PAID) == before
    ((task,),) = await maria.rows("SELECT text FROM outbox WHERE kind = 'task'")
    assert "nada foi dado como pago" in task
    assert "OS-1043" in task


async def test_a_receipt_as_a_picture_is_a_claim_where_paying_is_the_subject(maria: Shop) -> None:
    await maria.write("qual a chave pix?")
    reply = await maria.write("", kind="picture")
    assert "conferir" in reply
    assert [row[1] for row in await maria.rows(CLAIMS)] == ["picture"]


@pytest.mark.parametrize(
    "text", ["ainda não paguei", "já paguei tudo?", "quanto já paguei?", "se eu já paguei, quanto falta"]
)
async def test_near_misses_claim_nothing(maria: Shop, text: str) -> None:
    await maria.write(text)
    assert await maria.rows(CLAIMS) == []


async def test_a_picture_of_something_else_claims_nothing(maria: Shop) -> None:
    await maria.write("olha o amassado", kind="picture")
    assert await maria.rows(CLAIMS) == []


async def test_the_pix_key_stands_as_configured(maria: Shop) -> None:
    reply = await maria.write("qual a chave pix?")
    assert "chave-Pix da Oficina+1" in reply.split("\n")
    assert "*R$ 870,00*" in reply


async def test_a_stranger_who_says_they_paid_is_heard(maria: Shop) -> None:
    stranger = Shop(maria.stage, Person("+55 21 90000-1111", chat="stranger"))
    await stranger.write("já paguei o pix")
    assert [row[2] for row in await maria.rows(CLAIMS)] == [None]


async def test_an_invoice_is_the_staffs(maria: Shop) -> None:
    await maria.write("preciso da nota fiscal")
    ((task,),) = await maria.rows("SELECT text FROM outbox WHERE kind = 'task'")
    assert "nota fiscal" in task
