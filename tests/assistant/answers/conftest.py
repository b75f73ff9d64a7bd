"""One fitted understander and one database with the demo shop for all conversations: replies write nothing."""

import uuid
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from assistant.conversation.embedded.responder import EmbeddedResponder
from assistant.conversation.embedded.understanding import Understander
from integrations.database import Sessions, create_engine, create_sessions, transaction
from integrations.workshop.demo import seed_demo
from tests.assistant.tools.builders import ShopFloor
from tests.stack.databases import TEMPLATE, database_url, run_on
from tests.stack.running import shared_cache

from .conversation import NOW, TERMS, Conversation

Talk = Callable[..., Conversation]

RITA, BETO, UNNAMED, ZECA = "11 90000-0001", "11 90000-0002", "11 90000-0003", "11 90000-0004"


@pytest.fixture(scope="session")
def understander() -> Understander:
    return Understander.load(shared_cache())


@pytest.fixture(scope="session")
async def shop(postgres: str) -> AsyncIterator[Sessions]:
    """The demo shop and a few customers it does not have."""
    name = f"answers_{uuid.uuid4().hex}"
    await run_on(postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    engine = create_engine(database_url(postgres, name))
    sessions = create_sessions(engine)
    async with transaction(sessions) as session:
        await seed_demo(session, NOW)
    await _more_customers(ShopFloor(sessions))
    yield sessions
    await engine.dispose()
    await run_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def talk(shop: Sessions, understander: Understander) -> Talk:
    """Begins a conversation: `talk(JOAO)`."""

    def begin(phone: str | None, **given: object) -> Conversation:
        conversation = Conversation(shop, EmbeddedResponder(understander, TERMS), phone)
        for name, value in given.items():
            setattr(conversation, name, value)
        return conversation

    return begin


async def _more_customers(floor: ShopFloor) -> None:
    """Two quotes at once, nobody's open order, an order with nothing filled in, a forecast that has passed."""
    rita = await floor.customer("Rita Ramos", RITA)
    waiting = {"status": "orcamento", "posicao_patio": "aguardando_aprovacao"}
    saveiro = await floor.order(
        "OS-2001", rita, vehicle="VW Saveiro", plate="SAV1E11", data_orcamento=NOW - timedelta(days=3),
        data_entrada=NOW - timedelta(days=4), **waiting,
    )  # fmt: skip
    golf = await floor.order(
        "OS-2002", rita, vehicle="VW Golf GTI 2015", plate="GLF2F22", data_orcamento=NOW - timedelta(hours=5),
        data_entrada=NOW - timedelta(days=2), **waiting,
    )  # fmt: skip
    await floor.item(saveiro, "Amortecedor", "800.00")
    await floor.item(golf, "Turbina K04", "9000.00")
    await floor.item(golf, "Óleo", "260.00", quantidade=Decimal(4))

    beto = await floor.customer("Beto Nunes", BETO)
    await floor.vehicle(beto, "BET0A00", model="Virtus")
    oil = await floor.delivered("OS-1900", beto, 10, plate="BET0A00", valor_final=Decimal(650))
    await floor.item(oil, "Troca de óleo", "650.00", tipo="servico")

    await floor.order("TEMP", None, client_phone=UNNAMED, vehicle="A identificar", plate="PENDENTE", status=None)

    zeca = await floor.customer("Zeca Pires", ZECA)
    await floor.order(
        "3001", zeca, vehicle="VW Amarok", plate="AMA3K33", status="em_execucao",
        data_previsao_entrega=NOW - timedelta(days=1),
    )  # fmt: skip
