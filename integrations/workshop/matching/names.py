"""Whether two names can be one person's, by the habits of Brazilian names.

Given name first, family names behind, of which some are left out or change by marriage; particles and accents come and
go; spellings of one sound vary (`Thiago`, `Tiago`). What looks small and is somebody else: the last letter of a given
name (`Paulo`, `Paula`), the second of two given names (`Ana Paula`, `Ana Clara`), and `Filho`, `Neto`, `Júnior`. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from integrations.contact import folded_name
from integrations.workshop.matching.sounds import COMPANY_FORMS, GENERATIONS, NOT_A_NAME, sound

COMPOUND = frozenset(
    ("ana", "maria", "joao", "jose", "luiz", "luis", "pedro", "antonio", "carlos", "paulo", "francisco", "marco")
)
"""Given names that are often the first of two, so that the second tells sisters and brothers apart."""

FAMILIES = frozenset(
    word
    for line in Path(__file__).with_name("families.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)

NICKNAMES: dict[str, frozenset[str]] = {
    nick: frozenset(names.split())
    for nick, names in {
        "ze": "jose",
        "chico": "francisco",
        "tonho": "antonio",
        "toninho": "antonio",
        "nando": "fernando",
        "beto": "roberto alberto gilberto humberto",
        "betao": "roberto alberto",
        "duda": "eduardo eduarda",
        "edu": "eduardo",
        "dudu": "eduardo",
        "gabi": "gabriela gabrielle",
        "rafa": "rafael rafaela",
        "leo": "leonardo leandro",
        "bia": "beatriz",
        "carol": "carolina caroline",
        "cadu": "carlos",
        "guga": "gustavo",
        "gui": "guilherme",
        "lu": "luciana lucia luiza luana",
        "manu": "manuela emanuel emanuela manoel",
        "mari": "mariana marina maria",
        "nanda": "fernanda",
        "juju": "juliana julia",
        "ju": "juliana julia juliano",
        "tati": "tatiana tatiane",
        "vini": "vinicius",
        "dani": "daniel daniela daniele",
        "fabi": "fabiana fabiane",
        "fe": "fernando fernanda felipe",
        "lipe": "felipe filipe",
        "cris": "cristiane cristina cristiano",
        "pati": "patricia",
        "paty": "patricia",
        "rick": "ricardo henrique",
        "xande": "alexandre",
        "ale": "alexandre alessandra alexandra",
        "quim": "joaquim",
    }.items()
}


class Likeness(StrEnum):
    """How one name looks beside another, from the same to another person's."""

    SAME = "same"
    """Given names and a family name agree, and nothing is left over on both sides."""
    CLOSE = "close"
    """Probably one person: a nickname, a slip of the keys, a family name that changed, words in another order."""
    FIRST_ONLY = "first_only"
    """One of them is only a given name, and it agrees."""
    OTHER_GENERATION = "other_generation"
    """The same but for `Filho`, `Neto` or `Júnior`: likely father and son."""
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    """Nothing to compare: a name is missing, or one is a company's and the other a person's."""


@dataclass(frozen=True)
class Name:
    """A name in its parts, folded."""

    words: tuple[str, ...]
    generation: str | None
    is_company: bool

    @classmethod
    def of(cls, full_name: str | None) -> "Name":
        folded = folded_name(full_name).split()
        behind = folded[1:]
        return cls(
            tuple(word for place, word in enumerate(folded) if word not in NOT_A_NAME or (place == 0 and word != "e")),
            next(({"jr": "junior"}.get(word, word) for word in behind if word in GENERATIONS), None),
            any(word in COMPANY_FORMS for word in behind) or folded[-2:] == ["s", "a"],
        )


def same_word(one: str, other: str) -> bool:
    """Spelled alike or heard alike to the last letter; never an initial."""
    if one == other:
        return True
    return len(one) > 1 and len(other) > 1 and _spelling(one) == _spelling(other)


