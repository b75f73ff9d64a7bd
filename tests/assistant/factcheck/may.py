"""A fifth shop on a Saturday morning in May: the scenes of the drafts in `may_*.jsonl`."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from assistant.tools.booking import BookedVisit, FreeSlot, FreeSlots, MyVisits
from assistant.tools.decide import ProposedVerdict
from assistant.tools.history import ItemsWarranty, ServiceHistory, Visit
from assistant.tools.orders import MyOrders, OrderDetails, StageChange, WaitingPart
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


def at(day: int, hour: int, minute: int = 0, month: int = 5) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=SHOP_ZONE)


NOW = at(15, 10, 20)
"""A Saturday."""

OLD_GOL = order(
    "OS-611", "VW Gol", "HKL3E90", Stage.READY_TO_START, year="2013", stage_since=at(14, 9),
    opened_on=date(2027, 5, 11), problem="motor falhando", expected_at=at(19, 12), quote_total=Decimal(1980),
    approved_total=Decimal(1980), total=Decimal(1980), total_kind=TotalKind.APPROVED, paid=Decimal(990),
    balance_due=Decimal(990),
)  # fmt: skip
NEW_GOL = order(
    "OS-604", "VW Gol", "NBV8A16", Stage.IN_PROGRESS, year="2019", stage_since=at(13, 14, 30),
    opened_on=date(2027, 5, 7), problem="direção pesada", expected_at=at(17, 18), approved_total=Decimal("2745.90"),
    total=Decimal("2745.90"), total_kind=TotalKind.APPROVED, paid=Decimal(0), balance_due=Decimal("2745.90"),
)  # fmt: skip
Q7 = order(
    "OS-598", "Audi Q7", "GFA1Q70", Stage.AWAITING_PARTS, year="2015", stage_since=at(10, 17),
    opened_on=date(2027, 5, 3), problem="suspensão arriada", expected_at=at(25, 16, 30),
    waiting_parts=(WaitingPart(description="compressor da suspensão", expected_on=date(2027, 5, 21)),),
    approved_total=Decimal(9870), total=Decimal(9870), total_kind=TotalKind.APPROVED, paid=Decimal(4935),
    balance_due=Decimal(4935),
)  # fmt: skip
POLO = order(
    "OS-615", "VW Polo", "JJB6D27", Stage.QUOTING, year="2018", stage_since=at(14, 15),
    opened_on=date(2027, 5, 13), problem="barulho na roda",
)  # fmt: skip
VIRTUS = order(
    "OS-609", "VW Virtus", "PLM2B08", Stage.AWAITING_APPROVAL, year="2021", stage_since=at(13, 11, 15),
    opened_on=date(2027, 5, 12), problem="luz da bateria acesa", quote_sent_at=at(13, 11, 15),
    quote_total=Decimal("1236.80"), total=Decimal("1236.80"), total_kind=TotalKind.QUOTED,
)  # fmt: skip


ITEMS = (
    item("Bateria 70Ah", ItemKind.PART, "689.00"),
    item("Revisão do alternador", ItemKind.SERVICE, "380.00"),
    item("Correia do alternador", ItemKind.PART, "87.80"),
    item("Teste elétrico", ItemKind.SERVICE, "80.00"),
)
QUOTE = QuoteResult(
    quotes=(
        Quote(
            number="OS-609", vehicle="VW Virtus", plate="PLM2B08", sent_at=at(13, 11, 15), total=Decimal("1236.80"),
            approved_total=None, decision=Decision.AWAITING, items=ITEMS,
        ),
    ),
    without_quote=(),
)  # fmt: skip
APPROVAL = ProposedVerdict(
    proposal="quote", terms={}, number="OS-609", vehicle="VW Virtus", plate="PLM2B08",
    question=(
        "Para aprovar o orçamento da OS-609, VW Virtus (PLM2B08):\n- Bateria 70Ah: R$ 689,00\n"
        "- Revisão do alternador: R$ 380,00\n- Correia do alternador: R$ 87,80\n- Teste elétrico: R$ 80,00\n"
        "*Total: R$ 1.236,80*\n"
        "Posso registrar a aprovação? Responda *sim* para confirmar ou *não* para deixar como está."
    ),
    reminder="Posso registrar a aprovação do orçamento da OS-609, VW Virtus (PLM2B08), total de R$ 1.236,80?",
    verdict=Verdict.APPROVE, items=ITEMS, left_out=(), proposed_total=Decimal("1236.80"),
)  # fmt: skip
WAYS = "dinheiro, pix e cartão em até 5 vezes"
PIX = "45.678.901/0001-23"
TIAGO_PAYS = PaymentsResult(
    orders=(
        OrderAccount(
            number="OS-611", vehicle="VW Gol", plate="HKL3E90", stage=Stage.READY_TO_START, total=Decimal(1980),
            total_kind=TotalKind.APPROVED,
            payments=(
                PaymentMade(amount=Decimal(990), method=PaymentMethod.CASH, instalments=1, paid_at=at(12, 16)),
            ),
            paid=Decimal(990), balance_due=Decimal(990),
        ),
        OrderAccount(
            number="OS-604", vehicle="VW Gol", plate="NBV8A16", stage=Stage.IN_PROGRESS, total=Decimal("2745.90"),
            total_kind=TotalKind.APPROVED, payments=(), paid=Decimal(0), balance_due=Decimal("2745.90"),
        ),
    ),
    total_due=Decimal("3735.90"),
    payment_ways=WAYS,
    pix_key=PIX,
)  # fmt: skip
SOFIA_PAYS = PaymentsResult(
    orders=(
        OrderAccount(
            number="OS-598", vehicle="Audi Q7", plate="GFA1Q70", stage=Stage.AWAITING_PARTS, total=Decimal(9870),
            total_kind=TotalKind.APPROVED,
            payments=(
                PaymentMade(amount=Decimal(3000), method=PaymentMethod.PIX, instalments=1, paid_at=at(6, 10, 30)),
                PaymentMade(amount=Decimal(1935), method=PaymentMethod.CARD, instalments=3, paid_at=at(10, 18)),
            ),
            paid=Decimal(4935), balance_due=Decimal(4935),
        ),
    ),
    total_due=Decimal(4935),
    payment_ways=WAYS,
    pix_key=PIX,
)  # fmt: skip
Q7_DETAILS = OrderDetails(
    order=Q7,
    diagnosis="Compressor da suspensão a ar queimado; mangueira com vazamento",
    work=("Compressor da suspensão", "Mangueira de ar", "Calibração da suspensão"),
    history=(
        StageChange(at=at(3, 9), stage=Stage.DIAGNOSIS),
        StageChange(at=at(5, 16, 20), stage=Stage.AWAITING_APPROVAL),
        StageChange(at=at(10, 17), stage=Stage.AWAITING_PARTS),
    ),
    candidates=(),
)
HISTORY = ServiceHistory(
    visits=(
        Visit(
            number="OS-577", vehicle="VW Fox", plate="EOP4F55", opened_on=date(2027, 4, 26),
            delivered_on=date(2027, 4, 30), problem="batendo na traseira",
            services=("Troca dos amortecedores", "Geometria"), parts=("Par de amortecedores traseiros",),
            total=Decimal(2310),
            warranties=(
                ItemsWarranty(items=("Troca dos amortecedores",), warranty_days=180,
                              warranty_until=date(2027, 10, 27), runs=True),
                ItemsWarranty(items=("Geometria",), warranty_days=90, warranty_until=date(2027, 7, 29), runs=True),
            ),
            warranty_until=date(2027, 10, 27), under_warranty=True,
        ),
        Visit(
            number="OS-402", vehicle="VW Fox", plate="EOP4F55", opened_on=date(2026, 8, 17),
            delivered_on=date(2026, 8, 19), problem=None, services=("Troca da bomba de combustível",), parts=(),
            total=Decimal("870.40"), warranty_until=date(2026, 12, 17), under_warranty=False,
        ),
    ),
    warranty_days=120,
)  # fmt: skip
CLOSES = (time(18, 30),) * 5 + (time(13), None)
SHOP = ShopInfo(
    name="Box 8 Motors",
    address="Rua Augusta, 2210 – Consolação, São Paulo – SP, 01412-100",
    phone="(11) 3344-1290",
    units=(),
    hours=tuple(
        DayHours(weekday=name, opens=(time(9) if name == "sábado" else time(8, 30)) if closes else None, closes=closes)
        for name, closes in zip(WEEKDAYS, CLOSES, strict=True)
    ),
    lunch_starts=None,
    lunch_ends=None,
    open_now=True,
    at_lunch=False,
    closes_at=at(15, 13),
    next_opening=None,
    services=("Elétrica", "Suspensão a ar", "Freios", "Troca de óleo"),
    holidays=(HolidayAhead(on=date(2027, 5, 27), name="Corpus Christi"),),
    payment_ways=WAYS,
    warranty_days=120,
)
SLOTS = FreeSlots(
    slots=(FreeSlot(slot_at=at(17, 13, 30)), FreeSlot(slot_at=at(18, 9)), FreeSlot(slot_at=at(18, 16))),
    as_asked=True,
    day_is=None,
    last_slot_day=date(2027, 6, 11),
)
VISITS = MyVisits(visits=(BookedVisit(booked_for=at(20, 8, 30), vehicle="VW Fox", plate="EOP4F55", confirmed=True),))
MOVE = ProposedVisit(
    proposal="visit", terms={}, action=VisitAction.MOVE, new_visit_at=at(18, 16), vehicle="VW Fox", plate="EOP4F55",
    question=(
        "Para mudar a sua visita para *terça-feira, 18/05/2027, às 16h*, com o carro VW Fox (EOP4F55).\nPosso mudar?"
    ),
    reminder="Posso mudar a sua visita para terça-feira, 18/05/2027, às 16h?",
)  # fmt: skip

TIAGO = MyOrders(orders=(OLD_GOL, NEW_GOL), vehicles=())
SCENES: dict[str, Sequence[Result]] = {
    "nobody": [],
    "tiago": [TIAGO],
    "tiago_pays": [TIAGO_PAYS],
    "tiago+shop": [TIAGO, SHOP],
    "sofia": [MyOrders(orders=(Q7,), vehicles=())],
    "sofia_pays": [SOFIA_PAYS],
    "q7": [Q7_DETAILS],
    "nair": [MyOrders(orders=(POLO,), vehicles=())],
    "breno": [MyOrders(orders=(VIRTUS,), vehicles=())],
    "breno_quote": [QUOTE],
    "breno_approves": [QUOTE, APPROVAL],
    "vera": [HISTORY],
    "vera+shop": [HISTORY, SHOP],
    "vera_visits": [VISITS],
    "vera_moves": [VISITS, SLOTS, MOVE],
    "slots": [SLOTS],
    "slots+shop": [SLOTS, SHOP],
    "shop": [SHOP],
}
