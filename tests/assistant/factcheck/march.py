"""A fourth shop on a Tuesday afternoon in March: the scenes of the drafts in `march_*.jsonl`."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from assistant.tools.booking import BookedVisit, DayState, FreeSlot, FreeSlots, MyVisits
from assistant.tools.decide import ProposedVerdict
from assistant.tools.history import ServiceHistory, Visit
from assistant.tools.orders import MyOrders, OrderDetails, StageChange, VehicleInfo, WaitingPart
from assistant.tools.payments import OrderAccount, PaymentMade, PaymentsResult
from assistant.tools.quotes import Quote, QuoteResult
from assistant.tools.shop import DayHours, HolidayAhead, ShopInfo
from assistant.tools.toolbox import Result
from assistant.tools.visits import ProposedVisit, VisitAction
from integrations.settings import SHOP_ZONE
from integrations.workshop.decide import Verdict
from integrations.workshop.payments import PaymentMethod, TotalKind
from integrations.workshop.quotes import Decision, ItemKind
from integrations.workshop.stages import Stage
from tests.assistant.factcheck.shop import WEEKDAYS, item, order


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=SHOP_ZONE)


NOW = at(2, 14, 10)
"""A Tuesday."""

TAOS = order(
    "OS-5121", "VW Taos", "RTB4F19", Stage.IN_PROGRESS, year="2022", stage_since=at(1, 8, 30),
    opened_on=date(2027, 2, 22), problem="cheiro de óleo queimado", expected_at=at(5, 17),
    quote_sent_at=at(24, 17, month=2), quote_total=Decimal(5240), approved_total=Decimal(5240),
    total=Decimal(5240), total_kind=TotalKind.APPROVED, paid=Decimal(2000), balance_due=Decimal(3240),
)  # fmt: skip
A5 = order(
    "OS-5098", "Audi A5", "GHK1B72", Stage.AWAITING_PARTS, year="2016", stage_since=at(26, 16, month=2),
    opened_on=date(2027, 2, 18), problem="superaquecimento",
    waiting_parts=(
        WaitingPart(description="bomba d'água", expected_on=date(2027, 3, 11)),
        WaitingPart(description="correia de acessórios", expected_on=None),
    ),
    approved_total=Decimal("3180.75"), total=Decimal("3180.75"), total_kind=TotalKind.APPROVED, paid=Decimal(0),
    balance_due=Decimal("3180.75"),
)  # fmt: skip
T_CROSS = order(
    "OS-5130", "VW T-Cross", "EZX9C40", Stage.AWAITING_APPROVAL, year="2020", stage_since=at(1, 16, 45),
    opened_on=date(2027, 2, 27), problem="batida seca na dianteira", quote_sent_at=at(1, 16, 45),
    quote_total=Decimal("2147.30"), total=Decimal("2147.30"), total_kind=TotalKind.QUOTED,
)  # fmt: skip
GOL = order(
    "OS-5077", "VW Gol", "DQP7H28", Stage.READY_FOR_PICKUP, year="2012", stage_since=at(2, 11, 5),
    opened_on=date(2027, 2, 23), total=Decimal(1365), total_kind=TotalKind.FINAL, paid=Decimal(500),
    balance_due=Decimal(865),
)  # fmt: skip
KOMBI = order(
    "OS-5133", "VW Kombi", "BUS0A14", Stage.DIAGNOSIS, year="2011", stage_since=at(2, 9, 10),
    opened_on=date(2027, 3, 2), problem="não pega de manhã",
)  # fmt: skip


STRUTS = (
    item("Amortecedor dianteiro", ItemKind.PART, "1180.00", 2),
    item("Coxim do amortecedor", ItemKind.PART, "317.30", 2),
    item("Mão de obra", ItemKind.SERVICE, "450.00"),
)
ALIGNMENT = item("Alinhamento 3D", ItemKind.SERVICE, "200.00")
QUOTE = QuoteResult(
    quotes=(
        Quote(
            number="OS-5130", vehicle="VW T-Cross", plate="EZX9C40", sent_at=at(1, 16, 45), total=Decimal("2147.30"),
            approved_total=None, decision=Decision.AWAITING, items=(*STRUTS, ALIGNMENT),
        ),
    ),
    without_quote=(),
)  # fmt: skip
PART = ProposedVerdict(
    proposal="quote", terms={}, number="OS-5130", vehicle="VW T-Cross", plate="EZX9C40",
    question=(
        "Para fazer só uma parte do orçamento da OS-5130, VW T-Cross (EZX9C40):\n"
        "- Amortecedor dianteiro (2): R$ 1.180,00\n- Coxim do amortecedor (2): R$ 317,30\n- Mão de obra: R$ 450,00\n"
        "*Total: R$ 1.947,30*\nFica de fora:\n- Alinhamento 3D: R$ 200,00\n"
        "Posso registrar assim? Responda *sim* para confirmar ou *não* para deixar como está."
    ),
    reminder="Posso registrar a aprovação de uma parte do orçamento da OS-5130, VW T-Cross (EZX9C40), R$ 1.947,30?",
    verdict=Verdict.APPROVE_PART, items=STRUTS, left_out=(ALIGNMENT,), proposed_total=Decimal("1947.30"),
)  # fmt: skip
WAYS = "pix, débito e crédito em até 4 vezes"
PIX = "financeiro@garagemabc.com.br"
LIA_PAYS = PaymentsResult(
    orders=(
        OrderAccount(
            number="OS-5077", vehicle="VW Gol", plate="DQP7H28", stage=Stage.READY_FOR_PICKUP, total=Decimal(1365),
            total_kind=TotalKind.FINAL,
            payments=(
                PaymentMade(amount=Decimal(500), method=PaymentMethod.PIX, instalments=1, paid_at=at(24, 9, 20, 2)),
            ),
            paid=Decimal(500), balance_due=Decimal(865),
        ),
    ),
    total_due=Decimal(865),
    payment_ways=WAYS,
    pix_key=PIX,
)  # fmt: skip
MARTA_PAYS = PaymentsResult(
    orders=(
        OrderAccount(
            number="OS-5121", vehicle="VW Taos", plate="RTB4F19", stage=Stage.IN_PROGRESS, total=Decimal(5240),
            total_kind=TotalKind.APPROVED,
            payments=(
                PaymentMade(amount=Decimal(1200), method=PaymentMethod.PIX, instalments=1, paid_at=at(25, 9, 40, 2)),
                PaymentMade(amount=Decimal(800), method=PaymentMethod.CARD, instalments=4, paid_at=at(26, 15, 5, 2)),
            ),
            paid=Decimal(2000), balance_due=Decimal(3240),
        ),
        OrderAccount(
            number="OS-5098", vehicle="Audi A5", plate="GHK1B72", stage=Stage.AWAITING_PARTS, total=Decimal("3180.75"),
            total_kind=TotalKind.APPROVED, payments=(), paid=Decimal(0), balance_due=Decimal("3180.75"),
        ),
    ),
    total_due=Decimal("6420.75"),
    payment_ways=WAYS,
    pix_key=PIX,
)  # fmt: skip
TAOS_DETAILS = OrderDetails(
    order=TAOS,
    diagnosis="Vazamento no retentor da turbina; mangueira do intercooler rasgada",
    work=("Troca do retentor da turbina", "Mangueira do intercooler", "Troca de óleo do motor"),
    history=(
        StageChange(at=at(22, 9, 15, 2), stage=Stage.DIAGNOSIS),
        StageChange(at=at(24, 17, 0, 2), stage=Stage.AWAITING_APPROVAL),
        StageChange(at=at(25, 10, 0, 2), stage=Stage.AWAITING_PARTS),
        StageChange(at=at(1, 8, 30), stage=Stage.IN_PROGRESS),
    ),
    candidates=(),
)
HISTORY = ServiceHistory(
    visits=(
        Visit(
            number="OS-4720", vehicle="VW Voyage", plate="FLS2D06", opened_on=date(2026, 12, 11),
            delivered_on=date(2026, 12, 15), problem="embreagem patinando", services=("Troca da embreagem",),
            parts=("Kit de embreagem",), total=Decimal(1290), warranty_until=date(2027, 3, 15), under_warranty=True,
        ),
        Visit(
            number="OS-4311", vehicle="VW Voyage", plate="FLS2D06", opened_on=date(2026, 6, 9),
            delivered_on=date(2026, 6, 10), problem=None, services=("Troca de óleo e filtros",), parts=(),
            total=Decimal("415.50"), warranty_until=date(2026, 9, 8), under_warranty=False,
        ),
    ),
    warranty_days=90,
)  # fmt: skip
CLOSES = (time(18),) * 5 + (time(12), None)
SHOP = ShopInfo(
    name="Garagem ABC",
    address="Av. Dom Pedro II, 1530 – Jardim, Santo André – SP, 09080-001",
    phone="(11) 4438-7070",
    units=(),
    hours=tuple(
        DayHours(weekday=name, opens=time(8) if closes else None, closes=closes)
        for name, closes in zip(WEEKDAYS, CLOSES, strict=True)
    ),
    lunch_starts=time(12),
    lunch_ends=time(13),
    open_now=True,
    at_lunch=False,
    closes_at=at(2, 18),
    next_opening=None,
    services=("Revisão", "Suspensão e direção", "Injeção eletrônica", "Ar-condicionado"),
    holidays=(
        HolidayAhead(on=date(2027, 3, 26), name="Sexta-feira Santa"),
        HolidayAhead(on=date(2027, 4, 21), name="Tiradentes"),
    ),
    payment_ways=WAYS,
    warranty_days=90,
)
SLOTS = FreeSlots(
    slots=(FreeSlot(slot_at=at(3, 10, 30)), FreeSlot(slot_at=at(4, 8)), FreeSlot(slot_at=at(4, 15, 30))),
    as_asked=True,
    day_is=None,
    last_slot_day=date(2027, 3, 31),
)
SATURDAY_FULL = FreeSlots(
    slots=(FreeSlot(slot_at=at(8, 9)), FreeSlot(slot_at=at(13, 8, 30))),
    as_asked=False,
    day_is=DayState.FULL,
    last_slot_day=date(2027, 3, 31),
)
VISITS = MyVisits(visits=(BookedVisit(booked_for=at(9, 9), vehicle="VW Voyage", plate="FLS2D06", confirmed=True),))
REQUESTED = MyVisits(visits=(BookedVisit(booked_for=at(5, 14), vehicle=None, plate=None, confirmed=False),))
BOOK = ProposedVisit(
    proposal="visit", terms={}, action=VisitAction.BOOK, new_visit_at=at(4, 15, 30), vehicle="VW Voyage",
    plate="FLS2D06",
    question="Para agendar: *quinta-feira, 04/03/2027, às 15h30*, com o carro VW Voyage (FLS2D06).\nPosso agendar?",
    reminder="Posso agendar a sua visita para quinta-feira, 04/03/2027, às 15h30?",
)  # fmt: skip

MARTA = MyOrders(orders=(TAOS, A5), vehicles=())
OTAVIO = MyOrders(orders=(T_CROSS,), vehicles=())
LIA = MyOrders(orders=(GOL,), vehicles=())
RUI = MyOrders(orders=(), vehicles=(VehicleInfo(vehicle="VW Voyage", year="2015", plate="FLS2D06"),))
SCENES: dict[str, Sequence[Result]] = {
    "nobody": [],
    "marta": [MARTA],
    "marta_pays": [MARTA_PAYS],
    "marta+pays": [MARTA, MARTA_PAYS],
    "marta+shop": [MARTA, SHOP],
    "taos": [TAOS_DETAILS],
    "otavio": [OTAVIO],
    "quote": [QUOTE],
    "otavio+quote": [OTAVIO, QUOTE],
    "part": [QUOTE, PART],
    "lia": [LIA],
    "lia_pays": [LIA_PAYS],
    "lia+pays+shop": [LIA, LIA_PAYS, SHOP],
    "lia+shop": [LIA, SHOP],
    "kombi": [MyOrders(orders=(KOMBI,), vehicles=())],
    "rui": [RUI],
    "rui_history": [HISTORY],
    "rui_visits": [VISITS],
    "bia_visits": [REQUESTED],
    "slots": [SLOTS],
    "saturday": [SATURDAY_FULL],
    "slots+shop": [SLOTS, SHOP],
    "book": [RUI, SLOTS, BOOK],
    "shop": [SHOP],
}
