"""The customer's own visits: when they are, moving one, cancelling one; asks which where there are several.

Only proposes. A visit that is not in our tables may be in somebody's head: a person takes that.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from assistant.conversation.embedded.answers.offers import ASK_MOVE, SLOTS, Offer
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.visit_data import SERVICE, VisitCar, named_among
from assistant.conversation.embedded.answers.visit_slots import find_slots, list_slots, settled_by
from assistant.conversation.embedded.answers.visit_words import (
    DENIES,
    chosen,
    days_in,
    moment_in,
    place_in,
    read_list,
    wanted_in,
)
from assistant.conversation.embedded.answers.voice import upper_first
from assistant.conversation.embedded.slots import find_models
from assistant.conversation.responder import HandOffReason, ResponderFailed
from assistant.tools.booking import BookedVisit, MyVisits, visit_words
from assistant.tools.visits import VISIT_PROPOSAL, ProposedVisit, VisitAction
from integrations.brazil import local, local_day
from integrations.workshop.slots import Wanted

CANCELS = re.compile(
    r"\b(?:cancel\w+|desmarc\w+|desist\w+|(?:tir|retir)\w+ (?:o |a )?(?:meu |minha )(?:horario|visita|vaga|"
    r"agendamento)|esquec\w+ (?:a |da )?(?:minha )?(?:visita|revisao|agendamento))\b"
)
MOVES = re.compile(
    r"\b(?:remarc\w+|reagend\w+|adi(?:a|ar|antar|em)|antecip\w+)\b"
    r"|\b(?:mud(?:a|ar|em|e)|alter(?:a|ar)|pass(?:a|ar)|jog(?:a|ar)) (?:\w+ ){0,4}?(?:horario|dia|data|visita|"
    r"agendamento|hora|pra|para)\b"
    r"|\b(?:em vez|ao inves|no lugar) d[aeo]s?\b"
    r"|\btroc(?:a|ar|ue) (?:o |a |de |meu |minha )*(?:horario|dia|data|visita|agendamento|hora)\b"
    r"|\b(?:troc(?:a|ar|ue)|transfer\w+) (?:isso |ela |ele |ai |ja )?(?:pra|para|pro)\b"
)
CANNOT = re.compile(
    r"\bnao (?:vou|irei|posso|consigo|vai dar|da)(?: mais)? (?:\w+ )?(?:conseguir |poder |pra |para )*"
    r"(?:ir|levar|comparecer|aparecer|chegar|vir)\b|\bnao vou poder\b|\bnao vou conseguir\b"
)
ASKS_WHEN = re.compile(
    r"\b(?:qual|quando|(?:que|q) dia|(?:que|q) horas?|confirma\w*)\b.{0,30}\b(?:(?:meu|minha) (?:horario|visita|"
    r"agendamento|revisao)|marcad[oa]|agendad[oa])\b|\b(?:tenho|esta|ta|tem) (?:\w+ ){0,3}(?:marcad|agendad)[oa]\b"
)
INSTEAD = re.compile(
    r"\b(?:da pra|da para|pode|posso|tem como|consigo|consegue\w*|prefiro|melhor|queria|quero|preciso) (?:\w+ ){0,3}?"
    r"(?:mais (?:pra |para a )?(?:tarde|cedo)|antes|outr[oa] (?:dia|hora|horario|data))\b"
)
"""Compares with a visit that is booked."""
ONE_MORE = re.compile(r"\b(?:mais (?:uma?|outr[oa])|outr[oa] (?:carro|visita)|tambem|tbm?)\b")
SAME_TIME = re.compile(r"\b(?:mesm[oa]|msm[oa]?) (?:hora|horario)\b")
MOVING = (Offer.NEW_TIME, Offer.WHICH_TO_MOVE)


async def change(talk: Talk) -> Part | None:
    """The answer when the message is about a visit that exists; None when it wants a new one."""
    if talk.pending is Offer.WHICH_TO_CANCEL or (CANCELS.search(talk.text) and not MOVES.search(talk.text)):
        return await _cancel(talk)
    if talk.pending in MOVING or MOVES.search(talk.text) or _moves(talk):
        return await _move(talk)
    visits = await _visits(talk)
    if _another_time(talk, visits):
        return await _move(talk)
    if CANNOT.search(talk.text) and talk.pending not in SLOTS and talk.proposed != VISIT_PROPOSAL:
        if not visits:
            return _nothing_booked(talk)
        return Part(f"Sem problema! Você {Offer.MOVE_OR_CANCEL.value} a visita?", asks=True)
    if ASKS_WHEN.search(talk.text) and visits:
        return Part(f"{told(visits)} {ASK_MOVE}")
    return None


def _another_time(talk: Talk, visits: Sequence[BookedVisit]) -> bool:
    """Whether somebody with a visit says when instead: against that visit, or right after its receipt."""
    if len(visits) != 1 or talk.pending in SLOTS or talk.proposed or ONE_MORE.search(talk.text):
        return False
    (visit,) = visits
    if set(find_models(talk.request.text)) - set(find_models(visit.vehicle or "")):
        return False
    today = local_day(talk.request.now)
    refused = DENIES.search(talk.text) and _day(visit) in days_in(talk.request.text, today)
    other = refused and wanted_in(talk.request.text, today) not in (Wanted(), Wanted(day=_day(visit)))
    if other or SERVICE.search(talk.text):
        return bool(other)
    just_booked = talk.pending is Offer.BOOKED and wanted_in(talk.request.text, today) != Wanted()
    return just_booked or INSTEAD.search(talk.text) is not None


def told(visits: Sequence[BookedVisit]) -> str:
    """When the visits are."""
    sentences = [
        f"Você tem uma visita marcada para {_words(visit)}."
        if visit.confirmed
        else f"Você tem um pedido de visita para {_words(visit)}, que a equipe ainda vai confirmar."
        for visit in visits
    ]
    return " ".join(sentences)


async def _cancel(talk: Talk) -> Part:
    visits = await _visits(talk)
    if not visits:
        return _nothing_booked(talk)
    visit = _meant(talk, visits)
    if visit is None:
        return _which(Offer.WHICH_TO_CANCEL, visits)
    return await _proposed(talk, "propose_visit_cancellation", visit, {})


async def _move(talk: Talk) -> Part:
    visits = await _visits(talk)
    if not visits:
        return _nothing_booked(talk)
    visit = _to_move(talk, visits)
    if visit is None:
        return _which(Offer.WHICH_TO_MOVE, visits)
    at, wanted = _new_time(talk, visit)
    if at is None:
        slots = await find_slots(talk, wanted)
        at = settled_by(slots, wanted)
        if at is None:
            question = f"{upper_first(Offer.NEW_TIME.value)} de {_words(visit)}?"
            return await list_slots(talk, slots, question, visit.booked_for)
    given: dict[str, object] = {"on_day": at.date().isoformat(), "at": at.time().isoformat()}
    return await _proposed(talk, "propose_visit_change", visit, given)


def _new_time(talk: Talk, visit: BookedVisit) -> tuple[datetime | None, Wanted]:
    """The slot of our list that was taken, and what was wished for."""
    picking = talk.pending is Offer.WHICH_TO_MOVE
    text = "" if picking else talk.request.text
    wanted = wanted_in(text, local_day(talk.request.now))
    if talk.pending is not Offer.NEW_TIME and _names(wanted, visit):
        wanted = Wanted()
    if SAME_TIME.search(talk.text) and wanted.at is None and isinstance(visit.booked_for, datetime):
        wanted = replace(wanted, at=local(visit.booked_for).time())
    offered = read_list(talk.last_said) if talk.pending is Offer.NEW_TIME else []
    if wanted.day is None and wanted.from_day is None and (wanted.at is not None or wanted.part is not None):
        days = {at.date() for at in offered} or {_day(visit)}
        wanted = Wanted(days.pop() if len(days) == 1 else None, None, wanted.part, wanted.at)
    return chosen(text, offered, wanted), wanted


def _names(wanted: Wanted, visit: BookedVisit) -> bool:
    """Whether a message names the visit that is to be moved, and not when instead."""
    old = local(visit.booked_for).time() if isinstance(visit.booked_for, datetime) else None
    return wanted.day == _day(visit) and wanted.part is None and wanted.at in (None, old)


def _to_move(talk: Talk, visits: Sequence[BookedVisit]) -> BookedVisit | None:
    """The visit that our question, our proposal or the message names."""
    pending = talk.request.pending
    named = moment_in(talk.last_said) if talk.pending is Offer.NEW_TIME else None
    if _moves(talk) and pending is not None:
        named = datetime.fromisoformat(pending.terms["was"])
    known = next((visit for visit in visits if named is not None and visit.booked_for == named), None)
    return known or _meant(talk, visits)


def _moves(talk: Talk) -> bool:
    """Whether a move is what we proposed just now, with the visit's old time."""
    pending = talk.request.pending
    proposed = talk.proposed == VISIT_PROPOSAL and pending is not None
    return proposed and pending is not None and pending.terms["action"] == VisitAction.MOVE


