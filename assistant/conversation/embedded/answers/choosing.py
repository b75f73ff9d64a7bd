"""Which items of a quote a customer wants: "só a embreagem, o óleo não", "menos o filtro", "1 e 3".

Pure. What is chosen is always restated with its figures before anything is asked, so a wrong reading costs one more
message. None means that it is not clear.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation.embedded.expressions import listed
from assistant.conversation.embedded.slots import plain
from assistant.conversation.embedded.text import spelled_out
from assistant.tools.quotes import QuoteItem
from integrations.workshop.quotes import ItemKind

CLAUSES = re.compile(
    r"[,.;:\n]+|\b(?:mas|porem|so que|ai)\b|\be (?=(?:nao|tira|deixa|sem|o|a|os|as) )"
    r"|(?=\b(?:sem|menos|exceto|tirando|so|somente|apenas) )"
)
NOT = re.compile(
    r"\b(?:nao|n|sem|menos|tira\w*|exceto|fora|deixa\w*|dispens\w+|recus\w+|cancel\w+|retir\w+|corta\w*|depois|dps|"
    r"remov\w+|pul[ae]\w*|espera\w*|adi[ae]\w*|negativo)\b|"
    r"\b(?:pr[oa]|para [oa]|fica pr[oa]) (?:outr[oa](?: \w+)?|proxim[oa]|mes que vem|ano que vem)\b|"
    r"\bmais (?:pra frente|pra la|tarde|adiante)\b"
)
"""Not now is not: what is put off is left out."""
PLACES = re.compile(
    r"\b(?:[oa]s?|d[oa]s?|item|itens) (?:(?P<many>dois|duas|tres|[2-9]) )?(?P<place>primeir|segund|terceir|quart|"
    r"ultim)[oa]s?\b"
)
PLACE_WORDS = {"primeir": 0, "segund": 1, "terceir": 2, "quart": 3, "ultim": -1}
MANY_WORDS = {"dois": 2, "duas": 2, "tres": 3}
ONLY = re.compile(r"\b(?:so|somente|apenas|unicamente|mais nada|nada mais|nada alem)\b")
REST = re.compile(r"\b(?:restos?|restantes?|demais|outr[oa]s|outras? coisas?)\b")
"""What the clauses before or after do not name."""
LISTED = re.compile(r"\be\b")
LABOUR = re.compile(r"\bmao de obra\b")
NUMBERS = re.compile(
    r"(?<![\d,.$])\b([1-9]|1\d)\b(?![\d,.]|x\b| ?%| ?mil| (?:mes|dia|ano|semana|hora|vez|reais|conto|km|parcela|carro))"
)
EMPTY = listed(
    "kit litro litros unidade unidades de do da dos das com para por jogo par troca mao obra servico original "
    "dianteiro dianteira dianteiras dianteiros traseiro traseira traseiras traseiros"
)
"""Words of descriptions that name no part by themselves."""
GROUPS = frozenset({"kit", "jogo"})
SHORTEST = 3
ALL = re.compile(r"\b(?:tudo|tod[oa]s?|inteir[oa]|complet[oa]|orcamento)\b")


@dataclass(frozen=True)
class Choice:
    """The items to do and the others, in the quote's order."""

    wanted: tuple[QuoteItem, ...]
    left_out: tuple[QuoteItem, ...]


def choose(text: str, items: Sequence[QuoteItem], *, naming_is_wanting: bool = False) -> Choice | None:
    """The customer's choice; None when no item is named, or nothing or everything would be left.

    `naming_is_wanting`: we asked which items, so that a mere name or number means that one.
    """
    wanted, refused = _named(spelled_out(text), items, naming_is_wanting)
    if not wanted and not refused:
        wanted = _listed(spelled_out(text), items)
    if refused:
        # "só a embreagem, o óleo não": what is not refused belongs to the job.
        keep = [place for place in range(len(items)) if place not in refused]
    elif wanted:
        keep = sorted(wanted | _labour_for(wanted, items))
    else:
        return None
    if not keep or len(keep) == len(items):
        return None
    return Choice(
        tuple(items[place] for place in keep), tuple(item for place, item in enumerate(items) if place not in keep)
    )


