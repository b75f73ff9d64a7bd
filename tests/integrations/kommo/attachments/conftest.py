"""Small web servers on loopback that say what a test tells them, and downloaders that know one as the account."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from integrations.kommo.attachments.addresses import Gatekeeper, Resolver
from integrations.kommo.attachments.download import Downloader

TOKEN = "the-token-of-the-account"


@dataclass
class Server:
    """Answers each path with bytes written as they are, and remembers what it was asked."""

    port: int = 0
    answers: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def gives(self, path: str, body: bytes, status: str = "200 OK", **headers: str) -> None:
        lines = {"content-length": str(len(body)), "connection": "close"}
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.answers[path] = f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body

    def redirects(self, path: str, to: str) -> None:
        self.gives(path, b"", "302 Found", location=to)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head)
        path = head.split(" ")[1]
        if path == "/never":
            await reader.read()
        elif path == "/picky" and "authorization" in head.lower():
            writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        else:
            missing = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            writer.write(self.answers.get(path.split("?")[0], missing))
        await writer.drain()
        writer.close()


MakeServer = Callable[[], Awaitable[Server]]


@pytest.fixture
async def make_server() -> AsyncIterator[MakeServer]:
    async with AsyncExitStack() as ending:

        async def make() -> Server:
            server = Server()
            listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
            ending.callback(listener.close)
            server.port = listener.sockets[0].getsockname()[1]
            return server

        yield make


@pytest.fixture
async def home(make_server: MakeServer) -> Server:
    """The account's own server."""
    return await make_server()


@pytest.fixture
async def other(make_server: MakeServer) -> Server:
    """Something else on this machine, which no customer may reach."""
    server = await make_server()
    server.gives("/secret", b"metadata of the cloud")
    return server


def resolves(**names: Sequence[str]) -> Resolver:
    """A resolver that knows these names (underscores are dots), and addresses as they are."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        known = {name.replace("_", "."): found for name, found in names.items()}
        if host in known:
            return known[host]
        if host.replace(".", "").isdigit() or ":" in host:
            return [host]
        raise OSError("unknown")

    return resolve


async def token() -> str:
    return TOKEN


MakeDownloader = Callable[..., Downloader]


@pytest.fixture
async def make_downloader() -> AsyncIterator[MakeDownloader]:
    async with AsyncExitStack() as ending:

        def make(base_url: str, resolver: Resolver | None = None, most: int = 1000, seconds: float = 5) -> Downloader:
            downloader = Downloader(Gatekeeper(base_url, resolver or resolves()), token, most, seconds)
            ending.push_async_callback(downloader.close)
            return downloader

        yield make
