"""Every API call received, newest last: the last 100,000 of them, in memory only."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from .wire import Doc

KEPT = 100_000


@dataclass(slots=True)
class Call:
    """`status` is None while the call runs and 0 when the connection was closed without an answer."""

    id: int
    at: float
    method: str
    path: str
    query: str
    status: int | None = None
    ms: float | None = None

    def body(self) -> Doc:
        return {
            "id": self.id,
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "status": self.status,
            "ms": self.ms,
        }


class CallLog:
    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._given = 0

    def begin(self, at: float, method: str, path: str, query: str) -> Call:
        self._given += 1
        call = Call(self._given, at, method, path, query)
        self._calls.append(call)
        return call

    def since(self, at: float) -> list[Call]:
        """Calls received later than `at`, oldest first."""
        return list(self._backwards(at))[::-1]

    def _backwards(self, at: float) -> Iterator[Call]:
        for call in reversed(self._calls):
            if call.at <= at:
                return
            yield call
