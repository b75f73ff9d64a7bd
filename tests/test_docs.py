"""The documentation tells the truth: its tables, commands, addresses and SQL are compared with the code or run."""

import ast
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
from litestar.testing import AsyncTestClient
from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo
from sqlalchemy import text

from assistant.app import create_app
from assistant.cli import COMMANDS
from integrations.database import Sessions, transaction
from integrations.kommo.chats.models import OPEN_STATES
from integrations.kommo.models import EventState
from integrations.kommo.replies import Unavailable
from integrations.kommo.setup import EVENTS, SCOPES
from integrations.settings import Settings

ROOT = Path(__file__).parent.parent
OPERATE = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
CONNECT = (ROOT / "docs/connect-kommo.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

Row = tuple[str, ...]


def section(page: str, title: str) -> str:
    """The text under a heading, up to the next one of its level or above."""
    level, rest = page.split(f" {title}\n", 1)
    hashes = level.rsplit("\n", 1)[-1]
    return re.split(rf"^#{{1,{len(hashes)}}} ", rest, flags=re.MULTILINE)[0]


def rows(part: str) -> list[Row]:
    """The rows of all tables in a part, without their heads."""
    lines = [line for line in part.splitlines() if line.startswith("|")]
    heads = {index - 1 for index, line in enumerate(lines) if set(line) <= set("|-: ")}
    cells = ((i, line) for i, line in enumerate(lines) if i not in heads and i - 1 not in heads)
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for _, line in cells]


def sql(part: str) -> list[str]:
    """The statements of all SQL blocks in a part."""
    blocks = re.findall(r"^ *```sql\n(.*?)^ *```", part, flags=re.MULTILINE | re.DOTALL)
    return [statement.strip() for block in blocks for statement in block.split(";\n") if statement.strip()]


def environment_name(field: str, info: FieldInfo) -> str:
    """What the setting is called in the environment."""
    alias = info.validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"AUTOPRIME_{field.upper()}"


def shown_default(info: FieldInfo) -> str:
    """A default as the table writes it."""
    value = info.default.value if isinstance(info.default, Enum) else info.default
    return "unset" if value is None else f"`{value}`"


def test_the_settings_tables_are_the_settings() -> None:
    """Every setting once, in the code's order, with its default and its description."""
    expected = [
        (f"`{environment_name(field, info)}`", shown_default(info), info.description)
        for field, info in Settings.model_fields.items()
    ]
    assert rows(section(OPERATE, "Settings")) == expected


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    known = {environment_name(field, info) for field, info in Settings.model_fields.items()}
    named = {name for page in PAGES for name in re.findall(r"\bAUTOPRIME_[A-Z_]*[A-Z]\b", page.read_text())}
    assert named - known == set()


def test_the_commands_table_is_the_command_line() -> None:
    assert rows(section(OPERATE, "Commands")) == [(f"`{name}`", words) for name, words in COMMANDS.items()]


def test_every_command_in_a_page_exists() -> None:
    """`autoprime …` in code, and targets of `make …`."""
    code = [found for page in PAGES for found in re.findall(r"`[^`\n]+`|^ {4,}.+", page.read_text(), re.MULTILINE)]
    commands = {name for line in code for name in re.findall(r"\bautoprime ([a-z][a-z-]+)", line)}
    targets = {name for line in code for name in re.findall(r"\bmake ([a-z]+)", line)}
    assert commands - set(COMMANDS) == set()
    assert targets - set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)) == set()


async def test_the_metrics_are_those_that_are_served(database: str, tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, database_url=database, data_dir=tmp_path, webhook_secret=SecretStr("for-this-test-run-only-1")
    )
    async with AsyncTestClient(create_app(settings)) as client:
        served = (await client.get("/metrics")).text
        ready = await client.get("/health/ready")
    documented = {re.findall(r"\w+", row[0])[0] for row in rows(section(OPERATE, "Health and metrics"))}
    assert documented == set(re.findall(r"^# TYPE (\w+)", served, re.MULTILINE))
    assert ready.status_code == 200


def logged(levels: tuple[str, ...]) -> Iterator[str]:
    """The events that the product logs at these levels; the sandbox is no part of it."""
    for folder in ("assistant", "campaigns", "integrations", "migrations"):
        for path in (ROOT / folder).rglob("*.py"):
            if "sandbox" not in path.parts:
                yield from _logged_in(ast.parse(path.read_text(encoding="utf-8")), levels)


def _logged_in(tree: ast.Module, levels: tuple[str, ...]) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="log"), attr=level), args=[ast.Constant(value=str() as event), *_]
            ) if level in levels:
                yield event


def test_the_log_table_has_every_warning_and_error() -> None:
    """An operator who sees one finds out what it asks of them."""
    table = {event for row in rows(section(OPERATE, "Logs")) for event in re.findall(r"`([\w.]+)`", row[0])}
    assert table == set(logged(("warning", "error", "exception", "critical")))


def test_every_event_named_in_the_text_is_logged() -> None:
    known = set(logged(("debug", "info", "warning", "error", "exception", "critical")))
    prefixes = "|".join(sorted({event.split(".")[0] for event in known}))
    named = set(re.findall(rf"`((?:{prefixes})\.[a-z_]+)`", OPERATE + CONNECT))
    assert named - known == set()


