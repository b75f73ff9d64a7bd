"""Visits: booked, moved and cancelled on an explicit yes; a last place goes to one; nobody is offered a closed hour."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from pydantic import JsonValue, SecretStr

from assistant.conversation.assembly import create_answering, create_desk
from assistant.conversation.embedded.answers.visit_words import moment_in, read_list
from assistant.rehearsal.stage import Person, Stage
from assistant.tools.booking import visit_words
from integrations.brazil import local_day
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Unlimited
from integrations.llm.scripted import Say, Step, call, scripted_model
from integrations.settings import SHOP_ZONE, Settings
from integrations.workshop.opening import holiday_name

from .conftest import Shop

MARIA, STRANGER = "+55 11 91234-5678", "+55 11 96666-7777"
ROWS = (
    "SELECT appointment_date, appointment_time, status, customer_id IS NOT NULL, vehicle_id IS NOT NULL "
    "FROM appointments ORDER BY created_at"
)
Row = tuple[Any, ...]
Make = Callable[..., Awaitable[Shop]]


async def visits(shop: Shop) -> list[Row]:
    return await shop.rows(ROWS)


async def tasks(shop: Shop) -> list[str]:
    return [text for (text,) in await shop.rows("SELECT text FROM outbox WHERE kind = 'task' ORDER BY id")]


async def fill(shop: Shop, at: datetime, places: int = 1, status: str = "confirmado") -> None:
    """Visits that the shop's own application wrote."""
    for _ in range(places):
        await shop.change(
            "INSERT INTO appointments (appointment_date, appointment_time, status) "
            f"VALUES ('{at.date()}', '{at.time()}', '{status}')"
        )


def row(at: datetime, status: str = "confirmado", *, known: bool = True) -> Row:
    return at.date(), at.time(), status, known, known


def workday(ahead: int = 2) -> datetime:
    """Nine o'clock on a working day to come."""
    day = local_day(datetime.now(SHOP_ZONE)) + timedelta(days=ahead)
    while day.weekday() > 4 or holiday_name(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(9), SHOP_ZONE)


async def offered(shop: Shop, text: str = "quero agendar uma revisão") -> list[datetime]:
    return read_list(await shop.write(text))


async def test_a_slot_is_chosen_restated_and_booked(shop: Shop) -> None:
    first, second, _ = await offered(shop)
    assert first < second
    asked = await shop.write("o segundo")
    assert f"*{visit_words(second)}*" in asked
    assert "VW Jetta (GHI5J67)" in asked
    assert asked.endswith("Responda *sim* para confirmar ou *não* para deixar como está.")
    assert await visits(shop) == []
    receipt = await shop.write("sim")
    assert visit_words(second) in receipt
    assert "Avenida das Oficinas, 1200" in receipt
    assert await visits(shop) == [row(second)]
    (task,) = await tasks(shop)
    assert f"AGENDOU uma visita pelo WhatsApp para {visit_words(second)}" in task


async def test_twice_yes_books_once(shop: Shop) -> None:
    await offered(shop)
    await shop.write("1")
    await shop.write("sim")
    await shop.write("sim")
    assert len(await visits(shop)) == 1
    assert len(await tasks(shop)) == 1


async def test_a_day_and_a_time_are_proposed_at_once_and_may_be_changed(shop: Shop) -> None:
    at = workday()
    assert f"*{visit_words(at)}*" in await shop.write(f"pode ser dia {at:%d/%m} às 9?")
    later = at.replace(hour=14)
    assert f"*{visit_words(later)}*" in await shop.write("não, às 14h")
    await shop.write("sim")
    assert await visits(shop) == [row(later)]
    assert await shop.proposals() == ["replaced", "confirmed"]


async def test_other_slots_are_asked_for(shop: Shop) -> None:
    before = await offered(shop)
    after = read_list(await shop.write("nenhum desses"))
    assert min(after).date() > max(before).date()
    # A day that was not among those offered: of these "de manhã" would choose one.
    other = workday(8)
    morning = read_list(await shop.write(f"{other:%d/%m} de manhã"))
    assert morning
    assert all(at.hour < 12 and at.date() == other.date() for at in morning)


@pytest.mark.parametrize("words", ["quero agendar domingo", "pode ser domingo às 10?"])
async def test_a_sunday_is_never_offered(shop: Shop, words: str) -> None:
    reply = await shop.write(words)
    assert "não abrimos" in reply
    assert read_list(reply)
    assert "domingo," not in reply


async def test_lunch_and_a_full_slot_are_never_offered(shop: Shop) -> None:
    at = workday()
    await fill(shop, at, places=2)
    near = read_list(await shop.write(f"quero agendar dia {at:%d/%m} às 9h"))
    assert [slot.hour for slot in near] == [8, 10, 11]
    lunch = read_list(await shop.write("às 12h"))
    assert lunch
    assert all(slot.hour != 12 and slot != at for slot in lunch)
    assert await shop.proposals() == []


