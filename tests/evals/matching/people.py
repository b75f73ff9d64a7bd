"""The people of the labelled set: families, namesakes, companies, what they drive and how they are reached.

Written before and without the matcher: nothing here is chosen by what it can or cannot do. One assumption is made for
it to be possible at all: whoever shares a phone with the parent they are named after says what tells them apart,
`Filho` or the second given name, since nothing else on a form could.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tests.evals.matching import vocabulary as words

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Car:
    """What somebody drives; the plate in the form it was issued in."""

    plate: str
    brand: str
    model: str


@dataclass
class Person:
    """Somebody who may write to the shop; a company is one too."""

    number: int
    givens: list[str]
    families: list[str]
    woman: bool = False
    suffix: str = ""
    company: bool = False
    phone: str = ""
    second_phone: str | None = None
    shares_parents_phone: bool = False
    document: str = ""
    email: str = ""
    cars: list[Car] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (*self.givens, *self.families, self.suffix)))


class World:
    """Makes people, reproducibly for a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.people: list[Person] = []

    def fill(self, count: int) -> Sequence[Person]:
        """At least `count` people, in families, alone and as companies."""
        while len(self.people) < count:
            draw = self.random.random()
            if draw < 0.06:
                self._company()
            elif draw < 0.40:
                self._person([self._family(), *self._maybe_family()])
            else:
                self._household()
        return self.people

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def common(self, values: Sequence[str]) -> str:
        """One of them, the first ones more often."""
        weights = [1 / (place + 3) for place in range(len(values))]
        return self.random.choices(values, weights)[0]

    def phone(self, mobile: bool = True) -> str:
        """Area code and number."""
        digits = "".join(self.random.choices("0123456789", k=7))
        start = f"9{self.random.choice('6789')}" if mobile else self.random.choice("2345")
        return f"{self.random.choice(words.AREAS)}{start}{digits}"

    def _family(self) -> str:
        name = self.common(words.FAMILIES)
        return f"da {name}" if name in ("Silva", "Costa", "Rocha", "Cunha") and self.chance(0.6) else name

    def _maybe_family(self) -> list[str]:
        return [self._family()] if self.chance(0.6) else []

    def _person(self, families: list[str], woman: bool | None = None) -> Person:
        is_woman = self.chance(0.45) if woman is None else woman
        first = self.common(words.WOMEN if is_woman else words.MEN)
        givens = [first]
        if self.chance(0.55 if first in ("Maria", "Ana", "João", "José", "Luiz", "Carlos", "Pedro") else 0.12):
            givens.append(self.random.choice(words.SECOND_WOMEN if is_woman else words.SECOND_MEN))
        return self._settled(Person(len(self.people), list(dict.fromkeys(givens)), families, is_woman))

    def _settled(self, person: Person) -> Person:
        person.phone = person.phone or self.phone(mobile=not self.chance(0.05))
        person.second_phone = self.phone() if self.chance(0.2) else None
        person.document = person.document or self._cpf()
        stem = f"{person.givens[0]}.{person.families[-1].split()[-1] if person.families else 'sa'}".lower()
        person.email = (
            f"{self._ascii(stem)}{self.random.randrange(10000)}@{self.random.choice(('gmail', 'hotmail'))}.com"
        )
        person.cars = [self.car() for _ in range(self.random.choices((0, 1, 2), (0.1, 0.7, 0.2))[0])]
        self.people.append(person)
        return person

    @staticmethod
    def _ascii(text: str) -> str:
        return "".join(letter if letter.isascii() and letter != " " else "x" for letter in text)

    def car(self) -> Car:
        start = "".join(self.random.choices(LETTERS, k=3)) + self.random.choice("0123456789")
        middle = self.random.choice(LETTERS[:10] if self.chance(0.5) else "0123456789")
        brand, model = self.random.choice(words.CARS)
        return Car(f"{start}{middle}{self.random.randrange(100):02d}", brand, model)

    def _cpf(self) -> str:
        base = "".join(self.random.choices("0123456789", k=9))
        first = _digit(base, range(10, 1, -1))
        return base + first + _digit(base + first, range(11, 1, -1))

    def _household(self) -> None:
        """Parents and children, some behind one phone, some named after a parent, some in one car."""
        families = [self._family(), *self._maybe_family()]
        father = self._person(families, woman=False)
        mother = self._person([*families[-1:]] if self.chance(0.7) else [self._family()], woman=True)
        for _ in range(self.random.choices((0, 1, 2, 3), (0.2, 0.35, 0.3, 0.15))[0]):
            self._child(father, mother, families)
        if self.chance(0.12):
            mother.phone = father.phone
        if father.cars and self.chance(0.2):
            mother.cars.append(father.cars[0])

    def _child(self, father: Person, mother: Person, families: list[str]) -> None:
        parent = self.random.choice((father, mother))
        child = self._person(families)
        self._name_child(child, father, parent)
        if self.chance(0.2):
            child.phone, child.shares_parents_phone = parent.phone, True
        if parent.cars and self.chance(0.15):
            child.cars = [parent.cars[0]]

    def _name_child(self, child: Person, father: Person, parent: Person) -> None:
        """After the father, with the parent's given name and another one, or like nobody else in the house."""
        taken = {name for one in self.people[father.number :] if one is not child for name in one.givens}
        second = words.SECOND_WOMEN if child.woman else words.SECOND_MEN
        if not child.woman and self.chance(0.2) and not father.suffix:
            child.givens, child.suffix = list(father.givens), self.random.choice(("Júnior", "Filho", "Filho", "Neto"))
        elif self.chance(0.15) and parent.woman == child.woman:
            child.givens = [parent.givens[0], self.random.choice([name for name in second if name not in taken])]
        elif child.givens[0] in taken:
            pool = words.WOMEN if child.woman else words.MEN
            child.givens = [self.random.choice([name for name in pool if name not in taken])]

    def _company(self) -> None:
        name = [self.random.choice(words.TRADES), self.random.choice(words.TRADE_NAMES)]
        if self.chance(0.4):
            name.append(self.common(words.FAMILIES))
        company = Person(len(self.people), name, [], suffix=self.random.choice(("LTDA", "ME", "EIRELI")), company=True)
        company.phone = self.phone(mobile=self.chance(0.5))
        company.document = self._cnpj()
        self._settled(company)
        company.cars = [self.car() for _ in range(self.random.randrange(1, 5))]

    def _cnpj(self) -> str:
        base = "".join(self.random.choices("0123456789", k=8)) + "0001"
        first = _digit(base, (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
        return base + first + _digit(base + first, (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))


def _digit(text: str, weights: Sequence[int]) -> str:
    """A check digit modulo 11, as CPF and CNPJ have them."""
    rest = sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True)) % 11
    return "0" if rest < 2 else str(11 - rest)
