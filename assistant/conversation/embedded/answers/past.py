"""Past visits and their warranty: what was done, when, for how much, and what the shop's rule gives.

A claim is never settled here: the rule is told and a consultant looks at the case.
"""

import re
from collections.abc import Sequence
from datetime import date

from assistant.conversation.embedded.answers import strangers
from assistant.conversation.embedded.answers.cars import Car, label, order_label, yours
from assistant.conversation.embedded.answers.pointing import Meant, meant
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import enumerated, lower_first, upper_first
from assistant.conversation.embedded.slots import find_models, find_order_number, find_plates, plain
from assistant.conversation.responder import HandOffReason
from assistant.tools.history import ServiceHistory, Visit
from integrations.brazil import day, local_day, money
from integrations.contact import normal_plate
from integrations.workshop.orders import order_name, same_number

HISTORY_OPENINGS = ("Encontrei este histórico:", "Aqui está o que já fizemos:")
SHOWN = 3
"""Visits told in one message."""
CLAIM = re.compile(
    r"\b(?:voltou|voltaram|de novo|denovo|novamente|mesm[oa] (?:problema|defeito|barulho|coisa|luz|falha)|quebrou|"
    r"parou|estragou|falh\w+|barulho\w*|vazando|vazou|acendeu|acion\w+|cobrir|usar a garantia|retorno|"
    r"reclam\w+|piorou|nao (?:resolveu|adiantou|funcion\w+|presta|ficou bom)|soltou|deu (?:problema|defeito)|ta com|"
    r"continua\w*|trocad[oa]|refazer|sem (?:cobrar|custo|pagar)|de graca|gratis|esquent\w+|apareceu|cobre|cobert[oa]|"
    r"(?:ta|esta|estao|tao|dentro|ainda) (?:na|em|da) garantia)\b"
)
"""Also who asks whether something is under warranty has a reason to: a person looks."""

ASKS_RULE = re.compile(
    r"\b(?:quant\w+|qual|quais|como|prazo|ate (?:quando|que)|dias|mes(?:es)?|tempo|tem|dao|oferec\w+|saber|sobre|"
    r"garantia (?:de|d[ao]s?))\b"
    r"|^\W*(?:e )?(?:a )?garantia\W*$"
)
"""Words of a question about the rule. Who speaks of warranty and asks nothing has something to claim."""


async def history(talk: Talk) -> Part:
    """The latest visits of the car that is meant, or of all."""
    found = await meant(talk)
    if not talk.known or found.not_theirs:
        return await strangers.instead(talk, found) or Part()
    visits = await _visits(talk, found)
    if not visits:
        return Part(
            talk.voice.say(
                "Não encontrei serviço já entregue registrado neste número.",
                "Ainda não há serviço entregue registrado neste número.",
            )
        )
    opening = talk.voice.say(*HISTORY_OPENINGS)
    return Part("\n".join([opening, *(_told(visit) for visit in visits[:SHOWN])]))


async def warranty(talk: Talk) -> Part:
    """The rule, what it gives for the visit that is meant, and the claim handed over with the old order."""
    found = await meant(talk)
    days = (await talk.shop()).warranty_days
    general = "Nossos serviços têm garantia de" if not talk.terms.warranty_rules else "Em geral, a nossa garantia é de"
    rule = f"{general} {days} dias a partir da entrega."
    asks = "?" in talk.text or ASKS_RULE.search(talk.text)
    claims = bool(CLAIM.search(talk.text)) or not asks
    if not talk.known or found.not_theirs:
        return _for_stranger(talk, rule, claims=claims)
    visits = await _visits(talk, found)
    told = [rule, _until(talk, visits[0]) if visits else "Não encontrei serviço já entregue registrado neste número."]
    if not claims:
        return Part(" ".join(told))
    passed = "Passei o que você contou para um consultor ver o seu caso."
    about = f": {old_order(visits[0])}" if visits else ""
    handoff = hand_off(talk, HandOffReason.WARRANTY, f"aciona a garantia de um serviço{about}", "" if visits else None)
    separator = "\n" if "\n" in told[-1] else " "
    return Part(f"{' '.join(told)}{separator}{passed}", handoff, person=True)


def old_order(visit: Visit) -> str:
    """The old order as the staff need it: number, car, when it was delivered, until when the rule runs."""
    delivered = f", entregue em {day(visit.delivered_on)}" if visit.delivered_on else ""
    until = f", garantia pela regra até {day(visit.warranty_until)}" if visit.warranty_until else ""
    return f"OS anterior {order_label(visit)}{delivered}{until}"


def visits_meant(visits: Sequence[Visit], text: str) -> Sequence[Visit]:
    """Of the visits, latest first, those whose car or number the text names; all when it names none of them."""
    words = set(find_models(text))
    plates = {normal_plate(plate) for plate in find_plates(text)}
    number = find_order_number(text)
    named = [
        visit
        for visit in visits
        if normal_plate(visit.plate) in plates
        or (number is not None and same_number(number, visit.number))
        or words & set(plain(visit.vehicle).split())
    ]
    return named or visits


def _for_stranger(talk: Talk, rule: str, *, claims: bool) -> Part:
    """The rule is no secret; what was done on which car is."""
    if not claims:
        return Part(rule)
    return Part(
        f"{rule} Como não encontrei esse serviço neste número, passei o seu relato para a equipe conferir.",
        hand_off(talk, HandOffReason.WARRANTY, "fala de garantia de um serviço que não está neste número"),
        person=True,
    )


async def _visits(talk: Talk, found: Meant) -> Sequence[Visit]:
    """The delivered orders of the cars that are meant, latest first."""
    visits = (await talk.lookups.get("service_history", ServiceHistory)).visits
    if not found.pointed:
        return visits
    cars: list[Car] = [*found.open, *found.idle, *found.past]
    plates = {normal_plate(car.plate) for car in cars}
    numbers = {order.number for order in found.past}
    return [visit for visit in visits if visit.number in numbers] or [
        visit for visit in visits if normal_plate(visit.plate) in plates
    ]


def _told(visit: Visit) -> str:
    """A visit on one line: when, which car, what was done, for how much."""
    when = f"{day(visit.delivered_on)}, " if visit.delivered_on else ""
    services = [lower_first(text.removeprefix("Mão de obra: ")) for text in visit.services]
    work = f": {enumerated(services)}" if services else ""
    parts = f" (peças: {enumerated([lower_first(text) for text in visit.parts])})" if visit.parts else ""
    total = f". Total {money(visit.total)}" if visit.total is not None else ""
    return f"- {when}{label(visit)}, {order_name(visit.number)}{work}{parts}{total}."


def _until(talk: Talk, visit: Visit) -> str:
    """What the rule gives for a visit, from its own dates; item by item where it differs."""
    if visit.delivered_on is None or visit.warranty_until is None:
        return f"Para {yours(visit, order_label(visit))}, não tenho a data de entrega registrada."
    delivered = f"{upper_first(yours(visit, order_label(visit)))}, foi entregue em {day(visit.delivered_on)}."
    if len(visit.warranties) < 2:
        return f"{delivered} A garantia desse serviço {_through(talk, visit.warranty_until)}."
    lines = [
        f"- {enumerated([lower_first(item) for item in each.items])}: a garantia {_through(talk, each.warranty_until)}"
        for each in visit.warranties
        if each.warranty_until is not None
    ]
    return "\n".join([f"{delivered} Pela nossa regra:", *lines])


def _through(talk: Talk, until: date) -> str:
    return f"{'foi' if until < local_day(talk.request.now) else 'vai'} até {day(until)}"
