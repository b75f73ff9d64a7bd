"""The tools that propose to book, move or cancel a visit. They restate and ask; they book nothing.

What the customer then confirms is carried out by `assistant/decisions/bookings.py`, if the place is still free.
"""

import re
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from pydantic import Field

from assistant.conversation.embedded.slots import find_models, find_plates
from assistant.tools.booking import OwnCar, own_cars, own_visits, visit_words
from assistant.tools.decide import YES_OR_NO
from assistant.tools.terms import ShopTerms
from assistant.tools.toolbox import Arguments, Proposed, ToolContext, ToolFailed
from integrations.contact import first_name, normal_plate, written_plate
from integrations.settings import SHOP_ZONE
from integrations.workshop.appointments import Visit, free_slots
from integrations.workshop.orders import vehicle_name
from integrations.workshop.shop import shop_profile
from integrations.workshop.slots import nearest

VISIT_PROPOSAL = "visit"
MOST_TO_COME = {True: 3, False: 1}
"""Visits that one may have before them, by whether they are a known customer: nobody fills the shop's days."""
CHANGE_LATER = "se precisar mudar ou cancelar"
"""How a receipt says that a visit can be changed: what follows it is about that visit."""
LONGEST_NOTE = 200
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


class VisitAction(StrEnum):
    """What is proposed about a visit."""

    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"


class ProposedVisit(Proposed):
    """A visit to be booked, moved or cancelled, restated for the customer."""

    action: VisitAction
    new_visit_at: datetime | None
    """When it would be; None for a cancellation."""
    vehicle: str | None
    plate: str | None


class VisitArguments(Arguments):
    on_day: date = Field(description="The day of the slot the customer chose, from `free_slots`.")
    at: time = Field(description="Its time, from `free_slots`.")
    plate: str | None = Field(None, description="The plate of the customer's own car, when they have several.")
    car: str | None = Field(None, description="A car that is not on record, as the customer named it: model, plate.")
    name: str | None = Field(None, description="Only for a number without record: the name the person gave.")
    service: str | None = Field(None, description="What it is for, in the customer's words. For the staff only.")


class VisitChangeArguments(Arguments):
    on_day: date = Field(description="The new day, from `free_slots`.")
    at: time = Field(description="The new time, from `free_slots`.")
    visit_day: date | None = Field(None, description="The day of the visit to move, when the customer has several.")
    visit_time: time | None = Field(None, description="Its time, when there are several on that day.")


class VisitCancellationArguments(Arguments):
    visit_day: date | None = Field(None, description="The day of the visit to cancel, when the customer has several.")
    visit_time: time | None = Field(None, description="Its time, when there are several on that day.")


async def propose_visit(terms: ShopTerms, context: ToolContext, arguments: VisitArguments) -> ProposedVisit:
    """Restates a visit to be booked (day, time, car) and asks for a yes or no.

    Call it when the customer has chosen a free slot. From a number without record ask name and car first, only what you
    do not know yet. Nothing is booked by it: the system does that when the customer answers the `question` with an
    explicit yes. End your message with `question`, word for word.
    """
    at = await _free(terms, context, arguments.on_day, arguments.at)
    car, typed = await _car(context, arguments)
    name = context.speaker.name or first_name(arguments.name)
    known = context.speaker.known
    if not known and (name is None or (car is None and typed is None)):
        raise ToolFailed("this number has no record: ask for the person's name and their car first, what is missing")
    to_come = await own_visits(context)
    if len(to_come) >= MOST_TO_COME[known]:
        raise ToolFailed("this customer has visits to come already: tell which, offer to move one, or hand over")
    if any(visit.at == at and (car is None or visit.car is None or visit.car is car.row) for visit in to_come):
        raise ToolFailed("this customer's visit at that time is booked already")
    terms_kept = {
        "vehicle_id": str(car.row.id) if car and car.row else None,
        "car": (car.label if car else None) or typed,
        "name": name,
        "service": _note(arguments.service),
    }
    shown = (car.label if car else None) or known_words(typed)
    return proposed_visit(VisitAction.BOOK, at, terms_kept, shown, car, request=not known)


async def propose_visit_change(
    terms: ShopTerms, context: ToolContext, arguments: VisitChangeArguments
) -> ProposedVisit:
    """Restates another day or time for a visit of the customer and asks for a yes or no.

    Call it when the customer has chosen a free slot for a visit they have. Nothing is moved by it before their explicit
    yes. End your message with `question`, word for word.
    """
    visit = await _own_visit(context, arguments.visit_day, arguments.visit_time)
    at = await _free(terms, context, arguments.on_day, arguments.at)
    if at == visit.at:
        raise ToolFailed("the visit is at that time already")
    return proposed_change(visit, at)


async def propose_visit_cancellation(context: ToolContext, arguments: VisitCancellationArguments) -> ProposedVisit:
    """Restates which visit would be cancelled and asks for a yes or no.

    Call it when the customer wants to cancel a visit they have. Nothing is cancelled by it before their explicit yes.
    End your message with `question`, word for word.
    """
    visit = await _own_visit(context, arguments.visit_day, arguments.visit_time)
    car, words = _car_of(visit), visit_words(_moment(visit))
    with_car = f", com o carro {car.label}" if car else ""
    return ProposedVisit(
        proposal=VISIT_PROPOSAL,
        question=f"Posso cancelar a sua visita de *{words}*{with_car}? {YES_OR_NO}",
        reminder=f"Posso cancelar a sua visita de {words}? Responda *sim* ou *não*.",
        terms={"action": VisitAction.CANCEL.value, **_which(visit)},
        action=VisitAction.CANCEL,
        new_visit_at=None,
        vehicle=car.vehicle if car else None,
        plate=car.plate if car else None,
    )


