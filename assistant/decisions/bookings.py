"""The customer's visits: booked, moved or cancelled once they said yes, if the place is still theirs to take."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from assistant.conversation.responder import HandOff, HandOffReason
from assistant.decisions.kinds import NotAsProposed, Receipt, Terms
from assistant.decisions.reading import Wish
from assistant.tools.booking import OwnCar, own_cars, own_visits, visit_words
from assistant.tools.toolbox import Proposed, ToolContext, ToolFailed
from assistant.tools.visits import (
    CHANGE_LATER,
    MOST_TO_COME,
    VisitAction,
    VisitCancellationArguments,
    known_words,
    propose_visit_cancellation,
    proposed_change,
    proposed_visit,
)
from integrations.brazil import local
from integrations.workshop.appointments import (
    SlotTaken,
    Visit,
    VisitChanged,
    VisitStatus,
    book,
    cancel,
    free_slots,
    login_of_customer,
    move,
)
from integrations.workshop.models import Appointment
from integrations.workshop.orders import vehicle_name
from integrations.workshop.shop import ShopProfile, blank_is_none, shop_profile
from integrations.workshop.slots import BookingRules, nearest

TAKEN = "Esse horário acabou de ser preenchido, então ainda não registrei nada."
LATER = f"{CHANGE_LATER.capitalize()}, é só me escrever."
WISHES = {VisitAction.BOOK: Wish.VISIT, VisitAction.MOVE: Wish.MOVE, VisitAction.CANCEL: Wish.CANCELLATION}
NEAREST = "O horário livre mais próximo é"


class VisitProposals:
    """Implements `ProposalKind`."""

    reason = HandOffReason.BOOKING

    def __init__(self, rules: BookingRules) -> None:
        self._rules = rules

    def wish(self, terms: Terms) -> Wish:
        return WISHES[_action(terms)]

    async def carry_out(self, context: ToolContext, terms: Terms) -> Receipt:
        shop = await shop_profile(context.session)
        try:
            match _action(terms):
                case VisitAction.BOOK:
                    return await self._book(context, terms, shop)
                case VisitAction.MOVE:
                    return await self._move(context, terms, shop)
                case VisitAction.CANCEL:
                    return await self._cancel(context, terms)
        except SlotTaken as taken:
            raise NotAsProposed(TAKEN) from taken
        except VisitChanged as changed:
            raise NotAsProposed from changed

    async def propose_again(self, context: ToolContext, terms: Terms) -> Proposed | None:
        if _action(terms) is VisitAction.CANCEL:
            return await _cancellation_again(context, terms)
        visit = await _own_visit(context, terms)
        if _action(terms) is VisitAction.MOVE and visit is None:
            return None
        if _action(terms) is VisitAction.BOOK and await _booked_already(context, terms):
            return None
        hours = (await shop_profile(context.session)).hours
        free = await free_slots(context.session, hours, context.now, self._rules)
        wanted = _at(terms)
        if not free:
            return None
        at = wanted if wanted in free else nearest(free, wanted)[0]
        if visit is not None:
            return proposed_change(visit, at, "" if at == wanted else f"{NEAREST} o de {visit_words(at)}.")
        car = await _own_car(context, terms)
        kept = {key: terms[key] for key in ("vehicle_id", "car", "name", "service")}
        shown = car.label if car else known_words(terms["car"])
        opening = None if at == wanted else f"{NEAREST}:"
        request = not context.speaker.known
        return proposed_visit(VisitAction.BOOK, at, kept, shown, car, request=request, opening=opening)

    def declined(self, terms: Terms) -> str:
        if _action(terms) is VisitAction.CANCEL:
            return "Tudo bem, a sua visita continua marcada como estava."
        if _action(terms) is VisitAction.MOVE:
            return "Tudo bem, não mudei nada: a sua visita continua como estava. Se quiser outro horário, é só dizer."
        return "Tudo bem, não marquei nada. Se quiser outro dia ou horário, é só me dizer."

    async def _book(self, context: ToolContext, terms: Terms, shop: ShopProfile) -> Receipt:
        if await _booked_already(context, terms):
            raise VisitChanged
        car = await _own_car(context, terms)
        status = VisitStatus.CONFIRMED if context.speaker.known else VisitStatus.REQUESTED
        visit = await _new_visit(context, terms, car, status)
        await book(context.session, visit, shop.hours, context.now, self._rules)
        words, shown = visit_words(_at(terms)), car.label if car else known_words(terms["car"])
        with_car = f", com o carro {shown}" if shown else ""
        if context.speaker.known:
            text = f"{_done(terms['name'])} A sua visita está agendada: *{words}*{with_car}.{_address(shop)}"
            wish = f"AGENDOU uma visita pelo WhatsApp para {words}"
        else:
            text = (
                f"{_done(terms['name'])} Registrei o seu pedido de visita: *{words}*{with_car}. A equipe confirma o "
                f"horário com você por aqui.{_address(shop)}"
            )
            wish = f"PEDIU uma visita para {words}; número sem cadastro, confirme o horário com a pessoa, por favor"
        return Receipt(f"{text}\n{LATER}", _told(terms["name"], terms, wish))

    async def _move(self, context: ToolContext, terms: Terms, shop: ShopProfile) -> Receipt:
        visit, to = await _still(context, terms), _at(terms)
        was = _was(terms)
        await move(context.session, visit.row.id, was, to, shop.hours, context.now, self._rules)
        words = visit_words(to)
        confirmed = "" if visit.confirmed else " A equipe confirma o horário com você por aqui."
        done = _done(context.speaker.name)
        text = f"{done} A sua visita passou para *{words}*{_with(visit)}.{confirmed}{_address(shop)}"
        wish = f"MUDOU pelo WhatsApp a visita de {visit_words(was)}, para {words}"
        return Receipt(text, _told(context.speaker.name, _about(visit), wish))

    async def _cancel(self, context: ToolContext, terms: Terms) -> Receipt:
        visit = await _still(context, terms)
        was = _was(terms)
        await cancel(context.session, visit.row.id, was, context.now)
        done = f"{_done(context.speaker.name)} Cancelei a sua visita de {visit_words(was)}{_with(visit)}."
        text = f"{done} Quando quiser marcar de novo, é só me escrever."
        wish = f"CANCELOU pelo WhatsApp a visita de {visit_words(was)}"
        return Receipt(text, _told(context.speaker.name, _about(visit), wish))


async def _new_visit(context: ToolContext, terms: Terms, car: OwnCar | None, status: VisitStatus) -> Appointment:
    speaker, at = context.speaker, _at(terms)
    owners = {car.row.customer_id} if car and car.row and car.row.customer_id else set(speaker.customer_ids)
    customer_id = owners.pop() if len(owners) == 1 else None
    noted = (
        ("Nome", None if customer_id else terms["name"]),
        ("Carro", None if car and car.row else terms["car"]),
        ("Pedido", terms["service"]),
    )
    return Appointment(
        customer_id=customer_id,
        user_id=await login_of_customer(context.session, customer_id) if customer_id else None,
        vehicle_id=car.row.id if car and car.row else None,
        conversation_id=context.conversation_id,
        contact_phone=speaker.phone,
        appointment_date=at.date(),
        appointment_time=at.time(),
        status=status,
        notes="; ".join(["Marcado pelo WhatsApp", *(f"{what}: {words}" for what, words in noted if words)]),
    )


async def _booked_already(context: ToolContext, terms: Terms) -> bool:
    """Whether this very visit is booked, or the customer has as many as they may: another phone of theirs was first."""
    visits = await own_visits(context)
    same = any(visit.at == _at(terms) and _vehicle_id(visit) == terms["vehicle_id"] for visit in visits)
    return same or len(visits) >= MOST_TO_COME[context.speaker.known]


def _vehicle_id(visit: Visit) -> str | None:
    return str(visit.row.vehicle_id) if visit.row.vehicle_id else None


async def _cancellation_again(context: ToolContext, terms: Terms) -> Proposed | None:
    visit = await _own_visit(context, terms)
    if visit is None or visit.row.appointment_date is None:
        return None
    which = VisitCancellationArguments(visit_day=visit.row.appointment_date, visit_time=visit.row.appointment_time)
    try:
        return await propose_visit_cancellation(context, which)
    except ToolFailed:
        return None


async def _still(context: ToolContext, terms: Terms) -> Visit:
    """The visit, which has to be the speaker's still: the contact's phone may have been corrected meanwhile."""
    visit = await _own_visit(context, terms)
    if visit is None:
        raise VisitChanged
    return visit


async def _own_visit(context: ToolContext, terms: Terms) -> Visit | None:
    wanted = terms.get("visit_id")
    return next((visit for visit in await own_visits(context) if str(visit.row.id) == wanted), None)


async def _own_car(context: ToolContext, terms: Terms) -> OwnCar | None:
    wanted = terms["vehicle_id"]
    cars = await own_cars(context)
    return next((car for car in cars if car.row is not None and str(car.row.id) == wanted), None)


def _action(terms: Terms) -> VisitAction:
    return VisitAction(terms["action"])


def _at(terms: Terms) -> datetime:
    return _shop_time(terms["at"])


def _was(terms: Terms) -> datetime | date:
    written = str(terms["was"])
    return _shop_time(written) if "T" in written else date.fromisoformat(written)


def _shop_time(written: object) -> datetime:
    return local(datetime.fromisoformat(str(written)))


def _done(name: str | None) -> str:
    return f"Pronto, {name}!" if name else "Pronto!"


def _with(visit: Visit) -> str:
    return f", com o carro {vehicle_name(visit.car)}" if visit.car else ""


def _about(visit: Visit) -> dict[str, Any]:
    return {"car": vehicle_name(visit.car) if visit.car else None, "service": visit.row.notes}


def _address(shop: ShopProfile) -> str:
    address = blank_is_none(shop.units[0].endereco) if shop.units else None
    return f"\nEndereço: {address}" if address else ""


def _told(name: str | None, about: Mapping[str, Any], wish: str) -> HandOff:
    """The task: who, which car, what was done, what for."""
    who = " – ".join(filter(None, (name or "Cliente", about["car"])))
    return HandOff(HandOffReason.BOOKING, f"{who}: {wish}. {about['service'] or ''}".rstrip())