async def test_what_is_over_takes_no_place(shop: Shop) -> None:
    at = workday()
    await fill(shop, at, places=2, status="cancelado")
    await fill(shop, at, places=2, status="concluido")
    assert f"*{visit_words(at)}*" in await shop.write(f"quero agendar dia {at:%d/%m} às 9h")


async def test_two_race_for_the_last_place_and_the_other_is_offered_the_next(make_shop: Make) -> None:
    carlos = await make_shop(slot_capacity=1)
    maria = Shop(carlos.stage, Person(MARIA, chat=uuid.uuid4().hex))
    at = workday()
    for one in (carlos, maria):
        assert visit_words(at) in await one.write(
            f"quero agendar o {'jetta' if one is carlos else 'polo'} dia {at:%d/%m} às 9h"
        )
    replies = await asyncio.gather(carlos.write("sim"), maria.write("sim"))
    assert await visits(carlos) == [row(at)]
    (lost,) = [place for place, reply in enumerate(replies) if "acabou de ser preenchido" in reply]
    after = at.replace(hour=10)
    assert f"*{visit_words(after)}*" in replies[lost]
    await (carlos, maria)[lost].write("sim")
    assert await visits(carlos) == [row(at), row(after)]


async def test_an_expired_proposal_is_asked_anew_with_what_is_free_now(shop: Shop) -> None:
    at = workday(4)
    await shop.write(f"quero agendar dia {at:%d/%m} às 9h")
    await shop.later(hours=25)
    await fill(shop, at, places=2)
    asked = await shop.write("sim")
    assert "já faz um tempo" in asked
    assert f"*{visit_words(at.replace(hour=10))}*" in asked
    assert len(await visits(shop)) == 2
    await shop.write("sim")
    assert (await visits(shop))[-1] == row(at.replace(hour=10))


async def test_a_place_taken_meanwhile_is_not_booked(shop: Shop) -> None:
    at = workday()
    await shop.write(f"quero agendar dia {at:%d/%m} às 9h")
    await fill(shop, at, places=2)
    assert "acabou de ser preenchido" in await shop.write("sim")
    assert len(await visits(shop)) == 2
    assert await shop.proposals() == ["stale", "open"]


async def book(shop: Shop, at: datetime, car: str = "") -> None:
    await shop.write(f"quero agendar {car} dia {at:%d/%m} às {at.hour}h")
    await shop.write("sim")


async def test_a_visit_is_moved(shop: Shop) -> None:
    at, to = workday(), workday().replace(hour=15)
    await book(shop, at)
    asked = await shop.write("quero remarcar")
    assert moment_in(asked) == at
    assert at not in read_list(asked)
    changed = await shop.write(f"dia {to:%d/%m} às 15h")
    assert visit_words(at) in changed
    assert f"*{visit_words(to)}*" in changed
    assert await visits(shop) == [row(at)]
    await shop.write("sim")
    assert await visits(shop) == [row(to)]
    assert "MUDOU" in (await tasks(shop))[-1]


async def test_a_visit_is_cancelled_and_its_place_is_free_again(shop: Shop) -> None:
    at = workday()
    await fill(shop, at)
    await book(shop, at)
    asked = await shop.write("desmarca pra mim")
    assert f"*{visit_words(at)}*" in asked
    await shop.write("sim")
    assert (await visits(shop))[-1] == row(at, "cancelado")
    assert visit_words(at) in await shop.write(f"quero agendar dia {at:%d/%m} às 9h")


async def test_a_no_to_a_cancellation_leaves_the_visit(shop: Shop) -> None:
    await book(shop, workday())
    await shop.write("desmarca pra mim")
    assert "continua marcada" in await shop.write("não")
    assert await visits(shop) == [row(workday())]


async def test_a_visit_that_the_shop_moved_is_not_cancelled_on_an_old_question(shop: Shop) -> None:
    at = workday()
    await book(shop, at)
    await shop.write("desmarca pra mim")
    await shop.change("UPDATE appointments SET appointment_time = '16:00'")
    assert visit_words(at.replace(hour=16)) in await shop.write("sim")
    assert (await visits(shop))[0][2] == "confirmado"


async def test_which_of_several_visits_is_asked(make_shop: Make) -> None:
    maria = await make_shop(MARIA)
    first, second = workday(), workday(4).replace(hour=10)
    await book(maria, first, "o polo")
    await book(maria, second, "o a3")
    listed = read_list(await maria.write("quero cancelar meu horário"))
    assert listed == [first, second]
    assert f"*{visit_words(second)}*" in await maria.write("o segundo")
    await maria.write("sim")
    assert [each[2] for each in await visits(maria)] == ["confirmado", "cancelado"]


async def test_the_car_is_asked_for_where_there_are_several(make_shop: Make) -> None:
    maria = await make_shop(MARIA)
    chosen = (await offered(maria))[0]
    asked = await maria.write("o primeiro")
    assert "VW Polo (RTY7U89)" in asked
    assert "Audi A3 (QWE4R56)" in asked
    assert f"*{visit_words(chosen)}*, com o carro VW Polo (RTY7U89)" in await maria.write("o polo")


