"""Who comes and with which car, as far as the talk tells: for a proposal of a visit.

Pure over the talk. Only what the customer wrote, the contact's name and their own cars; nothing is looked up by it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.conversation.embedded.answers.cars import Car, label
from assistant.conversation.embedded.answers.offers import Offer
from assistant.conversation.embedded.answers.talk import Talk, recent
from assistant.conversation.embedded.answers.voice import clipped, squeezed
from assistant.conversation.embedded.expressions import listed
from assistant.conversation.embedded.slots import find_models, find_ordinal, find_plates, plain
from assistant.conversation.responder import Author
from assistant.newcomers.reading import INTRODUCTION
from assistant.tools.visits import YEAR, known_words
from integrations.contact import first_name, normal_plate
from integrations.workshop.orders import UNNAMED

ASK_NAME, ASK_CAR = "o seu nome", "o modelo ou a placa do carro"
NOT_NAMES = listed(
    "e o a um uma meu minha nome carro placa modelo sou aqui ano de do da com no na me chamo eh oi ola sim esse este "
    "ele vw volkswagen volks audi obrigado obrigada bom boa dia tarde noite so falta pode ser ok isso tenho"
)
BARE_NUMBER = re.compile(r"\W*(?:o |a )?([1-9])\W*")
SERVICE = re.compile(
    r"\b(?:revis\w+|trocar?|oleo|freios?|barulho|diagnostico|alinha\w+|suspensao|embreagem|motor|cambio|remap|"
    r"orcamento|vistoria|olhad\w+|verificar|arrumar|consert\w+)\b"
)
RECEIPT = re.compile(r"Pronto\b")
"""How a receipt begins: what was said before it is settled."""
LONGEST_CAR = 60


@dataclass(frozen=True)
class VisitCar:
    """The car of a visit; `own`: one of the speaker's on record."""

    label: str
    plate: str | None
    own: bool


def own_cars(talk: Talk) -> list[VisitCar]:
    """The speaker's cars, those without an open order first: these are the ones that come."""
    cars: list[Car] = [*talk.orders.vehicles, *talk.orders.orders]
    named = [VisitCar(label(car), car.plate, own=True) for car in cars if car.plate or car.vehicle != UNNAMED]
    return list({car.label: car for car in named}.values())


def car_for(talk: Talk) -> VisitCar | None:
    """The car that is meant: named now, else in our question, else the only one, else told before."""
    own = own_cars(talk)
    if talk.pending is Offer.WHICH_CAR and (picked := _by_place(talk.request.text, own)):
        return picked
    if named := _named(talk.request.text, own):
        return named
    if asked := [car for car in own if car.label in talk.last_said]:
        return asked[0] if len(asked) == 1 else None
    if len(own) == 1:
        return own[0]
    if own:
        return None
    told = (found for text in _texts(talk) if (found := _typed(text)) is not None)
    return next(told, None) or _answered_car(talk)


def name_for(talk: Talk) -> str | None:
    """The name by which a visit is noted: the record's, else what the person said."""
    if talk.name:
        return talk.name
    introduced = (match["name"] for text in _texts(talk) if (match := INTRODUCTION.search(text)))
    return first_name(next(introduced, None)) or next((name for text in _answers(talk) if (name := _bare(text))), None)


def missing(name: str | None, car: VisitCar | None) -> list[str]:
    """What a number without record still has to tell."""
    return [question for known, question in ((name, ASK_NAME), (car, ASK_CAR)) if not known]


def service(talk: Talk) -> str | None:
    """What it is for, in the customer's words: the newest message since the last receipt that says so."""
    lines = [*recent(talk.request), *talk.request.burst]
    done = [at for at, line in enumerate(lines) if line.author is Author.ASSISTANT and RECEIPT.match(line.text)]
    since = lines[done[-1] :] if done else lines
    said = [line.text for line in since if line.author is Author.CUSTOMER and SERVICE.search(plain(line.text))]
    return said[-1] if said else None


def named_among(text: str, cars: Sequence[VisitCar]) -> VisitCar | None:
    """The one of these cars that a text names by plate or model."""
    keys = {normal_plate(plate) for plate in find_plates(text)}
    if keys:
        return next((car for car in cars if normal_plate(car.plate) in keys), None)
    words = set(find_models(text))
    called = [car for car in cars if words & set(plain(car.label).split())]
    return called[0] if len(called) == 1 else None


def _named(text: str, own: Sequence[VisitCar]) -> VisitCar | None:
    """A car named in a text: one of theirs, else any other."""
    return named_among(text, own) or (_typed(text) if not own or find_plates(text) else None)


def _typed(text: str) -> VisitCar | None:
    words = known_words(text)
    plates = find_plates(text)
    return VisitCar(words, plates[0] if plates else None, own=False) if words else None


def _answered_car(talk: Talk) -> VisitCar | None:
    """What was answered when we asked for the car and know no such model."""
    if talk.pending is not Offer.VISIT_DATA or ASK_CAR not in talk.last_said:
        return None
    name = name_for(talk) or ""
    rest = [word for word in re.findall(r"[\w-]+", talk.request.text) if plain(word) not in NOT_NAMES]
    words = [word for word in rest if plain(word) != plain(name)]
    return VisitCar(clipped(" ".join(words), LONGEST_CAR), None, own=False) if words else None


def _by_place(text: str, cars: Sequence[VisitCar]) -> VisitCar | None:
    bare = BARE_NUMBER.fullmatch(plain(text))
    place = int(bare[1]) if bare else find_ordinal(text)
    if place is None or not cars:
        return None
    index = len(cars) - 1 if place < 0 else place - 1
    return cars[index] if index < len(cars) else None


def _bare(text: str) -> str | None:
    """A name that stands by itself in an answer: "Bruno, polo 2018"."""
    gone = {*find_models(text), *NOT_NAMES}
    words = [word for word in re.findall(r"[^\W\d_][\w'-]*", YEAR.sub(" ", text)) if plain(word) not in gone]
    plates = find_plates(text)
    words = [word for word in words if not any(plain(word).upper() in plate for plate in plates)]
    return first_name(words[0]) if words and len(words) <= 4 else None


def _answers(talk: Talk) -> Iterator[str]:
    """What was written in answer to our question for the name, newest first."""
    found: list[str] = []
    asked = False
    for line in [*recent(talk.request), *talk.request.burst]:
        if line.author is Author.ASSISTANT and line.text:
            asked = Offer.VISIT_DATA.value in squeezed(line.text) and ASK_NAME in line.text
        elif line.author is Author.CUSTOMER and asked and line.text:
            found.append(line.text)
    return reversed(found)


def _texts(talk: Talk) -> Iterator[str]:
    return (line.text for line in reversed(talk.customer_lines()) if line.text)