@pytest.mark.parametrize("statement", [*sql(OPERATE), *sql(CONNECT)], ids=lambda s: s.split("\n")[0][:60])
async def test_the_sql_runs(statement: str, sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        await session.execute(text(statement))


PARKED = (
    "INSERT INTO kommo_event (id, event_key, body, state, attempts) "
    "VALUES (42, 'k', 'message[add][0][chat_id]=chat-7', 'parked', 5)",
    "INSERT INTO conversation (id, chat_key, phones, lead_id) VALUES (7, 'chat-7', ARRAY['5511987654321'], 9)",
    "INSERT INTO lead_facts (conversation_id, name) VALUES (7, 'n')",
    "INSERT INTO conversation_summary (conversation_id, up_to_message_id, text, digest) VALUES (7, 1, 't', '{}')",
    "INSERT INTO kommo_lead_field (lead_id, name, value) VALUES (9, 'Placa', 'v')",
    "INSERT INTO message (kommo_id, conversation_id, direction, author_type, sent_at, via) "
    "VALUES ('m', 7, 'in', 'external', now(), 'webhook')",
    "INSERT INTO attachment (message_id, kind) SELECT id, 'voice' FROM message",
    "INSERT INTO turn (conversation_id, lease_token) VALUES (7, 1)",
    "INSERT INTO outbox (id, conversation_id, dedupe_key, kind, text, state, sends, settled_at) "
    "VALUES (42, 7, 'k', 'message', 't', 'parked', 4, now())",
)
"""An event and a reply that were given up, with all that belongs to their conversation."""


async def test_what_is_retried_as_documented_waits_for_a_worker_again(sessions: Sessions) -> None:
    """In the states from which every worker takes rows up, and due."""
    async with transaction(sessions) as session:
        for statement in (*PARKED, *sql(section(OPERATE, "Parked events and outbox rows"))):
            await session.execute(text(statement))
        event = (await session.execute(text("SELECT state, attempts FROM kommo_event"))).one()
        row = (await session.execute(text("SELECT state, sends, next_at <= now(), settled_at FROM outbox"))).one()
    assert event == (EventState.PENDING, 0)
    assert row[0] in OPEN_STATES
    assert row[1:] == (0, True, None)


ERASED = ("lead_facts", "conversation_summary", "kommo_lead_field")


async def test_erasure_as_documented_leaves_nothing_of_the_person(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        for statement in (*PARKED, *sql(section(OPERATE, "Privacy"))):
            await session.execute(text(statement))
        for table in (*ERASED, "conversation", "message", "attachment", "turn", "outbox", "kommo_event"):
            assert (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() == 0


TOLD_US = (
    "INSERT INTO message (id, kommo_id, conversation_id, direction, author_type, sent_at, via) "
    "VALUES (9, 'n', 7, 'in', 'external', now(), 'webhook')",
    "INSERT INTO consent_entry (phone, contact_id, state, source, conversation_id, message_id, at) VALUES "
    "('5511987654321', 3, 'opted_in', 'customer_message', 7, 9, now()), "
    "('5511987654321', 3, 'opted_out', 'customer_message', 7, 9, now())",
    "INSERT INTO privacy_request (kind, phone, contact_id, conversation_id, message_id, answer_by) "
    "VALUES ('erasure', '5511987654321', 3, 7, 9, '2026-12-09')",
    "INSERT INTO payment_claim (conversation_id, message_id) VALUES (7, 9)",
)


async def test_erasure_keeps_only_that_the_number_is_left_in_peace(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        for statement in (*PARKED, *TOLD_US, *sql(section(OPERATE, "Privacy"))):
            await session.execute(text(statement))
        left = "SELECT phone, contact_id, state, conversation_id, message_id FROM consent_entry"
        request = "SELECT phone, contact_id, conversation_id, message_id, state FROM privacy_request"
        assert (await session.execute(text(left))).all() == [("5511987654321", None, "opted_out", None, None)]
        assert (await session.execute(text(request))).all() == [(None, None, None, None, "done")]
        assert (await session.execute(text("SELECT count(*) FROM payment_claim"))).scalar_one() == 0


async def test_row_security_names_every_table_of_ours(sessions: Sessions) -> None:
    """On a database whose tables the public may read, none of ours may be forgotten."""
    listed = set(re.findall(r"ALTER TABLE (\w+) ENABLE", section(OPERATE, "On the shop's database")))
    shops = set(re.findall(r'^    "(\w+)": \(', shop_migration(), re.MULTILINE)) - {"pagamentos"}
    async with transaction(sessions) as session:
        query = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
        assert listed == set((await session.execute(query)).scalars()) - shops


def shop_migration() -> str:
    """The source of the migration with the shop's tables."""
    (path,) = (ROOT / "migrations/versions").glob("*_shop_tables.py")
    return path.read_text(encoding="utf-8")


def test_the_guide_to_kommo_names_what_the_code_uses() -> None:
    """Events, scopes, the names of bot and field, and every reason why a way is passed over."""
    for word in (*EVENTS, *SCOPES):
        assert f"`{word}`" in CONNECT, word
    for field in ("reply_bot", "reply_field"):
        assert f"**{Settings.model_fields[field].default}**" in CONNECT
    reasons = {
        word for row in rows(section(CONNECT, "Which way a reply takes")) for word in re.findall(r"`(\w+)`", row[0])
    }
    assert reasons | {Unavailable.NOT_CONFIGURED} == set(Unavailable)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """To a file that exists, and to a heading in it."""
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text(encoding="utf-8")):
        name, _, heading = target.partition("#")
        path = (page.parent / name) if name else page
        assert path.exists(), target
        if heading:
            assert heading in anchors(path.read_text(encoding="utf-8")), target


def anchors(page: str) -> set[str]:
    """The headings of a page as links name them."""
    titles = re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_a_wrong_row_is_seen() -> None:
    """The reading of tables, on one that has a head, a rule and two rows."""
    table = "## T\n\n| name | default |\n|---|---|\n| `A` | `1` |\n| `B` | unset |\n\n## U\n| x |\n|---|\n| y |\n"
    assert rows(section(table, "T")) == [("`A`", "`1`"), ("`B`", "unset")]
