"""The shop's profile as a customer hears it, from a full and from an empty configuration."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from sqlalchemy import text

from assistant.tools.shop import ShopInfo
from integrations.database import Sessions, transaction
from integrations.settings import SHOP_ZONE
from integrations.workshop.demo import seed_demo
from integrations.workshop.models import Company

from .builders import NOW, ShopFloor


@pytest.fixture
def floor(sessions: Sessions) -> ShopFloor:
    return ShopFloor(sessions)


async def test_a_stranger_hears_about_the_shop(floor: ShopFloor) -> None:
    async with transaction(floor.sessions) as session:
        await seed_demo(session, NOW)
        await session.execute(text("UPDATE services SET is_active = false WHERE name = 'Motor'"))
    info = await floor.ask(None, "shop_info", ShopInfo)
    assert info.name == "Doctor Auto Prime"
    assert info.address is not None
    assert "São Paulo" in info.address
    assert [(day.weekday, day.opens, day.closes) for day in info.hours[4:]] == [
        ("sexta-feira", time(8), time(18)),
        ("sábado", time(8), time(12)),
        ("domingo", None, None),
    ]
    assert (info.lunch_starts, info.lunch_ends, info.open_now) == (time(12), time(13), True)
    assert info.closes_at == datetime(2026, 11, 23, 18, tzinfo=SHOP_ZONE)
    assert "Freios" in info.services
    assert "Motor" not in info.services
    assert (info.warranty_days, info.payment_ways, info.units) == (90, "pix e cartão", ())


async def test_holidays_ahead_are_named(floor: ShopFloor) -> None:
    december = replace(floor, now=datetime(2026, 12, 10, 9, tzinfo=SHOP_ZONE))
    info = await december.ask(None, "shop_info", ShopInfo)
    assert [(day.on, day.name) for day in info.holidays] == [
        (date(2026, 12, 25), "Natal"),
        (date(2027, 1, 1), "Confraternização Universal"),
    ]


async def test_an_empty_database_says_nothing_and_breaks_nothing(floor: ShopFloor) -> None:
    info = await floor.ask(None, "shop_info", ShopInfo)
    assert (info.name, info.address, info.phone, info.hours, info.services) == (None, None, None, (), ())
    assert (info.open_now, info.next_opening) == (False, None)


async def test_the_unit_that_bears_the_shops_name_is_the_main_one(floor: ShopFloor) -> None:
    async with transaction(floor.sessions) as session:
        session.add(Company(nome="Garage 347", endereco="Rua Primeira, 1"))
        session.add(Company(nome="Doctor Auto Prime", endereco="Rua Segunda, 2", telefone=" "))
        await session.execute(text("INSERT INTO oficina_config (nome, telefone) VALUES ('DOCTOR AUTO PRIME', '')"))
    info = await floor.ask(None, "shop_info", ShopInfo)
    assert (info.address, info.phone) == ("Rua Segunda, 2", None)
    assert [unit.name for unit in info.units] == ["Doctor Auto Prime", "Garage 347"]
