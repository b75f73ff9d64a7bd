"""A visit to book: free slots to choose from, then the proposal that restates day, time and car.

Nothing is booked here. What was offered is read back from our last message; a number without record is asked for name
and car once there is a slot, and only for what it has not told. Where the shop's hours are not known, or nothing can be
proposed, a person takes it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.conversation.embedded.answers import visit_changes, visit_data
from assistant.conversation.embedded.answers.offers import ASK_MOVE, SLOTS, Offer
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.visit_slots import find_slots, for_a_person, list_slots, settled_by
from assistant.conversation.embedded.answers.visit_words import (
    DENIES,
    OTHERS,
    chosen,
    in_next_week,
    moment_in,
    read_list,
    wanted_in,
    what_suits,
)
from assistant.conversation.embedded.answers.voice import clipped, enumerated, upper_first
from assistant.conversation.responder import HandOffReason, ResponderFailed
from assistant.tools.booking import MyVisits, visit_words
from assistant.tools.visits import VISIT_PROPOSAL, ProposedVisit, VisitAction
from integrations.brazil import local_day
from integrations.workshop.slots import Wanted


async def booking(talk: Talk) -> Part:
    """Book, move or cancel a visit, or say when it is."""
    return await visit_changes.change(talk) or await new_visit(talk)


async def new_visit(talk: Talk) -> Part:
    """The slot that was chosen, proposed; else slots to choose from."""
    visits = (await talk.lookups.get("my_visits", MyVisits)).visits
    if visits and not talk.request.speaker.known:
        return Part(f"{visit_changes.told(visits)} {ASK_MOVE}")
    if talk.pending in (Offer.WHICH_CAR, Offer.VISIT_DATA) and (held := moment_in(talk.last_said)):
        return await _for_slot(talk, held)
    offered = read_list(talk.last_said) if talk.pending in SLOTS else []
    wanted = _wanted(talk)
    at = chosen(talk.request.text, offered, wanted)
    if at is not None and not DENIES.search(what_suits(talk.text)):
        return await _for_slot(talk, at)
    slots = await find_slots(talk, _completed(talk, wanted, offered))
    if settled := settled_by(slots, wanted):
        return await _for_slot(talk, settled)
    car = visit_data.car_for(talk)
    about = f"Para o carro {car.label}, " if car and talk.known else ""
    return await list_slots(talk, slots, upper_first(f"{about}{Offer.WHICH_SLOT.value}?"))


def _wanted(talk: Talk) -> Wanted:
    """When this message wants to come, in the week that was spoken of since we asked."""
    today = local_day(talk.request.now)
    wanted = wanted_in(talk.request.text, today)
    if talk.pending not in SLOTS and not _books(talk):
        return wanted
    lines = talk.customer_lines()
    earlier = [line.text for line in lines[: len(lines) - len(talk.request.burst)] if line.text]
    return in_next_week(wanted, talk.request.text, earlier, today)


def _completed(talk: Talk, wanted: Wanted, offered: Sequence[datetime]) -> Wanted:
    """The wish with the day we were talking about; days that do not suit are passed over."""
    pending = talk.request.pending
    before = [datetime.fromisoformat(pending.terms["at"])] if pending and _books(talk) else list(offered)
    suits = what_suits(talk.text)
    if OTHERS.search(suits) and wanted.part and wanted.day is None and DENIES.search(suits):
        return replace(wanted, day=max(before).date() if before else None, part=wanted.part.other)
    if OTHERS.search(suits) and not wanted.at:
        refused = wanted.day if DENIES.search(suits) else None
        after = refused or (max(before).date() if before and not wanted.day else None)
        return Wanted(None, after + timedelta(days=1), wanted.part) if after else wanted
    days = {at.date() for at in before}
    undated = wanted.day is None and wanted.from_day is None
    return replace(wanted, day=days.pop()) if undated and wanted != Wanted() and len(days) == 1 else wanted


def _books(talk: Talk) -> bool:
    pending = talk.request.pending
    return talk.proposed == VISIT_PROPOSAL and pending is not None and pending.terms["action"] == VisitAction.BOOK


async def _for_slot(talk: Talk, at: datetime) -> Part:
    """Ask what is missing for this slot, else propose it."""
    car, name = visit_data.car_for(talk), visit_data.name_for(talk)
    slots = await find_slots(talk, Wanted(day=at.date(), at=at.time()))
    if not slots.as_asked:
        return await list_slots(talk, slots, f"{upper_first(Offer.WHICH_SLOT.value)}?")
    if talk.known and car is None and len(cars := visit_data.own_cars(talk)) > 1:
        if talk.pending is Offer.WHICH_CAR:
            return await for_a_person(talk, f"quer agendar para {visit_words(at)}, e não ficou claro para qual carro")
        listed = "\n".join(f"{place}. {each.label}" for place, each in enumerate(cars, start=1))
        return Part(f"{upper_first(Offer.WHICH_CAR.value)} de {visit_words(at)}?\n{listed}", asks=True)
    missing = [] if talk.request.speaker.known else visit_data.missing(name, car)
    if missing:
        return await _ask_data(talk, at, missing, name)
    return await _propose(talk, at, car, name)


async def _ask_data(talk: Talk, at: datetime, missing: Sequence[str], name: str | None) -> Part:
    """What a number without record has not told yet; nothing new in the answer: a person."""
    thanks = f"Obrigado, {name}! " if name and talk.pending is Offer.VISIT_DATA else ""
    asked = f"{thanks}{upper_first(Offer.VISIT_DATA.value)} de {visit_words(at)}, só falta {enumerated(missing)}."
    before = [each for each in (visit_data.ASK_NAME, visit_data.ASK_CAR) if each in talk.last_said]
    if talk.pending is Offer.VISIT_DATA and list(missing) == before:
        return await for_a_person(talk, f"pede uma visita para {visit_words(at)}")
    return Part(asked, asks=True, named=bool(thanks))


async def _propose(talk: Talk, at: datetime, car: visit_data.VisitCar | None, name: str | None) -> Part:
    given: dict[str, object] = {"on_day": at.date().isoformat(), "at": at.time().isoformat()}
    given |= {"plate": car.plate} if car and car.own and car.plate else {"car": car.label} if car else {}
    given |= {"name": name} if name else {}
    given |= {"service": clipped(words, 150)} if (words := visit_data.service(talk)) else {}
    try:
        proposed = await talk.lookups.get("propose_visit", ProposedVisit, **given)
    except ResponderFailed:
        return await _not_proposed(talk, at)
    return Part(proposed.question, asks=True, named=True)


async def _not_proposed(talk: Talk, at: datetime) -> Part:
    """The slot went meanwhile, or there are visits enough: the nearest slots, or what is booked."""
    visits = (await talk.lookups.get("my_visits", MyVisits)).visits
    if visits:
        told = visit_changes.told(visits)
        handoff = hand_off(talk, HandOffReason.BOOKING, "quer marcar mais uma visita")
        return Part(f"{told} {ASK_MOVE}", handoff)
    slots = await find_slots(talk, Wanted(day=at.date(), at=at.time()))
    return await list_slots(talk, slots, f"{upper_first(Offer.WHICH_SLOT.value)}?")
