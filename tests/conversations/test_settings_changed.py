"""A setting that the staff change counts from the next answer on, without a restart."""

from tests.stack.running import Stack

MARIA = "5511912345678"
SET = "INSERT INTO shop_setting (name, value) VALUES ('pix_key', 'novo@oficina.com.br') RETURNING name"


async def test_the_next_customer_is_told_the_new_pix_key(stack: Stack) -> None:
    phone = stack.phone(MARIA)
    await phone.write("qual a chave pix?")
    before = await phone.replies(1)
    assert "novo@oficina.com.br" not in before[0]
    await stack.query(SET)
    try:
        await phone.write("me passa o pix de novo por favor")
        assert "novo@oficina.com.br" in (await phone.replies(2))[-1]
    finally:
        await stack.query("DELETE FROM shop_setting RETURNING name")
