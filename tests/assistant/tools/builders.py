"""A shop to ask: writes rows as the shop's application would and asks the tools as a turn would."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from assistant.tools.registry import ShopTerms, build_tools
from assistant.tools.speaker import identify
from assistant.tools.toolbox import Result, Toolbox
from integrations.database import Base, Sessions, transaction
from integrations.settings import SHOP_ZONE
from integrations.workshop.models import Customer, Order, OrderItem, Payment, Vehicle

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=SHOP_ZONE)
"""A Monday morning with the shop open."""

TERMS = ShopTerms(pix_key="pix@oficina.example", payment_ways="pix e cartão", warranty_days=90)

Expected = TypeVar("Expected", bound=Result)
Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class ShopFloor:
    """The test's shop."""

    sessions: Sessions
    terms: ShopTerms = TERMS
    now: datetime = NOW

    async def customer(self, name: str, phone: str | None, *, user_id: UUID | None = None) -> Customer:
        return await self._written(Customer(full_name=name, phone=phone, user_id=user_id))

    async def vehicle(self, owner: Customer, plate: str, **columns: object) -> Vehicle:
        row = Vehicle(
            **{"customer_id": owner.id, "brand": "VW", "model": "Gol", "year": "2019", "plate": plate} | columns
        )
        return await self._written(row)

    async def order(self, number: str, owner: Customer | None = None, **columns: object) -> Order:
        given = {"customer_id": owner.id if owner else None, "status": "diagnostico", "data_entrada": NOW}
        return await self._written(Order(numero_os=number, **(given | columns)))

    async def item(self, order: Order, text: str, total: str | None, **columns: object) -> OrderItem:
        amount = Decimal(total) if total else None
        given = {"tipo": "peca", "valor_total": amount, "created_at": NOW}
        return await self._written(OrderItem(ordem_servico_id=order.id, descricao=text, **(given | columns)))

    async def payment(self, order: Order, amount: str, paid_at: datetime | None = NOW, **columns: object) -> Payment:
        given = {"amount": Decimal(amount), "method": "pix", "paid_at": paid_at}
        return await self._written(Payment(ordem_servico_id=order.id, **(given | columns)))

    async def delivered(self, number: str, owner: Customer, days_ago: int, **columns: object) -> Order:
        """An order that was delivered so many days ago."""
        at = NOW - timedelta(days=days_ago)
        given: dict[str, object] = {"status": "entregue", "data_entrada": at - timedelta(days=2), "data_entrega": at}
        return await self.order(number, owner, **(given | columns))

    async def ask(self, phone: str | None, tool: str, expected: type[Expected], **arguments: object) -> Expected:
        """What the tool answers to whoever writes from this phone."""
        async with transaction(self.sessions) as session:
            speaker = await identify(session, phone)
        result = await Toolbox(self.sessions, speaker, self.now, build_tools(self.terms)).call(tool, arguments)
        assert isinstance(result, expected)
        return result

    async def _written(self, row: Row) -> Row:
        async with transaction(self.sessions) as session:
            session.add(row)
        return row
