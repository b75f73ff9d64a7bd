"""The products of a lead become the lines of its OS. The stand-in has no lists: they come as Kommo documents them."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from integrations.database import Sessions, transaction
from integrations.kommo.sandbox.settings import SandboxSettings
from integrations.workshop.models import OrderItem
from tests.integrations.kommo.conftest import api_answer, running
from tests.integrations.kommo.importer.office import Office, prepared

LISTED = [
    {"id": 525439, "metadata": {"quantity": 2, "catalog_id": 4521, "price_id": 271211}},
    {"id": 525441, "metadata": {"quantity": 1.5, "catalog_id": 4521}},
    {"id": 999999, "metadata": {"quantity": 1, "catalog_id": 4521}},
]
"""`_embedded.catalog_elements` of a lead (developers.kommo.com `reference/leads-list`); the last one was deleted."""


class WithList(httpx.AsyncBaseTransport):
    """The stand-in, its leads with products of the list 4521."""

    def __init__(self, status: int = 200) -> None:
        self._kommo, self._status = httpx.AsyncHTTPTransport(), status
        self.asked: list[httpx.QueryParams] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v4/catalogs/4521/elements":
            self.asked.append(request.url.params)
            body = api_answer("list_of_products") if self._status == 200 else {"title": "Forbidden", "status": 403}
            return httpx.Response(self._status, json=body)
        answer = await self._kommo.handle_async_request(request)
        if request.method != "GET" or request.url.path != "/api/v4/leads":
            return answer
        await answer.aread()
        if not answer.content:
            return answer
        document = answer.json()
        for lead in document["_embedded"]["leads"]:
            lead["_embedded"]["catalog_elements"] = LISTED
        return httpx.Response(answer.status_code, json=document)

    async def aclose(self) -> None:
        await self._kommo.aclose()


@pytest.fixture
async def wire(request: pytest.FixtureRequest) -> WithList:
    return WithList(getattr(request, "param", 200))


@pytest.fixture
async def office(sessions: Sessions, tmp_path: Path, wire: WithList) -> AsyncIterator[Office]:
    settings = SandboxSettings(tmp_path / "kommo", rate_limit=0, demo=False)
    async with running(settings) as kommo, kommo.client(transport=wire) as client:
        yield await prepared(kommo, client, sessions)


async def items_of(office: Office) -> list[OrderItem]:
    async with transaction(office.sessions) as session:
        return list(await session.scalars(select(OrderItem).order_by(OrderItem.descricao)))


async def test_products_become_lines_at_the_price_that_was_chosen(office: Office, wire: WithList) -> None:
    lead = await office.lead()
    await office.lead("Ivo Prado", "+55 11 98333-4455", PLATE="XYZ9K88")
    await office.look()
    assert [params.get_list("filter[id][]") for params in wire.asked] == [["525439", "525441", "999999"]], "one call"
    await office.decide(await office.candidate(lead))
    lines = [(one.descricao, one.quantidade, one.valor_unitario, one.valor_total) for one in await items_of(office)]
    assert lines == [
        ("Amortecedor dianteiro", Decimal(2), Decimal("399.50"), Decimal("799.00")),
        ("Mão de obra: suspensão", Decimal("1.5"), None, None),
    ]
    [order] = await office.orders()
    assert (order.valor_orcado, order.valor_aprovado) == (Decimal("1870.00"), None), "the lead's own sum stands"
    assert {one.status for one in await items_of(office)} == {"pendente"}


@pytest.mark.parametrize("wire", [403, 404], indirect=True)
async def test_a_list_that_nobody_may_read_costs_the_lines_and_not_the_lead(office: Office) -> None:
    lead = await office.lead()
    run = await office.look()
    assert (run.state, run.ready) == ("done", 1)
    await office.decide(await office.candidate(lead))
    assert await items_of(office) == []
