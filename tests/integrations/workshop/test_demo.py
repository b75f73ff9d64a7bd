"""The demo shop is written once, whole, and adds up."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import func, select

from integrations.brazil import local
from integrations.database import Sessions, transaction
from integrations.settings import SHOP_ZONE
from integrations.workshop.demo import seed_demo
from integrations.workshop.models import Customer, Order, OrderItem, Payment, Vehicle

NOWS = [
    datetime(2026, 11, 23, 10, 30, tzinfo=SHOP_ZONE),
    datetime(2027, 1, 1, 2, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 0, 5, tzinfo=SHOP_ZONE),
    datetime(2026, 8, 31, 23, 59, tzinfo=SHOP_ZONE),
]


@pytest.mark.parametrize("now", NOWS, ids=lambda now: f"{now:%Y-%m-%d}")
async def test_orders_add_up_and_their_dates_run_forward(sessions: Sessions, now: datetime) -> None:
    async with transaction(sessions) as session:
        assert await seed_demo(session, now)
    async with transaction(sessions) as session:
        orders = (await session.scalars(select(Order))).all()
        sums: dict[UUID, Decimal] = {}
        for item in await session.scalars(select(OrderItem)):
            sums[item.ordem_servico_id] = sums.get(item.ordem_servico_id, Decimal(0)) + (item.valor_total or Decimal(0))
    assert len(orders) == 7
    for order in orders:
        assert order.valor_orcado == sums.get(order.id)
        dates = [
            order.data_entrada,
            order.data_orcamento,
            order.data_aprovacao,
            order.data_conclusao,
            order.data_entrega,
        ]
        known = [date for date in dates if date is not None]
        assert known == sorted(known)
        assert all(date <= now for date in known)


async def test_the_orders_say_what_the_story_says(sessions: Sessions) -> None:
    now = NOWS[0]
    async with transaction(sessions) as session:
        await seed_demo(session, now)
        orders = {order.numero_os: order for order in await session.scalars(select(Order))}
        numbers = {order.id: number for number, order in orders.items()}
        paid = {numbers[row.ordem_servico_id]: row.amount for row in await session.scalars(select(Payment))}
        pump = await session.scalar(select(OrderItem).where(OrderItem.previsao_chegada.is_not(None)))
    assert paid == {"OS-0871": 780, "OS-1031": 640, "OS-1043": 1000}
    assert orders["OS-1043"].valor_final == Decimal(1870)
    assert orders["OS-1044"].valor_orcado == Decimal(3450)
    assert orders["OS-1044"].data_orcamento == now - timedelta(hours=26)
    assert orders["OS-1045"].data_previsao_entrega == datetime(2026, 11, 24, 17, tzinfo=SHOP_ZONE)
    assert orders["OS-1042"].data_entrada is not None
    assert local(orders["OS-1042"].data_entrada).date() == (now - timedelta(days=1)).date()
    assert pump is not None
    assert (pump.descricao, pump.previsao_chegada) == ("Bomba de combustível", (now + timedelta(days=3)).date())


async def test_it_is_never_written_beside_customers(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        session.add(Customer(full_name="Cliente de verdade"))
    async with transaction(sessions) as session:
        assert not await seed_demo(session, NOWS[0])
    async with transaction(sessions) as session:
        counts = [await session.scalar(select(func.count()).select_from(table)) for table in (Customer, Vehicle, Order)]
    assert counts == [1, 0, 0]


async def test_a_second_start_writes_nothing(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        await seed_demo(session, NOWS[0])
    async with transaction(sessions) as session:
        assert not await seed_demo(session, NOWS[0] + timedelta(days=3))
        assert await session.scalar(select(func.count()).select_from(Customer)) == 5
