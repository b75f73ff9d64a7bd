"""Webhooks on their way: who subscribed to what, the form body, retries and switching off by Kommo's rules.

Kommo waits two seconds. After 5, then 15 minutes it tries again; for 499 and 5xx also after 15 minutes and an hour.
More than 100 bad answers in two hours, the last one bad, switch the webhook off.
"""

import asyncio
import random
from collections import defaultdict, deque
from urllib.parse import urlsplit

import httpx

from .background import Background
from .faults import FaultKind, Faults
from .model import Parcel, Webhook
from .signals import Signals
from .wire import Doc, form_body
from .world import World

ANSWER_SECONDS = 2.0
FORM = "application/x-www-form-urlencoded"
RETRY_MINUTES = (5, 15)
RETRY_MINUTES_SERVER_ERROR = (5, 15, 15, 60)
BAD_LIMIT = 100
BAD_WINDOW_SECONDS = 7_200
REORDER_SECONDS = 2.0
AT_ONCE = 16
"""Bodies under way at the same time: so neighbours may overtake each other, as Kommo's do."""


class Courier:
    """Sends parcels; what is not yet taken is on disk and goes out after a restart."""

    def __init__(self, world: World, faults: Faults, background: Background, signals: Signals) -> None:
        self._world = world
        self._faults = faults
        self._background = background
        self._signals = signals
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._bad: dict[int, deque[float]] = defaultdict(deque)
        self._client: httpx.AsyncClient | None = None

    async def start(self) -> None:
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, limits=limits, trust_env=False)
        for parcel in list(self._world.parcels.rows.values()):
            self._background.spawn(self._carry(parcel))

    async def stop(self) -> None:
        if self._client:
            await self._client.aclose()

    def announce(self, name: str, root: str, action: str, items: list[Doc], phone: str | None = None) -> None:
        """Tell every webhook subscribed to `name` about `items`, as `root[action][n][…]`; an empty root is left out."""
        if not items:
            return
        hooks = [hook for hook in self._world.webhooks.rows.values() if name in hook.settings and not hook.disabled]
        if not hooks:
            return
        inner: Doc = {action: items}
        body = form_body(self._account_block() | ({root: inner} if root else inner))
        for hook in hooks:
            self._post(hook, body, phone)

    def _account_block(self) -> Doc:
        account = self._world.account
        # The old name of the company, as a real account was seen to send it: nothing can be derived from it.
        links: Doc = {"self": f"https://{self._world.subdomain}.amocrm.com"}
        return {"account": {"subdomain": self._world.subdomain, "id": account.id, "_links": links}}

    def _post(self, hook: Webhook, body: str, phone: str | None) -> None:
        path, now = urlsplit(hook.destination).path, self._world.clock()
        if self._faults.hit(FaultKind.DROP_WEBHOOK, path, now):
            return
        copies = 2 if self._faults.hit(FaultKind.DUPLICATE_WEBHOOK, path, now) else 1
        for _ in range(copies):
            late = random.uniform(0, REORDER_SECONDS) if self._faults.hit(FaultKind.REORDER_WEBHOOKS, path, now) else 0
            parcel = Parcel(self._world.parcels.next_id(), hook.id, body, now + late, phone=phone)
            self._world.parcels.put(parcel)
            self._background.spawn(self._carry(parcel))

    async def _carry(self, parcel: Parcel) -> None:
        """Bring one parcel until it is taken, given up, or its webhook is gone or switched off."""
        while parcel.id in self._world.parcels.rows:
            await asyncio.sleep(max(0.0, parcel.due_at - self._world.clock()))
            hook = self._world.webhooks.get(parcel.webhook_id)
            if hook is None or hook.disabled:
                self._world.parcels.drop(parcel.id)
            else:
                async with self._slots:
                    status = await self.post(hook.destination, parcel.body, FORM)
                self._settle(hook, parcel, status)
            self._world.flush()

    async def post(self, url: str, body: str, media_type: str) -> int:
        """POST to somebody outside; the status, or 0 when nothing came back in time."""
        if self._client is None:
            return 0
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._client.post(url, content=body, headers={"content-type": media_type})
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL):
            return 0
        return answer.status_code

    def _settle(self, hook: Webhook, parcel: Parcel, status: int) -> None:
        if 100 <= status < 300:
            self._world.parcels.drop(parcel.id)
            if parcel.phone:
                self._signals.thinking(parcel.phone, self._world.clock())
            return
        self._count_bad(hook)
        waits = RETRY_MINUTES_SERVER_ERROR if status == 499 or status >= 500 else RETRY_MINUTES
        if hook.disabled or parcel.attempts >= len(waits):
            self._world.parcels.drop(parcel.id)
            return
        wait = waits[parcel.attempts] * 60 * self._world.settings.time_scale
        parcel.attempts += 1
        parcel.due_at = self._world.clock() + wait
        self._world.parcels.put(parcel)

    def _count_bad(self, hook: Webhook) -> None:
        now, bad = self._world.clock(), self._bad[hook.id]
        bad.append(now)
        while bad and bad[0] < now - BAD_WINDOW_SECONDS * self._world.settings.time_scale:
            bad.popleft()
        if len(bad) > BAD_LIMIT:
            hook.disabled = True
            self._world.webhooks.put(hook)
            bad.clear()
