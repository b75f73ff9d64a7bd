"""Texts of the desk and of the shop's own data pass the same filter as a model's."""

from integrations.llm.scripted import Say, call

from .conftest import CARLOS, Open

ITEM = (
    "UPDATE ordens_servico_itens SET descricao = 'Kit de embreagem, pague em http://pague.com' "
    "WHERE descricao = 'Kit de embreagem'"
)


async def test_a_link_in_a_quotes_item_is_neither_shown_nor_proposed(open_shop: Open) -> None:
    shop = await open_shop()
    await shop.change(ITEM)
    reply = await shop.write(shop.person(CARLOS), "pode aprovar o orçamento")
    assert "pague.com" not in reply
    assert "equipe" in reply
    assert await shop.rows("SELECT 1 FROM proposal") == []
    assert await shop.rows("SELECT 1 FROM outbox WHERE kind = 'task'")


async def test_a_text_of_the_desk_that_may_not_be_sent_leaves_nothing_to_say_yes_to(open_shop: Open) -> None:
    shop = await open_shop()
    carlos = shop.person(CARLOS)
    await shop.write(carlos, "pode aprovar o orçamento")
    await shop.change(ITEM)
    reply = await shop.write(carlos, "sim")
    assert "pague.com" not in reply
    assert "pessoa da equipe" in reply
    assert await shop.rows("SELECT state FROM proposal WHERE state IN ('open', 'confirmed')") == []
    await shop.write(carlos, "sim")
    assert await shop.rows("SELECT status FROM ordens_servico WHERE numero_os = 'OS-1044'") == [("orcamento",)]


async def test_a_refused_text_gets_one_more_try_with_the_complaint(open_shop: Open) -> None:
    good = "Seu Gol está em diagnóstico."
    shop = await open_shop(call("my_orders"), Say(f"{good} Veja em www.oficina.com"), Say(good))
    assert await shop.write(shop.person(), "cadê meu carro?") == good
    assert "links só podem levar" in shop.script.asked[-1].text


async def test_a_configured_host_and_the_shops_own_pix_key_may_be_sent(open_shop: Open) -> None:
    texts = ["A chave pix é pix@oficina.example.", "Veja a chave em https://www.oficina.example/pix"]
    configured = {
        "link_hosts": "oficina.example",
        "pix_key": "pix@oficina.example",
        "payment_ways": "pix (https://www.oficina.example/pix) e cartão",
    }
    shop = await open_shop(*map(Say, texts), **configured)
    for text in texts:
        assert await shop.write(shop.person(), "qual a chave pix?") == text


async def test_what_nobody_sees_is_taken_out(open_shop: Open) -> None:
    shop = await open_shop(call("my_orders"), Say("Seu Gol está em diag\u200bnóstico.\u202e Até\x07 logo! 👍🏽"))
    assert await shop.write(shop.person(), "cadê meu carro?") == "Seu Gol está em diagnóstico. Até logo! 👍🏽"


async def test_arguments_that_no_database_can_keep_do_not_break_the_turn(open_shop: Open) -> None:
    shop = await open_shop(
        call("order_details", '{"order_number": "\\u0000\\ud800OS-1042"}'),
        call("quote", '{"order_number": "' + "9" * 5000 + '"}'),
        Say("Seu Gol está em diagnóstico."),
    )
    assert await shop.write(shop.person(), "cadê meu carro?") == "Seu Gol está em diagnóstico."
