"""`python -m tests.benchmarks [NAME …]`: run the benchmarks and print their tables. Nothing else is written.

Everything happens on loopback, in databases and folders of its own that are gone afterwards.
"""

import argparse
import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import structlog

from tests.benchmarks import crowd, defences, imports, intents, matching, memory, pace, pages, reply, storm, webhook
from tests.benchmarks.options import Options
from tests.benchmarks.servers import postgres_server

Benchmark = Callable[[str, Options], Awaitable[None]]

BENCHMARKS: Mapping[str, Benchmark] = {
    "intents": intents.run,
    "defences": defences.run,
    "reply": reply.run,
    "matching": matching.run,
    "memory": memory.run,
    "webhook": webhook.run,
    "pace": pace.run,
    "pages": pages.run,
    "crowd": crowd.run,
    "storm": storm.run,
    "imports": imports.run,
}

LIMITS = {"without": (False,), "with": (True,), "both": (False, True)}


def main() -> None:
    given = _arguments()
    logging.disable(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    options = Options(
        rounds=given.rounds,
        seconds=given.seconds,
        turns=given.turns,
        customers=given.customers,
        storm=given.storm,
        workers=given.workers,
        limits=LIMITS[given.limit],
    )
    asyncio.run(_run(given.names or list(BENCHMARKS), options))


async def _run(names: list[str], options: Options) -> None:
    async with postgres_server() as server:
        for name in names:
            await BENCHMARKS[name](server, options)


def _arguments() -> argparse.Namespace:
    usual = Options()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}; all when none is given")
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="rounds of each comparison")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="length of one measurement under load")
    parser.add_argument("--turns", type=int, default=usual.turns, help="turns before the memory is read")
    parser.add_argument("--customers", type=int, default=usual.customers, help="customers of the crowd")
    parser.add_argument("--storm", type=int, default=usual.storm, help="customers of the storm")
    parser.add_argument("--workers", type=int, default=usual.workers, help="worker processes of the crowd")
    parser.add_argument("--limit", choices=LIMITS, default="both", help="the crowd with or without Kommo's limit")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    return given


if __name__ == "__main__":
    main()