def _meant(talk: Talk, visits: Sequence[BookedVisit]) -> BookedVisit | None:
    """The visit that is meant: the only one, by its place in our list, by its day, by its car."""
    if len(visits) == 1:
        return visits[0]
    if talk.pending in (Offer.WHICH_TO_CANCEL, Offer.WHICH_TO_MOVE):
        place = place_in(talk.request.text)
        if place is not None:
            return visits[place] if -1 <= place < len(visits) else None
    wanted = wanted_in(talk.request.text, local_day(talk.request.now))
    on_day = [visit for visit in visits if _day(visit) == wanted.day]
    if len(on_day) == 1:
        return on_day[0]
    cars = [VisitCar(f"{visit.vehicle} {visit.plate}", visit.plate, own=True) for visit in visits]
    named = named_among(talk.request.text, list(dict.fromkeys(cars)))
    with_car = [visit for visit, car in zip(visits, cars, strict=True) if car == named]
    return with_car[0] if len(with_car) == 1 else None


async def _proposed(talk: Talk, tool: str, visit: BookedVisit, given: dict[str, object]) -> Part:
    which: dict[str, object] = {"visit_day": _day(visit).isoformat()}
    if isinstance(visit.booked_for, datetime):
        which["visit_time"] = local(visit.booked_for).time().isoformat()
    try:
        proposed = await talk.lookups.get(tool, ProposedVisit, **which, **given)
    except ResponderFailed:
        return _for_a_person(talk)
    return Part(proposed.question, asks=True, named=True)


