"""What the tools answer to somebody who may ask, over the tidy and the untidy rows of a real shop."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from assistant.tools.history import ServiceHistory
from assistant.tools.orders import MyOrders, OrderDetails
from assistant.tools.payments import PaymentsResult
from assistant.tools.quotes import QuoteResult
from integrations.database import Sessions, transaction
from integrations.settings import SHOP_ZONE
from integrations.workshop.models import Customer
from integrations.workshop.stages import Stage

from .builders import NOW, ShopFloor

PHONE = "5511912345678"


@pytest.fixture
def floor(sessions: Sessions) -> ShopFloor:
    return ShopFloor(sessions)


@pytest.fixture
async def maria(floor: ShopFloor) -> Customer:
    return await floor.customer("Maria Souza", PHONE)


async def test_open_orders_come_newest_first_and_closed_ones_on_request(floor: ShopFloor, maria: Customer) -> None:
    await floor.order("OS-1", maria, data_entrada=NOW - timedelta(days=5))
    await floor.order("OS-2", maria, data_entrada=NOW - timedelta(days=1))
    await floor.delivered("OS-0", maria, 90)
    await floor.order("OS-3", maria, status="cancelado", data_entrada=NOW - timedelta(days=3))
    open_ones = await floor.ask(PHONE, "my_orders", MyOrders)
    everything = await floor.ask(PHONE, "my_orders", MyOrders, include_delivered=True)
    assert [order.number for order in open_ones.orders] == ["OS-2", "OS-1"]
    assert [order.number for order in everything.orders] == ["OS-2", "OS-3", "OS-1", "OS-0"]
    assert everything.orders[3].delivered_on == date(2026, 8, 25)


@pytest.mark.parametrize("status", ["aguardando o Zé voltar do almoço", "", None, "🚗", "em análise"])
async def test_a_status_nobody_foresaw_is_an_open_order(floor: ShopFloor, maria: Customer, status: str | None) -> None:
    order = await floor.order("OS-1", maria, status="x", posicao_patio="sabe-se lá")
    async with transaction(floor.sessions) as session:
        await session.execute(text("UPDATE ordens_servico SET status = :s"), {"s": status})
    (found,) = (await floor.ask(PHONE, "my_orders", MyOrders)).orders
    assert (found.number, found.stage, found.is_open) == (order.numero_os, Stage.OTHER, True)


async def test_an_order_with_nothing_filled_in(floor: ShopFloor, maria: Customer) -> None:
    await floor.order("TEMP", maria, status=None, plate="PENDENTE", vehicle="A identificar", data_entrada=None)
    found = (await floor.ask(PHONE, "order_details", OrderDetails)).order
    assert found is not None
    assert (found.vehicle, found.plate, found.year) == ("veículo", None, None)
    assert (found.total, found.total_kind, found.balance_due, found.paid) == (None, None, None, Decimal(0))


async def test_the_vehicle_is_read_from_the_orders_text_when_it_is_not_linked(
    floor: ShopFloor, maria: Customer
) -> None:
    await floor.order("OS-1", maria, vehicle="VW Gol (2019)", plate="abc-1d23")
    await floor.order("OS-2", maria, vehicle="Audi A3 2.0 TFSI - 2017", plate="QWE4R56")
    found = {order.number: order for order in (await floor.ask(PHONE, "my_orders", MyOrders)).orders}
    assert (found["OS-1"].vehicle, found["OS-1"].year, found["OS-1"].plate) == ("VW Gol", "2019", "ABC1D23")
    assert (found["OS-2"].vehicle, found["OS-2"].year) == ("Audi A3 2.0 TFSI", "2017")


async def test_an_old_plate_and_its_mercosul_form_are_one_car(floor: ShopFloor, maria: Customer) -> None:
    await floor.vehicle(maria, "JQK-9832", model="VW Voyage")
    await floor.order("OS-1", maria, plate="JQK9I32", vehicle="voyage")
    answer = await floor.ask(PHONE, "my_orders", MyOrders)
    details = await floor.ask(PHONE, "order_details", OrderDetails, plate="jqk 9832")
    assert (answer.orders[0].vehicle, answer.vehicles) == ("VW Voyage", ())
    assert details.order is not None
    assert details.order.number == "OS-1"


async def test_vehicles_without_open_order_are_told(floor: ShopFloor, maria: Customer) -> None:
    gol, _ = await floor.vehicle(maria, "ABC1D23"), await floor.vehicle(maria, "RTY7U89", model="Polo")
    await floor.order("OS-1", maria, vehicle_id=gol.id)
    answer = await floor.ask(PHONE, "my_orders", MyOrders)
    assert [(car.vehicle, car.plate) for car in answer.vehicles] == [("VW Polo", "RTY7U89")]
    assert (answer.orders[0].vehicle, answer.orders[0].plate) == ("VW Gol", "ABC1D23")


async def test_parts_are_awaited_only_while_the_order_waits(floor: ShopFloor, maria: Customer) -> None:
    expected = date(2026, 11, 26)
    waiting = await floor.order("OS-1", maria, status="aprovado", posicao_patio="aguardando_pecas")
    working = await floor.order("OS-2", maria, status="em_execucao")
    for order in (waiting, working):
        await floor.item(order, "Bomba de combustível", "680", previsao_chegada=expected)
        await floor.item(order, "Filtro", "80", previsao_chegada=expected, status="recusado")
        await floor.item(order, "Troca", "220", tipo="mao_de_obra", previsao_chegada=expected)
    found = {order.number: order for order in (await floor.ask(PHONE, "my_orders", MyOrders)).orders}
    assert [(part.description, part.expected_on) for part in found["OS-1"].waiting_parts] == [
        ("Bomba de combustível", expected)
    ]
    assert found["OS-2"].waiting_parts == ()


async def test_the_forecast_is_told_on_the_shops_clock_until_the_car_is_ready(
    floor: ShopFloor, maria: Customer
) -> None:
    at = datetime(2026, 11, 25, 1, 0, tzinfo=SHOP_ZONE)
    await floor.order("OS-1", maria, status="em_execucao", data_previsao_entrega=at)
    await floor.order("OS-2", maria, status="pronto_retirada", data_previsao_entrega=at)
    found = {order.number: order for order in (await floor.ask(PHONE, "my_orders", MyOrders)).orders}
    forecast = found["OS-1"].expected_at
    assert forecast is not None
    assert (forecast, forecast.hour, forecast.utcoffset()) == (at, 1, timedelta(hours=-3))
    assert found["OS-2"].expected_at is None


LOGGED_AT = "2026-11-20T12:00:00+00:00"


@pytest.mark.parametrize(
    "log",
    [
        [
            {"timestamp": LOGGED_AT, "de": "entrada", "para": "em_execucao", "usuario": str(uuid4())},
            {"timestamp": "ontem", "para": "entrada"},
            {"timestamp": "2026-11-19T12:00:00", "para": "entrada"},
            {"timestamp": LOGGED_AT},
            "rabisco",
            None,
        ],
    ],
)
async def test_the_yards_log_tells_since_when(floor: ShopFloor, maria: Customer, log: list[object]) -> None:
    await floor.order(
        "OS-1", maria, status="em_execucao", historico_movimentacao=log, data_aprovacao=NOW - timedelta(9)
    )
    details = await floor.ask(PHONE, "order_details", OrderDetails)
    assert [step.stage for step in details.history] == [Stage.READY_TO_START, Stage.IN_PROGRESS]
    assert details.order is not None
    assert details.order.stage_since == datetime.fromisoformat(LOGGED_AT)


@pytest.mark.parametrize("log", [None, {}, "texto", 7, []])
async def test_a_log_of_another_shape_is_no_history(floor: ShopFloor, maria: Customer, log: object) -> None:
    await floor.order("OS-1", maria, historico_movimentacao=log)
    details = await floor.ask(PHONE, "order_details", OrderDetails)
    assert details.history == ()
    assert details.order is not None
    assert details.order.stage_since is None


@pytest.mark.parametrize("typed", ["OS-1042", "1042", "os 1042", "nº 01042", "Os1042"])
async def test_an_order_is_named_as_people_type_it(floor: ShopFloor, maria: Customer, typed: str) -> None:
    await floor.order("OS-1042", maria)
    await floor.order("OS-10420", maria)
    await floor.order("OS-104", maria)
    details = await floor.ask(PHONE, "order_details", OrderDetails, order_number=typed)
    assert details.order is not None
    assert details.order.number == "OS-1042"


async def test_a_long_order_number_goes_by_its_last_part_too(floor: ShopFloor, maria: Customer) -> None:
    await floor.order("OS-20260116-0042", maria)
    for typed in ("42", "OS-20260116-0042", "202601160042"):
        assert (await floor.ask(PHONE, "order_details", OrderDetails, order_number=typed)).order is not None
    assert (await floor.ask(PHONE, "order_details", OrderDetails, order_number="20260116")).order is None


async def test_several_open_orders_are_candidates(floor: ShopFloor, maria: Customer) -> None:
    await floor.order("OS-1", maria, plate="ABC1D23")
    await floor.order("OS-2", maria, plate="RTY7U89")
    await floor.delivered("OS-0", maria, 90, plate="ABC1D23")
    both = await floor.ask(PHONE, "order_details", OrderDetails)
    one = await floor.ask(PHONE, "order_details", OrderDetails, plate="ABC1D23")
    assert ({order.number for order in both.candidates}, both.order) == ({"OS-1", "OS-2"}, None)
    assert one.order is not None
    assert one.order.number == "OS-1"


async def test_past_visits_tell_what_was_done(floor: ShopFloor, maria: Customer) -> None:
    visit = await floor.delivered("OS-1", maria, 30, plate="ABC1D23", valor_aprovado=Decimal(400), vehicle="VW Gol")
    await floor.item(visit, "Pastilhas", "300", status="aprovado")
    await floor.item(visit, "Mão de obra", "100", status="aprovado", tipo="servico")
    await floor.item(visit, "Disco", "900", status="recusado")
    await floor.item(visit, "Fluido", "90", status="pendente")
    old = await floor.delivered("OS-0", maria, 700, plate="RTY7U89")
    await floor.item(old, "Óleo", "90", status="pendente")
    await floor.order("OS-2", maria, plate="ABC1D23")
    answer = await floor.ask(PHONE, "service_history", ServiceHistory)
    assert [(v.number, v.services, v.parts, v.total) for v in answer.visits] == [
        ("OS-1", ("Mão de obra",), ("Pastilhas",), Decimal(400)),
        ("OS-0", (), ("Óleo",), None),
    ]
    of_one_car = await floor.ask(PHONE, "service_history", ServiceHistory, plate="RTY7U89")
    assert [v.number for v in of_one_car.visits] == ["OS-0"]


@pytest.mark.parametrize(("days", "runs"), [(0, True), (90, True), (91, False)])
async def test_the_warranty_runs_through_its_last_day(floor: ShopFloor, maria: Customer, days: int, runs: bool) -> None:
    await floor.delivered("OS-1", maria, days)
    (visit,) = (await floor.ask(PHONE, "service_history", ServiceHistory)).visits
    assert visit.under_warranty is runs
    assert visit.delivered_on is not None
    assert visit.warranty_until == visit.delivered_on + timedelta(days=90)


async def test_days_are_the_shops_days(floor: ShopFloor, maria: Customer) -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=SHOP_ZONE)
    await floor.delivered("OS-1", maria, 0, data_entrega=late)
    evening = replace(floor, now=datetime(2027, 2, 18, 22, 0, tzinfo=SHOP_ZONE))
    (visit,) = (await evening.ask(PHONE, "service_history", ServiceHistory)).visits
    assert (visit.delivered_on, visit.warranty_until) == (date(2026, 11, 20), date(2027, 2, 18))
    assert visit.under_warranty


async def test_cost_margin_and_internal_notes_stay_in_the_shop(floor: ShopFloor, maria: Customer) -> None:
    order = await floor.order(
        "OS-1",
        maria,
        status="entregue",
        data_entrega=NOW,
        data_orcamento=NOW,
        valor_final=Decimal(500),
        observacoes="cliente reclama de tudo",
    )
    await floor.item(order, "Pastilhas", "500.00")
    async with transaction(floor.sessions) as session:
        await session.execute(text("UPDATE ordens_servico_itens SET valor_custo = 777.77, margem_aplicada = 33.33"))
        await session.execute(text("UPDATE profiles SET internal_notes = 'caloteira', cpf = '123'"))
    answers = [
        await floor.ask(PHONE, "my_orders", MyOrders, include_delivered=True),
        await floor.ask(PHONE, "order_details", OrderDetails, order_number="1"),
        await floor.ask(PHONE, "quote", QuoteResult, order_number="1"),
        await floor.ask(PHONE, "service_history", ServiceHistory),
        await floor.ask(PHONE, "payments", PaymentsResult, order_number="1"),
    ]
    said = " ".join(answer.model_dump_json() for answer in answers)
    assert said.count("500.00") >= 5
    assert not [secret for secret in ("777.77", "33.33", "reclama", "caloteira") if secret in said]