def named_items(text: str, items: Sequence[QuoteItem]) -> list[QuoteItem]:
    """The items that a text speaks of, in the quote's order."""
    return [items[place] for place in sorted(_places(spelled_out(text), items))]


def _named(text: str, items: Sequence[QuoteItem], naming_is_wanting: bool) -> tuple[set[int], set[int]]:
    """Places of the items that are wanted, and of those that are refused."""
    wanted: set[int] = set()
    refused: set[int] = set()
    clauses = CLAUSES.split(text)
    rest = next((clause for clause in clauses if REST.search(clause)), None)
    if rest is not None and not _places(rest, items):
        named = set().union(*(_places(clause, items) for clause in clauses))
        return (named, set()) if NOT.search(rest) else (set(), named)
    only = naming_is_wanting or ONLY.search(text) is not None
    for clause in clauses:
        places = _places(clause, items)
        if NOT.search(clause):
            refused |= places
        elif only:
            wanted |= places
    return wanted, refused


def _listed(text: str, items: Sequence[QuoteItem]) -> set[int]:
    """Items that are named one after the other, "o kit e a mão de obra": whoever lists some means these.

    One name alone ("pode trocar a embreagem") may stand for the whole job.
    """
    if ALL.search(text):
        return set()
    found = [places for part in LISTED.split(text) if (places := _places(part, items))]
    distinct = {frozenset(places) for places in found}
    return set().union(*found) if len(distinct) > 1 else set()


def _places(clause: str, items: Sequence[QuoteItem]) -> set[int]:
    """The items a clause names, by word or by number in the list."""
    numbers = {int(found[1]) - 1 for found in NUMBERS.finditer(clause)}
    places = {place for place in numbers if place < len(items)} | _by_position(clause, len(items))
    words = set(re.findall(r"[a-z]+", clause))
    for place, item in enumerate(items):
        if words & (telling(item) | _grouping(item, items)) or (
            LABOUR.search(clause) and item.kind is ItemKind.SERVICE
        ):
            places.add(place)
    return places


def _grouping(item: QuoteItem, items: Sequence[QuoteItem]) -> set[str]:
    """ "O kit", where only this item is one."""
    here = GROUPS & set(plain(item.description).split())
    return {word for word in here if sum(word in plain(other.description).split() for other in items) == 1}


def _by_position(clause: str, count: int) -> set[int]:
    """ "O segundo", "os dois primeiros", "o último"."""
    places: set[int] = set()
    for match in PLACES.finditer(clause):
        many = MANY_WORDS.get(match["many"] or "") or int(match["many"] or 1)
        first = PLACE_WORDS[match["place"]]
        start = count - many if first < 0 else first
        places |= {place for place in range(start, start + many) if 0 <= place < count}
    return places


def telling(item: QuoteItem) -> set[str]:
    """The words that name this item, in singular and plural."""
    words = [word for word in re.findall(r"[a-z]+", plain(item.description)) if len(word) >= SHORTEST]
    telling = {word for word in words if word not in EMPTY}
    return telling | {word + "s" for word in telling} | {word.removesuffix("s") for word in telling}


def names(words: set[str], item: QuoteItem) -> bool:
    """Whether words hold every word that tells an item from others: "óleo" alone is not "óleo do câmbio"."""
    told = re.findall(r"[a-z]+", plain(item.description))
    own = [word for word in told if len(word) >= SHORTEST and word not in EMPTY]
    return bool(own) and all(words & {word, f"{word}s", word.removesuffix("s")} for word in own)


def _labour_for(wanted: set[int], items: Sequence[QuoteItem]) -> set[int]:
    """The labour of the wanted parts: labour that names none of the other parts."""
    others = [item for place, item in enumerate(items) if place not in wanted and item.kind is not ItemKind.SERVICE]
    foreign = set().union(*(telling(item) for item in others)) if others else set()
    if not any(items[place].kind is not ItemKind.SERVICE for place in wanted):
        return set()
    return {
        place
        for place, item in enumerate(items)
        if item.kind is ItemKind.SERVICE and not (telling(item) & foreign) and _serves(item, wanted, items)
    }


def _serves(labour: QuoteItem, wanted: set[int], items: Sequence[QuoteItem]) -> bool:
    """Whether labour is named after a wanted part, or after none at all."""
    after = telling(labour)
    return not after or any(after & telling(items[place]) for place in wanted)