@lru_cache(maxsize=4096)
def _spelling(word: str) -> str:
    """A word with one spelling for each sound, its vowels kept: `matheus`, `mateus`; never `marcio`, `marcos`."""
    for spelled, spoken in (("ph", "f"), ("th", "t"), ("y", "i"), ("w", "v"), ("k", "c"), ("sh", "x"), ("ch", "x")):
        word = word.replace(spelled, spoken)
    plain = word.replace("z", "s").replace("h", "")
    return "".join(letter for place, letter in enumerate(plain) if place == 0 or letter != plain[place - 1])


def close_word(one: str, other: str) -> bool:
    """An initial of it, or one slip of the keys."""
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    return same_word(one, other) or (min(len(one), len(other)) > 3 and OSA.distance(one, other) <= 1)


def close_given(one: str, other: str) -> bool:
    """A given name that may be the other: a slip that does not change who it is, or a nickname."""
    if one in NICKNAMES.get(other, ()) or other in NICKNAMES.get(one, ()):
        return True
    return close_word(one, other) and (min(len(one), len(other)) == 1 or one[-1] == other[-1])


def compare(one: str | None, other: str | None) -> Likeness:
    """How like two names are."""
    return compare_names(_parts(one), _parts(other))


@lru_cache(maxsize=64)
def _parts(full_name: str | None) -> Name:
    """One wanted name is compared with many."""
    return Name.of(full_name)


def compare_names(one: Name, other: Name) -> Likeness:
    """How like two names are, taken apart already."""
    if not one.words or not other.words:
        return Likeness.UNKNOWN
    if one.is_company or other.is_company:
        return _companies(one, other)
    short, long = sorted((one.words, other.words), key=len)
    likeness = _persons(short, long)
    if one.generation == other.generation:
        return likeness
    if likeness is Likeness.FIRST_ONLY:
        return Likeness.CLOSE
    return Likeness.OTHER_GENERATION if likeness in (Likeness.SAME, Likeness.CLOSE) else likeness


def _companies(one: Name, other: Name) -> Likeness:
    if set(map(sound, one.words)) == set(map(sound, other.words)):
        return Likeness.SAME
    if one.is_company != other.is_company:
        return Likeness.UNKNOWN
    short, long = sorted((one.words, other.words), key=len)
    agreeing = sum(any(close_word(word, candidate) for candidate in long) for word in short)
    return Likeness.CLOSE if agreeing * 2 > len(long) else Likeness.DIFFERENT


def _persons(short: Sequence[str], long: Sequence[str]) -> Likeness:
    if not close_given(short[0], long[0]):
        return _reordered(short, long)
    sure = same_word(short[0], long[0])
    if len(short) == 1:
        return Likeness.FIRST_ONLY if sure and _same_givens(short, long) else Likeness.CLOSE
    if _second_given_differs(short, long):
        return Likeness.DIFFERENT
    left_over = _left_over(short[1:], long[1:])
    if len(left_over) == len(short) - 1:
        return Likeness.CLOSE if any(close_word(word, short[0]) for word in long[1:]) else Likeness.DIFFERENT
    certain_family = any(same_word(word, candidate) for word in short[1:] for candidate in long[1:])
    return Likeness.SAME if sure and certain_family and not left_over and _same_givens(short, long) else Likeness.CLOSE


def _left_over(short: Sequence[str], long: Sequence[str]) -> list[str]:
    """Words of the shorter name that the longer one does not have."""
    return [word for word in short if not any(close_word(word, candidate) for candidate in long)]


def _second_given_differs(short: Sequence[str], long: Sequence[str]) -> bool:
    """`Ana Paula Souza` beside `Ana Clara Souza`: two words in second place where both names are long enough."""
    if short[0] not in COMPOUND or len(short) < 3:
        return False
    return not any(close_word(short[1], word) for word in long[1:])


def _same_givens(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether what only the longer name has is family names: `Rita Luísa Alves` may be the daughter of `Rita Alves`."""
    added = [word for word in long[1:-1] if not any(same_word(word, candidate) for candidate in short)]
    return all(word in FAMILIES for word in added)


def _reordered(short: Sequence[str], long: Sequence[str]) -> Likeness:
    """`Souza Maria`: the same words in another order, family name first."""
    if len(short) < 2 or not any(same_word(short[0], word) for word in long[1:]):
        return Likeness.DIFFERENT
    return Likeness.DIFFERENT if _left_over(short, long) else Likeness.CLOSE
