"""Warranty: dates by the shop's rules, claims handed over with the old order, nothing said to be covered."""

from datetime import date, datetime, timedelta

import pytest

from integrations.settings import SHOP_ZONE, Settings, WrongSettings, load_settings
from integrations.workshop.warranty import WarrantyRule, days_for, parse_rules

from .conftest import MakeShop, Shop

MARIA = "+55 11 91234-5678"
CLAIMS = ["voltou o barulho do polo", "o serviço do polo está na garantia?", "a garantia do polo cobre isso?"]


@pytest.fixture
async def maria(make_shop: MakeShop) -> Shop:
    return await make_shop(MARIA, warranty_rules="amortecedor=365, Elétrica = 30")


async def delivered(shop: Shop, number: str = "OS-1031") -> date:
    ((at,),) = await shop.rows("SELECT data_entrega FROM ordens_servico WHERE numero_os = :number", number=number)
    assert isinstance(at, datetime)
    return at.astimezone(SHOP_ZONE).date()


async def tasks(shop: Shop) -> list[str]:
    return [text for (text,) in await shop.rows("SELECT text FROM outbox WHERE kind = 'task' ORDER BY id")]


def written(day: date) -> str:
    return format(day, "%d/%m/%Y")


@pytest.mark.parametrize("text", CLAIMS)
async def test_a_claim_is_handed_over_with_the_old_order(maria: Shop, text: str) -> None:
    reply = await maria.write(text)
    (task,) = await tasks(maria)
    assert f"OS anterior VW Polo (RTY7U89), OS-1031, entregue em {written(await delivered(maria))}" in task
    assert text in task
    assert "consultor" in reply
    assert "cobert" not in reply


async def test_each_item_has_the_days_of_its_rule(maria: Shop) -> None:
    reply = await maria.write("o polo ainda está na garantia?")
    day = await delivered(maria)
    assert f"até {written(day + timedelta(days=365))}" in reply
    assert f"até {written(day + timedelta(days=90))}" in reply
    assert "mortecedor" in reply.split(written(day + timedelta(days=365)))[0].rsplit("-", 1)[1]


async def test_the_rule_alone_needs_nobody(maria: Shop) -> None:
    reply = await maria.write("quantos dias de garantia vocês dão?")
    assert "90 dias" in reply
    assert await tasks(maria) == []


def test_the_first_rule_that_fits_counts_in_any_spelling() -> None:
    rules = parse_rules("Câmbio automático=365, cambio=180,motor=120")
    assert rules[0] == WarrantyRule("cambio_automatico", 365)
    assert [days_for(text, rules, 90) for text in ("CAMBIO AUTOMÁTICO", "Óleo do câmbio", "motorista", "Freio")] == [
        365, 180, 90, 90,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ("motor", "'motor' does not"),
        ("motor=muito", "'motor=muito' does not"),
        ("motor=90,Motor=180", "two rules"),
        ("motor=99999", "more than 3650 days"),
        ("=90", "does not"),
    ],
)
def test_a_rule_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, rules: str, complaint: str) -> None:
    monkeypatch.setenv("AUTOPRIME_WARRANTY_RULES", rules)
    with pytest.raises(WrongSettings, match=complaint) as wrong:
        load_settings()
    assert "AUTOPRIME_WARRANTY_RULES" in str(wrong.value)


def test_no_rules_is_the_general_one() -> None:
    assert parse_rules(Settings(_env_file=None).warranty_rules or "") == ()
