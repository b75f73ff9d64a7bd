"""How a call reaches Kommo: keep-alive connections, the shared limiter, and repeats only where they are safe.

A call is repeated when nothing can have happened (no connection, 429, 401 with a renewed token) or when repeating
changes nothing (reads, writes that set a value). A write whose outcome is unknown is never repeated here: the caller
gets `Unclear` or `ServerError` and looks it up. No body is ever logged. No database but the limiter's.
"""

import asyncio
import copy
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from time import monotonic
from types import TracebackType
from typing import Self

import httpx
import structlog

from integrations.kommo.answers import Model, Page, read_body, read_page, refuse
from integrations.kommo.errors import Blocked, KommoError, NotSent, RateLimited, Unauthorized, Unclear
from integrations.kommo.pacing import Busy, Limiter, Priority
from integrations.kommo.tokens import TokenProvider

log = structlog.get_logger(__name__)

API = "/api/v4"
TRIES = 3
FIRST_PAUSE = 0.3
"""Seconds before the first repeat; doubles each time, with jitter."""

IDLE_SECONDS = 4.0
"""Connections are kept for so long: less than common servers keep them, so that no write meets a closing one."""

BLOCKED_SECONDS = 60.0
"""How long nobody calls after Kommo blocked the address: going on would lengthen the block."""

CONNECT_SECONDS = 5.0
MAX_CONNECTIONS = 20

Params = Sequence[tuple[str, str | int]]


@dataclass(frozen=True)
class Call:
    """One call as the endpoints describe it. `template` is the path below `/api/v4` with `{names}` for the `ids`."""

    method: str
    template: str
    ids: Mapping[str, int]
    params: Params
    json: object
    scope: str | None
    repeatable: bool

    @property
    def endpoint(self) -> str:
        """Method and path template: what logs and errors say."""
        return f"{self.method} {self.template}"

    @property
    def path(self) -> str:
        return API + self.template.format(**self.ids)


