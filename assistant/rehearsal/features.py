"""What this version of the assistant can do, for dialogues that `need` something: others are skipped with the reason.

Whoever builds a feature moves its name from `PLANNED` to `PROVIDED`; its dialogues are played from then on.
"""

from collections.abc import Iterable

PROVIDED: frozenset[str] = frozenset({"quote", "payment", "warranty"})
PLANNED: dict[str, str] = {
    "booking": "free slots, booking, moving and cancelling a visit",
    "consent": "the consent ledger behind opting out and coming back",
    "lgpd": "requests about personal data",
    "voice": "voice notes are transcribed",
    "media": "attachments, locations, edits and deletions have behaviours of their own",
    "handoff": "one task a matter, take-over with hand-back, loops are stopped",
    "assistant_field": "the field Assistente of the Kommo lead",
    "newcomers": "what a new customer tells is kept and classified",
    "safety": "the outgoing filter and the limits for each contact",
}


def missing(needs: Iterable[str]) -> list[str]:
    """The needed features that are not there."""
    return sorted(set(needs) - PROVIDED)
