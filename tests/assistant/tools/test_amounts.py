"""Quotes, decisions, totals, payments and balances, as told to the customer they concern."""

from datetime import timedelta
from decimal import Decimal

import pytest

from assistant.tools.orders import OrderDetails
from assistant.tools.payments import PaymentsResult
from assistant.tools.quotes import QuoteResult
from integrations.database import Sessions
from integrations.workshop.models import Customer
from integrations.workshop.payments import PaymentMethod, TotalKind
from integrations.workshop.quotes import Decision, ItemKind, ItemStatus

from .builders import NOW, ShopFloor

PHONE = "5511912345678"


@pytest.fixture
def floor(sessions: Sessions) -> ShopFloor:
    return ShopFloor(sessions)


@pytest.fixture
async def maria(floor: ShopFloor) -> Customer:
    return await floor.customer("Maria Souza", PHONE)


async def test_a_quote_is_told_once_it_was_sent(floor: ShopFloor, maria: Customer) -> None:
    sent = await floor.order("OS-1", maria, status="orcamento", data_orcamento=NOW - timedelta(hours=26))
    unsent = await floor.order("OS-2", maria, status="orcamento", valor_orcado=Decimal(900))
    await floor.item(sent, "Kit de embreagem", "2100.00")
    await floor.item(sent, "Troca", None, tipo="mao_de_obra", valor_unitario=Decimal(450), quantidade=Decimal(2))
    await floor.item(sent, "A combinar", None, tipo="sabe-se lá")
    await floor.item(unsent, "Segredo", "900.00")
    answer = await floor.ask(PHONE, "quote", QuoteResult)
    (quote,) = answer.quotes
    assert (quote.number, quote.total, quote.decision) == ("OS-1", Decimal("3000.00"), Decision.AWAITING)
    assert {(item.description, item.kind, item.total) for item in quote.items} == {
        ("Kit de embreagem", ItemKind.PART, Decimal("2100.00")),
        ("Troca", ItemKind.SERVICE, Decimal("900.00")),
        ("A combinar", ItemKind.OTHER, None),
    }
    (waiting,) = answer.without_quote
    assert (waiting.number, waiting.quote_total, waiting.total) == ("OS-2", None, None)
    assert "900" not in waiting.model_dump_json()
    assert "Segredo" not in (await floor.ask(PHONE, "order_details", OrderDetails, order_number="2")).model_dump_json()


@pytest.mark.parametrize(
    ("status", "approved", "items", "decision"),
    [
        ("orcamento", False, ("pendente", "pendente"), Decision.AWAITING),
        ("orcamento", False, ("aprovado", "pendente"), Decision.AWAITING),
        ("aprovado", True, ("aprovado", "aprovado"), Decision.APPROVED),
        ("em_execucao", False, ("pendente", "pendente"), Decision.APPROVED),
        ("parcial", True, ("aprovado", "recusado"), Decision.PARTLY_APPROVED),
        ("em_execucao", True, ("aprovado", "RECUSADO"), Decision.PARTLY_APPROVED),
        ("recusado", False, ("pendente", "pendente"), Decision.REFUSED),
        ("orcamento", False, ("recusado", "recusado"), Decision.REFUSED),
        ("sabe-se lá", False, ("pendente", None), Decision.AWAITING),
    ],
)
async def test_what_was_decided_about_a_quote(
    floor: ShopFloor, maria: Customer, status: str, approved: bool, items: tuple[str | None, ...], decision: Decision
) -> None:
    order = await floor.order(
        "OS-1", maria, status=status, data_orcamento=NOW, data_aprovacao=NOW if approved else None
    )
    for number, item in enumerate(items):
        await floor.item(order, f"item {number}", "100", status=item)
    (quote,) = (await floor.ask(PHONE, "quote", QuoteResult, order_number="OS-1")).quotes
    words = {"aprovado": ItemStatus.APPROVED, "RECUSADO": ItemStatus.REFUSED, "recusado": ItemStatus.REFUSED}
    assert quote.decision is decision
    assert [item.status for item in quote.items] == [words.get(item or "", ItemStatus.PENDING) for item in items]


