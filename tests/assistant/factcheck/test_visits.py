"""Slots and visits in a draft: those that tools gave, on their weekday, and about nothing but coming to the shop."""

from datetime import date, datetime

import pytest
from pydantic import BaseModel

from assistant.conversation.factcheck import check
from assistant.tools.booking import BookedVisit, DayState, FreeSlot, FreeSlots, MyVisits
from assistant.tools.visits import ProposedVisit, VisitAction
from integrations.settings import SHOP_ZONE

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=SHOP_ZONE)


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHOP_ZONE)


SLOTS = FreeSlots(
    slots=(FreeSlot(slot_at=at(26, 10)), FreeSlot(slot_at=at(27, 14)), FreeSlot(slot_at=at(3, 8, month=12))),
    as_asked=True,
    day_is=DayState.FREE,
    last_slot_day=date(2026, 12, 7),
)
POLO = BookedVisit(booked_for=at(26, 10), vehicle="VW Polo", plate="RTY7U89", confirmed=True)
A3 = BookedVisit(booked_for=at(27, 9), vehicle="Audi A3", plate="QWE4R56", confirmed=False)
BOOKED = MyVisits(visits=(POLO, A3))
PROPOSED = ProposedVisit(
    proposal="visit",
    question="Para agendar: *quinta-feira, 26/11/2026, às 10h*, com o carro VW Polo (RTY7U89).\nPosso agendar?",
    reminder="Posso agendar a sua visita para quinta-feira, 26/11/2026, às 10h?",
    terms={},
    action=VisitAction.BOOK,
    new_visit_at=at(26, 10),
    vehicle="VW Polo",
    plate="RTY7U89",
)


@pytest.mark.parametrize(
    ("draft", "sources"),
    [
        ("Tenho quinta-feira, 26/11/2026, às 10h, ou sexta-feira, 27/11, às 14h.", [SLOTS]),
        ("Consigo te atender na quinta às 10h. Serve?", [SLOTS]),
        ("Horários livres:\n1. quinta-feira, 26/11/2026, às 10h\n2. sexta-feira, 27/11/2026, às 14h", [SLOTS]),
        ("Para a semana que vem tenho quinta-feira, 03/12/2026, às 8h.", [SLOTS]),
        ("A visita do Polo está marcada para quinta-feira, 26/11/2026, às 10h.", [BOOKED]),
        ("Seu Polo (RTY7U89) vem na quinta, 26/11, às 10h.", [BOOKED]),
        ("O pedido de visita do A3 é para sexta-feira, 27/11, às 9h; a equipe ainda vai confirmar.", [BOOKED]),
        (f"Ótimo!\n\n{PROPOSED.question}", [PROPOSED]),
    ],
)
def test_what_a_tool_gave_may_be_said(draft: str, sources: list[BaseModel]) -> None:
    assert check(draft, sources, now=NOW) == []


@pytest.mark.parametrize(
    ("draft", "sources"),
    [
        ("Tenho quinta-feira, 26/11/2026, às 11h.", [SLOTS]),
        ("Tenho quinta-feira, 26/11/2026, às 14h.", [SLOTS]),
        ("Tenho sábado, 28/11/2026, às 10h.", [SLOTS]),
        ("Tenho sexta-feira, 26/11/2026, às 10h.", [SLOTS]),
        ("Tenho quarta-feira, 03/12/2026, às 8h.", [SLOTS]),
        ("Tenho amanhã às 10h.", [SLOTS]),
        ("Um consultor te liga na quinta às 10h.", [SLOTS]),
        ("Abrimos na quinta às 10h.", [SLOTS]),
        ("Seu carro fica pronto na quinta às 10h.", [SLOTS]),
        ("A peça chega na quinta-feira, 26/11.", [SLOTS]),
        ("Você pode retirar o carro na quinta às 10h.", [SLOTS]),
        ("Agendei para quinta-feira, 26/11/2026, às 10h.", [SLOTS]),
        ("Sua visita está agendada para quinta-feira, 26/11/2026, às 10h.", [SLOTS]),
        ("Sua visita está agendada para quinta-feira, 26/11/2026, às 10h.", [PROPOSED]),
        ("A visita do Polo está marcada para sexta-feira, 27/11/2026, às 9h.", [BOOKED]),
        ("A visita do A3 está confirmada para sexta-feira, 27/11/2026, às 9h.", [BOOKED]),
        ("O Polo fica pronto na quinta às 10h.", [BOOKED]),
        ("Seu pagamento já está confirmado.", [BOOKED]),
        ("Cancelei a visita do Polo.", [BOOKED]),
    ],
)
def test_anything_else_is_refused(draft: str, sources: list[BaseModel]) -> None:
    assert check(draft, sources, now=NOW) != []
