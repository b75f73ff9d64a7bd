"""What of an answer only repeats the question: "sim, sábado às 9 no polo" to a visit on Saturday at nine with the Polo.

A customer who says yes often names what was asked. A day, time, car or total that is the question's own is no more than
the yes; any other one makes the message no answer to this question. Reads texts only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from assistant.conversation.embedded.clock import TIME, time_of
from assistant.conversation.embedded.moments import DATE, find_dates, resolve_date
from assistant.conversation.embedded.slots import (
    MODEL_PATTERN,
    MONEY,
    ORDER_NUMBER,
    find_models,
    find_order_number,
    find_plates,
    plain,
    plate_matches,
)
from integrations.contact import normal_plate

LED_BY = (
    r"(?:\b(?:e|ate|[nd]?[oa]s?|de|em|pr[oa]s?|para|pra|com|por|pel[oa]s?|dia|carro|orcamento|visita|placa|"
    r"horario|valor|"
    r"total|servico|ess[ea]|ness[ea]) )*"
)
"""Small words that belong to the fact after them."""
HALF_OF_DAY = re.compile(r" ?(?:horas?|em ponto|d[ea] (?P<half>manha|tarde)|(?:a|pela) (?P<other>manha|tarde))\b")
MOMENT = re.compile(r"\*[^*\d]*(\d{2})/(\d{2})/(\d{4})(?:, as (\d{1,2})h(\d{2})?)?\*")
TOTAL = re.compile(r"\*total: (r\$ [\d.,]+)\*")
PART = "fica de fora:"
ITEM = re.compile(r"- (.+?): r\$ [\d.,]+")
NAMED = re.compile(
    r"\b(?:e )?(?P<how>sem|menos|tirando|so|somente|apenas|com) (?P<named>[a-z ]+?)(?: tambem| junto)?\W*$"
)
SMALL = frozenset(["o", "a", "os", "as", "e", "de", "do", "da", "dos", "das", "com", "kit", "mao", "obra", "troca"])
"""Words of an item's description that name no part."""
ALL = re.compile(r"\b(?:tudo|tod[oa]s)\b")
NOON = 12


@dataclass(frozen=True)
class Asked:
    """The question as the customer read it, and the day of the answer."""

    question: str
    on: date


def without_echo(text: str, asked: Asked) -> str | None:
    """The answer without what it repeats; None when it names something that was not asked."""
    words, question = plain(text), plain(asked.question)
    if not _same_car(text, asked.question) or (PART in question and ALL.search(words)):
        return None
    moment = MOMENT.search(question)
    day, at = _day(moment), _time(moment)
    if any(resolve_date(mention, asked.on) != day for mention in find_dates(text)):
        return None
    if not _same_hour(words, at) or not _same_total(words, question):
        return None
    spans = sorted([*_spans(words), *_items(words, question)], reverse=True)
    if not spans:
        return text
    for start, end in spans:
        words = words[:start] + " " + words[end:]
    return words


def _same_car(text: str, question: str) -> bool:
    ours = {normal_plate(plate) for plate in find_plates(question)}
    plates = {normal_plate(plate) for plate in find_plates(text)}
    number = find_order_number(text)
    models = set(find_models(text)) <= set(find_models(question))
    return plates <= ours and models and number in (None, find_order_number(question))


def _same_hour(words: str, at: time | None) -> bool:
    """Whether every time that is said is this one, "às 3" being 15h when that was asked."""
    for match in TIME.finditer(words):
        said, half = time_of(match), HALF_OF_DAY.match(words, match.end())
        part = (half["half"] or half["other"]) if half else None
        if at is None or said.minute != at.minute or said.hour % NOON != at.hour % NOON:
            return False
        if (part == "manha" and at.hour >= NOON) or (part == "tarde" and at.hour < NOON):
            return False
        if said.hour > at.hour:
            return False
    return True


def _same_total(words: str, question: str) -> bool:
    total = TOTAL.search(question)
    ours = _digits(total[1]) if total else None
    return all(_digits(match.group()) == ours for match in MONEY.finditer(words))


def _digits(amount: str) -> str:
    """An amount without its cents of nothing: `R$ 3.450,00` and `3450 reais` are the same."""
    return re.sub(r"\D", "", re.sub(r",00\b", "", amount))


def _spans(words: str) -> Iterator[tuple[int, int]]:
    """Where a text names a day, a time, a car, an order or an amount, with the small words before it."""
    found = [*plate_matches(words)]
    for pattern in (DATE, MODEL_PATTERN, ORDER_NUMBER, MONEY):
        found += pattern.finditer(words)
    ends = [(match.start(), match.end()) for match in found]
    for match in TIME.finditer(words):
        half = HALF_OF_DAY.match(words, match.end())
        ends.append((match.start(), half.end() if half else match.end()))
    for start, end in ends:
        led = re.search(rf"{LED_BY}$", words[:start])
        yield (led.start() if led else start), end


def _items(words: str, question: str) -> Iterator[tuple[int, int]]:
    """Where an answer repeats what is left out ("sem o óleo"), all that is done ("só …") or some of it ("com …")."""
    match = NAMED.search(words)
    if match is None:
        return
    done, _, left = question.partition(PART)
    how = match["how"]
    meant = [set(item.split()) - SMALL for item in ITEM.findall(left if how in ("sem", "menos", "tirando") else done)]
    named = set(match["named"].split()) - SMALL
    others = set().union(*(set(item.split()) for item in ITEM.findall(left))) if how == "com" else set()
    whole = how == "com" or all(named & item for item in meant)
    if named and meant and named <= set().union(*meant) - others and whole:
        yield match.start(), match.end()


def _day(moment: re.Match[str] | None) -> date | None:
    return date(int(moment[3]), int(moment[2]), int(moment[1])) if moment else None


def _time(moment: re.Match[str] | None) -> time | None:
    return time(int(moment[4]), int(moment[5] or 0)) if moment and moment[4] else None
