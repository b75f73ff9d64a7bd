"""How a name sounds, as keys by which an index finds it however it is spelled.

The SQL functions `name_ends` and `name_start` (migrations) give the same answers; a property test holds them together.
A word becomes its consonants as Portuguese speaks them (`Philipe`, `Felipe` → `flpe`), its first vowel if it begins
with one, and its last letter, which tells `Paulo` from `Paula`.
"""

import re
from itertools import combinations

from integrations.contact import folded_name

PARTICLES = frozenset(("da", "das", "de", "di", "do", "dos", "du", "e"))
GENERATIONS = frozenset(("junior", "jr", "filho", "neto", "sobrinho", "segundo"))
"""What tells a son, grandson or nephew from the one he is named after."""
COMPANY_FORMS = frozenset(("ltda", "me", "mei", "epp", "eireli", "cia"))
MOST_KEYS = 6
"""Keys looked up for one name."""
NOT_A_NAME = PARTICLES | GENERATIONS | COMPANY_FORMS
SPOKEN = (("ph", "f"), ("th", "t"), ("y", "i"), ("w", "v"), ("qu", "c"), ("k", "c"), ("ch", "x"), ("sh", "x"))
"""Spellings of one sound, replaced one after the other."""
ALIKE = str.maketrans("zj", "sg")
SILENT = re.compile(r"[aeiouh]")
DOUBLED = re.compile(r"(.)\1+")


def sound(word: str) -> str:
    """The key of one folded word: `"thiago"`, `"tiago"` → `"tgo"`."""
    for spelled, spoken in SPOKEN:
        word = word.replace(spelled, spoken)
    plain = DOUBLED.sub(r"\1", word.translate(ALIKE))
    return plain[:1] + SILENT.sub("", plain[1:-1]) + plain[-1:] if len(plain) > 1 else plain


def name_sounds(full_name: str | None) -> list[str]:
    """The keys of the words that make up a name; initials and `NOT_A_NAME` are left out."""
    words = folded_name(full_name).split()
    return [sound(word) for word in words if len(word) > 1 and word not in NOT_A_NAME]


def pair(one: str, other: str) -> str:
    """Two words in one key, whatever their order."""
    return " ".join(sorted((one, other)))


def name_ends(full_name: str | None) -> str | None:
    """The first and the last word; None when there is one word only, which everybody shares."""
    sounds = name_sounds(full_name)
    return pair(sounds[0], sounds[-1]) if len(sounds) > 1 else None


def name_start(full_name: str | None) -> str | None:
    """The first two words where there are three or more; else `name_ends` says the same."""
    sounds = name_sounds(full_name)
    return pair(sounds[0], sounds[1]) if len(sounds) > 2 else None


def keys_to_find(full_name: str | None) -> tuple[str, ...]:
    """What to look up for a name: first and last, then every two words, for names that grew, shrank or were turned."""
    sounds = name_sounds(full_name)
    ends = [pair(sounds[0], sounds[-1])] if len(sounds) > 1 else []
    return tuple(dict.fromkeys([*ends, *(pair(*two) for two in combinations(sounds, 2))]))[:MOST_KEYS]
