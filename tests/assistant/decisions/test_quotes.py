"""Approving and refusing a quote: only on an explicit yes to that version, once, with every step on record."""

import asyncio
from decimal import Decimal

import pytest

from .conftest import Shop

UNDECIDED = ("orcamento", None, False, None)
ITEMS = "SELECT i.descricao, i.status FROM ordens_servico_itens i JOIN ordens_servico o ON o.id = i.ordem_servico_id "
OF_JETTA = "WHERE o.numero_os = 'OS-1044' ORDER BY i.created_at, descricao"


async def items(shop: Shop) -> dict[str, str]:
    return dict(await shop.rows(ITEMS + OF_JETTA))


async def test_an_approval_needs_the_second_yes_and_leaves_a_receipt(shop: Shop) -> None:
    asked = await shop.write("pode aprovar o orçamento")
    assert "*Total: R$ 3.450,00*" in asked
    assert await shop.order() == UNDECIDED
    receipt = await shop.write("sim")
    assert "Registrei a aprovação do orçamento da OS-1044" in receipt
    assert "R$ 3.450,00" in receipt
    assert await shop.order() == ("aprovado", Decimal("3450.00"), True, None)
    assert set((await items(shop)).values()) == {"aprovado"}
    assert "APROVOU o orçamento" in (await shop.rows("SELECT text FROM outbox WHERE kind = 'task'"))[0][0]


