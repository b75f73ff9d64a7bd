"""One of many processes that call as fast as the shared limiter lets them: prints the moments at which it might."""

import asyncio
import sys
import time

from integrations.database import create_engine, create_sessions
from integrations.kommo.limiter import SharedLimiter
from integrations.kommo.pacing import Priority

AT_ONCE = 2


async def main(database: str, rate: float, calls: int) -> None:
    engine = create_engine(database, pool_size=AT_ONCE)
    limiter = SharedLimiter(create_sessions(engine), "https://shop.kommo.com", rate)
    left = iter(range(calls))

    async def work() -> None:
        for _ in left:
            await limiter.acquire(Priority.READ)
            sys.stdout.write(f"{time.time()}\n")

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    await engine.dispose()


asyncio.run(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
