"""Which of the customer's cars a message means, by plate, OS number, model, "o outro", "o segundo".

Looks only among the speaker's own orders and vehicles; a plate or OS number that is not among them finds nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Hamming
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from assistant.conversation.embedded.answers.cars import Car
from assistant.conversation.embedded.answers.talk import Talk
from assistant.conversation.embedded.slots import (
    MODEL_PATTERN,
    ORDER_NUMBER,
    find_models,
    find_order_number,
    find_ordinal,
    find_plates,
    plain,
    plate_matches,
)
from assistant.tools.orders import MyOrders, OrderSummary, VehicleInfo
from integrations.contact import normal_plate
from integrations.workshop.orders import same_number

BRANDS = {"volks": "vw", "volkswagen": "vw", "vw": "vw", "audi": "audi"}
OTHER = re.compile(r"\boutr[oa]s?\b")
BOTH = re.compile(r"\b(?:os dois|as duas|ambos|ambas|todos|todas|os tres)\b")
SHORT_ANSWER = 4
ALIKE = 80
"""Least likeness (0 to 100) of a word with a car's name to be a slip of the pen."""
BARE_NUMBER = re.compile(r"\W*(?:o |a |opcao |numero )?([1-9])\W*")


FILLER = re.compile(
    r"\b(?:[oae]s?|d[oae]s?|n[oa]s?|pel[oa]|pr[oa]|para|com|meus?|minhas?|carros?|quer[oi]a?|ver|sobre|esse|essa|ele|ela|placa|sim|entao|"
    r"agora|segundo|segunda|primeir[oa]|terceir[oa]|ultim[oa]|"
    r"outr[oa]s?|dois|duas|ambos|ambas|todos|todas|por favor|pf|pfv|[1-9]|os)\b|[^a-z0-9]"
)


@dataclass(frozen=True)
class Meant:
    """What a message points at, among the speaker's own."""

    open: tuple[OrderSummary, ...] = ()
    """Open orders it fits: all of them when it points at none."""
    idle: tuple[VehicleInfo, ...] = ()
    """Vehicles without open order that it points at."""
    past: tuple[OrderSummary, ...] = ()
    """Closed orders it points at by OS number."""
    pointed: bool = False
    """Whether it points at something at all."""
    not_theirs: bool = False
    """It names a plate or an OS number that is not the speaker's."""


async def meant(talk: Talk) -> Meant:
    """Which orders or vehicles the message means."""
    said, orders = talk.understood, talk.orders
    if said.os_number:
        return await _by_number(talk, said.os_number)
    if said.plates:
        return await _by_plates(talk, said.plates)
    if said.model_words and (found := _by_model(orders, said.model_words)):
        return found
    if OTHER.search(talk.text) and (found := _the_other(orders, talk.voice.said)):
        return found
    if BOTH.search(talk.text):
        return Meant(open=orders.orders, pointed=True)
    position = _position(talk)
    if position is not None and 0 <= position < len(orders.orders):
        return Meant(open=(orders.orders[position],), pointed=True)
    return Meant(open=orders.orders)


def only_points(text: str) -> bool:
    """Whether a message does nothing but name a car: "e o polo?", "o segundo", "2", "os dois", "ABC1D23"."""
    words = plain(text)
    named = bool(find_models(text) or find_plates(text) or find_ordinal(text) or find_order_number(text))
    if not (named or BARE_NUMBER.fullmatch(words) or OTHER.search(words) or BOTH.search(words)):
        return False
    rest = MODEL_PATTERN.sub(" ", ORDER_NUMBER.sub(" ", words))
    for match in list(plate_matches(rest)):
        rest = rest.replace(match.group(), " ")
    return not FILLER.sub("", rest)


