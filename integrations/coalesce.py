"""Many callers, one call: keys asked for while a look-up is under way go together into the next one.

Kommo's seven requests a second are the scarcest thing there is; one request can serve 250 contacts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

BUSY_SECONDS = 3.0
"""Look-ups that follow each other so closely mean a rush: then waiting a moment lets more keys share one."""


class Coalescer(Generic[K, V]):
    """Looks keys up in batches of at most `size`; a key the batch does not answer is None.

    In a rush each batch waits `gather` seconds for company; a single caller never waits.
    """

    def __init__(
        self, fetch: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]], size: int, gather: float = 0.0
    ) -> None:
        self._fetch = fetch
        self._size = size
        self._gather = gather
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._worker: asyncio.Task[None] | None = None
        self._ended = float("-inf")

    async def get(self, key: K) -> V | None:
        """The value of `key`; raises what the batch's look-up raised. The look-up starts after this call."""
        future = self._waiting.get(key)
        if future is None:
            future = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await asyncio.shield(future)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            # Even outside a rush one turn of the loop lets callers that are ready at the same moment join.
            await asyncio.sleep(self._gather if loop.time() - self._ended < BUSY_SECONDS else 0)
            keys = list(self._waiting)[: self._size]
            batch = {key: self._waiting.pop(key) for key in keys}
            await self._answer(batch)
            self._ended = loop.time()

    async def _answer(self, batch: Mapping[K, "asyncio.Future[V | None]"]) -> None:
        try:
            found = await self._fetch(list(batch))
        except Exception as error:
            for future in batch.values():
                future.set_exception(error)
                # Mark it as seen, for a caller that was cancelled meanwhile.
                future.exception()
        else:
            for key, future in batch.items():
                future.set_result(found.get(key))
