"""Past visits and their warranty: what was done, when, for how much, and what the shop's rule gives.

A claim is never settled here: the rule is told and a consultant looks at the case.
"""

import re
from collections.abc import Sequence

from assistant.conversation.embedded.answers import strangers
from assistant.conversation.embedded.answers.cars import Car, label, order_label, order_name, yours
from assistant.conversation.embedded.answers.pointing import Meant, meant
from assistant.conversation.embedded.answers.staff import hand_off
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import enumerated, lower_first, upper_first
from assistant.conversation.responder import HandOffReason
from assistant.tools.history import ServiceHistory, Visit
from integrations.brazil import day, local_day, money
from integrations.contact import normal_plate

SHOWN = 3
"""Visits told in one message."""
CLAIM = re.compile(
    r"\b(?:voltou|voltaram|de novo|denovo|novamente|mesm[oa] (?:problema|defeito|barulho|coisa|luz|falha)|quebrou|"
    r"parou|estragou|falh\w+|barulho\w*|vazando|vazou|acendeu|acionar|acionem|cobrir|usar a garantia|retorno|"
    r"reclam\w+|piorou|nao (?:resolveu|adiantou|funcion\w+|presta|ficou bom)|soltou|deu (?:problema|defeito)|ta com|"
    r"continua\w*|trocad[oa]|refazer|esquent\w+|apareceu)\b"
)


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
    opening = talk.voice.say("Encontrei este histórico:", "Aqui está o que já fizemos:")
    return Part("\n".join([opening, *(_told(visit) for visit in visits[:SHOWN])]))


async def warranty(talk: Talk) -> Part:
    """The rule, what it gives for the latest visit, and the claim handed over when there is one."""
    found = await meant(talk)
    rule = f"Nossos serviços têm garantia de {(await talk.shop()).warranty_days} dias a partir da entrega."
    claims = bool(CLAIM.search(talk.text))
    if not talk.known or found.not_theirs:
        return _for_stranger(talk, rule, claims=claims)
    visits = await _visits(talk, found)
    told = (
        [rule, _until(talk, visits[0])]
        if visits
        else [rule, "Não encontrei serviço já entregue registrado neste número."]
    )
    if not claims:
        return Part(" ".join(told))
    about = order_label(visits[0]) if visits else None
    told.append("Passei o que você contou para um consultor ver o seu caso.")
    handoff = hand_off(talk, HandOffReason.WARRANTY, "aciona a garantia de um serviço", about)
    return Part(" ".join(told), handoff, person=True)


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
    """The warranty of a visit, from its own dates."""
    if visit.delivered_on is None or visit.warranty_until is None:
        return f"Para {yours(visit, order_label(visit))}, não tenho a data de entrega registrada."
    delivered = f"{upper_first(yours(visit, order_label(visit)))}, foi entregue em {day(visit.delivered_on)}."
    over = visit.warranty_until < local_day(talk.request.now)
    return f"{delivered} A garantia desse serviço {'foi' if over else 'vai'} até {day(visit.warranty_until)}."
