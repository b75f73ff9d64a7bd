"""Everything a text states: all kinds of claim, each kind passing over what an earlier one has explained."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from assistant.conversation.factcheck import (
    counts,
    dates,
    distances,
    identifiers,
    money,
    opening,
    promises,
    quantities,
    stages,
    times,
    vehicles,
    works,
)
from assistant.conversation.factcheck.claim import Claim
from assistant.conversation.factcheck.reading import Reading

Finder = Callable[[Reading], Iterator[Claim]]


def find_all(reading: Reading, now: datetime, models: Iterable[str] = ()) -> list[Claim]:
    """All claims of `reading` in their order; `models` are vehicle models known besides the common ones."""
    extra = frozenset(models)
    exclusive: tuple[Finder, ...] = (
        identifiers.find_links,
        identifiers.find_orders,
        identifiers.find_plates,
        lambda text: dates.find(text, now.date()),
        identifiers.find_digits,
        lambda text: distances.find(text, now),
        times.find,
        quantities.find_instalments,
        quantities.find_percentages,
        money.find,
        lambda text: vehicles.find(text, extra),
        quantities.find_rest,
    )
    found = _exclusive(reading, exclusive)
    for finder in (
        times.find_parts,
        stages.find,
        promises.find,
        opening.find,
        counts.find,
        works.find,
        stages.find_unconfirmed,
    ):
        found.extend(finder(reading))
    return sorted(found, key=lambda claim: (claim.start, claim.end))


def _exclusive(reading: Reading, finders: Iterable[Finder]) -> list[Claim]:
    found: list[Claim] = []
    for finder in finders:
        new = list(finder(reading))
        found.extend(new)
        reading = reading.without((claim.start, claim.end) for claim in new)
    return found
