"""Handing over: what the staff read in their task, and what the customer is told about when a person answers.

The task itself is opened by the outbox. No time is promised: only the shop's own opening hours are told.
"""

from assistant.conversation.embedded.answers.cars import label, order_label
from assistant.conversation.embedded.answers.talk import Talk
from assistant.conversation.embedded.answers.voice import clipped, enumerated
from assistant.conversation.kinds import Media, kind_of
from assistant.conversation.responder import HandOff, HandOffReason
from assistant.handoffs.hours import staff_back

GRAVEST_FIRST = (
    HandOffReason.ABUSE,
    HandOffReason.COMPLAINT,
    HandOffReason.OPT_OUT,
    HandOffReason.IDENTITY,
    HandOffReason.QUOTE_DECISION,
    HandOffReason.PAYMENT,
    HandOffReason.WARRANTY,
    HandOffReason.BOOKING,
    HandOffReason.NEW_QUOTE,
    HandOffReason.ASKED_FOR_PERSON,
    HandOffReason.LANGUAGE,
    HandOffReason.MEDIA,
    HandOffReason.NOT_UNDERSTOOD,
    HandOffReason.LOOP,
)


def hand_off(
    talk: Talk, reason: HandOffReason, wish: str, about: str | None = None, *, quoting: bool = True
) -> HandOff:
    """A task: who, about which car, what they want and their own words. `wish` goes on after the name: "quer …"."""
    said = clipped(talk.request.text) if quoting else ""
    told = "Áudio transcrito" if any(kind_of(line.kind) is Media.VOICE for line in talk.request.burst) else "Mensagem"
    words = f' {told}: "{said}"' if said else ""
    car = about if about is not None else _cars(talk)
    return HandOff(reason, f"{_who(talk)}{f' – {car}' if car else ''}: {wish}.{words}", wish, car or None)


def merged(handoffs: list[HandOff]) -> HandOff | None:
    """One task for a message that needs several: the gravest reason, all summaries."""
    if not handoffs:
        return None
    ordered = sorted(handoffs, key=lambda handoff: GRAVEST_FIRST.index(handoff.reason))
    summaries = dict.fromkeys(handoff.summary for handoff in ordered)
    wishes = dict.fromkeys(handoff.wish or handoff.summary for handoff in ordered)
    cars = dict.fromkeys(handoff.car for handoff in ordered if handoff.car)
    return HandOff(ordered[0].reason, "\n".join(summaries), "; ".join(wishes), "; ".join(cars) or None)


async def person_answers(talk: Talk) -> str:
    """The sentence about when a person answers: now, after lunch, or when the shop opens."""
    back = staff_back(await talk.shop(), talk.request.now)
    if back is None:
        return talk.voice.say(
            "Uma pessoa da equipe vai te responder por aqui.", "Alguém da equipe continua com você por aqui."
        )
    return f"{back} Aí uma pessoa te responde por aqui."


def _who(talk: Talk) -> str:
    if talk.known:
        return talk.name or "Cliente"
    return f"{talk.name} (número sem cadastro)" if talk.name else "Número sem cadastro"


def _cars(talk: Talk) -> str:
    """The cars in the shop, else the only one the customer has."""
    if orders := talk.orders.orders:
        return enumerated([order_label(order) for order in orders[:3]])
    return label(talk.orders.vehicles[0]) if len(talk.orders.vehicles) == 1 else ""
