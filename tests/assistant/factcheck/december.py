"""Another shop on a Thursday morning in December: the scenes of the drafts in `december_*.jsonl`."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from assistant.tools.booking import BookedVisit, DayState, FreeSlot, FreeSlots, MyVisits
from assistant.tools.decide import ProposedVerdict
from assistant.tools.history import ItemsWarranty, ServiceHistory, Visit
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


def at(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHOP_ZONE)


NOW = at(10, 9, 40)
"""A Thursday."""

TIGUAN = order(
    "OS-2210", "VW Tiguan", "FQT3H52", Stage.IN_PROGRESS, year="2019", stage_since=at(8, 14),
    opened_on=date(2026, 12, 4), problem="luz da injeção acesa e perda de força", expected_at=at(12, 11, 30),
    quote_sent_at=at(7, 16, 20), quote_total=Decimal(4380), approved_total=Decimal("3980.50"),
    total=Decimal("3980.50"), total_kind=TotalKind.APPROVED, paid=Decimal(1500), balance_due=Decimal("2480.50"),
)  # fmt: skip
Q3 = order(
    "OS-2198", "Audi Q3", "GBR2C19", Stage.AWAITING_PARTS, year="2018", stage_since=at(2, 15),
    opened_on=date(2026, 11, 25), problem="fumaça azul no escapamento",
    waiting_parts=(
        WaitingPart(description="turbina", expected_on=date(2026, 12, 14)),
        WaitingPart(description="junta do cabeçote", expected_on=None),
    ),
    approved_total=Decimal(8640), total=Decimal(8640), total_kind=TotalKind.APPROVED, paid=Decimal(4320),
    balance_due=Decimal(4320),
)  # fmt: skip
SAVEIRO = order(
    "OS-2214", "VW Saveiro", "FDK7J08", Stage.DIAGNOSIS, year="2014", stage_since=at(9, 11),
    opened_on=date(2026, 12, 9), problem="freio fazendo barulho",
)  # fmt: skip
A1 = order(
    "OS-2187", "Audi A1", "FYH9A27", Stage.READY_FOR_PICKUP, year="2015", stage_since=at(9, 16, 45),
    opened_on=date(2026, 11, 30), total=Decimal(2190), total_kind=TotalKind.FINAL, paid=Decimal(0),
    balance_due=Decimal(2190),
)  # fmt: skip
AMAROK = order(
    "OS-2176", "VW Amarok", "DNZ4G81", Stage.READY_TO_START, year="2020", stage_since=at(9, 15),
    opened_on=date(2026, 12, 3), expected_at=at(18, 18), quote_sent_at=at(7, 10), quote_total=Decimal(6010),
    approved_total=Decimal(5260), total=Decimal(5260), total_kind=TotalKind.APPROVED, paid=Decimal(2630),
    balance_due=Decimal(2630),
)  # fmt: skip


BRAKES = (
    item("Jogo de pastilhas dianteiras", ItemKind.PART, "389.90"),
    item("Discos de freio dianteiros", ItemKind.PART, "760.00", 2),
    item("Fluido de freio DOT 4", ItemKind.PART, "95.00"),
    item("Mão de obra dos freios", ItemKind.SERVICE, "350.00"),
)
ALIGNMENT = item("Alinhamento e balanceamento", ItemKind.SERVICE, "180.00")
VIRTUS = Quote(
    number="OS-2205", vehicle="VW Virtus", plate="RKM5F70", sent_at=at(8, 18, 10), total=Decimal("1774.90"),
    approved_total=None, decision=Decision.AWAITING, items=(*BRAKES, ALIGNMENT),
)  # fmt: skip
PART = ProposedVerdict(
    proposal="quote", terms={}, number="OS-2205", vehicle="VW Virtus", plate="RKM5F70",
    question=(
        "Para fazer só uma parte do orçamento da OS-2205, VW Virtus (RKM5F70):\n"
        "- Jogo de pastilhas dianteiras: R$ 389,90\n- Discos de freio dianteiros (2): R$ 760,00\n"
        "- Fluido de freio DOT 4: R$ 95,00\n- Mão de obra dos freios: R$ 350,00\n*Total: R$ 1.594,90*\n"
        "Fica de fora:\n- Alinhamento e balanceamento: R$ 180,00\n"
        "Posso registrar assim? Responda *sim* para confirmar ou *não* para deixar como está."
    ),
    reminder="Posso registrar a aprovação de uma parte do orçamento da OS-2205, VW Virtus (RKM5F70), R$ 1.594,90?",
    verdict=Verdict.APPROVE_PART, items=BRAKES, left_out=(ALIGNMENT,), proposed_total=Decimal("1594.90"),
)  # fmt: skip

PAYMENTS = PaymentsResult(
    orders=(
        OrderAccount(
            number="OS-2210", vehicle="VW Tiguan", plate="FQT3H52", stage=Stage.IN_PROGRESS, total=Decimal("3980.50"),
            total_kind=TotalKind.APPROVED,
            payments=(
                PaymentMade(amount=Decimal(1000), method=PaymentMethod.PIX, instalments=1, paid_at=at(7, 17, 5)),
                PaymentMade(amount=Decimal(500), method=PaymentMethod.CARD, instalments=2, paid_at=at(9, 10, 15)),
            ),
            paid=Decimal(1500), balance_due=Decimal("2480.50"),
        ),
    ),
    total_due=Decimal("2480.50"),
    payment_ways="pix, dinheiro, cartão de débito e crédito em até 6 vezes",
    pix_key="12.345.678/0001-90",
)  # fmt: skip
DETAILS = OrderDetails(
    order=TIGUAN,
    diagnosis="Bobina do cilindro 3 queimada e velas gastas",
    work=("Troca das bobinas", "Jogo de velas", "Limpeza de bicos"),
    history=(
        StageChange(at=at(4, 10, 30), stage=Stage.DIAGNOSIS),
        StageChange(at=at(7, 16, 20), stage=Stage.AWAITING_APPROVAL),
        StageChange(at=at(8, 9), stage=Stage.READY_TO_START),
        StageChange(at=at(8, 14), stage=Stage.IN_PROGRESS),
    ),
    candidates=(),
)
HISTORY = ServiceHistory(
    visits=(
        Visit(
            number="OS-1988", vehicle="Audi A4", plate="EUV1B63", opened_on=date(2026, 8, 3),
            delivered_on=date(2026, 8, 7), problem=None,
            services=("Troca da correia dentada", "Revisão de 60.000 km"),
            parts=("Kit correia dentada", "Bomba d'água"),
            total=Decimal(3215),
            warranties=(
                ItemsWarranty(items=("Troca da correia dentada",), warranty_days=180,
                              warranty_until=date(2027, 2, 3), runs=True),
                ItemsWarranty(items=("Revisão de 60.000 km",), warranty_days=90,
                              warranty_until=date(2026, 11, 5), runs=False),
            ),
            warranty_until=date(2027, 2, 3), under_warranty=True,
        ),
        Visit(
            number="OS-1702", vehicle="Audi A4", plate="EUV1B63", opened_on=date(2025, 10, 9),
            delivered_on=date(2025, 10, 10), problem="barulho de correia", services=("Troca de óleo e filtros",),
            parts=(), total=Decimal(640), warranty_until=date(2026, 1, 8), under_warranty=False,
        ),
    ),
    warranty_days=90,
)  # fmt: skip
OPENS, CLOSES = time(7, 30), (time(17, 30),) * 5 + (time(13), None)
SHOP = ShopInfo(
    name="Oficina Tatuapé",
    address="Rua Tuiuti, 845 – Tatuapé, São Paulo – SP, 03081-000",
    phone="(11) 4002-1234",
    units=(),
    hours=tuple(
        DayHours(weekday=name, opens=(time(8) if name == "sábado" else OPENS) if closes else None, closes=closes)
        for name, closes in zip(WEEKDAYS, CLOSES, strict=True)
    ),
    lunch_starts=time(12),
    lunch_ends=time(13, 15),
    open_now=True,
    at_lunch=False,
    closes_at=at(10, 17, 30),
    next_opening=None,
    services=("Troca de óleo e filtros", "Freios", "Suspensão", "Câmbio automático e DSG", "Remap e performance"),
    holidays=(HolidayAhead(on=date(2026, 12, 25), name="Natal"), HolidayAhead(on=date(2027, 1, 1), name="Ano Novo")),
    payment_ways="pix, dinheiro, cartão de débito e crédito em até 6 vezes",
    warranty_days=90,
)
SLOTS = FreeSlots(
    slots=(FreeSlot(slot_at=at(11, 14)), FreeSlot(slot_at=at(12, 9)), FreeSlot(slot_at=at(14, 8))),
    as_asked=False,
    day_is=DayState.FULL,
    last_slot_day=date(2026, 12, 23),
)
VISITS = MyVisits(
    visits=(
        BookedVisit(booked_for=at(15, 8, 30), vehicle="VW Tiguan", plate="FQT3H52", confirmed=True),
        BookedVisit(booked_for=date(2026, 12, 18), vehicle="VW Up", plate="OPA4E11", confirmed=False),
    )
)
MOVE = ProposedVisit(
    proposal="visit", terms={}, action=VisitAction.MOVE, new_visit_at=at(12, 9), vehicle="VW Tiguan", plate="FQT3H52",
    question="Para mudar a sua visita para *sábado, 12/12/2026, às 9h*, com o carro VW Tiguan (FQT3H52).\nPosso mudar?",
    reminder="Posso mudar a sua visita para sábado, 12/12/2026, às 9h?",
)  # fmt: skip

UP = VehicleInfo(vehicle="VW Up", year="2016", plate="OPA4E11")
RENATA = MyOrders(orders=(TIGUAN,), vehicles=(UP,))
SCENES: dict[str, Sequence[Result]] = {
    "nobody": [],
    "renata": [RENATA],
    "renata_details": [DETAILS],
    "renata_pays": [PAYMENTS],
    "renata+pays": [RENATA, PAYMENTS],
    "renata+shop": [RENATA, SHOP],
    "bruno": [MyOrders(orders=(SAVEIRO, Q3), vehicles=())],
    "carla": [MyOrders(orders=(A1,), vehicles=())],
    "carla+shop": [MyOrders(orders=(A1,), vehicles=()), SHOP],
    "diego": [MyOrders(orders=(AMAROK,), vehicles=())],
    "lucia": [QuoteResult(quotes=(VIRTUS,), without_quote=())],
    "lucia_part": [QuoteResult(quotes=(VIRTUS,), without_quote=()), PART],
    "otto": [HISTORY],
    "shop": [SHOP],
    "slots": [SLOTS],
    "visits": [VISITS],
    "move": [VISITS, MOVE],
}
