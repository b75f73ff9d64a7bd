"""What this version of the assistant can do, for dialogues that `need` something: others are skipped with the reason.

Whoever builds a feature moves its name from `PLANNED` to `PROVIDED`; its dialogues are played from then on.
"""

from collections.abc import Iterable

PROVIDED: frozenset[str] = frozenset(
    {"quote", "payment", "warranty", "consent", "lgpd", "media", "handoff", "assistant_field", "voice"}
)
PLANNED: dict[str, str] = {
    "booking": "free slots, booking, moving and cancelling a visit",
    "newcomers": "what a new customer tells is kept and classified",
    "safety": "the outgoing filter and the limits for each contact",
}


def missing(needs: Iterable[str]) -> list[str]:
    """The needed features that are not there."""
    return sorted(set(needs) - PROVIDED)
