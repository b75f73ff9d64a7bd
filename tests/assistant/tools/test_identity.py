"""Who gets to know what: the phone decides, and nothing a customer types opens somebody else's order."""

from uuid import uuid4

import pytest

from assistant.tools.history import ServiceHistory
from assistant.tools.orders import MyOrders, OrderDetails
from assistant.tools.payments import PaymentsResult
from assistant.tools.quotes import QuoteResult
from assistant.tools.registry import build_tools
from assistant.tools.speaker import identify
from assistant.tools.toolbox import Speaker, Toolbox, ToolFailed
from integrations.database import Sessions, transaction

from .builders import NOW, TERMS, ShopFloor

MARIA = "+55 11 91234-5678"
CARLOS = "+55 11 99876-5432"
STRANGER = "+55 11 96666-7777"


@pytest.fixture
def floor(sessions: Sessions) -> ShopFloor:
    return ShopFloor(sessions)


async def numbers(floor: ShopFloor, phone: str | None) -> list[str]:
    answer = await floor.ask(phone, "my_orders", MyOrders, include_delivered=True)
    return sorted(order.number for order in answer.orders)


@pytest.mark.parametrize(
    "stored", ["+55 11 98555-1234", "11 8555-1234", "(11) 98555-1234", "551185551234", "011985551234"]
)
@pytest.mark.parametrize("writes", ["5511985551234", "+551185551234"])
async def test_ninth_digit_and_country_code_do_not_matter(floor: ShopFloor, stored: str, writes: str) -> None:
    paulo = await floor.customer("Paulo Rocha", stored)
    await floor.order("OS-1", paulo)
    assert await numbers(floor, writes) == ["OS-1"]


async def test_an_unlinked_order_is_found_by_its_own_phone(floor: ShopFloor) -> None:
    await floor.customer("Maria Souza", MARIA)
    await floor.order("OS-1", client_phone="11 1234-5678 (recado)")
    await floor.order("OS-2", client_phone="(11) 91234 5678")
    await floor.order("OS-3", client_phone="011 1234-5678")
    await floor.order("OS-4", client_phone=None, client_name="Maria Souza")
    assert await numbers(floor, MARIA) == ["OS-2"]


async def test_an_unlinked_order_is_found_without_any_profile(floor: ShopFloor) -> None:
    await floor.order("OS-1", client_phone="11 96666-7777")
    assert await numbers(floor, STRANGER) == ["OS-1"]


async def test_the_login_of_the_shops_application_links_orders_and_vehicles(floor: ShopFloor) -> None:
    login = uuid4()
    maria = await floor.customer("Maria Souza", MARIA, user_id=login)
    await floor.customer("Carlos Pereira", CARLOS, user_id=uuid4())
    await floor.vehicle(maria, "RTY7U89", customer_id=None, user_id=login, model="Polo")
    await floor.order("OS-1", user_id=login)
    answer = await floor.ask(MARIA, "my_orders", MyOrders)
    assert [order.number for order in answer.orders] == ["OS-1"]
    assert [vehicle.vehicle for vehicle in answer.vehicles] == ["VW Polo"]
    assert await numbers(floor, CARLOS) == []


async def test_profiles_without_login_do_not_share_orders_without_login(floor: ShopFloor) -> None:
    await floor.customer("Maria Souza", MARIA)
    await floor.order("OS-1", client_phone=CARLOS)
    assert await numbers(floor, MARIA) == []


async def test_a_link_to_somebody_else_beats_the_phone_on_the_order(floor: ShopFloor) -> None:
    await floor.customer("Maria Souza", MARIA)
    carlos = await floor.customer("Carlos Pereira", CARLOS)
    await floor.order("OS-1", carlos, client_phone=MARIA)
    await floor.order("OS-2", carlos, client_phone=STRANGER)
    assert await numbers(floor, MARIA) == []
    assert await numbers(floor, STRANGER) == []
    assert await numbers(floor, CARLOS) == ["OS-1", "OS-2"]


async def test_a_family_that_shares_a_phone_sees_the_orders_of_all(floor: ShopFloor) -> None:
    maria = await floor.customer("Maria Souza", MARIA)
    pedro = await floor.customer("Pedro Souza", "11 91234-5678")
    await floor.order("OS-1", maria)
    await floor.order("OS-2", pedro)
    assert await numbers(floor, MARIA) == ["OS-1", "OS-2"]


