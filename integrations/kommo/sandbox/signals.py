"""Waking whoever watches a chat (the phone page), and whether somebody seems to be typing there; by phone digits."""

import asyncio
from collections import defaultdict

TYPING_SECONDS = 40.0
"""How long the page may show typing after a customer's message reached a webhook."""


class Signals:
    def __init__(self) -> None:
        self._watchers: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._typing_since: dict[str, float] = {}
        self.closed = False

    def close(self) -> None:
        """The sandbox ends: let every watcher go."""
        self.closed = True
        for phone in self._watchers:
            self.changed(phone)

    def watch(self, phone: str) -> asyncio.Event:
        event = asyncio.Event()
        self._watchers[phone].add(event)
        return event

    def unwatch(self, phone: str, event: asyncio.Event) -> None:
        self._watchers[phone].discard(event)
        if not self._watchers[phone]:
            del self._watchers[phone]

    def changed(self, phone: str) -> None:
        for event in self._watchers.get(phone, ()):
            event.set()

    def thinking(self, phone: str, now: float) -> None:
        """A customer's message was taken by a webhook: an answer may be under way."""
        self._typing_since[phone] = now
        self.changed(phone)

    def answered(self, phone: str) -> None:
        self._typing_since.pop(phone, None)

    def is_typing(self, phone: str, now: float) -> bool:
        since = self._typing_since.get(phone)
        return since is not None and now - since < TYPING_SECONDS
