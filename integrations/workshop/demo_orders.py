"""The demo shop's orders, quotes and payments, dated from the day they are written. All invented.

Builds rows and writes none: `demo.py` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from integrations.settings import SHOP_ZONE
from integrations.workshop.models import Order, OrderItem, Payment

DEMO = UUID("6f2b4c1e-0d5a-4b7e-9a53-d0c7a0a07010")
"""Namespace of the demo rows' ids, so that every demo shop has the same ones."""


def demo_id(name: str) -> UUID:
    """The id of the demo row known by this name, OS number or plate."""
    return uuid5(DEMO, name)


@dataclass(frozen=True)
class Line:
    """An item of a demo order: what, `servico` or `peca`, how many, price of one in R$."""

    text: str
    kind: str
    quantity: int
    unit: int


OIL_AND_PADS = (
    Line("Óleo de motor 5W40 (litro)", "peca", 4, 55),
    Line("Filtro de óleo", "peca", 1, 60),
    Line("Pastilhas de freio dianteiras", "peca", 1, 260),
    Line("Troca de óleo e filtro", "servico", 1, 120),
    Line("Troca das pastilhas de freio", "servico", 1, 120),
)
COOLING = (
    Line("Bomba d'água", "peca", 1, 620),
    Line("Kit correia dentada", "peca", 1, 690),
    Line("Mão de obra: troca da bomba d'água e da correia dentada", "servico", 1, 560),
)
SHOCKS = (
    Line("Amortecedor traseiro", "peca", 2, 190),
    Line("Mão de obra: troca dos amortecedores traseiros", "servico", 1, 260),
)
CLUTCH = (
    Line("Kit de embreagem", "peca", 1, 2100),
    Line("Mão de obra: troca da embreagem", "servico", 1, 900),
    Line("Óleo do câmbio", "peca", 1, 450),
)
REVIEW = (
    Line("Kit de filtros", "peca", 1, 380),
    Line("Óleo de motor 0W20 (litro)", "peca", 5, 62),
    Line("Fluido de freio", "peca", 1, 90),
    Line("Mão de obra: revisão dos 40.000 km", "servico", 1, 460),
)
FUEL_PUMP = (
    Line("Bomba de combustível", "peca", 1, 680),
    Line("Mão de obra: troca da bomba de combustível", "servico", 1, 220),
)


def demo_orders(now: datetime) -> Sequence[Order | OrderItem | Payment]:
    """All orders with their items and payments, parents first."""
    days = _Days(now)
    orders = [*_joao(days), _maria_audi(days), _maria_polo(days), _carlos(days), _ana(days), _paulo(days)]
    for order in orders:
        order.created_at = order.data_entrada or days.now
    return [*orders, *_items(orders, days), *_payments(days)]


