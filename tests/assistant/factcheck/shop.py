"""The demo shop's answers on one afternoon, as the tools give them, and a writer of Portuguese numbers."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from assistant.tools.decide import ProposedVerdict
from assistant.tools.history import ServiceHistory, Visit
from assistant.tools.orders import MyOrders, OrderDetails, OrderSummary, StageChange, WaitingPart
from assistant.tools.payments import OrderAccount, PaymentMade, PaymentsResult
from assistant.tools.quotes import Quote, QuoteItem, QuoteResult
from assistant.tools.shop import DayHours, HolidayAhead, ShopInfo
from assistant.tools.toolbox import Result
from integrations.settings import SHOP_ZONE
from integrations.workshop.decide import Verdict
from integrations.workshop.payments import PaymentMethod, TotalKind
from integrations.workshop.quotes import Decision, ItemKind, ItemStatus
from integrations.workshop.stages import Stage

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=SHOP_ZONE)
"""A Monday."""

BARE = OrderSummary(
    number="OS-1",
    vehicle="VW",
    year=None,
    plate=None,
    stage=Stage.DIAGNOSIS,
    stage_since=None,
    is_open=True,
    opened_on=None,
    delivered_on=None,
    problem=None,
    expected_at=None,
    waiting_parts=(),
    quote_sent_at=None,
    quote_total=None,
    approved_total=None,
    total=None,
    total_kind=None,
    paid=Decimal(0),
    balance_due=None,
)


def order(number: str, vehicle: str, plate: str, stage: Stage, **fields: object) -> OrderSummary:
    """An order with only the fields that matter to a test."""
    return BARE.model_copy(update={"number": number, "vehicle": vehicle, "plate": plate, "stage": stage, **fields})


GOL = order(
    "OS-1042", "VW Gol", "ABC1D23", Stage.DIAGNOSIS, year="2019",
    opened_on=date(2026, 11, 22), problem="barulho na suspensão dianteira", stage_since=NOW - timedelta(days=1),
)  # fmt: skip
OLD_GOL = order(
    "OS-0871", "VW Gol", "ABC1D23", Stage.DELIVERED, is_open=False, opened_on=date(2025, 9, 22),
    delivered_on=date(2025, 9, 23), total=Decimal("780.00"), paid=Decimal("780.00"), balance_due=Decimal(0),
)  # fmt: skip
A3 = order(
    "OS-1043", "Audi A3", "QWE4R56", Stage.READY_FOR_PICKUP, opened_on=date(2026, 11, 16),
    total=Decimal("1870.00"), paid=Decimal("1000.00"), balance_due=Decimal("870.00"),
)  # fmt: skip
POLO = order(
    "OS-1031", "VW Polo", "RTY7U89", Stage.DELIVERED, is_open=False, delivered_on=date(2026, 4, 20),
    total=Decimal("540.00"), paid=Decimal("540.00"), balance_due=Decimal(0),
)  # fmt: skip
T_CROSS = order(
    "OS-1045", "VW T-Cross", "JKL8M90", Stage.IN_PROGRESS, opened_on=date(2026, 11, 20),
    expected_at=datetime(2026, 11, 24, 17, 0, tzinfo=SHOP_ZONE),
)  # fmt: skip
PUMP = WaitingPart(description="bomba de combustível", expected_on=date(2026, 11, 26))
VOYAGE = order("OS-1046", "VW Voyage", "JQK9832", Stage.AWAITING_PARTS, year="2012", waiting_parts=(PUMP,))

JETTA = order(
    "OS-1044", "VW Jetta", "GHI5J67", Stage.AWAITING_APPROVAL, year="2016", opened_on=date(2026, 11, 21),
    problem="embreagem patinando", quote_sent_at=NOW - timedelta(hours=26), quote_total=Decimal(3450),
    total=Decimal(3450), total_kind=TotalKind.QUOTED,
)  # fmt: skip
APPROVED_JETTA = JETTA.model_copy(
    update={"stage": Stage.READY_TO_START, "approved_total": Decimal(3000), "total": Decimal(3000),
            "total_kind": TotalKind.APPROVED, "stage_since": NOW - timedelta(hours=2)}
)  # fmt: skip


def item(description: str, kind: ItemKind, total: int | str, quantity: int = 1) -> QuoteItem:
    """One undecided line of a quote."""
    return QuoteItem(
        description=description, kind=kind, quantity=Decimal(quantity), total=Decimal(total), status=ItemStatus.PENDING
    )


JOAO = [MyOrders(orders=(GOL, OLD_GOL), vehicles=())]
MARIA = [MyOrders(orders=(A3, POLO), vehicles=())]
ANA = [MyOrders(orders=(T_CROSS,), vehicles=())]
PAULO = [MyOrders(orders=(VOYAGE,), vehicles=())]
GOL_IN_DETAIL = [
    OrderDetails(
        order=GOL.model_copy(update={"stage": Stage.IN_PROGRESS}),
        diagnosis="Bieleta com folga, trocar em até 5.000 km; cliente pediu para fazer por R$ 100,00",
        work=("Troca das bieletas",),
        history=(StageChange(at=NOW - timedelta(days=1), stage=Stage.DIAGNOSIS),),
        candidates=(),
    )
]
CARLOS = [
    QuoteResult(
        quotes=(
            Quote(
                number="OS-1044",
                vehicle="VW Jetta",
                plate="GHI5J67",
                sent_at=NOW - timedelta(hours=26),
                total=Decimal(3450),
                approved_total=None,
                decision=Decision.AWAITING,
                items=(
                    item("Kit de embreagem", ItemKind.PART, 2100),
                    item("Mão de obra", ItemKind.SERVICE, 900),
                    item("Óleo do câmbio", ItemKind.PART, 450),
                ),
            ),
        ),
        without_quote=(),
    )
]
MARIA_PAYS = [
    PaymentsResult(
        orders=(
            OrderAccount(
                number="OS-1043",
                vehicle="Audi A3",
                plate="QWE4R56",
                stage=Stage.READY_FOR_PICKUP,
                total=Decimal(1870),
                total_kind=TotalKind.FINAL,
                payments=(
                    PaymentMade(
                        amount=Decimal(1000),
                        method=PaymentMethod.PIX,
                        instalments=1,
                        paid_at=datetime(2026, 11, 21, 10, 30, tzinfo=SHOP_ZONE),
                    ),
                ),
                paid=Decimal(1000),
                balance_due=Decimal(870),
            ),
        ),
        total_due=Decimal(870),
        payment_ways="pix, cartão em até 3 vezes, dinheiro e boleto",
        pix_key="pix@doctorautoprime.com.br",
    )
]
CLUTCH, LABOUR, OIL = (
    item("Kit de embreagem", ItemKind.PART, 2100),
    item("Mão de obra", ItemKind.SERVICE, 900),
    item("Óleo do câmbio", ItemKind.PART, 450),
)
CARLOS_ORDER = [MyOrders(orders=(JETTA,), vehicles=())]
CARLOS_APPROVED = [MyOrders(orders=(APPROVED_JETTA,), vehicles=())]
QUESTION = (
    "Para aprovar o orçamento da OS-1044, VW Jetta (GHI5J67):\n- Kit de embreagem: R$ 2.100,00\n"
    "- Mão de obra: R$ 900,00\n- Óleo do câmbio: R$ 450,00\n*Total: R$ 3.450,00*\n"
    "Posso registrar a aprovação? Responda *sim* para confirmar ou *não* para deixar como está."
)
APPROVAL = ProposedVerdict(
    proposal="quote", question=QUESTION, terms={}, number="OS-1044", vehicle="VW Jetta", plate="GHI5J67",
    reminder="Posso registrar a aprovação do orçamento da OS-1044, VW Jetta (GHI5J67), total de R$ 3.450,00?",
    verdict=Verdict.APPROVE, items=(CLUTCH, LABOUR, OIL), left_out=(), proposed_total=Decimal(3450),
)  # fmt: skip
PART_QUESTION = (
    "Para fazer só uma parte do orçamento da OS-1044, VW Jetta (GHI5J67):\n- Kit de embreagem: R$ 2.100,00\n"
    "- Mão de obra: R$ 900,00\n*Total: R$ 3.000,00*\nFica de fora:\n- Óleo do câmbio: R$ 450,00\n"
    "Posso registrar assim? Responda *sim* para confirmar ou *não* para deixar como está."
)
PARTIAL = APPROVAL.model_copy(
    update={"question": PART_QUESTION, "verdict": Verdict.APPROVE_PART, "items": (CLUTCH, LABOUR), "left_out": (OIL,),
            "proposed_total": Decimal(3000)}
)  # fmt: skip
CARLOS_PROPOSAL: list[Result] = [*CARLOS, APPROVAL]
CARLOS_PART: list[Result] = [*CARLOS, PARTIAL]
POLO_VISIT = Visit(
    number="OS-1031",
    vehicle="VW Polo",
    plate="RTY7U89",
    opened_on=date(2026, 4, 17),
    delivered_on=date(2026, 4, 20),
    problem=None,
    services=("Revisão",),
    parts=(),
    total=Decimal(540),
    warranty_until=date(2026, 7, 19),
    under_warranty=False,
)
MARIA_HISTORY = [ServiceHistory(visits=(POLO_VISIT,), warranty_days=90)]
WARRANTED_VISIT = POLO_VISIT.model_copy(
    update={"delivered_on": date(2026, 10, 20), "opened_on": date(2026, 10, 17), "under_warranty": True,
            "warranty_until": date(2027, 1, 18), "services": ("Troca dos amortecedores traseiros",)}
)  # fmt: skip
WARRANTED = [ServiceHistory(visits=(WARRANTED_VISIT,), warranty_days=90)]

WEEKDAYS = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo")
CLOSING = (18, 18, 18, 18, 18, 12, None)
SHOP = [
    ShopInfo(
        name="Doctor Auto Prime",
        address="Rua das Oficinas, 123 - São Paulo/SP, 01310-100",
        phone="(11) 3333-4444",
        units=(),
        hours=tuple(
            DayHours(weekday=name, opens=time(8) if hour else None, closes=time(hour) if hour else None)
            for name, hour in zip(WEEKDAYS, CLOSING, strict=True)
        ),
        lunch_starts=time(12),
        lunch_ends=time(13),
        open_now=True,
        at_lunch=False,
        closes_at=datetime(2026, 11, 23, 18, tzinfo=SHOP_ZONE),
        next_opening=None,
        services=("Troca de óleo e filtros", "Diagnóstico com scanner VCDS"),
        holidays=(HolidayAhead(on=date(2026, 12, 25), name="Natal"),),
        payment_ways="pix, cartão em até 3 vezes, dinheiro e boleto",
        warranty_days=90,
    )
]

UNITS = [
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
    "quatorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove",
]  # fmt: skip
TENS = ["", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"]
HUNDREDS = [
    "", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos", "oitocentos",
    "novecentos",
]  # fmt: skip


def in_words(number: int) -> str:
    """0–999 999 in Portuguese, as one writes it on a cheque."""
    if number < 20:
        return UNITS[number]
    if number < 100:
        return TENS[number // 10] + (f" e {UNITS[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = number % 100
        return "cem" if number == 100 else HUNDREDS[number // 100] + (f" e {in_words(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    head = "mil" if thousands == 1 else f"{in_words(thousands)} mil"
    joint = " e " if rest < 100 or rest % 100 == 0 else " "
    return head + (joint + in_words(rest) if rest else "")
