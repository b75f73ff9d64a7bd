"""Free slots as the customer is offered them: looked up near to a wish, told as a numbered list.

Where nothing can be offered, a person takes the wish.
"""

from datetime import date, datetime

from assistant.conversation.embedded.answers.offers import SLOTS
from assistant.conversation.embedded.answers.shop import hours_in_short
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.visit_words import numbered
from assistant.conversation.responder import HandOffReason
from assistant.tools.booking import DayState, FreeSlots
from integrations.brazil import local
from integrations.workshop.slots import Wanted

WHY_NOT = {
    DayState.CLOSED: "Nesse dia não abrimos.",
    DayState.FULL: "Nesse dia não tenho mais vaga assim.",
    DayState.PAST: "Esse dia já passou.",
    DayState.TOO_FAR: "Tão longe assim eu ainda não consigo marcar.",
}


async def find_slots(talk: Talk, wanted: Wanted) -> FreeSlots:
    """What is free near to a wish."""
    given = {
        "on_day": wanted.day.isoformat() if wanted.day else None,
        "from_day": wanted.from_day.isoformat() if wanted.from_day else None,
        "part": wanted.part.value if wanted.part else None,
        "at": wanted.at.isoformat() if wanted.at else None,
    }
    return await talk.lookups.get("free_slots", FreeSlots, **{name: value for name, value in given.items() if value})


def settled_by(slots: FreeSlots, wanted: Wanted) -> datetime | None:
    """The slot that a message names by its time, or the only one left on the day it names."""
    named = wanted.at is not None or (wanted.day is not None and len(slots.slots) == 1)
    return local(slots.slots[0].slot_at) if slots.slots and slots.as_asked and named else None


async def list_slots(talk: Talk, slots: FreeSlots, question: str, skip: datetime | date | None = None) -> Part:
    """The question with its numbered list, after why it is not what was asked for. `skip`: not a choice here."""
    moments = [local(slot.slot_at) for slot in slots.slots if slot.slot_at != skip]
    if not moments:
        return await for_a_person(talk, "quer agendar um horário, e não há horário livre para oferecer")
    if slots.as_asked:
        start = "Vamos lá! " if talk.pending not in SLOTS else ""
    else:
        reason = WHY_NOT.get(slots.day_is) if slots.day_is else None
        start = f"{reason or 'Nesse horário não tenho vaga.'} O mais próximo que tenho está abaixo. "
    return Part(f"{start}{question}\n{numbered(moments)}", asks=True)


async def for_a_person(talk: Talk, wish: str) -> Part:
    """A visit that cannot be proposed here: noted, for the staff."""
    noted = talk.voice.say(
        "Anotei o seu pedido e passei para a equipe, que combina o dia e o horário com você.",
        "Certo, passei o seu pedido para a equipe, que acerta o dia e o horário com você.",
    )
    hours = hours_in_short(await talk.shop())
    open_at = f" Nosso horário: {hours}." if hours else ""
    return Part(f"{noted}{open_at}", hand_off(talk, HandOffReason.BOOKING, wish), person=True)