@pytest.mark.parametrize(
    ("amounts", "status", "total", "kind", "balance"),
    [
        ({"valor_final": "1870", "valor_aprovado": "1900", "valor_orcado": "2000"}, "pronto", "1870", "final", "870"),
        ({"valor_final": "0", "valor_aprovado": "1900", "valor_orcado": "2000"}, "pronto", "1900", "approved", "900"),
        ({"valor_final": "0", "valor_aprovado": "0", "valor_orcado": "2000"}, "orcamento", "2000", "quoted", None),
        ({"valor_final": "900"}, "pronto", "900", "final", "0"),
        ({"valor_aprovado": "1900", "valor_orcado": "2000"}, "cancelado", None, None, None),
        ({"valor_final": "1150"}, "recusado", "1150", "final", "150"),
        ({}, "em_execucao", None, None, None),
    ],
)
async def test_what_an_order_costs_and_what_is_open(
    floor: ShopFloor,
    maria: Customer,
    amounts: dict[str, str],
    status: str,
    total: str | None,
    kind: str | None,
    balance: str | None,
) -> None:
    columns = {name: Decimal(amount) for name, amount in amounts.items()}
    order = await floor.order("OS-1", maria, status=status, data_orcamento=NOW, **columns)
    await floor.payment(order, "1000.00")
    await floor.payment(order, "5000.00", paid_at=None)
    (account,) = (await floor.ask(PHONE, "payments", PaymentsResult, order_number="OS-1")).orders
    assert account.total == (Decimal(total) if total else None)
    assert account.total_kind == (TotalKind(kind) if kind else None)
    assert account.balance_due == (Decimal(balance) if balance else None)
    assert account.paid == Decimal(1000)


async def test_payments_are_listed_with_the_ways_to_pay(floor: ShopFloor, maria: Customer) -> None:
    order = await floor.order("OS-1", maria, status="pronto_retirada", valor_final=Decimal(1870))
    await floor.payment(order, "300.00", paid_at=NOW, method="cartao", instalments=3)
    await floor.payment(order, "700.00", paid_at=NOW - timedelta(days=1), method="dinheiro")
    answer = await floor.ask(PHONE, "payments", PaymentsResult)
    assert [(made.amount, made.method, made.instalments) for made in answer.orders[0].payments] == [
        (Decimal(700), PaymentMethod.CASH, 1),
        (Decimal(300), PaymentMethod.CARD, 3),
    ]
    assert (answer.total_due, answer.pix_key, answer.payment_ways) == (
        Decimal(870),
        "pix@oficina.example",
        "pix e cartão",
    )


async def test_what_is_not_settled_comes_unasked(floor: ShopFloor, maria: Customer) -> None:
    owing = await floor.delivered("OS-2", maria, 20, valor_final=Decimal(500))
    await floor.payment(owing, "200.00")
    settled = await floor.delivered("OS-1", maria, 40, valor_final=Decimal(500))
    await floor.payment(settled, "500.00")
    await floor.delivered("OS-0", maria, 900, valor_final=Decimal(400))
    answer = await floor.ask(PHONE, "payments", PaymentsResult)
    assert [(account.number, account.balance_due) for account in answer.orders] == [("OS-2", Decimal(300))]


async def test_a_delivered_order_without_recorded_payments_is_no_debt(floor: ShopFloor, maria: Customer) -> None:
    await floor.delivered("OS-0", maria, 900, valor_final=Decimal(400))
    answer = await floor.ask(PHONE, "payments", PaymentsResult)
    assert [(account.number, account.total, account.balance_due) for account in answer.orders] == [
        ("OS-0", Decimal(400), None)
    ]
    assert answer.total_due == 0