@pytest.mark.parametrize(
    ("contact", "greeted"), [("Pedro Souza", "Pedro"), ("MARIA", "Maria"), ("~", None), (None, None)]
)
async def test_a_shared_phone_is_greeted_by_the_contacts_name(
    floor: ShopFloor, contact: str | None, greeted: str | None
) -> None:
    await floor.customer("Maria Souza", MARIA)
    await floor.customer("Pedro Souza", MARIA)
    async with transaction(floor.sessions) as session:
        speaker = await identify(session, MARIA, contact)
    assert (speaker.name, len(speaker.customer_ids)) == (greeted, 2)


async def test_the_profile_names_the_speaker(floor: ShopFloor) -> None:
    await floor.customer("maria aparecida souza", MARIA)
    async with transaction(floor.sessions) as session:
        speaker = await identify(session, "5511912345678", "Mozão")
    assert speaker.name == "Maria"
    assert speaker.known


@pytest.mark.parametrize("phone", [STRANGER, None, "", "ramal 12", "+34 612 34 56 78"])
async def test_a_stranger_gets_nothing_from_any_tool(floor: ShopFloor, phone: str | None) -> None:
    carlos = await floor.customer("Carlos Pereira", CARLOS)
    await floor.customer("Sem Telefone", None)
    await floor.vehicle(carlos, "GHI5J67")
    await floor.order("OS-1044", carlos, plate="GHI5J67", data_orcamento=NOW, valor_orcado=3450)
    await floor.order("OS-0001", client_phone="", plate="GHI5J67")
    await floor.delivered("OS-0900", carlos, 30, plate="GHI5J67")
    typed = {"order_number": "OS-1044"}
    assert await floor.ask(phone, "my_orders", MyOrders) == MyOrders(orders=(), vehicles=())
    details = await floor.ask(phone, "order_details", OrderDetails, plate="GHI5J67", **typed)
    assert (details.order, details.candidates, details.work, details.history) == (None, (), (), ())
    quotes = await floor.ask(phone, "quote", QuoteResult, **typed)
    assert (quotes.quotes, quotes.without_quote) == ((), ())
    assert (await floor.ask(phone, "service_history", ServiceHistory, plate="GHI5J67")).visits == ()
    assert (await floor.ask(phone, "payments", PaymentsResult, **typed)).orders == ()


async def test_another_customers_plate_or_number_opens_nothing(floor: ShopFloor) -> None:
    maria, carlos = await floor.customer("Maria Souza", MARIA), await floor.customer("Carlos Pereira", CARLOS)
    await floor.vehicle(maria, "QWE4R56")
    await floor.order("OS-1043", maria, plate="QWE4R56")
    await floor.order("OS-1044", carlos, plate="GHI5J67", data_orcamento=NOW, valor_orcado=3450)
    await floor.delivered("OS-0900", carlos, 30, plate="GHI5J67")
    by_plate = await floor.ask(MARIA, "order_details", OrderDetails, plate="GHI-5J67")
    by_number = await floor.ask(MARIA, "order_details", OrderDetails, order_number="1044")
    assert (by_plate.order, by_plate.candidates, by_number.order, by_number.candidates) == (None, (), None, ())
    assert (await floor.ask(MARIA, "quote", QuoteResult, order_number="OS-1044")).quotes == ()
    assert (await floor.ask(MARIA, "service_history", ServiceHistory, plate="GHI5J67")).visits == ()
    assert (await floor.ask(MARIA, "payments", PaymentsResult, order_number="OS-1044")).orders == ()


async def test_the_same_car_under_a_new_owner_does_not_show_the_old_owners_visits(floor: ShopFloor) -> None:
    maria, carlos = await floor.customer("Maria Souza", MARIA), await floor.customer("Carlos Pereira", CARLOS)
    await floor.vehicle(maria, "QWE4R56", is_active=False)
    await floor.vehicle(carlos, "QWE4R56")
    await floor.delivered("OS-0500", maria, 400, plate="QWE4R56")
    assert (await floor.ask(CARLOS, "service_history", ServiceHistory, plate="QWE4R56")).visits == ()
    assert (await floor.ask(MARIA, "my_orders", MyOrders)).vehicles == ()


async def test_no_tool_takes_an_identity_as_argument(floor: ShopFloor) -> None:
    carlos = await floor.customer("Carlos Pereira", CARLOS)
    box = Toolbox(floor.sessions, Speaker((), None, None), NOW, build_tools(TERMS))
    smuggled = {"customer_id": str(carlos.id), "phone": CARLOS, "client_phone": CARLOS, "user_id": str(carlos.id)}
    for tool in box.tools:
        for name, value in smuggled.items():
            with pytest.raises(ToolFailed):
                await box.call(tool.name, {name: value})
    assert len(box.calls) == len(box.tools) * len(smuggled)
    assert box.results == []
