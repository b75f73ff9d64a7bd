"""What is wrong with a reply, by facts and never by wording.

Besides what a dialogue demands, every reply is held to what is true of all: it is there, is not the one before, holds
no Markdown, and names nothing of another customer's unless the customer typed it. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.rehearsal.dialogue import CustomerStep, Replied
from assistant.rehearsal.words import holds, is_markdown, normal, said_twice


class Reason(StrEnum):
    """Why a dialogue failed."""

    NO_REPLY = "no_reply"
    NOT_SILENT = "not_silent"
    MISSING_FACT = "missing_fact"
    FORBIDDEN_FACT = "forbidden_fact"
    OTHER_CUSTOMER = "other_customer"
    REPEATED = "repeated"
    MARKDOWN = "markdown"
    DATABASE = "database"
    BROKE = "broke"


@dataclass(frozen=True)
class Failure:
    """One thing that is wrong. `step` counts from 1; 0 is after the last."""

    reason: Reason
    step: int
    expected: str
    said: str


@dataclass(frozen=True)
class Bounds:
    """What holds for every reply of a dialogue."""

    never: Sequence[str]
    foreign: Collection[str]
    """Plates, OS numbers, phones and names of other customers."""


def judge(number: int, step: Replied, reply: str, before: str, typed: str, bounds: Bounds) -> list[Failure]:
    """What is wrong with the reply to a step. `before`: the last reply; `typed`: all the customer wrote so far."""
    if not reply:
        return [] if _may_be_silent(step) else [Failure(Reason.NO_REPLY, number, "a reply", "")]
    if isinstance(step, CustomerStep) and step.silent:
        return [Failure(Reason.NOT_SILENT, number, "no reply", reply)]
    wrong = [(Reason.MISSING_FACT, _shown(fact)) for fact in step.says if not holds(reply, fact)]
    wrong += [(Reason.FORBIDDEN_FACT, f"without {one}") for one in (*step.never, *bounds.never) if holds(reply, one)]
    named = [one for one in bounds.foreign if holds(reply, one) and not holds(typed, one)]
    wrong += [(Reason.OTHER_CUSTOMER, f"without {one}") for one in named]
    if normal(reply) == normal(before):
        wrong.append((Reason.REPEATED, "not the same text again"))
    if doubled := said_twice(reply):
        wrong.append((Reason.REPEATED, f"only once: {doubled}"))
    if is_markdown(reply):
        wrong.append((Reason.MARKDOWN, "WhatsApp's own formatting"))
    return [Failure(reason, number, expected, reply) for reason, expected in wrong]


def _may_be_silent(step: Replied) -> bool:
    return step.silent or step.may_be_silent if isinstance(step, CustomerStep) else not step.says


def _shown(fact: str | Sequence[str]) -> str:
    return fact if isinstance(fact, str) else " or ".join(fact)