async def test_a_new_number_is_asked_once_and_books_a_request(make_shop: Make) -> None:
    new = await make_shop(STRANGER)
    chosen = (await offered(new))[0]
    asked = await new.write("o primeiro")
    assert "o seu nome e o modelo ou a placa do carro" in asked
    asked = await new.write("Bruno")
    assert "o modelo ou a placa do carro" in asked
    assert "o seu nome" not in asked
    assert "A equipe confirma" in await new.write("polo 2018")
    assert "pedido de visita" in await new.write("sim")
    assert await visits(new) == [row(chosen, "pendente", known=False)]
    (told,) = await new.rows("SELECT contact_phone, notes, conversation_id IS NOT NULL FROM appointments")
    assert told[0] == "5511966667777"
    assert "Nome: Bruno; Carro: Polo 2018" in told[1]
    assert told[2]
    assert "PEDIU uma visita" in (await tasks(new))[-1]


async def test_what_a_new_number_told_before_is_not_asked_again(make_shop: Make) -> None:
    new = await make_shop(STRANGER)
    await offered(new, "oi, me chamo Bruno e quero agendar uma revisão do meu polo 2018")
    assert "Polo 2018" in await new.write("2")
    assert await new.proposals() == ["open"]


async def test_a_new_number_has_one_request_at_a_time_and_may_cancel_it(make_shop: Make) -> None:
    new = await make_shop(STRANGER)
    at = workday()
    await new.write(f"me chamo Bruno, quero agendar meu polo dia {at:%d/%m} às 9h")
    await new.write("sim")
    assert visit_words(at) in await new.write("quero agendar mais uma visita")
    await new.write("pode cancelar a visita")
    await new.write("sim")
    assert await visits(new) == [row(at, "cancelado", known=False)]


async def test_nobody_sees_or_cancels_anothers_visit(shop: Shop) -> None:
    await book(shop, workday())
    other = Shop(shop.stage, Person(STRANGER, chat=uuid.uuid4().hex))
    reply = await other.write("quero cancelar a visita do jetta GHI5J67")
    assert visit_words(workday()) not in reply
    assert await other.proposals() == ["confirmed"]
    assert await visits(shop) == [row(workday())]


async def test_a_shop_without_hours_lets_a_person_take_it(shop: Shop) -> None:
    await shop.change("UPDATE oficina_config SET horario_entrada = NULL")
    assert "passei" in await shop.write("quero agendar uma revisão")
    assert "quer agendar" in (await tasks(shop))[0]


async def test_another_list_ends_the_question_before_it(shop: Shop) -> None:
    at = workday()
    await shop.write(f"quero agendar dia {at:%d/%m} às 9h")
    listed = await shop.write("quero outro dia")
    assert read_list(listed)
    assert "Responda *sim*" not in listed
    await shop.write("sim")
    assert await visits(shop) == []


@asynccontextmanager
async def with_model(shop: Shop, settings: Settings, *steps: Step) -> AsyncIterator[Shop]:
    """The same shop with a scripted model that answers first."""
    async with scripted_model(*steps) as script:
        endpoint = {"openai_base_url": script.base_url, "openai_api_key": SecretStr("sk-test")}
        answering = create_answering(settings.model_copy(update=endpoint), shop.stage.sessions)
        nowhere = KommoClient("http://127.0.0.1:9", StaticToken(SecretStr("none")), Unlimited(), 1)
        yield Shop(Stage(shop.stage.sessions, nowhere, create_desk(settings), answering), shop.person)
        await answering.aclose()
        script.assert_finished()


async def test_the_model_offers_proposes_and_the_system_books(shop: Shop, settings: Settings) -> None:
    at = workday()
    offer = f"Tenho {visit_words(at)}. Serve para você?"
    chosen: dict[str, JsonValue] = {"on_day": at.date().isoformat(), "at": "09:00"}
    script = (call("free_slots", chosen), Say(offer), call("propose_visit", chosen), Say("Certo!"))
    async with with_model(shop, settings, *script) as served:
        assert await served.write(f"tem horário dia {at:%d/%m} às 9?") == offer
        assert f"*{visit_words(at)}*" in await served.write("serve")
        assert "está agendada" in await served.write("sim")
    assert await visits(shop) == [row(at)]


async def test_a_slot_that_the_model_invents_is_not_sent(shop: Shop, settings: Settings) -> None:
    at = workday()
    invented = Say(f"Tenho {visit_words(at.replace(hour=20))}, pode ser?")
    lookup = call("free_slots", {"on_day": at.date().isoformat()})
    async with with_model(shop, settings, lookup, invented, invented) as served:
        reply = await served.write(f"tem horário dia {at:%d/%m}?")
    assert "20h" not in reply
    assert read_list(reply)


async def test_the_model_cannot_book_by_saying_so(shop: Shop, settings: Settings) -> None:
    at = workday()
    claim = Say(f"Pronto, está agendado para {visit_words(at)}!")
    lookup = call("free_slots", {"on_day": at.date().isoformat(), "at": "09:00"})
    async with with_model(shop, settings, lookup, claim, claim) as served:
        assert "está agendado" not in await served.write(f"marca dia {at:%d/%m} às 9h")
    assert await visits(shop) == []
