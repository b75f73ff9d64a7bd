"""Fetch the bytes behind a link: checked at every redirect, never more than allowed, never for longer than allowed.

Kommo's own hosts are asked with the token first and without it when they refuse; nobody else ever sees it. (Whether
attachment links need the token is not documented.) No link and no body is logged.
"""

import asyncio
from collections.abc import Awaitable, Callable

import httpx

from integrations.kommo.attachments.addresses import Gatekeeper, Target
from integrations.kommo.attachments.errors import Gone, Refused, Unavailable

REDIRECTS = 3
SECONDS = 20.0
"""For one attachment, redirects included."""
STEP_SECONDS = 10.0
MEGABYTE = 1024 * 1024
MISSING = frozenset({404, 410})
DENIED = frozenset({401, 403})

Token = Callable[[], Awaitable[str]]


class Downloader:
    """Fetches attachments of one account; share one a process."""

    def __init__(self, gatekeeper: Gatekeeper, token: Token, most: int, seconds: float = SECONDS) -> None:
        self._gatekeeper = gatekeeper
        self._token = token
        self._most = most
        self._seconds = seconds
        # No proxy of the environment: it would resolve the name anew, behind the check.
        self._http = httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=min(seconds, STEP_SECONDS))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def fetch(self, link: str) -> bytes:
        """The bytes; raises a `NoAttachment`."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(link)
        except TimeoutError:
            raise Unavailable("too_slow") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise Unavailable(type(error).__name__) from None

    async def _follow(self, link: str) -> bytes:
        for _ in range(REDIRECTS + 1):
            target = await self._gatekeeper.check(link)
            found = await self._ask(target)
            if isinstance(found, bytes):
                return found
            link = str(target.url.join(found))
        raise Refused("too_many_redirects")

    async def _ask(self, target: Target) -> bytes | str:
        """The content, or where a redirect leads."""
        if target.with_token:
            try:
                return await self._get(target, {"Authorization": f"Bearer {await self._token()}"})
            except _Denied:
                pass
        try:
            return await self._get(target, {})
        except _Denied as denied:
            raise Gone(denied.reason) from None

    async def _get(self, target: Target, headers: dict[str, str]) -> bytes | str:
        """One answer, from the first of the checked addresses that can be reached."""
        for address in target.addresses[:-1]:
            try:
                return await self._once(target, address, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._once(target, target.addresses[-1], headers)

    async def _once(self, target: Target, address: str, headers: dict[str, str]) -> bytes | str:
        """One request, to a checked address and under the name that was checked."""
        url = target.url.copy_with(host=address.partition("%")[0])
        headers = {**headers, "Host": target.url.netloc.decode("ascii"), "Accept-Encoding": "identity"}
        extensions = {"sni_hostname": target.url.raw_host.decode("ascii")}
        async with self._http.stream("GET", url, headers=headers, extensions=extensions) as response:
            if response.has_redirect_location:
                return str(response.headers["location"])
            _judge(response.status_code)
            return await self._read(response)

    async def _read(self, response: httpx.Response) -> bytes:
        """The body as it is sent: an encoded one could grow without bounds when decoded."""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise Refused("encoded")
        stated = response.headers.get("content-length", "")
        if stated.isdigit() and int(stated) > self._most:
            raise Refused("too_big")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._most:
                raise Refused("too_big")
        if not body:
            raise Unavailable("empty")
        return bytes(body)


class _Denied(Gone):
    """The host wants other credentials, or none."""


def _judge(status: int) -> None:
    if status in DENIED:
        raise _Denied(f"status_{status}")
    if status in MISSING:
        raise Gone(f"status_{status}")
    if not 200 <= status < 300:
        raise Unavailable(f"status_{status}")