class Caller:
    """Makes calls to one account; the endpoints build on it. `at()` gives the same caller with another priority."""

    def __init__(
        self,
        base_url: str,
        tokens: TokenProvider,
        limiter: Limiter,
        timeout: float = 15.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.priority = Priority.READ
        self._tokens = tokens
        self._limiter = limiter
        self._timeout = timeout
        self._strikes = _Strikes()
        self._read: dict[object, object] | None = None
        self._http = httpx.AsyncClient(
            base_url=self.base_url,
            timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
            limits=httpx.Limits(
                max_connections=MAX_CONNECTIONS,
                max_keepalive_connections=MAX_CONNECTIONS,
                keepalive_expiry=IDLE_SECONDS,
            ),
            headers={"Accept": "application/hal+json, application/problem+json", "User-Agent": "doctor-auto-prime"},
            transport=transport,
        )

    def at(self, priority: Priority) -> Self:
        """This caller, its calls made with `priority`; connections and limiter are shared."""
        twin = copy.copy(self)
        twin.priority = priority
        return twin

    def remembering(self) -> Self:
        """This caller for one look at an account: what it has read it does not ask for again. Not for writing."""
        twin = copy.copy(self)
        twin._read = {}
        return twin

    async def token(self) -> str:
        """The access token in use, to read its claims; never log it."""
        return await self._tokens.token()

    async def close(self) -> None:
        """Close the connections; this caller and its twins cannot be used afterwards."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def get(self, template: str, params: Params = (), *, scope: str | None = None, **ids: int) -> object:
        """Read; the JSON document, or None when Kommo says 204 (an empty list or an unknown id)."""
        call = Call("GET", template, ids, params, None, scope, repeatable=True)
        if self._read is None:
            return await self._repeat(call)
        asked = (call.path, tuple(params))
        if asked not in self._read:
            self._read[asked] = await self._repeat(call)
        return self._read[asked]

    async def send(
        self,
        method: str,
        template: str,
        json: object,
        *,
        scope: str | None = None,
        repeatable: bool = False,
        **ids: int,
    ) -> object:
        """Write. `repeatable` says that doing it twice changes nothing; then unclear outcomes are tried again."""
        return await self._repeat(Call(method, template, ids, (), json, scope, repeatable))

    async def page(
        self,
        template: str,
        name: str,
        model: type[Model],
        params: Params = (),
        *,
        number: int = 1,
        scope: str | None = None,
        **ids: int,
    ) -> Page[Model]:
        """One page of a list, under `_embedded.{name}`; rows that cannot be read are logged by id and field."""
        document = await self.get(template, [*params, ("page", number)], scope=scope, **ids)
        found = read_page(f"GET {template}", document, name, model)
        for bad in found.unreadable:
            log.warning("kommo.row_unreadable", endpoint=bad.endpoint, row=bad.row, fields=bad.fields)
        return found

    async def rows(
        self,
        template: str,
        name: str,
        model: type[Model],
        params: Params = (),
        *,
        scope: str | None = None,
        **ids: int,
    ) -> AsyncIterator[Model]:
        """All rows of a list, streamed page by page."""
        for number in count(1):
            found = await self.page(template, name, model, params, number=number, scope=scope, **ids)
            for row in found.items:
                yield row
            if not found.has_next:
                return

    async def _repeat(self, call: Call) -> object:
        """Make the call, again where that is safe, at most `TRIES` times. Raises `KommoError`."""
        for tries_left in reversed(range(TRIES)):
            try:
                return await self._authorised(call)
            except RateLimited as limited:
                if limited.status:
                    limited.retry_after = self._strikes.pause(limited.retry_after)
                    await self._limiter.block(limited.retry_after)
                if not limited.status or not tries_left:
                    raise
            except Blocked:
                await self._limiter.block(BLOCKED_SECONDS)
                raise
            except KommoError as error:
                safe = isinstance(error, NotSent) or (call.repeatable and error.retryable)
                if not tries_left or not safe:
                    raise
                await asyncio.sleep(FIRST_PAUSE * 2 ** (TRIES - 1 - tries_left) * random.uniform(0.5, 1.5))
        raise AssertionError("the last try returns or raises")

    async def _authorised(self, call: Call) -> object:
        """The call with the current token, once more with a renewed one after a 401: a 401 did nothing."""
        token = await self._tokens.token()
        try:
            return await self._once(call, token)
        except Unauthorized:
            renewed = await self._tokens.renew(token)
            if renewed is None:
                raise
        return await self._once(call, renewed)

    async def _once(self, call: Call, token: str) -> object:
        try:
            await self._limiter.acquire(self.priority)
        except Busy as busy:
            raise RateLimited(call.endpoint, title="held back here", retry_after=busy.retry_after) from None
        began, status = monotonic(), 0
        try:
            response = await self._exchange(call, token)
            status = response.status_code
        finally:
            spent = round((monotonic() - began) * 1000, 1)
            log.info("kommo.call", method=call.method, path=call.template, status=status, ms=spent)
        if not response.is_success:
            refuse(call.endpoint, response, call.scope)
        self._strikes.forget()
        return read_body(call.endpoint, response)

    async def _exchange(self, call: Call, token: str) -> httpx.Response:
        """One HTTP exchange; a failure says whether the request can have reached Kommo."""
        try:
            async with asyncio.timeout(self._timeout + CONNECT_SECONDS):
                return await self._http.request(
                    call.method,
                    call.path,
                    params=list(call.params) or None,
                    json=call.json,
                    headers={"Authorization": f"Bearer {token}"},
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSent(call.endpoint, type(error).__name__) from error
        except (httpx.TransportError, httpx.DecodingError, TimeoutError) as error:
            raise Unclear(call.endpoint, type(error).__name__) from error


class _Strikes:
    """How long to keep still after a 429: 1 s, doubling with each 429 in a row, never more than Kommo asks for.

    The limit counts the calls of one second, but the documented answer asks for 300 s each time; customers would wait
    minutes for one call too many. Who keeps offending is blocked, hence the doubling.
    """

    def __init__(self) -> None:
        self._in_a_row = 0

    def pause(self, asked: float) -> float:
        self._in_a_row += 1
        return min(asked, 2.0 ** (self._in_a_row - 1))

    def forget(self) -> None:
        self._in_a_row = 0
