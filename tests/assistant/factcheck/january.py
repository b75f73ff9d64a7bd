"""A third shop, of two units, on a Sunday evening in January: the scenes of the drafts in `january_*.jsonl`."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from assistant.tools.booking import BookedVisit, DayState, FreeSlot, FreeSlots, MyVisits
from assistant.tools.decide import ProposedVerdict
from assistant.tools.history import ServiceHistory, Visit
from assistant.tools.orders import MyOrders, OrderDetails, StageChange, VehicleInfo, WaitingPart
from assistant.tools.payments import OrderAccount, PaymentMade, PaymentsResult
from assistant.tools.quotes import Quote, QuoteResult
from assistant.tools.shop import DayHours, HolidayAhead, ShopInfo, Unit
from assistant.tools.toolbox import Result
from assistant.tools.visits import ProposedVisit, VisitAction
from integrations.settings import SHOP_ZONE
from integrations.workshop.decide import Verdict
from integrations.workshop.payments import PaymentMethod, TotalKind
from integrations.workshop.quotes import Decision, ItemKind
from integrations.workshop.stages import Stage
from tests.assistant.factcheck.shop import WEEKDAYS, item, order


def at(day: int, hour: int, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=SHOP_ZONE)


NOW = at(17, 19, 20)
"""A Sunday."""

NIVUS = order(
    "OS-3307", "VW Nivus", "SDX2B45", Stage.QUOTING, year="2022", stage_since=at(15, 17, 30),
    opened_on=date(2027, 1, 14), problem="ar-condicionado não gela",
)  # fmt: skip
PASSAT = order(
    "OS-3290", "VW Passat", "EKW5D18", Stage.AWAITING_APPROVAL, year="2013", stage_since=at(13, 11),
    opened_on=date(2027, 1, 11), problem="trepidação ao frear", quote_sent_at=at(13, 11),
    quote_total=Decimal("2965.40"), total=Decimal("2965.40"), total_kind=TotalKind.QUOTED,
)  # fmt: skip
Q5 = order(
    "OS-3278", "Audi Q5", "GJP8H33", Stage.IN_PROGRESS, year="2017", stage_since=at(14, 8, 15),
    opened_on=date(2027, 1, 5), problem="vazamento de óleo", expected_at=at(19, 16),
    quote_total=Decimal(7420), approved_total=Decimal(7420), total=Decimal(7420), total_kind=TotalKind.APPROVED,
    paid=Decimal(3710), balance_due=Decimal(3710),
)  # fmt: skip
GOLF = order(
    "OS-3301", "VW Golf", "FRA6E20", Stage.AWAITING_PARTS, year="2015", stage_since=at(15, 10),
    opened_on=date(2027, 1, 12), problem="marcha arranhando", expected_at=at(27, 17),
    waiting_parts=(
        WaitingPart(description="kit de embreagem", expected_on=date(2027, 1, 20)),
        WaitingPart(description="cilindro mestre", expected_on=date(2027, 1, 22)),
    ),
    approved_total=Decimal(3890), total=Decimal(3890), total_kind=TotalKind.APPROVED, paid=Decimal(0),
    balance_due=Decimal(3890),
)  # fmt: skip
FOX = order(
    "OS-3244", "VW Fox", "DLM1C77", Stage.READY_FOR_PICKUP, year="2011", stage_since=at(16, 11, 20),
    opened_on=date(2027, 1, 8), total=Decimal("1128.60"), total_kind=TotalKind.FINAL, paid=Decimal("1128.60"),
    balance_due=Decimal(0),
)  # fmt: skip
DECLINED = order(
    "OS-3150", "VW Fox", "DLM1C77", Stage.REFUSED, year="2011", is_open=False, opened_on=date(2026, 11, 18),
    quote_sent_at=at(20, 15, month=11).replace(year=2026), quote_total=Decimal(4200), total=Decimal(4200),
    total_kind=TotalKind.QUOTED,
)  # fmt: skip


DISCS, PADS = item("Disco de freio", ItemKind.PART, "1240.00", 2), item("Pastilha de freio", ItemKind.PART, "415.40")
ARMS, BALANCE = item("Bandeja de suspensão", ItemKind.PART, "860.00", 2), item("Geometria", ItemKind.SERVICE, "150.00")
LABOUR = item("Mão de obra", ItemKind.SERVICE, "300.00")
PASSAT_QUOTE = Quote(
    number="OS-3290", vehicle="VW Passat", plate="EKW5D18", sent_at=at(13, 11), total=Decimal("2965.40"),
    approved_total=None, decision=Decision.AWAITING, items=(DISCS, PADS, ARMS, BALANCE, LABOUR),
)  # fmt: skip
REFUSAL = ProposedVerdict(
    proposal="quote", terms={}, number="OS-3290", vehicle="VW Passat", plate="EKW5D18",
    question=(
        "Para recusar o orçamento da OS-3290, VW Passat (EKW5D18), total de R$ 2.965,40: nada será feito.\n"
        "Posso registrar a recusa? Responda *sim* para confirmar ou *não* para deixar como está."
    ),
    reminder="Posso registrar a recusa do orçamento da OS-3290, VW Passat (EKW5D18)?",
    verdict=Verdict.REFUSE, items=(), left_out=(DISCS, PADS, ARMS, BALANCE, LABOUR), proposed_total=None,
)  # fmt: skip
ACCOUNTS = PaymentsResult(
    orders=(
        OrderAccount(
            number="OS-3278", vehicle="Audi Q5", plate="GJP8H33", stage=Stage.IN_PROGRESS, total=Decimal(7420),
            total_kind=TotalKind.APPROVED,
            payments=(
                PaymentMade(amount=Decimal(2000), method=PaymentMethod.CASH, instalments=1, paid_at=at(8, 9)),
                PaymentMade(amount=Decimal(1710), method=PaymentMethod.CARD, instalments=3, paid_at=at(14, 14, 40)),
            ),
            paid=Decimal(3710), balance_due=Decimal(3710),
        ),
        OrderAccount(
            number="OS-3301", vehicle="VW Golf", plate="FRA6E20", stage=Stage.AWAITING_PARTS, total=Decimal(3890),
            total_kind=TotalKind.APPROVED, payments=(), paid=Decimal(0), balance_due=Decimal(3890),
        ),
    ),
    total_due=Decimal(7600),
    payment_ways="pix, transferência e cartão em até 10 vezes",
    pix_key=None,
)  # fmt: skip
Q5_DETAILS = OrderDetails(
    order=Q5,
    diagnosis="Junta da tampa de válvulas ressecada; retentor do virabrequim com vazamento",
    work=("Junta da tampa de válvulas", "Retentor do virabrequim", "Troca de óleo"),
    history=(
        StageChange(at=at(5, 9), stage=Stage.DIAGNOSIS),
        StageChange(at=at(7, 15, 10), stage=Stage.AWAITING_APPROVAL),
        StageChange(at=at(8, 9, 30), stage=Stage.AWAITING_PARTS),
        StageChange(at=at(14, 8, 15), stage=Stage.IN_PROGRESS),
    ),
    candidates=(),
)
HISTORY = ServiceHistory(
    visits=(
        Visit(
            number="OS-2960", vehicle="VW Up", plate="QNB3A08", opened_on=date(2026, 12, 1),
            delivered_on=date(2026, 12, 3), problem="bateria descarregando", services=("Diagnóstico elétrico",),
            parts=("Bateria 60Ah",), total=Decimal("719.90"), warranty_until=date(2027, 6, 1), under_warranty=True,
        ),
        Visit(
            number="OS-2410", vehicle="VW Up", plate="QNB3A08", opened_on=date(2026, 1, 19),
            delivered_on=date(2026, 1, 20), problem=None, services=("Alinhamento", "Balanceamento"), parts=(),
            total=Decimal(210), warranty_until=date(2026, 7, 19), under_warranty=False,
        ),
        Visit(
            number="OS-2255", vehicle="VW Gol", plate="CPT9J61", opened_on=date(2025, 6, 30),
            delivered_on=date(2025, 7, 4), problem="motor falhando", services=("Limpeza de bicos",), parts=("Velas",),
            total=Decimal(980), warranty_until=date(2025, 12, 31), under_warranty=False,
        ),
    ),
    warranty_days=180,
)  # fmt: skip
CLOSES = (time(19),) * 4 + (time(18), None, None)
SHOP = ShopInfo(
    name="Doctor Auto Prime",
    address="Av. dos Mecânicos, 77 – Moema, São Paulo – SP",
    phone="(11) 2222-9090",
    units=(
        Unit(name="Moema", phone="(11) 2222-9090", address="Av. dos Mecânicos, 77 – Moema, São Paulo – SP"),
        Unit(name="Santana", phone="(11) 2233-8080", address="Rua das Bielas, 410 – Santana, São Paulo – SP"),
    ),
    hours=tuple(
        DayHours(weekday=name, opens=time(9) if closes else None, closes=closes)
        for name, closes in zip(WEEKDAYS, CLOSES, strict=True)
    ),
    lunch_starts=None,
    lunch_ends=None,
    open_now=False,
    at_lunch=False,
    closes_at=None,
    next_opening=at(18, 9),
    services=("Revisão preventiva", "Ar-condicionado", "Freios", "Remap stage 1 e 2"),
    holidays=(HolidayAhead(on=date(2027, 1, 25), name="Aniversário de São Paulo"),),
    payment_ways="pix, transferência e cartão em até 10 vezes",
    warranty_days=180,
)
SLOTS = FreeSlots(
    slots=(FreeSlot(slot_at=at(19, 9, 30)), FreeSlot(slot_at=at(19, 15)), FreeSlot(slot_at=at(21, 11, 30))),
    as_asked=True,
    day_is=DayState.FREE,
    last_slot_day=date(2027, 2, 12),
)
VISITS = MyVisits(
    visits=(
        BookedVisit(booked_for=at(20, 10), vehicle="VW Up", plate="QNB3A08", confirmed=False),
        BookedVisit(booked_for=at(28, 14, 30), vehicle="VW Gol", plate="CPT9J61", confirmed=True),
    )
)
CANCEL = ProposedVisit(
    proposal="visit", terms={}, action=VisitAction.CANCEL, new_visit_at=None, vehicle="VW Gol", plate="CPT9J61",
    question="Para desmarcar a sua visita de *quinta-feira, 28/01/2027, às 14h30*, VW Gol (CPT9J61).\nPosso desmarcar?",
    reminder="Posso desmarcar a sua visita de quinta-feira, 28/01/2027, às 14h30?",
)  # fmt: skip
BOOK = ProposedVisit(
    proposal="visit", terms={}, action=VisitAction.BOOK, new_visit_at=at(19, 15), vehicle="VW Nivus", plate="SDX2B45",
    question="Para agendar: *terça-feira, 19/01/2027, às 15h*, com o carro VW Nivus (SDX2B45).\nPosso agendar?",
    reminder="Posso agendar a sua visita para terça-feira, 19/01/2027, às 15h?",
)  # fmt: skip

GUSTAVO = MyOrders(orders=(GOLF, Q5), vehicles=())
HELENA = MyOrders(orders=(PASSAT, NIVUS), vehicles=())
IVO = MyOrders(orders=(FOX, DECLINED), vehicles=())
KARINA = MyOrders(
    orders=(),
    vehicles=(
        VehicleInfo(vehicle="VW Up", year="2018", plate="QNB3A08"),
        VehicleInfo(vehicle="VW Gol", year="2008", plate="CPT9J61"),
    ),
)
SCENES: dict[str, Sequence[Result]] = {
    "nobody": [],
    "gustavo": [GUSTAVO],
    "gustavo_pays": [ACCOUNTS],
    "gustavo+pays": [GUSTAVO, ACCOUNTS],
    "gustavo+shop": [GUSTAVO, SHOP],
    "q5": [Q5_DETAILS],
    "helena": [HELENA],
    "passat": [QuoteResult(quotes=(PASSAT_QUOTE,), without_quote=(NIVUS,))],
    "helena+passat": [HELENA, QuoteResult(quotes=(PASSAT_QUOTE,), without_quote=(NIVUS,))],
    "refusal": [QuoteResult(quotes=(PASSAT_QUOTE,), without_quote=()), REFUSAL],
    "ivo": [IVO],
    "ivo+shop": [IVO, SHOP],
    "karina": [KARINA],
    "karina_history": [HISTORY],
    "karina_visits": [VISITS],
    "cancel": [VISITS, CANCEL],
    "slots": [SLOTS],
    "slots+shop": [SLOTS, SHOP],
    "book": [HELENA, SLOTS, BOOK],
    "shop": [SHOP],
}
