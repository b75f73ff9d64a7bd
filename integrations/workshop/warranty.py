"""The shop's warranty rule: so many days after delivery, by kind of service.

A rule is a word or words and its days (`cambio=180`); the first rule, in the order written, whose words stand in an
item's description counts, in normal form and as whole words. Everything else has the general number of days. What a
warranty covers is a person's decision and none of this.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from integrations.workshop.stages import plain_key

LONGEST = 3650
"""Days: ten years."""
WRITTEN = re.compile(r"\s*([^=,]*[^=,\s])\s*=\s*(\d{1,5})\s*")


@dataclass(frozen=True)
class WarrantyRule:
    """Days for items whose description holds `words` (normal form)."""

    words: str
    days: int


def parse_rules(written: str) -> tuple[WarrantyRule, ...]:
    """The rules of `motor=180, cambio=180, eletrica=90`; raises `ValueError` that names what is wrong."""
    rules: list[WarrantyRule] = []
    for part in filter(str.strip, written.split(",")):
        match = WRITTEN.fullmatch(part)
        words = plain_key(match[1]) if match else ""
        if match is None or not words:
            raise ValueError(f"must look like motor=180,cambio=180 (a service and its days); {part.strip()!r} does not")
        if int(match[2]) > LONGEST:
            raise ValueError(f"{part.strip()!r} is more than {LONGEST} days")
        if any(rule.words == words for rule in rules):
            raise ValueError(f"{match[1]!r} has two rules")
        rules.append(WarrantyRule(words, int(match[2])))
    return tuple(rules)


def days_for(description: str, rules: Sequence[WarrantyRule], general: int) -> int:
    """The days of warranty on an item."""
    said = f"_{plain_key(description)}_"
    return next((rule.days for rule in rules if f"_{rule.words}_" in said), general)


def last_day(delivered: date, days: int) -> date:
    """Until when it runs, that day included."""
    return delivered + timedelta(days=days)
