"""Faults that a test switches on: what breaks, how often, for how long, and for which paths.

It decides and counts; the gate, the courier and the chats do the breaking.
"""

import random
from dataclasses import dataclass
from enum import StrEnum

from .wire import Doc


class FaultKind(StrEnum):
    HTTP_500 = "http_500"
    HTTP_429 = "http_429"
    TIMEOUT = "timeout"
    SLOW = "slow"
    LOST_RESPONSE = "lost_response"
    BENT_ANSWER = "bent_answer"
    DROP_WEBHOOK = "drop_webhook"
    DUPLICATE_WEBHOOK = "duplicate_webhook"
    REORDER_WEBHOOKS = "reorder_webhooks"
    TOKEN_REVOKED = "token_revoked"
    CHANNEL_ERROR = "channel_error"


HOLD_SECONDS = {FaultKind.TIMEOUT: 60.0, FaultKind.SLOW: 2.0}
"""How long an answer is held when nothing else is said; for these kinds `seconds` means that, not the fault's end."""


@dataclass(slots=True)
class Fault:
    """One fault in force. `until` is None for one that lasts until it is deleted."""

    id: int
    kind: FaultKind
    rate: float
    since: float
    until: float | None
    hold: float
    path: str
    hits: int = 0

    def body(self) -> Doc:
        return {
            "id": self.id,
            "kind": self.kind,
            "rate": self.rate,
            "path": self.path,
            "until": self.until,
            "hold_seconds": self.hold,
            "hits": self.hits,
        }


class Faults:
    """All faults in force; they do not survive a restart."""

    def __init__(self) -> None:
        self.active: list[Fault] = []
        self._given = 0

    def add(self, kind: FaultKind, rate: float, seconds: float | None, path: str, now: float) -> Fault:
        self._given += 1
        holds = kind in HOLD_SECONDS
        until = None if holds or seconds is None else now + seconds
        hold = HOLD_SECONDS[kind] if holds and seconds is None else (seconds or 0.0) if holds else 0.0
        fault = Fault(self._given, kind, rate, now, until, hold, path)
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        self.active.clear()

    def hit(self, kind: FaultKind, path: str, now: float) -> Fault | None:
        """The fault that strikes this time, if any: by path prefix, by its time and by its rate."""
        for fault in self.active:
            in_time = fault.until is None or now < fault.until
            if fault.kind is kind and in_time and path.startswith(fault.path) and random.random() < fault.rate:
                fault.hits += 1
                return fault
        return None
