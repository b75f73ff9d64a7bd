"""What this version of the assistant can do, for dialogues that `need` something: others are skipped with the reason.

A dialogue may be written before what it needs is there: its name stands in `PLANNED` with what it will be. Whoever
builds it moves the name to `PROVIDED`, and the dialogues are played from then on.
"""

from collections.abc import Iterable

PROVIDED: frozenset[str] = frozenset(
    {
        "assistant_field",
        "booking",
        "consent",
        "handoff",
        "lgpd",
        "media",
        "newcomers",
        "payment",
        "quote",
        "safety",
        "voice",
        "warranty",
    }
)
PLANNED: dict[str, str] = {}


def missing(needs: Iterable[str]) -> list[str]:
    """The needed features that are not there."""
    return sorted(set(needs) - PROVIDED)