def proposed_visit(
    action: VisitAction,
    at: datetime,
    kept: dict[str, Any],
    shown: str | None,
    car: OwnCar | None,
    *,
    request: bool,
    opening: str | None = None,
) -> ProposedVisit:
    """A visit to book. `request`: the staff confirm it afterwards."""
    words, with_car = visit_words(at), f", com o carro {shown}" if shown else ""
    later = " A equipe confirma o horário com você por aqui." if request else ""
    ask = "Posso registrar o pedido?" if request else "Posso agendar?"
    wish = "registrar o seu pedido de visita" if request else "agendar a sua visita"
    start = opening or f"Para {wish}:"
    return ProposedVisit(
        proposal=VISIT_PROPOSAL,
        question=f"{start} *{words}*{with_car}.{later}\n{ask} {YES_OR_NO}",
        reminder=f"Posso {wish} para {words}? Responda *sim* ou *não*.",
        terms={"action": action.value, "at": at.isoformat(), **kept},
        action=action,
        new_visit_at=at,
        vehicle=car.vehicle if car else None,
        plate=car.plate if car else None,
    )


def proposed_change(visit: Visit, at: datetime, opening: str = "") -> ProposedVisit:
    """A visit to move."""
    car, was, words = _car_of(visit), visit_words(_moment(visit)), visit_words(at)
    with_car = f", com o carro {car.label}" if car else ""
    start = f"{opening} " if opening else ""
    return ProposedVisit(
        proposal=VISIT_PROPOSAL,
        question=f"{start}Posso passar a sua visita de {was}, para *{words}*{with_car}? {YES_OR_NO}",
        reminder=f"Posso passar a sua visita para {words}? Responda *sim* ou *não*.",
        terms={"action": VisitAction.MOVE.value, "at": at.isoformat(), **_which(visit)},
        action=VisitAction.MOVE,
        new_visit_at=at,
        vehicle=car.vehicle if car else None,
        plate=car.plate if car else None,
    )


def known_words(typed: str | None) -> str | None:
    """Of a car as somebody typed it only what is a model, a year or a plate: nothing else is repeated to anybody."""
    if typed is None:
        return None
    year = YEAR.search(typed)
    words = [*(word.title() if len(word) > 2 else word.upper() for word in find_models(typed))]
    words += [year.group()] if year and words else []
    plates = find_plates(typed)
    named = " ".join(words)
    return f"{named} ({plates[0]})" if named and plates else named or (plates[0] if plates else None)


async def _free(terms: ShopTerms, context: ToolContext, on_day: date, at: time) -> datetime:
    """The chosen slot, if it is one and free."""
    hours = (await shop_profile(context.session)).hours
    free = await free_slots(context.session, hours, context.now, terms.booking)
    chosen = datetime.combine(on_day, at.replace(tzinfo=None), SHOP_ZONE)
    if chosen in free:
        return chosen
    near = "; ".join(slot.isoformat() for slot in nearest(free, chosen)[:3])
    raise ToolFailed(f"that slot is not free; the nearest free ones are: {near or 'none'}")


async def _car(context: ToolContext, arguments: VisitArguments) -> tuple[OwnCar | None, str | None]:
    """The speaker's own car that is meant, or another one in the words that were typed."""
    cars = await own_cars(context)
    key = normal_plate(arguments.plate)
    own = next((car for car in cars if key and normal_plate(car.plate) == key), None)
    if own is not None:
        return own, None
    typed = _note(" ".join(filter(None, (arguments.car, written_plate(arguments.plate)))))
    if typed is not None:
        words = [word for word in find_models(typed) if word not in ("vw", "volks", "volkswagen", "audi")]
        called = [car for car in cars if any(word in car.vehicle.lower().split() for word in words)]
        return (called[0], None) if len(called) == 1 and not find_plates(typed) else (None, typed)
    if len(cars) > 1:
        raise ToolFailed(f"ask which car the visit is for: {', '.join(car.label for car in cars)}")
    return (cars[0] if cars else None), None


async def _own_visit(context: ToolContext, on_day: date | None, at: time | None) -> Visit:
    """The one visit of the speaker that is meant."""
    visits = await own_visits(context)
    meant = [visit for visit in visits if on_day is None or visit.row.appointment_date == on_day]
    meant = [visit for visit in meant if at is None or visit.row.appointment_time == at]
    if len(meant) == 1:
        return meant[0]
    if not visits:
        raise ToolFailed("this customer has no visit to come")
    told = "; ".join(visit_words(_moment(visit)) for visit in visits)
    raise ToolFailed(f"ask which visit is meant: {told}")


def _which(visit: Visit) -> dict[str, str]:
    """The visit as it was when it was told, for `VisitChanged`."""
    return {"visit_id": str(visit.row.id), "was": _moment(visit).isoformat()}


def _moment(visit: Visit) -> datetime | date:
    assert visit.at is not None
    return visit.at


def _car_of(visit: Visit) -> OwnCar | None:
    car = visit.car
    return OwnCar(vehicle_name(car), written_plate(car.plate), car) if car else None


def _note(text: str | None) -> str | None:
    """Somebody's words for the staff, on one line."""
    return " ".join((text or "").split())[:LONGEST_NOTE] or None
