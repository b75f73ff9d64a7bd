"""Tables of the crowd: how fast, where the time went, and what Kommo was asked."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from tests.benchmarks.crowdcheck import Findings, Seen
from tests.benchmarks.figures import Table, median, percentile
from tests.benchmarks.servers import machine

TO_INBOX = "written → in the inbox"
STAGES = {
    "  of this: webhook stored → in the inbox": "SELECT handled_at - received_at FROM kommo_event WHERE state = 'done'",
    "quiet window over → turn begins": """
        SELECT t.started_at - max(m.created_at) - make_interval(secs => $1) FROM turn t
        JOIN message m ON m.turn_id = t.id GROUP BY t.id, t.started_at""",
    "turn": "SELECT finished_at - started_at FROM turn WHERE state IN ('answered', 'silent')",
    "reply queued → taken for sending": "SELECT sending_at - created_at FROM outbox WHERE kind = 'message'",
    "taken → accepted by Kommo": "SELECT sent_at - sending_at FROM outbox WHERE kind = 'message'",
}
"""Spans of a reply's life, in order, by this service's own clock."""


@dataclass(frozen=True)
class Spent:
    """When the crowd wrote (unix seconds), and each process's processor seconds until the last reply."""

    since: float
    written: float
    quiet_seconds: float
    cpu: Mapping[str, float]


def summary_table(name: str, findings: Findings, spent: Spent, baseline: float, *, limited: bool) -> Table:
    """Who was answered, how fast, and beside what."""
    table = Table(name, ("", "figure"))
    whole = findings.last_reply_at - spent.since
    table.add("answered", f"{findings.answered}")
    for trouble, who in findings.troubles().items():
        table.add(trouble, f"{len(who)}" + (f": {who[:5]}" if who else ""))
    rate = findings.answered / (whole - spent.quiet_seconds)
    table.add("seconds in which they wrote", f"{spent.written - spent.since:.1f}")
    table.add("seconds from the first message to the last reply", f"{whole:.1f}")
    table.add("seconds from message to reply, p50 / p99", _p50_p99(findings.waits))
    table.add("turns a second, all in all", f"{findings.answered / whole:.1f}")
    table.add("turns a second, less the quiet window", f"{rate:.1f}")
    beside = "calls a second that the pace allows" if limited else "sends a second of a bare client"
    table.add(beside, f"{baseline:.1f}")
    table.add("ratio", f"{rate / baseline:.2f}")
    for process, seconds in spent.cpu.items():
        table.add(f"CPU ms a reply, {process}", f"{seconds * 1000 / max(1, findings.answered):.1f}")
    table.note(machine())
    return table


def _p50_p99(values: Sequence[float]) -> str:
    return f"{median(values):.1f} / {percentile(values, 0.99):.1f}" if values else "-"


async def stage_table(database: str, seen: Sequence[Seen], quiet_seconds: float) -> Table:
    """Where the time went between the customer's message and the reply."""
    table = Table("Where the time went", ("seconds", "p50", "p99", "most"))
    connection = await asyncpg.connect(database)
    try:
        _add_spans(table, TO_INBOX, await _seconds_to_inbox(connection, seen))
        for name, query in STAGES.items():
            rows = await connection.fetch(query, *([quiet_seconds] if "$1" in query else []))
            _add_spans(table, name, [row[0].total_seconds() for row in rows if row[0] is not None])
        states = await connection.fetch("SELECT state, count(*) FROM turn GROUP BY state ORDER BY state")
    finally:
        await connection.close()
    table.note(f"after the quiet window of {quiet_seconds:.0f} s; turns: " + ", ".join(f"{s} {n}" for s, n in states))
    return table


async def _seconds_to_inbox(connection: "asyncpg.Connection[asyncpg.Record]", seen: Sequence[Seen]) -> list[float]:
    """From the moment each message was written, which only the sandbox knows to the millisecond."""
    written = {str(m["id"]): datetime.fromisoformat(str(m["sent_at"])) for one in seen for m in one.messages}
    rows = await connection.fetch("SELECT kommo_id, created_at FROM message WHERE direction = 'in'")
    return [(row[1] - written[row[0]]).total_seconds() for row in rows if row[0] in written]


def _add_spans(table: Table, name: str, spans: Sequence[float]) -> None:
    if spans:
        table.add(name, f"{median(spans):.2f}", f"{percentile(spans, 0.99):.2f}", f"{max(spans):.2f}")


def call_table(early: Sequence[Mapping[str, Any]], late: Sequence[Mapping[str, Any]], replies: int) -> Table:
    """Kommo's calls a reply by path, until the last reply and until the last delivery was known."""
    table = Table("Calls to Kommo a reply", ("call", "to the last reply", "a reply", "in all", "a reply"))
    until_reply, in_all = Counter(map(_name, early)), Counter(map(_name, late))
    for name, count in in_all.most_common():
        table.add(name, *_shares(until_reply[name], replies), *_shares(count, replies))
    table.add("all", *_shares(len(early), replies), *_shares(len(late), replies))
    refused = Counter(call["status"] for call in late if call["status"] is None or call["status"] >= 400)
    bad = ", ".join(f"{count} times {status}" for status, count in refused.items()) or "none"
    table.note(f"target: <= 1.3 calls a reply under load; answers of 400 and more: {bad}")
    return table


def _shares(count: int, replies: int) -> tuple[str, str]:
    return str(count), f"{count / max(1, replies):.2f}"


def _name(call: Mapping[str, Any]) -> str:
    return f"{call['method']} {re.sub(r'/[0-9]+', '/{id}', str(call['path']))}"
