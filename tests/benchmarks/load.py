"""A lean HTTP/1.1 load generator in a process of its own: keep-alive connections, a new body with every request.

`python -m tests.benchmarks.load PORT PATH --connections N --seconds S` sends as fast as answers come;
with `--rate R` it sends R a second at even distances and counts each latency from the moment the request was due, so
that a stalled server cannot hide its stall. Prints one JSON object.
"""

import argparse
import asyncio
import json
from collections import deque
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import cast

import uvloop

from tests.benchmarks.bodies import body
from tests.benchmarks.figures import percentile

END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Measured:
    """What came of a run. Latencies in milliseconds."""

    answers: int
    refused: int
    """Answers that were no 200."""
    seconds: float
    p50: float
    p99: float
    worst: float

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


class Connection(asyncio.Protocol):
    """One keep-alive connection with at most one request under way."""

    def __init__(self, head: bytes) -> None:
        self._head = head
        self._buffer = b""
        self._answered: asyncio.Future[bool] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(exc or ConnectionError("closed by the server"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(END_OF_HEAD)
        if end < 0 or self._answered is None:
            return
        if len(self._buffer) - end - len(END_OF_HEAD) >= _content_length(self._buffer[:end]):
            accepted, self._buffer = self._buffer.startswith(b"HTTP/1.1 200"), b""
            self._answered.set_result(accepted)

    async def post(self, content: bytes) -> bool:
        """Send one request; whether it was answered 200."""
        assert self._transport is not None
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(self._head + str(len(content)).encode() + END_OF_HEAD + content)
        return await self._answered

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


class Load:
    """Posts numbered bodies and keeps the latencies."""

    def __init__(self, connections: list[Connection], first: int) -> None:
        self._connections = connections
        self._next = first
        self._latencies: list[float] = []
        self._refused = 0

    async def flat_out(self, seconds: float) -> Measured:
        """Every connection sends as soon as its last request is answered."""
        started = perf_counter()
        await asyncio.gather(*(self._keep_posting(link, started + seconds) for link in self._connections))
        return self._measured(perf_counter() - started)

    async def paced(self, seconds: float, rate: float) -> Measured:
        """`rate` requests a second; one that finds no free connection waits, and its wait counts."""
        free: asyncio.Queue[Connection] = asyncio.Queue()
        for link in self._connections:
            free.put_nowait(link)
        started, running = perf_counter(), deque[asyncio.Task[None]]()
        for number in range(int(seconds * rate)):
            due = started + number / rate
            await asyncio.sleep(max(0.0, due - perf_counter()))
            running.append(asyncio.create_task(self._post_by(free, due)))
        await asyncio.gather(*running)
        return self._measured(perf_counter() - started)

    async def _keep_posting(self, link: Connection, until: float) -> None:
        while (now := perf_counter()) < until:
            await self._post(link, now)

    async def _post_by(self, free: "asyncio.Queue[Connection]", due: float) -> None:
        link = await free.get()
        await self._post(link, due)
        free.put_nowait(link)

    async def _post(self, link: Connection, since: float) -> None:
        self._next += 1
        if not await link.post(body(self._next)):
            self._refused += 1
        self._latencies.append((perf_counter() - since) * 1000)

    def _measured(self, seconds: float) -> Measured:
        p50, p99 = percentile(self._latencies, 0.5), percentile(self._latencies, 0.99)
        worst = max(self._latencies, default=0.0)
        return Measured(len(self._latencies), self._refused, seconds, p50, p99, worst)


async def run(given: argparse.Namespace) -> Measured:
    """Connect, load, and close."""
    head = (
        f"POST {given.path} HTTP/1.1\r\nHost: 127.0.0.1:{given.port}\r\nUser-Agent: amoCRM-Webhooks/3.0\r\n"
        "Accept: */*\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    ).encode()
    loop = asyncio.get_running_loop()
    links = [
        (await loop.create_connection(lambda: Connection(head), "127.0.0.1", given.port))[1]
        for _ in range(given.connections)
    ]
    load = Load(links, given.first)
    measured = await (load.paced(given.seconds, given.rate) if given.rate else load.flat_out(given.seconds))
    for link in links:
        link.close()
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--first", type=int, default=0, help="number of the first body")
    print(json.dumps(asdict(uvloop.run(run(parser.parse_args())))))


if __name__ == "__main__":
    main()
