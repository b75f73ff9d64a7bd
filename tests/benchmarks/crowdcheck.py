"""Was every customer of the crowd answered once, after they wrote, and with nobody else's facts?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.benchmarks.people import Person, words


@dataclass(frozen=True)
class Seen:
    """What a customer's phone shows, oldest first, in the sandbox's form."""

    person: Person
    messages: Sequence[Mapping[str, Any]]

    @property
    def replies(self) -> list[Mapping[str, Any]]:
        return [message for message in self.messages if message["direction"] == "out"]

    @property
    def wrote_at(self) -> float:
        """When they wrote last."""
        return max(_at(message) for message in self.messages if message["direction"] == "in")


@dataclass
class Findings:
    """What was found; all lists of trouble are empty when everything went well."""

    answered: int = 0
    unanswered: list[int] = field(default_factory=list)
    more_than_once: list[int] = field(default_factory=list)
    out_of_order: list[int] = field(default_factory=list)
    without_own_plate: list[int] = field(default_factory=list)
    mixed_up: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """Seconds from a customer's last message to the reply."""
    reply_times: list[float] = field(default_factory=list)

    @property
    def last_reply_at(self) -> float:
        return max(self.reply_times, default=float("nan"))

    def troubles(self) -> dict[str, list[int]]:
        """Each kind of trouble with the customers' numbers."""
        return {
            "unanswered": self.unanswered,
            "answered more than once": self.more_than_once,
            "answered before they had finished": self.out_of_order,
            "known, and their plate is not in the reply": self.without_own_plate,
            "somebody else's name, vehicle, plate or OS in the reply": self.mixed_up,
        }


def check(seen: Sequence[Seen]) -> Findings:
    """Look at every phone."""
    owner = {mark: one.person.number for one in seen for mark in one.person.marks}
    findings = Findings()
    for one in seen:
        _look_at(one, owner, findings)
    return findings


def _look_at(one: Seen, owner: Mapping[str, int], findings: Findings) -> None:
    number, replies = one.person.number, one.replies
    if not replies:
        findings.unanswered.append(number)
        return
    findings.answered += 1
    findings.reply_times += [_at(reply) for reply in replies]
    findings.waits.append(_at(replies[0]) - one.wrote_at)
    if len(replies) > 1:
        findings.more_than_once.append(number)
    if findings.waits[-1] < 0:
        findings.out_of_order.append(number)
    said = _said(replies)
    if one.person.known and one.person.plate not in said:
        findings.without_own_plate.append(number)
    if any(owner.get(word, number) != number for word in said):
        findings.mixed_up.append(number)


def _said(replies: Iterable[Mapping[str, Any]]) -> set[str]:
    return {word for reply in replies for word in words(str(reply["text"]))}


def _at(message: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(str(message["sent_at"])).timestamp()
