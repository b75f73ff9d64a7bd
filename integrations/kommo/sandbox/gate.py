"""What every call of the API passes before its handler: the call log, switched-on faults, the token, the limit.

Only /api/ and /oauth2/ pass it; the sandbox's own /sandbox/ and the page do not.
"""

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from .bending import Bending
from .calls import Call
from .context import Sandbox
from .errors import Problem
from .faults import FaultKind
from .tokens import check

RETRY_AFTER_SECONDS = 300
"""What Kommo's documentation shows in the body of a 429; its limit itself is over after a second."""

GUARDED = ("/api/", "/oauth2/")
WHERE_NOW = "/oauth2/account/current/subdomain"
NO_TOKEN = ("/oauth2/access_token", WHERE_NOW)
TOO_MANY = "Your integration has exceeded the limit of requests per second"


class Limiter:
    """At most `limit` calls in any window of one second for a key; 0 means no limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def allows(self, key: str, now: float) -> bool:
        seen = self._seen[key]
        while seen and seen[0] <= now - 1.0:
            seen.popleft()
        if self._limit and len(seen) >= self._limit:
            return False
        seen.append(now)
        return True


class Gate:
    """Litestar middleware factory over one sandbox."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._limiter = Limiter(box.world.settings.rate_limit)

    def __call__(self, app: ASGIApp) -> ASGIApp:
        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            self._learn_address(scope)
            if scope["type"] == ScopeType.HTTP and scope["path"].startswith(GUARDED):
                await self._pass(app, scope, receive, send)
            else:
                await app(scope, receive, send)

        return guarded

    def _learn_address(self, scope: Scope) -> None:
        """Links and webhooks need an address; without a configured one it is that of the first call.

        A call to the configured one has its scheme: TLS may end at a proxy that tells nobody.
        """
        world, host = self._box.world, Headers.from_scope(scope).get("host")
        if world.settings.base_url and host == urlsplit(world.base_url).netloc:
            scope["scheme"] = urlsplit(world.base_url).scheme
        elif world.seen_base_url is None and host:
            world.seen_base_url = f"{scope['scheme']}://{host}"

    async def _pass(self, app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> None:
        world = self._box.world
        began, path = world.clock(), scope["path"]
        call = self._box.calls.begin(began, scope["method"], path, scope["query_string"].decode("latin-1"))
        noted = _note_status(call, send, lambda: world.clock() - began)
        try:
            if not await self._break(app, scope, receive, call):
                self._admit(scope, began)
                bent = self._box.faults.hit(FaultKind.BENT_ANSWER, path, began)
                await app(scope, receive, Bending(noted, random.Random()) if bent else noted)
        except Problem as problem:
            call.status, call.ms = problem.status, (world.clock() - began) * 1000
            raise

    async def _break(self, app: ASGIApp, scope: Scope, receive: Receive, call: Call) -> bool:
        """Strike with the faults in force; True when the call is over without an answer."""
        faults, path, now = self._box.faults, scope["path"], self._box.world.clock()
        if slow := faults.hit(FaultKind.SLOW, path, now):
            await asyncio.sleep(slow.hold)
        if faults.hit(FaultKind.HTTP_500, path, now):
            raise Problem(500, "Internal server error", extra={"trace_id": self._box.world.new_uuid()})
        if faults.hit(FaultKind.HTTP_429, path, now):
            raise too_many()
        if held := faults.hit(FaultKind.TIMEOUT, path, now):
            await _until_gone(receive, held.hold)
        elif faults.hit(FaultKind.LOST_RESPONSE, path, now):
            self._admit(scope, now)
            await app(scope, receive, _swallow)
        else:
            return False
        call.status, call.ms = 0, (self._box.world.clock() - now) * 1000
        await hang_up(scope, receive)
        return True

    def _admit(self, scope: Scope, now: float) -> None:
        """Check the token and the limit; 401 or 429. The token is left in the scope for the handlers."""
        if scope["path"] != WHERE_NOW and self._box.world.is_former_host(Headers.from_scope(scope).get("host", "")):
            # A renamed account answers at its old name no more (the API's 401 is assumed).
            raise Problem(404 if scope["path"] in NO_TOKEN else 401, "Account not found")
        if scope["path"] in NO_TOKEN:
            return
        header = Headers.from_scope(scope).get("authorization", "")
        token = check(self._box.world, header, revoked_before(self._box))
        scope["state"]["token"] = token
        if not token.used:
            self._first_use(token.jti)
        if not self._limiter.allows(self._box.world.settings.client_id, now):
            raise too_many()

    def _first_use(self, jti: str) -> None:
        """The first use of a new pair is what kills the refresh token before it."""
        world = self._box.world
        token = world.tokens.rows[jti]
        token.used = True
        world.tokens.put(token)
        grant = world.grants.get(token.grant_id) if token.grant_id else None
        if grant and grant.pair == token.pair and grant.previous_refresh:
            grant.previous_refresh = None
            world.grants.put(grant)


def revoked_before(box: Sandbox) -> float:
    """Tokens issued up to this moment are revoked by a fault in force; 0 when there is none."""
    fault = box.faults.hit(FaultKind.TOKEN_REVOKED, "", box.world.clock())
    return fault.since if fault else 0.0


def too_many() -> Problem:
    return Problem(429, TOO_MANY, extra={"retry_after": RETRY_AFTER_SECONDS})


def _note_status(call: Call, send: Send, elapsed: Callable[[], float]) -> Send:
    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            call.status, call.ms = message["status"], elapsed() * 1000
        await send(message)

    return noted


async def _swallow(_message: Message) -> None:
    """Where the answer of a lost response goes."""


async def _until_gone(receive: Receive, seconds: float) -> None:
    """Wait until the caller gives up or the time is over."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(gone(), seconds)
    except TimeoutError:
        return


@runtime_checkable
class _Transport(Protocol):
    def close(self) -> None: ...


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection without a byte of an answer, as a broken network does.

    ASGI has no word for it, so the server's own connection is closed; without one the server answers 500.
    """
    sender: Callable[[Message], Awaitable[None]] | None = scope["state"].get("raw_send")
    transport = getattr(getattr(sender, "__self__", None), "transport", None)
    if isinstance(transport, _Transport):
        transport.close()
        await _until_gone(receive, 1.0)
