"""The demo shop: five fictitious customers and their vehicles; the orders are in `demo_orders.py`.

Written once into a database without customers, never beside real ones. Names, phones, plates and addresses are
invented. A sixth demo customer exists in the Kommo sandbox only.
"""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.brazil import local
from integrations.workshop.demo_orders import demo_id, demo_orders
from integrations.workshop.models import Company, Customer, Service, ShopConfig, Vehicle

SERVICES = (
    "Troca de óleo e filtros",
    "Diagnóstico com scanner VCDS",
    "Alinhamento e balanceamento",
    "Freios",
    "Suspensão",
    "Embreagem",
    "Motor",
    "Câmbio automático e DSG",
    "Remap e performance",
)


async def seed_demo(session: AsyncSession, now: datetime) -> bool:
    """Write the demo shop as of `now`; False, and nothing written, when the database holds any customer."""
    if await session.scalar(select(exists().where(Customer.id.is_not(None)))):
        return False
    for rows in (_shop(), _customers(), _vehicles(), demo_orders(local(now))):
        session.add_all(rows)
        await session.flush()
    return True


def _shop() -> Sequence[ShopConfig | Company | Service]:
    phone, whatsapp = "(11) 3555-0100", "(11) 95555-0100"
    address = "Avenida das Oficinas, 1200 – Vila Exemplo, São Paulo – SP, 04000-000"
    config = ShopConfig(
        id=demo_id("config"),
        nome="Doctor Auto Prime",
        telefone=phone,
        whatsapp=whatsapp,
        horario_entrada=time(8),
        horario_saida_semana=time(18),
        horario_saida_sabado=time(12),
        horario_almoco_inicio=time(12),
        horario_almoco_fim=time(13),
    )
    company = Company(id=demo_id("company"), nome="Doctor Auto Prime", telefone=phone, endereco=address)
    return [config, company, *(Service(id=demo_id(name), name=name) for name in SERVICES)]


def _customers() -> Sequence[Customer]:
    people = {
        "João Silva": "+55 11 98765-4321",
        "Maria Souza": "+55 11 91234-5678",
        "Carlos Pereira": "+55 11 99876-5432",
        "Ana Lima": "+55 11 97654-3210",
        "Paulo Rocha": "11 8555-1234",
    }
    return [
        Customer(id=demo_id(name), full_name=name, phone=phone, company_id=demo_id("company"), origem_cadastro="demo")
        for name, phone in people.items()
    ]


def _vehicles() -> Sequence[Vehicle]:
    cars = (
        ("João Silva", "VW", "Gol", "2019", "ABC1D23"),
        ("Maria Souza", "Audi", "A3", "2017", "QWE4R56"),
        ("Maria Souza", "VW", "Polo", "2020", "RTY7U89"),
        ("Carlos Pereira", "VW", "Jetta", "2016", "GHI5J67"),
        ("Ana Lima", "VW", "T-Cross", "2022", "JKL8M90"),
        ("Paulo Rocha", "VW", "Voyage", "2012", "JQK-9832"),
    )
    return [
        Vehicle(id=demo_id(plate), customer_id=demo_id(owner), brand=brand, model=model, year=year, plate=plate)
        for owner, brand, model, year, plate in cars
    ]
