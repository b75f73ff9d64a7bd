"""Greetings, thanks, yes and no, and questions about the shop itself."""

from datetime import datetime, timedelta

import pytest

from assistant.conversation.responder import Author, Line
from integrations.settings import SHOP_ZONE

from .conftest import RITA, Talk
from .conversation import ANA, JOAO, MARIA, STRANGER


@pytest.mark.parametrize(("hour", "greeting"), [(9, "Bom dia"), (14, "Boa tarde"), (20, "Boa noite"), (2, "Boa noite")])
async def test_the_greeting_goes_by_the_clock(talk: Talk, hour: int, greeting: str) -> None:
    now = datetime(2026, 11, 23, hour, 30, tzinfo=SHOP_ZONE)
    assert (await talk(JOAO, now=now).write("oi")).text.startswith(f"{greeting}, João!")


async def test_the_welcome_comes_once_and_offers_the_open_order(talk: Talk) -> None:
    conversation = talk(JOAO)
    first = await conversation.write("oi")
    second = await conversation.write("bom dia")
    assert "Quer saber como está o seu VW Gol?" in first.text
    assert len(second.text) < 45
    assert "assistente virtual" not in second.text


async def test_the_offer_of_the_welcome_is_taken_up(talk: Talk) -> None:
    conversation = talk(JOAO)
    await conversation.write("oi")
    assert "Diagnóstico" in (await conversation.write("quero sim")).text


async def test_a_greeting_before_a_question_is_returned_briefly(talk: Talk) -> None:
    draft = await talk(ANA).write("Boa tarde, tudo bem? Como está meu carro?")
    assert draft.text.startswith("Boa tarde! Ana, ")
    assert "Em Execução" in draft.text


async def test_thanks_are_answered_once(talk: Talk) -> None:
    conversation = talk(MARIA)
    await conversation.write("quanto falta pagar?")
    assert "Maria" in (await conversation.write("obrigada!")).text
    assert (await conversation.write("valeu, até mais")).silent


async def test_thanks_with_a_question_is_a_question(talk: Talk) -> None:
    draft = await talk(ANA).write("obrigada, e quando fica pronto?")
    assert "amanhã às 17h" in draft.text


@pytest.mark.parametrize("text", ["não", "agora não, obrigado"])
async def test_a_no_to_an_offer_is_no_refusal_of_a_quote(talk: Talk, text: str) -> None:
    conversation = talk(JOAO)
    await conversation.write("quando fica pronto?")
    draft = await conversation.write(text)
    assert draft.handoff is None
    assert "é só" in draft.text


async def test_a_customer_who_did_not_understand(talk: Talk) -> None:
    conversation = talk(ANA)
    await conversation.write("status")
    assert "de outro jeito" in (await conversation.write("não entendi")).text


@pytest.mark.parametrize(
    ("before", "text", "facts"),
    [
        ("cadê meus carros?", "e a saveiro?", ["SAV1E11", "Aguardando Aprovação"]),
        ("quanto ficou o golf?", "e o outro?", ["SAV1E11", "R$ 800,00"]),
        ("quando fica pronto o golf?", "e a saveiro?", ["SAV1E11", "previsão"]),
    ],
)
async def test_a_short_question_leans_on_the_one_before(talk: Talk, before: str, text: str, facts: list[str]) -> None:
    conversation = talk(RITA)
    await conversation.write(before)
    draft = await conversation.write(text)
    assert [fact for fact in facts if fact not in draft.text] == [], draft.text
    assert "GLF2F22" not in draft.text


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("onde fica a oficina?", ["Avenida das Oficinas, 1200"]),
        ("que horas vocês abrem?", ["de segunda a sexta, das 8h às 18h; sábado, das 8h às 12h", "até as 18h"]),
        ("abre domingo?", ["Domingo não abrimos"]),
        ("qual o telefone da oficina?", ["(11) 3555-0100"]),
        ("vocês fazem remap?", ["remap e performance"]),
        ("vcs fazem freio?", ["freios"]),
        ("vocês fazem pintura?", ["não encontrei esse serviço", "suspensão"]),
        ("qual o endereço e o horário?", ["Avenida das Oficinas", "8h às 18h"]),
    ],
)
async def test_questions_about_the_shop(talk: Talk, text: str, facts: list[str]) -> None:
    draft = await talk(STRANGER).write(text)
    assert [fact for fact in facts if fact.lower() not in draft.text.lower()] == [], draft.text


async def test_closed_now_says_when_it_opens(talk: Talk) -> None:
    saturday = datetime(2026, 11, 21, 15, 0, tzinfo=SHOP_ZONE)
    draft = await talk(STRANGER, now=saturday).write("vocês estão abertos?")
    assert "fechados e abrimos segunda-feira, 23/11/2026 às 8h" in draft.text


async def test_a_talk_of_last_week_is_another_talk(talk: Talk) -> None:
    conversation = talk(JOAO)
    await conversation.write("oi")
    conversation.now += timedelta(days=7)
    assert "assistente virtual" in (await conversation.write("oi")).text


async def test_a_yes_to_staff_is_no_answer_to_our_question(talk: Talk) -> None:
    conversation = talk(JOAO)
    await conversation.write("quando fica pronto?")
    conversation.history.append(Line(Author.STAFF, "João, pode trazer o documento do carro?", "text", conversation.now))
    assert (await conversation.write("sim")).handoff is None
