"""Many dialogues, each played several times, as figures: pass^k, failures by reason, what it cost, how long it took.

pass^k is the chance that a dialogue passes k times in a row, the mean over all dialogues (estimated without bias from
`trials` plays: C(passed, k) / C(trials, k)). Pure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, comb
from statistics import fmean
from typing import Any

from assistant.rehearsal.play import Played

Plays = Mapping[str, Sequence[Played]]
"""By the dialogue's name, one for each trial."""


@dataclass(frozen=True)
class Trialled:
    """What was played, and what was left out."""

    responder: str
    model: str | None
    trials: int
    plays: Plays
    skipped: Mapping[str, str]
    """Why a dialogue was not played."""


def score(trialled: Trialled) -> dict[str, Any]:
    """The figures, ready for JSON."""
    played = [one for plays in trialled.plays.values() for one in plays]
    seconds = sorted(second for one in played for second in one.seconds)
    answered: Counter[str] = Counter()
    for one in played:
        answered.update(one.answered_by)
    return {
        "responder": trialled.responder,
        "model": trialled.model,
        "dialogues": len(trialled.plays),
        "trials": trialled.trials,
        **{f"pass^{k}": pass_k(trialled.plays, k) for k in range(1, trialled.trials + 1)},
        "failures_by_reason": dict(Counter(failure.reason.value for one in played for failure in one.failures)),
        "failures": _failures(trialled.plays),
        "skipped": dict(trialled.skipped),
        "turns": sum(one.turns for one in played),
        "answered_by": dict(answered),
        "tokens": {
            "prompt": sum(one.prompt_tokens for one in played),
            "completion": sum(one.completion_tokens for one in played),
        },
        "cost_usd": float(sum((one.cost_usd for one in played), Decimal(0))),
        "latency_seconds": {"p50": quantile(seconds, 0.5), "p99": quantile(seconds, 0.99)},
    }


def pass_k(plays: Plays, k: int) -> float:
    """The mean chance that a dialogue passes `k` times in a row."""
    if not plays:
        return 0.0
    passed = [(sum(one.passed for one in trials), len(trials)) for trials in plays.values()]
    return round(fmean(comb(good, k) / comb(count, k) for good, count in passed), 4)


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value that so large a share stays at or below."""
    return round(ordered[max(ceil(share * len(ordered)) - 1, 0)], 4) if ordered else None


def _failures(plays: Plays) -> list[dict[str, Any]]:
    return [
        {
            "dialogue": name,
            "trial": trial,
            "step": failure.step or "end",
            "reason": failure.reason.value,
            "expected": failure.expected,
            "said": failure.said,
        }
        for name, trials in plays.items()
        for trial, one in enumerate(trials, start=1)
        for failure in one.failures
    ]