def spelled_right(text: str, orders: MyOrders) -> str:
    """A short answer with a slip of the pen in the name of a car ("o jeta") as it was meant."""
    words = plain(text).split()
    if len(words) > SHORT_ANSWER or find_models(text):
        return text
    cars: list[Car] = [*orders.orders, *orders.vehicles]
    if plates := find_plates(text):
        return _plate_meant(plates[0], cars) or text
    models = {part for car in cars for part in plain(car.vehicle).split() if part not in BRANDS}
    meant_by = {
        word: found[0] for word in words if (found := extractOne(word, models, scorer=ratio, score_cutoff=ALIKE))
    }
    return " ".join(meant_by.get(word, word) for word in words) if meant_by else text


def _plate_meant(typed: str, cars: Sequence[Car]) -> str | None:
    """The one plate of theirs that differs from what was typed in a single character."""
    key = normal_plate(typed) or ""
    own = {car.plate: normal_plate(car.plate) or "" for car in cars if car.plate}
    near = [plate for plate, other in own.items() if Hamming.distance(key, other, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else None


def last_mentioned(orders: Sequence[OrderSummary], text: str) -> tuple[OrderSummary, ...]:
    """The orders whose plate or number our last message named."""
    return tuple(order for order in orders if (order.plate and order.plate in text) or order.number in text)


async def _by_number(talk: Talk, number: str) -> Meant:
    everything = await talk.lookups.get("my_orders", MyOrders, include_delivered=True)
    found = [order for order in everything.orders if same_number(number, order.number)]
    return _split(found)


async def _by_plates(talk: Talk, plates: Sequence[str]) -> Meant:
    keys = {normal_plate(plate) for plate in plates}
    open_ones = tuple(order for order in talk.orders.orders if normal_plate(order.plate) in keys)
    idle = tuple(car for car in talk.orders.vehicles if normal_plate(car.plate) in keys)
    if open_ones or idle:
        return Meant(open=open_ones, idle=idle, pointed=True)
    everything = await talk.lookups.get("my_orders", MyOrders, include_delivered=True)
    return _split([order for order in everything.orders if normal_plate(order.plate) in keys])


def _split(found: Sequence[OrderSummary]) -> Meant:
    return Meant(
        open=tuple(order for order in found if order.is_open),
        past=tuple(order for order in found if not order.is_open),
        pointed=True,
        not_theirs=not found,
    )


def _by_model(orders: MyOrders, words: Sequence[str]) -> Meant | None:
    """Cars whose name holds one of the words; None when none does, so that a slip of the pen does not hide the car.

    A make counts where it is not that of a model that is said: "o vw polo" is not every VW, "o polo e o audi" are two.
    """
    models = [word for word in words if word not in BRANDS]
    cars: list[Car] = [*orders.orders, *orders.vehicles]
    named = [car for car in cars if _is_called(car, models)]
    words = models + [word for word in words if word in BRANDS and not any(_is_called(car, [word]) for car in named)]
    open_ones = tuple(order for order in orders.orders if _is_called(order, words))
    idle = tuple(car for car in orders.vehicles if _is_called(car, words))
    return Meant(open=open_ones, idle=idle, pointed=True) if open_ones or idle else None


def _is_called(car: Car, words: Sequence[str]) -> bool:
    parts = plain(car.vehicle).replace("tcross", "t-cross").split()
    return any(BRANDS.get(word, word) in parts for word in words)


def _the_other(orders: MyOrders, said: Sequence[str]) -> Meant | None:
    """The cars we did not speak of when we last named one."""
    cars: list[Car] = [*orders.orders, *orders.vehicles]
    for text in reversed(said):
        spoken = {car.plate for car in cars if car.plate and car.plate in text}
        if spoken:
            rest = tuple(order for order in orders.orders if order.plate not in spoken)
            idle = () if rest else tuple(car for car in orders.vehicles if car.plate not in spoken)
            return Meant(open=rest, idle=idle, pointed=True) if rest or idle else None
    return None


def _position(talk: Talk) -> int | None:
    """Which of several, from 0: "o segundo", "2"; "o último" is the last."""
    bare = BARE_NUMBER.fullmatch(talk.text)
    ordinal = int(bare[1]) if bare else find_ordinal(talk.request.text)
    if ordinal is None or len(talk.orders.orders) < 2:
        return None
    return len(talk.orders.orders) - 1 if ordinal == -1 else ordinal - 1
