"""The drafts of `right.jsonl` and `wrong.jsonl`: what is said, and which of the demo shop's answers it is said from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.tools.toolbox import Result
from tests.assistant.factcheck import shop

SOURCES: dict[str, Sequence[Result]] = {
    "nobody": [],
    "joao": shop.JOAO,
    "gol_in_detail": shop.GOL_IN_DETAIL,
    "maria": shop.MARIA,
    "maria_pays": shop.MARIA_PAYS,
    "maria+maria_pays": [*shop.MARIA, *shop.MARIA_PAYS],
    "maria_history": shop.MARIA_HISTORY,
    "carlos": shop.CARLOS,
    "carlos_order": shop.CARLOS_ORDER,
    "carlos_order+carlos": [*shop.CARLOS_ORDER, *shop.CARLOS],
    "carlos_approved": shop.CARLOS_APPROVED,
    "carlos_proposal": shop.CARLOS_PROPOSAL,
    "carlos_part": shop.CARLOS_PART,
    "warranted": shop.WARRANTED,
    "ana": shop.ANA,
    "ana+shop": [*shop.ANA, *shop.SHOP],
    "maria+shop": [*shop.MARIA, *shop.SHOP],
    "paulo": shop.PAULO,
    "shop": shop.SHOP,
}


@dataclass(frozen=True)
class Told:
    """One draft and its sources."""

    line: str
    draft: str
    sources: Sequence[Result]
    said: str = ""
    """What the customer wrote."""
    name: str | None = None
    """The customer's, where the shop knows it."""

    def __str__(self) -> str:
        return self.line


def told(name: str, sources: Mapping[str, Sequence[Result]] = SOURCES) -> list[Told]:
    """All drafts of a file, said from `sources`."""
    lines = Path(__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    return [
        Told(f"{name}:{at}", case["draft"], sources[case["sources"]], case.get("said", ""), case.get("name"))
        for at, case in enumerate(cases, 1)
    ]
