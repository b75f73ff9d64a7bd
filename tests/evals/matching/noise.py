"""What happens to data when people type it: slips, accents, capitals, shortened names, punctuation, lost digits."""

import unicodedata
from random import Random

from tests.evals.matching import vocabulary as words
from tests.evals.matching.people import Person

KEYS = "abcdefghijklmnopqrstuvwxyz"


def slip(random: Random, text: str) -> str:
    """One slip of the keys: a letter lost, doubled, swapped with the next, or another one in its place."""
    if len(text) < 3:
        return text
    place = random.randrange(len(text) - 1)
    kind = random.randrange(4)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place] + text[place:]
    if kind == 2:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    pool = "0123456789" if text[place].isdigit() else KEYS
    return text[:place] + random.choice(pool) + text[place + 1 :]


def plain(text: str) -> str:
    """Without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def cased(random: Random, text: str) -> str:
    """As people type it: with or without accents, in capitals, in small letters."""
    text = plain(text) if random.random() < 0.5 else text
    draw = random.random()
    return text.upper() if draw < 0.15 else text.lower() if draw < 0.4 else text


def typed_phone(random: Random, phone: str) -> str:
    """Area code and number in one of many forms, now and then as an old WhatsApp id without the ninth digit."""
    area, number = phone[:2], phone[2:]
    if len(number) == 9 and random.random() < 0.15:
        number = number[1:]
    forms = ("+55{a}{n}", "55{a}{n}", "({a}) {f}", "{a} {f}", "{a}{n}", "0{a} {f}", "+55 ({a}) {f}")
    return random.choice(forms).format(a=area, n=number, f=f"{number[:-4]}-{number[-4:]}")


def typed_plate(random: Random, plate: str) -> str:
    """In either of its two forms, with hyphen or in small letters."""
    if random.random() < 0.15:
        plate = other_form(plate)
    plate = slip(random, plate) if random.random() < 0.03 else plate
    draw = random.random()
    return f"{plate[:3]}-{plate[3:]}" if draw < 0.3 else plate.lower() if draw < 0.6 else plate


def other_form(plate: str) -> str:
    """The old plate of a Mercosul one, or the other way round."""
    fifth = plate[4]
    changed = "ABCDEFGHIJ"[int(fifth)] if fifth.isdigit() else str("ABCDEFGHIJ".index(fifth))
    return plate[:4] + changed + plate[5:]


def typed_document(random: Random, document: str) -> str:
    """With or without punctuation, now and then with a wrong digit."""
    if random.random() < 0.04:
        place = random.randrange(len(document))
        document = document[:place] + random.choice("0123456789") + document[place + 1 :]
    if len(document) == 11 and random.random() < 0.6:
        return f"{document[:3]}.{document[3:6]}.{document[6:9]}-{document[9:]}"
    return document


def told_name(random: Random, person: Person) -> str:
    """How somebody gives their name in a chat."""
    if person.company:
        name = [*person.givens, *([person.suffix] if random.random() < 0.5 else [])]
        return cased(random, " ".join(name))
    givens, families = list(person.givens), list(person.families)
    suffix = person.suffix if person.shares_parents_phone or random.random() < 0.7 else ""
    draw = random.random()
    if person.shares_parents_phone:
        families = families[-1:] if draw < 0.5 else families
    elif draw < 0.10:
        families, suffix = [], ""
    elif draw < 0.14:
        givens = [words.NICKNAMES.get(givens[0], givens[0])]
        families = families[-1:] if random.random() < 0.5 else []
    elif draw < 0.40:
        families = families[-1:]
        givens = givens[:1] if random.random() < 0.5 else givens
    elif draw < 0.44 and person.woman:
        families = [*families[:1], random.choice(words.FAMILIES)]
    elif draw < 0.47 and len(givens) > 1:
        givens = [givens[0], f"{givens[1][0]}."]
    elif draw < 0.48:
        givens, families = families, givens
    parts = [*givens, *families, suffix]
    text = " ".join(filter(None, parts))
    return cased(random, slip(random, text) if random.random() < 0.05 else text)


def stored_name(random: Random, person: Person) -> str:
    """How the front desk wrote a name down."""
    families = person.families[-1:] if random.random() < 0.2 else person.families
    parts = [*person.givens, *families, person.suffix]
    text = " ".join(filter(None, parts))
    return cased(random, slip(random, text) if random.random() < 0.03 else text)