async def test_every_step_says_who_when_and_by_which_message(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.write("sim")
    steps = await shop.rows(
        "SELECT s.state, s.actor, m.text, s.turn_id IS NOT NULL FROM proposal_step s "
        "LEFT JOIN message m ON m.id = s.message_id ORDER BY s.id"
    )
    assert steps == [("open", "assistant", None, True), ("confirmed", "customer", "sim", True)]


async def test_two_yes_act_once(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.write("sim")
    again = await shop.write("sim")
    assert "Registrei" not in again
    assert await shop.proposals() == ["confirmed"]
    assert len(await shop.rows("SELECT 1 FROM outbox WHERE kind = 'task'")) == 1


async def test_a_part_changes_the_proposal_before_it_is_confirmed(shop: Shop) -> None:
    await shop.write("pode fazer o serviço do orçamento")
    changed = await shop.write("sim, mas tira o óleo")
    assert "*Total: R$ 3.000,00*" in changed
    assert await shop.order() == UNDECIDED
    await shop.write("sim")
    assert await shop.order() == ("parcial", Decimal("3000.00"), True, None)
    assert (await items(shop))["Óleo do câmbio"] == "recusado"
    assert await shop.proposals() == ["replaced", "confirmed"]


async def test_items_are_chosen_by_number_when_it_is_not_clear_which(shop: Shop) -> None:
    asked = await shop.write("quero aprovar só uma parte do orçamento")
    assert "3. Óleo do câmbio" in asked
    assert "*Total: R$ 3.000,00*" in await shop.write("1 e 2")
    await shop.write("sim")
    assert (await shop.order())[:2] == ("parcial", Decimal("3000.00"))


async def test_a_refusal_keeps_the_customers_reason(shop: Shop) -> None:
    await shop.write("tá muito caro, não vou fazer")
    assert await shop.order() == UNDECIDED
    await shop.write("sim")
    assert await shop.order() == ("recusado", None, False, "tá muito caro, não vou fazer")
    assert set((await items(shop)).values()) == {"recusado"}


@pytest.mark.parametrize("reply", ["ok", "👍", "beleza"])
async def test_politeness_is_asked_again_and_approves_nothing(shop: Shop, reply: str) -> None:
    await shop.write("pode aprovar o orçamento")
    asked = await shop.write(reply)
    assert "Responda *sim* ou *não*" in asked
    assert await shop.order() == UNDECIDED
    await shop.write("sim")
    assert (await shop.order())[0] == "aprovado"


async def test_a_thumb_as_a_reaction_approves_nothing(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.write("👍", kind="reaction")
    assert await shop.order() == UNDECIDED


async def test_a_heard_yes_approves_nothing(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.write("sim", kind="voice")
    assert await shop.order() == UNDECIDED


async def test_who_goes_on_to_something_else_is_reminded_and_may_still_say_yes(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    assert "Posso registrar a aprovação" in await shop.write("qual o horário de vocês?")
    await shop.write("sim")
    assert (await shop.order())[0] == "aprovado"


async def test_a_yes_after_a_goodbye_answers_nothing(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.write("vou pensar, obrigado")
    await shop.write("sim")
    assert (await shop.proposals())[0] == "lapsed"
    assert await shop.order() == UNDECIDED


async def test_a_no_leaves_everything_as_it_is(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    assert "não registrei" in await shop.write("não")
    assert await shop.proposals() == ["declined"]
    assert await shop.order() == UNDECIDED


async def test_a_quote_changed_in_between_is_proposed_anew(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.change("UPDATE ordens_servico_itens SET valor_total = 500 WHERE descricao = 'Óleo do câmbio'")
    await shop.change("UPDATE ordens_servico SET valor_orcado = 3500 WHERE numero_os = 'OS-1044'")
    again = await shop.write("sim")
    assert "houve mudança" in again
    assert "R$ 3.500,00" in again
    assert await shop.order() == UNDECIDED
    await shop.write("sim")
    assert (await shop.order())[:2] == ("aprovado", Decimal("3500.00"))
    assert await shop.proposals() == ["stale", "confirmed"]


async def test_a_quote_decided_by_the_shop_meanwhile_is_not_decided_again(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.change("UPDATE ordens_servico SET status = 'cancelado' WHERE numero_os = 'OS-1044'")
    await shop.write("sim")
    assert await shop.order() == ("cancelado", None, False, None)
    assert await shop.proposals() == ["stale"]


async def test_an_expired_proposal_is_asked_anew(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.later(hours=25)
    assert "R$ 3.450,00" in await shop.write("sim")
    assert await shop.order() == UNDECIDED
    assert await shop.proposals() == ["expired", "open"]


async def test_a_yes_written_before_the_question_arrived_is_no_answer_to_it(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.change("UPDATE outbox SET sent_at = now() + interval '1 minute'")
    await shop.change("UPDATE message SET sent_at = now() + interval '1 minute' WHERE direction = 'out'")
    await shop.write("sim")
    assert await shop.order() == UNDECIDED


async def test_a_persons_answer_ends_what_was_proposed(shop: Shop) -> None:
    await shop.write("pode aprovar o orçamento")
    await shop.stage.staff_writes(shop.person, "Oi Carlos, vou te ligar.")
    await shop.write("sim")
    assert await shop.proposals() == ["lapsed"]
    assert await shop.order() == UNDECIDED


async def test_two_phones_of_one_customer_approve_once(shop: Shop) -> None:
    second = Shop(shop.stage, type(shop.person)(shop.person.phone))
    for phone in (shop, second):
        await phone.write("pode aprovar o orçamento")
    await asyncio.gather(shop.write("sim"), second.write("sim"))
    assert (await shop.order())[:2] == ("aprovado", Decimal("3450.00"))
    assert sorted(await shop.proposals()) == ["confirmed", "stale"]


async def test_a_discounted_total_is_not_split(shop: Shop) -> None:
    await shop.change("UPDATE ordens_servico SET valor_orcado = 3300 WHERE numero_os = 'OS-1044'")
    assert "consultor" in await shop.write("aprovo só a embreagem, o óleo não")
    assert await shop.proposals() == []
    assert "*Total: R$ 3.300,00*" in await shop.write("então aprovo o orçamento todo")


async def test_negotiating_is_a_consultants_business(shop: Shop) -> None:
    reply = await shop.write("aprovo se fizer por 3 mil")
    assert "3.000" not in reply
    assert "consultor" in reply
    assert await shop.order() == UNDECIDED
