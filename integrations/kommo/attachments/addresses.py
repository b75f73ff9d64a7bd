"""Where a link may lead: to the account itself, or over https to an address of the public internet.

A customer decides what a link says, so it must not reach anything that only we can reach. The name is resolved here,
every address is checked, and the connection goes to a checked one: what the name means a moment later does not matter.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx

from integrations.kommo.attachments.errors import Refused, Unavailable

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a host name and a port to all its addresses; raises `OSError` when the name leads nowhere."""

KOMMO = ".kommo.com"
HTTPS_PORT = 443
MOST_ADDRESSES = 4
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that a gateway turns into IPv4 ones."""


@dataclass(frozen=True)
class Target:
    """A checked place to fetch from: the URL as written, and the addresses to connect to, all of them checked."""

    url: httpx.URL
    addresses: Sequence[str]
    with_token: bool
    """Kommo's own host, which may be told our token."""


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """What the machine's own resolver says."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Gatekeeper:
    """Checks links for one account; `base_url` is the account's own address, which the operator vouches for."""

    def __init__(self, base_url: str, resolver: Resolver = system_resolver) -> None:
        self._home = httpx.URL(base_url)
        self._resolve = resolver

    async def check(self, link: str) -> Target:
        """The place behind a link. Raises `Refused`, or `Unavailable` when its name cannot be resolved."""
        url = _parsed(link)
        home = _origin(url) == _origin(self._home)
        if not home and (url.scheme != "https" or (url.port or HTTPS_PORT) != HTTPS_PORT):
            raise Refused("not_https")
        addresses = await self._addresses(url)
        if not home and not all(map(is_public, addresses)):
            raise Refused("private_address")
        trusted = home or (url.scheme == "https" and f".{url.host}".endswith(KOMMO))
        return Target(url, addresses[:MOST_ADDRESSES], trusted)

    async def _addresses(self, url: httpx.URL) -> Sequence[str]:
        try:
            found = await self._resolve(url.host, url.port or HTTPS_PORT)
        except (OSError, UnicodeError):
            raise Unavailable("unknown_host") from None
        if not found:
            raise Unavailable("unknown_host")
        return found


def _parsed(link: str) -> httpx.URL:
    try:
        url = httpx.URL(link)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise Refused("bad_link") from None
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise Refused("bad_link")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (HTTPS_PORT if url.scheme == "https" else 80)


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet; one that carries another inside is judged by both."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _carried(ip)
    if inner is not None:
        return is_public(str(inner))
    special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback or ip.is_link_local
    return ip.is_global and not ip.is_private and not special


def _carried(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside a mapped, tunnelled or translated IPv6 one."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return None
    if ip in TRANSLATED:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
