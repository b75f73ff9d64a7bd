"""Where the car is, and when it will be ready: from the order's stage, its quote, its parts and its forecast.

A forecast is told only when the shop wrote one; nothing is estimated here.
"""

import re

from assistant.conversation.embedded.answers import strangers
from assistant.conversation.embedded.answers.cars import it, label, of_yours, order_label, yours
from assistant.conversation.embedded.answers.offers import ASK_ITEMS, ASK_PERSON
from assistant.conversation.embedded.answers.pointing import Meant, meant
from assistant.conversation.embedded.answers.shop import hours_in_short
from assistant.conversation.embedded.answers.talk import Part, Talk
from assistant.conversation.embedded.answers.voice import enumerated, lower_first, quotable, upper_first
from assistant.conversation.embedded.intents import Intent
from assistant.tools.history import ServiceHistory
from assistant.tools.orders import OrderSummary, VehicleInfo, WaitingPart
from integrations.brazil import day, local_day, money, relative_day, relative_moment, since
from integrations.workshop.orders import order_name
from integrations.workshop.stages import Stage

PHRASES: dict[Stage, str] = {
    Stage.DIAGNOSIS: "está na etapa de Diagnóstico",
    Stage.QUOTING: "está na etapa de Orçamento",
    Stage.AWAITING_APPROVAL: "está na etapa Aguardando Aprovação",
    Stage.AWAITING_PARTS: "está na etapa Aguardando Peças",
    Stage.READY_TO_START: "está na etapa Pronto para Iniciar",
    Stage.IN_PROGRESS: "está na etapa Em Execução",
    Stage.READY_FOR_PICKUP: "está na etapa Pronto para Retirada",
    Stage.OTHER: "está em atendimento aqui na oficina",
}

QUOTE_INTENTS = (Intent.ORCAMENTO_DETALHES, Intent.APROVAR_ORCAMENTO, Intent.RECUSAR_ORCAMENTO)
"""Answered in the same message, they tell about the quote themselves."""
ARRIVAL = re.compile(r"\b(?:chega\w*|pecas?)\b")
"""Asks when a part arrives, not when the car is ready."""


async def status(talk: Talk) -> Part:
    """Where each car is; with "quando fica pronto?" in the same message, the forecast too."""
    found = await meant(talk)
    return await strangers.instead(talk, found) or await _described(talk, found, forecast_asked=False)


async def forecast(talk: Talk) -> Part:
    """When each car will be ready, as far as the shop wrote it down."""
    if talk.answers(Intent.STATUS_OS):
        return Part()
    found = await meant(talk)
    of_parts = bool(ARRIVAL.search(talk.text)) and all(order.stage is Stage.AWAITING_PARTS for order in found.open)
    return await strangers.instead(talk, found) or await _described(talk, found, forecast_asked=not of_parts)


async def _described(talk: Talk, found: Meant, *, forecast_asked: bool) -> Part:
    paragraphs = [await _paragraph(talk, order, forecast_asked=forecast_asked) for order in found.open]
    paragraphs += [await _idle(talk, car) for car in found.idle]
    paragraphs += [_past(order) for order in found.past]
    if len(found.open) > 1 and not found.pointed:
        paragraphs.insert(0, f"Você tem {len(found.open)} ordens de serviço abertas com a gente:")
    return Part("\n\n".join(paragraphs) + _question(talk, found, forecast_asked=forecast_asked))


def _question(talk: Talk, found: Meant, *, forecast_asked: bool) -> str:
    """The one question at the end: a person where a forecast is missing, the items where a quote waits."""
    asked = forecast_asked or talk.answers(Intent.PREVISAO_ENTREGA)
    late = any(order.expected_at and order.expected_at < talk.request.now for order in found.open)
    open_end = any(order.expected_at is None and order.stage is not Stage.READY_FOR_PICKUP for order in found.open)
    if late or (asked and open_end):
        return f" {ASK_PERSON}"
    waiting = any(order.quote_sent_at and order.stage is Stage.AWAITING_APPROVAL for order in found.open)
    return f" {ASK_ITEMS}" if waiting and not talk.answers(*QUOTE_INTENTS) else ""


async def _paragraph(talk: Talk, order: OrderSummary, *, forecast_asked: bool) -> str:
    """All about one order."""
    asked = forecast_asked or (talk.answers(Intent.STATUS_OS) and talk.answers(Intent.PREVISAO_ENTREGA))
    sentences = [_when(talk, order)] if forecast_asked else [_where(talk, order)]
    sentences += await _next_step(talk, order)
    if not forecast_asked and (order.expected_at is not None or asked):
        sentences.append(_when(talk, order))
    return " ".join(sentence for sentence in sentences if sentence)


def _where(talk: Talk, order: OrderSummary) -> str:
    """The car and its stage."""
    car = order_label(order) if _same_car_twice(talk, order) else label(order)
    known_since = order.stage_since if order.stage is not Stage.OTHER else None
    start = f" desde {since(known_since, talk.request.now)}" if known_since else ""
    fact = f"{yours(order, car)} {PHRASES[order.stage]}{start}."
    return talk.voice.say(upper_first(fact), f"Conferi aqui: {fact}", f"Acabei de olhar: {fact}")


