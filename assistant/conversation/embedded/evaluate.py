"""Measuring the understander on labelled messages; the numbers of `autoprime eval`.

Reads what it is given and prints nothing. Counts, never changes: a held-out file stays held out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter

from pydantic import BaseModel, ConfigDict

from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.understanding import Understander, Understanding


class Case(BaseModel):
    """One line of an evaluation file: any of `intents` is a right answer."""

    model_config = ConfigDict(frozen=True)

    text: str
    intents: tuple[Intent, ...]
    plate: str | None = None


@dataclass(frozen=True)
class Outcome:
    """A case and what was understood."""

    case: Case
    understood: Understanding

    @property
    def right(self) -> bool:
        return self.understood.main in self.case.intents


def outcomes(understander: Understander, cases: Iterable[Case]) -> list[Outcome]:
    """Every case understood without context, in order."""
    return [Outcome(case, understander.understand(case.text)) for case in cases]


def evaluate(lines: Iterable[str], understander: Understander | None = None) -> dict[str, object]:
    """The figures for JSON lines `{"text", "intents", "plate"}`; empty lines are skipped.

    `intent_accuracy`: share of cases whose main intent is among theirs; `coverage`: share that is sure;
    `accuracy_when_sure`: accuracy there; `plate_accuracy`: share whose first plate (or none) is right; `seconds`: for
    all. Without an `understander` one is fitted first, which `seconds` does not count. A line that is no case raises
    `pydantic.ValidationError`.
    """
    cases = [Case.model_validate_json(line) for line in lines if line.strip()]
    loaded = understander or Understander.load(None)
    started = perf_counter()
    results = outcomes(loaded, cases)
    seconds = perf_counter() - started
    sure = [result for result in results if result.understood.sure]
    return {
        "cases": len(cases),
        "intent_accuracy": _share(result.right for result in results),
        "coverage": _share(result.understood.sure for result in results),
        "accuracy_when_sure": _share(result.right for result in sure),
        "plate_accuracy": _share(result.understood.plate == result.case.plate for result in results),
        "per_intent": _per_intent(results),
        "seconds": round(seconds, 3),
    }


def _share(answers: Iterable[bool]) -> float:
    """The share of true ones, four digits; 0 when there are none."""
    given = list(answers)
    return round(sum(given) / len(given), 4) if given else 0.0


def _per_intent(results: list[Outcome]) -> dict[str, dict[str, float | int]]:
    """Precision, recall and number of cases of each intent that occurs, predicted or meant.

    A case of several intents belongs to the one that was predicted when that is among them, else to its first.
    """
    meant: Counter[Intent] = Counter()
    predicted: Counter[Intent] = Counter()
    hits: Counter[Intent] = Counter()
    for result in results:
        main = result.understood.main
        meant[main if result.right else result.case.intents[0]] += 1
        predicted[main] += 1
        hits[main] += result.right
    return {
        intent.value: {
            "precision": round(hits[intent] / predicted[intent], 4) if predicted[intent] else 0.0,
            "recall": round(hits[intent] / meant[intent], 4) if meant[intent] else 0.0,
            "n": meant[intent],
        }
        for intent in Intent
        if meant[intent] or predicted[intent]
    }
