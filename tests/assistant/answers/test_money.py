"""Quotes, the customer's decision on them, payments. Nothing is decided, negotiated or confirmed here."""

from dataclasses import replace

import pytest

from assistant.conversation.embedded.responder import EmbeddedResponder
from assistant.conversation.embedded.understanding import Understander
from assistant.conversation.responder import HandOffReason

from .conftest import BETO, RITA, Talk
from .conversation import ANA, CARLOS, JOAO, MARIA, STRANGER, TERMS, handed_over


@pytest.mark.parametrize("text", ["o que tem no orçamento?", "quanto ficou?", "me detalha os itens do orçamento"])
async def test_a_sent_quote_is_read_out_item_by_item(talk: Talk, text: str) -> None:
    draft = await talk(CARLOS).write(text)
    lines = draft.text.split("\n")
    assert "- Kit de embreagem: R$ 2.100,00" in lines
    assert "- Mão de obra: troca da embreagem: R$ 900,00" in lines
    assert "- Óleo do câmbio: R$ 450,00" in lines
    assert "*Total: R$ 3.450,00*" in lines
    assert "enviado ontem" in draft.text


async def test_a_quote_that_was_not_sent_has_no_price(talk: Talk) -> None:
    draft = await talk(JOAO).write("quanto vai ficar o conserto?")
    assert "ainda não foi enviado" in draft.text
    assert "R$" not in draft.text


async def test_a_discount_is_a_consultants_business(talk: Talk) -> None:
    draft = await talk(CARLOS).write("o orçamento tá caro, faz um desconto?")
    assert handed_over(draft) is HandOffReason.QUOTE_DECISION
    assert "consultor" in draft.text
    assert "desconto" not in draft.text


@pytest.mark.parametrize("text", ["pode fazer, tá aprovado", "aprovo o orçamento"])
async def test_an_approval_is_restated_and_asked(talk: Talk, text: str) -> None:
    draft = await talk(CARLOS).write(text)
    assert "orçamento da OS-1044, VW Jetta (GHI5J67)" in draft.text
    assert "*Total: R$ 3.450,00*" in draft.text
    assert "Responda *sim*" in draft.text
    assert handed_over(draft) is None


async def test_an_approval_in_part_is_no_approval_of_all(talk: Talk) -> None:
    draft = await talk(CARLOS).write("aprovo só a embreagem, o óleo não")
    assert draft.intents == ("aprovar_orcamento",)
    assert "*Total: R$ 3.000,00*" in draft.text
    assert "Fica de fora:\n- Óleo do câmbio: R$ 450,00" in draft.text


async def test_a_refusal_is_restated_and_asked(talk: Talk) -> None:
    draft = await talk(CARLOS).write("não vou fazer o serviço não, obrigado")
    assert "Posso registrar que você *não quer fazer* o orçamento da OS-1044, VW Jetta (GHI5J67)" in draft.text


@pytest.mark.parametrize("text", ["ok", "sim", "👍"])
async def test_a_bare_yes_after_the_items_approves_nothing(talk: Talk, text: str) -> None:
    conversation = talk(CARLOS)
    await conversation.write("o que tem no orçamento?")
    assert (await conversation.write(text)).handoff is None


@pytest.mark.parametrize("text", ["pode", "fechado", "isso"])
async def test_a_yes_to_nothing_approves_nothing(talk: Talk, text: str) -> None:
    conversation = talk(CARLOS)
    await conversation.write("qual o horário de vocês?")
    assert (await conversation.write(text)).handoff is None


@pytest.mark.parametrize(("text", "asked"), [("não", False), ("não quero", True)])
async def test_a_bare_no_after_the_items_refuses_nothing(talk: Talk, text: str, asked: bool) -> None:
    conversation = talk(CARLOS)
    await conversation.write("o que tem no orçamento?")
    assert ("*não quer fazer*" in (await conversation.write(text)).text) is asked


async def test_still_thinking_decides_nothing(talk: Talk) -> None:
    draft = await talk(CARLOS).write("vou pensar e te falo")
    assert draft.handoff is None
    assert "chamar" in draft.text


async def test_of_two_quotes_it_asks_which(talk: Talk) -> None:
    conversation = talk(RITA)
    asked = await conversation.write("quero aprovar o orçamento")
    assert asked.handoff is None
    assert "GLF2F22" in asked.text
    assert "SAV1E11" in asked.text
    approved = await conversation.write("o da saveiro")
    assert "Para aprovar o orçamento da OS-2001, VW Saveiro (SAV1E11)" in approved.text
    assert "GLF2F22" not in approved.text


@pytest.mark.parametrize(
    ("answer", "plate"), [("o golf", "GLF2F22"), ("o segundo", "SAV1E11"), ("2", "SAV1E11"), ("sav1e11", "SAV1E11")]
)
async def test_which_is_answered_in_many_ways(talk: Talk, answer: str, plate: str) -> None:
    conversation = talk(RITA)
    await conversation.write("quanto ficou?")
    draft = await conversation.write(answer)
    assert draft.intents == ("orcamento_detalhes",)
    assert plate in draft.text
    assert "Total" in draft.text


async def test_what_is_open_paid_and_how_to_pay(talk: Talk) -> None:
    draft = await talk(MARIA).write("quanto falta pagar?")
    for fact in ("R$ 1.870,00", "R$ 1.000,00 por pix ontem", "*R$ 870,00*", TERMS.payment_ways):
        assert fact in draft.text
    assert "pix@oficina.example" in draft.text.split("\n")


async def test_the_bill_of_finished_work_is_no_quote(talk: Talk) -> None:
    draft = await talk(MARIA).write("meu carro ficou pronto? e quanto deu?")
    assert draft.intents == ("status_os", "pagamento")
    assert draft.text.count("R$ 870,00") == 1


async def test_without_a_configured_key_a_person_gives_it(talk: Talk, understander: Understander) -> None:
    terms = replace(TERMS, pix_key=None)
    draft = await talk(MARIA, terms=terms, responder=EmbeddedResponder(understander, terms)).write("qual a chave pix?")
    assert handed_over(draft) is HandOffReason.PAYMENT
    assert "a chave pix quem passa é a equipe" in draft.text.lower()


@pytest.mark.parametrize("text", ["já paguei", "fiz o pix agora", "segue o comprovante"])
async def test_a_payment_is_noted_and_never_confirmed(talk: Talk, text: str) -> None:
    draft = await talk(MARIA).write(text)
    assert handed_over(draft) is HandOffReason.PAYMENT
    assert "conferir" in draft.text
    assert "confirmado" not in draft.text


@pytest.mark.parametrize("text", ["preciso da nota fiscal", "parcela em 3x no cartão?"])
async def test_invoices_and_instalments_go_to_a_person(talk: Talk, text: str) -> None:
    assert handed_over(await talk(ANA).write(text)) is HandOffReason.PAYMENT


async def test_a_quote_is_no_debt(talk: Talk) -> None:
    draft = await talk(CARLOS).write("quanto eu devo?")
    assert "não há nada a pagar" in draft.text


async def test_nothing_recorded_is_no_debt(talk: Talk) -> None:
    draft = await talk(BETO).write("tô devendo alguma coisa?")
    assert "Não há valor em aberto" in draft.text


async def test_ways_to_pay_are_no_secret(talk: Talk) -> None:
    draft = await talk(STRANGER).write("vocês aceitam cartão?")
    assert TERMS.payment_ways in draft.text
