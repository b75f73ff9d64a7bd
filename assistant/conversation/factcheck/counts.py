"""How many there are: "são 5 itens", "dois pagamentos", "três carros".

Fewer than a source lists may be meant of some of them; more than it lists is wrong, and so is a wrong number of all.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import Evidence
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.numbers import BELOW_HUNDRED, value
from assistant.conversation.factcheck.reading import Reading

NOUNS = {
    "items": r"ite(?:m|ns)",
    "payments": r"pagamentos?",
    "visits": r"visitas?",
    "orders": r"orde(?:m|ns)|os\b",
    "vehicles": r"carros?|veiculos?",
    "waiting_parts": r"pecas?",
}
FIELDS = {"left_out": "items"}
_NAMED_NOUNS = "|".join(f"(?P<{name}>{noun})" for name, noun in NOUNS.items())
COUNTED = re.compile(rf"(?<![\w,./-])(?P<count>\d{{1,2}}|{BELOW_HUNDRED}) (?:{_NAMED_NOUNS})\b")
MISSING = re.compile(r"\b(?:falt|aguard|esper|pendent)\w*")
OF_ALL = re.compile(r"\b(?:sao|tem|possui|total de|ao todo,?|todos os)\s*$")
ONLY = re.compile(r"\bfalt\w+ (?:so|apenas|somente)\s*$")
ENDS = re.compile(r"\s*(?:[,.:;!]|(?:no|num) total\b|ao todo\b|som\w+|que som\w+|$)")


@dataclass(frozen=True)
class CountClaim(Claim):
    """So many of something that the sources list."""

    kind: ClassVar[Kind] = Kind.NUMBER
    count: int
    what: str

    @property
    def key(self) -> Hashable:
        return self.count, self.what

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if not evidence.shop or evidence.trusted:
            return False
        listed = evidence.counts.get(self.what, set())
        if self.what == "waiting_parts" and not MISSING.search(setting.before):
            return True
        of_all = bool(OF_ALL.search(setting.before) and ENDS.match(setting.after)) and self.what == "items"
        of_all = of_all or bool(ONLY.search(setting.before))
        return not listed or self.count in listed or (not of_all and self.count < max(listed))

    def neutral(self, setting: Setting) -> bool:
        return setting.asks


def find(reading: Reading) -> Iterator[CountClaim]:
    """Every number of things of a kind that sources list."""
    for match in COUNTED.finditer(reading.plain):
        what = next(name for name in NOUNS if match[name])
        yield CountClaim(
            match.start(), match.end(), reading.text[match.start() : match.end()], int(value(match["count"])), what
        )


def note_list(listed: Sequence[object], name: str, shop: Evidence) -> None:
    """How many a result lists; its cars are those of its orders too."""
    rows = [row for row in listed if isinstance(row, BaseModel)]
    if not rows:
        return
    what = FIELDS.get(name, name)
    shop.counts.setdefault(what, set()).add(len(rows))
    for field in ("kind", "status"):
        values = [getattr(row, field, None) for row in rows]
        shop.counts[what] |= {values.count(each) for each in values if each is not None}


def conclude_counts(records: Sequence[Evidence], shop: Evidence) -> None:
    """Different plates are different cars, and different numbers different orders."""
    plates = {plate for record in records for plate in record.plates}
    if plates:
        shop.counts["vehicles"] = {len(plates)}
    orders = {record.order for record in records if record.order}
    if orders:
        shop.counts["orders"] = {*shop.counts.get("orders", ()), len(orders)}
    if "visits" in shop.counts and orders:
        shop.counts["visits"].add(len(orders))