class _Days:
    """Moments relative to the day of seeding, on the shop's clock."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def ago(self, days: int, hour: int, minute: int = 0) -> datetime:
        """That time of day, so many days ago (negative: ahead)."""
        return datetime.combine(self.day(days), time(hour, minute), SHOP_ZONE)

    def day(self, days: int) -> date:
        return self.now.date() - timedelta(days=days)

    def months_ago(self, months: int, hour: int) -> datetime:
        """The same day of the month, at most the 28th, so many months ago."""
        years, month = divmod(self.now.year * 12 + self.now.month - 1 - months, 12)
        return datetime(years, month + 1, min(self.now.day, 28), hour, tzinfo=SHOP_ZONE)


def _joao(days: _Days) -> Sequence[Order]:
    opened = days.ago(1, 9, 30)
    oil_change = days.months_ago(14, 16)
    diagnosing = Order(
        **_head("OS-1042", "João Silva", "+55 11 98765-4321", "VW Gol", "ABC1D23"),
        status="diagnostico",
        posicao_patio="entrada",
        data_entrada=opened,
        descricao_problema="barulho na suspensão dianteira",
        historico_movimentacao=_log((opened, None, "entrada")),
    )
    delivered = Order(
        **_head("OS-0871", "João Silva", "(11) 98765-4321", "VW Gol", "ABC1D23"),
        status="entregue",
        posicao_patio="entregue",
        descricao_problema="troca de óleo e pastilhas",
        **_course(oil_change - timedelta(days=1), oil_change),
        **_amounts(OIL_AND_PADS, final=True),
    )
    return diagnosing, delivered


def _maria_audi(days: _Days) -> Order:
    return Order(
        **_head("OS-1043", "Maria Souza", "+55 11 91234-5678", "Audi A3", "QWE4R56"),
        status="pronto_retirada",
        posicao_patio="pronto",
        data_entrada=days.ago(6, 8, 40),
        data_orcamento=days.ago(5, 11),
        data_aprovacao=days.ago(5, 15, 20),
        data_conclusao=days.ago(1, 17, 10),
        descricao_problema="motor esquentando",
        diagnostico="Vazamento na bomba d'água",
        **_amounts(COOLING, final=True),
    )


def _maria_polo(days: _Days) -> Order:
    delivered = days.months_ago(7, 17)
    return Order(
        **_head("OS-1031", "Maria Souza", "+55 11 91234-5678", "VW Polo", "RTY7U89"),
        status="entregue",
        posicao_patio="entregue",
        descricao_problema="traseira batendo em lombada",
        **_course(delivered - timedelta(days=2), delivered),
        **_amounts(SHOCKS, final=True),
    )


def _carlos(days: _Days) -> Order:
    return Order(
        **_head("OS-1044", "Carlos Pereira", "+55 11 99876-5432", "VW Jetta", "GHI5J67"),
        status="orcamento",
        posicao_patio="aguardando_aprovacao",
        data_entrada=days.ago(3, 10, 15),
        data_orcamento=days.now - timedelta(hours=26),
        descricao_problema="embreagem patinando",
        diagnostico="Kit de embreagem gasto e óleo do câmbio vencido",
        **_amounts(CLUTCH),
    )


def _ana(days: _Days) -> Order:
    return Order(
        **_head("OS-1045", "Ana Lima", "+55 11 97654-3210", "VW T-Cross", "JKL8M90"),
        status="em_execucao",
        posicao_patio="em_execucao",
        data_entrada=days.ago(2, 8, 20),
        data_orcamento=days.ago(2, 11, 30),
        data_aprovacao=days.ago(2, 14),
        data_previsao_entrega=days.ago(-1, 17),
        historico_movimentacao=_log(
            (days.ago(2, 8, 20), None, "entrada"),
            (days.ago(2, 11, 30), "entrada", "aguardando_aprovacao"),
            (days.ago(1, 8, 30), "aguardando_aprovacao", "em_execucao"),
        ),
        descricao_problema="revisão dos 40.000 km",
        **_amounts(REVIEW, approved=True),
    )


def _paulo(days: _Days) -> Order:
    return Order(
        **_head("OS-1046", "Paulo Rocha", "11 8555-1234", "VW Voyage", "JQK-9832"),
        status="aguardando_pecas",
        posicao_patio="aguardando_pecas",
        data_entrada=days.ago(4, 9),
        data_orcamento=days.ago(3, 10, 30),
        data_aprovacao=days.ago(3, 16, 45),
        descricao_problema="falhando e morrendo",
        diagnostico="Bomba de combustível com pressão baixa",
        historico_movimentacao=_log(
            (days.ago(4, 9), None, "entrada"),
            (days.ago(3, 10, 30), "entrada", "aguardando_aprovacao"),
            (days.ago(3, 17), "aguardando_aprovacao", "aguardando_pecas"),
        ),
        **_amounts(FUEL_PUMP, approved=True),
    )


LINES = {
    "OS-0871": OIL_AND_PADS,
    "OS-1031": SHOCKS,
    "OS-1043": COOLING,
    "OS-1044": CLUTCH,
    "OS-1045": REVIEW,
    "OS-1046": FUEL_PUMP,
}


def _items(orders: Sequence[Order], days: _Days) -> Sequence[OrderItem]:
    return [
        OrderItem(
            ordem_servico_id=order.id,
            descricao=line.text,
            tipo=line.kind,
            quantidade=Decimal(line.quantity),
            valor_unitario=Decimal(line.unit),
            valor_total=Decimal(line.quantity * line.unit),
            status="aprovado" if order.data_aprovacao else "pendente",
            previsao_chegada=days.day(-3) if line.text == "Bomba de combustível" else None,
            created_at=order.created_at + timedelta(seconds=position),
        )
        for order in orders
        for position, line in enumerate(LINES.get(order.numero_os, ()))
    ]


def _payments(days: _Days) -> Sequence[Payment]:
    return [
        Payment(
            ordem_servico_id=demo_id("OS-0871"), amount=Decimal(780), method="cartao", paid_at=days.months_ago(14, 16)
        ),
        Payment(
            ordem_servico_id=demo_id("OS-1031"),
            amount=Decimal(640),
            method="cartao",
            instalments=2,
            paid_at=days.months_ago(7, 17),
        ),
        Payment(ordem_servico_id=demo_id("OS-1043"), amount=Decimal(1000), method="pix", paid_at=days.ago(1, 17, 40)),
    ]


def _head(number: str, owner: str, phone: str, car: str, plate: str) -> dict[str, object]:
    """What the shop writes on top of an order."""
    return {
        "id": demo_id(number),
        "numero_os": number,
        "customer_id": demo_id(owner),
        "vehicle_id": demo_id(plate),
        "company_id": demo_id("company"),
        "client_name": owner,
        "client_phone": phone,
        "vehicle": car,
        "plate": plate,
    }


def _course(opened: datetime, delivered: datetime) -> dict[str, object]:
    """The dates of an order that went through without waiting."""
    return {
        "data_entrada": opened,
        "data_orcamento": opened + timedelta(hours=2),
        "data_aprovacao": opened + timedelta(hours=3),
        "data_conclusao": delivered - timedelta(hours=2),
        "data_entrega": delivered,
    }


def _amounts(lines: Sequence[Line], *, approved: bool = False, final: bool = False) -> dict[str, object]:
    """The order's amounts from its items, so that they always match."""
    total = Decimal(sum(line.quantity * line.unit for line in lines))
    return {
        "valor_orcado": total,
        "valor_aprovado": total if approved or final else None,
        "valor_final": total if final else None,
    }


def _log(*moves: tuple[datetime, str | None, str]) -> list[dict[str, object]]:
    """Yard movements in the form the shop's database logs them."""
    return [{"timestamp": at.isoformat(), "de": start, "para": end, "usuario": None} for at, start, end in moves]
