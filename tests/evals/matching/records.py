"""The labelled set: what the shop has on file, and leads of whom it is known who they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid5

from tests.evals.matching.noise import slip, stored_name, told_name, typed_document, typed_phone, typed_plate
from tests.evals.matching.people import Car, Person, World

NAMESPACE = UUID("6f6d1c52-8a0d-4a53-9c6e-2f1f4b7d9a11")
ON_FILE = 0.6
"""Share of the people whom the shop knows."""


@dataclass(frozen=True)
class Profile:
    """A customer on file, as the front desk typed it."""

    id: UUID
    full_name: str
    phone: str | None
    cpf: str | None
    email: str | None
    cars: tuple[Car, ...]


@dataclass(frozen=True)
class OldOrder:
    """An OS of the shop's own application: plain text, linked to the customer or not."""

    customer_id: UUID | None
    client_name: str
    client_phone: str
    plate: str


@dataclass(frozen=True)
class Lead:
    """What a lead says, and the profile it is about; None when the shop does not know the person."""

    name: str
    phones: tuple[str, ...]
    document: str | None
    email: str | None
    plate: str | None
    model: str | None
    truth: UUID | None


@dataclass
class LabelledSet:
    """Everything of one seed."""

    profiles: list[Profile] = field(default_factory=list)
    orders: list[OldOrder] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)


def labelled_set(seed: int, people: int) -> LabelledSet:
    """About `people` leads, one of each person, and the three fifths of them whom the shop has on file."""
    world = World(seed)
    everybody = world.fill(people)
    random = Random(seed + 1)
    known = [person for person in everybody if random.random() < ON_FILE]
    result = LabelledSet()
    for person in known:
        result.profiles.append(_profile(random, seed, person))
        result.orders += _orders(random, seed, person)
    truth = {person.number: profile.id for person, profile in zip(known, result.profiles, strict=True)}
    for person in everybody:
        _live_on(random, world, person, known)
        result.leads.append(_lead(random, world, person, truth.get(person.number)))
    return result


def _id(seed: int, kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"{seed} {kind} {number}")


def _profile(random: Random, seed: int, person: Person) -> Profile:
    return Profile(
        _id(seed, "profile", person.number),
        stored_name(random, person),
        typed_phone(random, person.phone) if random.random() < 0.97 else None,
        typed_document(random, person.document) if random.random() < 0.6 else None,
        person.email if random.random() < 0.4 else None,
        tuple(Car(typed_plate(random, car.plate), car.brand, car.model) for car in person.cars),
    )


def _orders(random: Random, seed: int, person: Person) -> list[OldOrder]:
    """Each car was here once or twice; the phone of the day was now and then the second one."""
    orders = []
    for car in person.cars:
        phone = person.second_phone if person.second_phone and random.random() < 0.5 else person.phone
        linked = _id(seed, "profile", person.number) if random.random() < 0.7 else None
        plate = typed_plate(random, car.plate)
        orders.append(OldOrder(linked, stored_name(random, person), typed_phone(random, phone), plate))
    return orders


def _live_on(random: Random, world: World, person: Person, known: Sequence[Person]) -> None:
    """What happens between the last visit and the lead: cars are sold, numbers change and go to somebody else."""
    draw, other = random.random(), random.choice(known)
    if draw < 0.04 and other.cars:
        person.cars = [random.choice(other.cars)]
    elif draw < 0.10:
        person.cars = [world.car()]
    if random.random() < 0.01 and not person.shares_parents_phone:
        person.phone = other.phone
    elif random.random() < 0.03:
        person.phone, person.shares_parents_phone = world.phone(), False


def _lead(random: Random, world: World, person: Person, truth: UUID | None) -> Lead:
    car = random.choice(person.cars) if person.cars else None
    own = [person.second_phone] if person.second_phone and random.random() < 0.35 else [person.phone]
    phones = [] if random.random() < 0.02 else own
    model = car.model if car and random.random() < 0.75 else None
    return Lead(
        told_name(random, person),
        tuple(typed_phone(random, phone) for phone in phones),
        typed_document(random, person.document) if random.random() < 0.25 else None,
        person.email if random.random() < 0.15 else None,
        typed_plate(random, car.plate) if car and random.random() < 0.6 else None,
        slip(random, model) if model and random.random() < 0.05 else model,
        truth,
    )