def _when(talk: Talk, order: OrderSummary) -> str:
    """The forecast, or that there is none."""
    if order.stage is Stage.READY_FOR_PICKUP:
        return "" if talk.answers(Intent.STATUS_OS) else _where(talk, order)
    now = talk.request.now
    if order.expected_at is None:
        stage = "" if talk.answers(Intent.STATUS_OS) else f" {upper_first(it(order))} {PHRASES[order.stage]}."
        return talk.voice.say(
            f"Ainda não há previsão de entrega registrada para {yours(order)}, e não quero te passar uma data sem "
            f"certeza.{stage}",
            f"{upper_first(yours(order))} ainda não tem previsão de entrega registrada, e prefiro não chutar uma "
            f"data.{stage}",
        )
    at = relative_moment(order.expected_at, now)
    if order.expected_at < now:
        return f"A previsão de entrega registrada para {yours(order)} era {at}; ainda não há uma nova."
    return talk.voice.say(
        f"A previsão de entrega {of_yours(order)} é {at}.",
        f"Pelo que está registrado, a previsão de entrega {of_yours(order)} é {at}.",
    )


async def _next_step(talk: Talk, order: OrderSummary) -> list[str]:
    """What the stage means for the customer, in a sentence or two."""
    match order.stage:
        case Stage.DIAGNOSIS:
            problem = quotable(order.problem)
            return [
                f'A equipe está avaliando o que foi relatado: "{problem}".'
                if problem
                else "A equipe está avaliando o carro."
            ]
        case Stage.QUOTING if order.quote_sent_at is None:
            return ["A equipe está montando o orçamento, que ainda não foi enviado."]
        case Stage.AWAITING_APPROVAL:
            return _awaiting_approval(talk, order)
        case Stage.AWAITING_PARTS:
            return [_parts(talk, order)]
        case Stage.READY_FOR_PICKUP:
            return await _pick_up(talk, order)
        case _:
            return []


def _awaiting_approval(talk: Talk, order: OrderSummary) -> list[str]:
    if order.quote_sent_at is None or talk.answers(*QUOTE_INTENTS):
        return []
    total = f", no total de {money(order.quote_total)}" if order.quote_total else ""
    return [f"O orçamento foi enviado {_on(order, talk)}{total}, e falta a sua resposta."]


def _on(order: OrderSummary, talk: Talk) -> str:
    """The day the quote was sent: "ontem", "em 12/11/2026"."""
    sent = order.quote_sent_at or talk.request.now
    word = since(sent, talk.request.now)
    return word if word.isalpha() else f"em {word}"


def _parts(talk: Talk, order: OrderSummary) -> str:
    if not order.waiting_parts:
        return "Ainda não há data registrada para a chegada das peças."
    listed = enumerated([_part(talk, part) for part in order.waiting_parts])
    return f"Falta chegar: {listed}."


def _part(talk: Talk, part: WaitingPart) -> str:
    name = lower_first(part.description)
    if part.expected_on is None:
        return f"{name}, ainda sem data registrada"
    past = part.expected_on < local_day(talk.request.now)
    tense = "que tinha chegada prevista para" if past else "com chegada prevista para"
    return f"{name}, {tense} {relative_day(part.expected_on, talk.request.now)}"


async def _pick_up(talk: Talk, order: OrderSummary) -> list[str]:
    hours = hours_in_short(await talk.shop())
    sentences = ["Já pode vir buscar!" + (f" Nosso horário: {hours}." if hours else "")]
    if order.balance_due and not talk.answers(Intent.PAGAMENTO):
        sentences.append(f"Falta acertar {money(order.balance_due)} da {order_name(order.number)}.")
    return sentences


async def _idle(talk: Talk, car: VehicleInfo) -> str:
    """A vehicle of theirs that is not in the shop, with its last visit."""
    visits = await talk.lookups.get("service_history", ServiceHistory, plate=car.plate) if car.plate else None
    last = visits.visits[0] if visits and visits.visits else None
    text = f"{upper_first(yours(car))} não tem ordem de serviço aberta no momento."
    if last is None or last.delivered_on is None:
        return text
    return f"{text} A última visita foi a {order_name(last.number)}, entregue em {day(last.delivered_on)}."


def _past(order: OrderSummary) -> str:
    """An order that is closed."""
    text = f"A {order_name(order.number)} é {of_yours(order)}"
    if order.stage is Stage.DELIVERED and order.delivered_on:
        return f"{text} e já foi entregue em {day(order.delivered_on)}."
    return f"{text} e está na situação {order.stage.value}."


def _same_car_twice(talk: Talk, order: OrderSummary) -> bool:
    return sum(label(other) == label(order) for other in talk.orders.orders) > 1
