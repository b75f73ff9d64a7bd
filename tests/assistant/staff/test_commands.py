"""`autoprime user` as an operator types it, each call a process-like run of the command line."""

import asyncio
import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from assistant.cli import autoprime
from assistant.problem import Problem
from integrations.database import Sessions, transaction
from tests.assistant.staff.conftest import OpenBrowser
from tests.assistant.staff.visitor import Visitor

Runs = Callable[..., Result]
ANA = ("--email", "Ana@oficina.example")


@pytest.fixture
def runs(database: str, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """`autoprime user …` on the test's database."""
    monkeypatch.setenv("DATABASE_URL", database)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(autoprime, ["user", *arguments])

    return run


async def in_thread(run: Runs, *arguments: str) -> str:
    """The command line has an event loop of its own."""
    done = await asyncio.to_thread(run, *arguments)
    if isinstance(done.exception, Problem):
        return f"PROBLEM {done.exception}"
    assert done.exit_code == 0, done.output
    return done.output


def password_in(said: str) -> str:
    found = re.search(r"shown only now: (\S+)", said)
    assert found is not None, said
    return found[1]


async def test_the_first_manager_and_what_follows(runs: Runs, browser: OpenBrowser, sessions: Sessions) -> None:
    said = await in_thread(runs, "create", *ANA, "--name", "Ana Reis", "--role", "gerente")
    visitor = await browser().sign_in("ana@oficina.example", password_in(said))
    assert (await visitor.follow()).leads_to == "/trocar-senha"
    assert re.search(r"ana@oficina.example\tAna Reis\tgerente\ttemporary password", await in_thread(runs, "list"))
    assert "last active manager" in await in_thread(runs, "disable", *ANA)
    assert "already" in await in_thread(runs, "create", *ANA, "--name", "Ana", "--role", "gerente")
    new = password_in(await in_thread(runs, "reset-password", *ANA, "--no-second-step"))
    assert (await visitor.get("/trocar-senha")).leads_to == "/entrar?para=/trocar-senha"
    assert (await visitor.sign_in("ana@oficina.example", new)).leads_to == "/inicio"
    await in_thread(runs, "create", "--email", "b@oficina.example", "--name", "Bia", "--role", "gerente")
    await in_thread(runs, "disable", *ANA)
    assert (await visitor.get("/trocar-senha")).leads_to == "/entrar?para=/trocar-senha"
    async with transaction(sessions) as session:
        rows = await session.execute(text("SELECT action FROM audit_log WHERE reference IS NULL ORDER BY id"))
        actions = rows.scalars().all()
    assert actions == [
        "user_created",
        "user_password_reset",
        "user_second_step_off",
        "user_created",
        "user_disabled",
    ]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("create", "--email", "no-address", "--name", "A", "--role", "gerente"), "no e-mail address"),
        (("disable", "--email", "nobody@x.example"), "Nobody has this address"),
        (("reset-password", "--email", "nobody@x.example"), "Nobody has this address"),
    ],
)
async def test_what_cannot_be_done_is_one_line(runs: Runs, arguments: tuple[str, ...], problem: str) -> None:
    assert problem in await in_thread(runs, *arguments)


async def test_a_password_is_never_in_the_database(runs: Runs, sessions: Sessions) -> None:
    password = password_in(await in_thread(runs, "create", *ANA, "--name", "Ana", "--role", "atendente"))
    async with transaction(sessions) as session:
        stored = (await session.execute(text("SELECT staff_user::text FROM staff_user"))).scalar_one()
    assert password not in stored
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in stored


async def test_the_demo_manager_keeps_a_password_that_was_changed(
    runs: Runs, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`seed-demo` runs at every start of the demo."""
    for password in ("the-first-one", "the-second-one"):
        monkeypatch.setenv("DEMO_MANAGER_PASSWORD", password)
        await asyncio.to_thread(CliRunner().invoke, autoprime, ["seed-demo", "--manager", "g@demo.example"])
    assert (await visitor.sign_in("g@demo.example", "the-second-one")).status == 401
    assert (await visitor.sign_in("g@demo.example", "the-first-one")).leads_to == "/inicio"