def _which(question: Offer, visits: Sequence[BookedVisit]) -> Part:
    listed = "\n".join(f"{place}. {_words(visit)}" for place, visit in enumerate(visits, start=1))
    return Part(f"{upper_first(question.value)}?\n{listed}", asks=True)


def _nothing_booked(talk: Talk) -> Part:
    text = "Não encontrei visita no nosso sistema para este número. Passei o seu pedido para a equipe conferir."
    return Part(text, hand_off(talk, HandOffReason.BOOKING, "quer remarcar ou cancelar um horário"), person=True)


def _for_a_person(talk: Talk) -> Part:
    text = "Passei o seu pedido para a equipe, que acerta isso com você."
    return Part(text, hand_off(talk, HandOffReason.BOOKING, "quer remarcar ou cancelar um horário"), person=True)


def _words(visit: BookedVisit) -> str:
    car = f"{visit.vehicle} ({visit.plate})" if visit.plate else visit.vehicle
    moment = local(visit.booked_for) if isinstance(visit.booked_for, datetime) else visit.booked_for
    return f"{visit_words(moment)}{f', com o carro {car}' if car else ''}"


def _day(visit: BookedVisit) -> date:
    return local_day(visit.booked_for) if isinstance(visit.booked_for, datetime) else visit.booked_for


async def _visits(talk: Talk) -> Sequence[BookedVisit]:
    return (await talk.lookups.get("my_visits", MyVisits)).visits
