"""`autoprime kommo setup` and `check`, as an operator runs them against an account that nobody has prepared."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from integrations.database import Sessions, transaction
from integrations.kommo.mapping.store import load_chosen
from integrations.kommo.sandbox.settings import SandboxSettings
from tests.integrations.kommo.conftest import JOAO, StandIn, running
from tests.stack.running import clean_environment

SECRET = "a-secret-only-this-test-run-knows"


@pytest.fixture
async def account(tmp_path: Path) -> AsyncIterator[StandIn]:
    settings = SandboxSettings(tmp_path / "kommo", rate_limit=0, bot_seconds=0.05, delivery_seconds=0.02, empty=True)
    async with running(settings) as found:
        yield found


@dataclass
class Operator:
    """Types commands; `environment` is what is in the settings file."""

    environment: dict[str, str]

    async def types(self, *arguments: str, answer: str = "") -> "Said":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "assistant",
            "kommo",
            *arguments,
            env={**clean_environment(), **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(answer.encode()), 60)
        return Said(process.returncode or 0, out.decode(), err.decode())

    async def checks(self, *arguments: str) -> "tuple[int, dict[str, dict[str, Any]]]":
        """Exit status, and the findings by code."""
        said = await self.types("check", "--json", *arguments)
        document = json.loads(said.out)
        assert document["ok"] is (said.status == 0)
        return said.status, {one["code"]: one for one in document["findings"]}


@dataclass
class Said:
    status: int
    out: str
    err: str


@pytest.fixture
def operator(account: StandIn, database: str, tmp_path: Path) -> Operator:
    return Operator(
        {
            "DATABASE_URL": database,
            "AUTOPRIME_DATA_DIR": str(tmp_path),
            "AUTOPRIME_KOMMO_URL": account.base_url,
            "AUTOPRIME_KOMMO_TOKEN": account.token,
            "AUTOPRIME_KOMMO_RATE": "0",
            "AUTOPRIME_WEBHOOK_SECRET": SECRET,
            "COLUMNS": "110",
        }
    )


async def fields_and_hooks(account: StandIn) -> tuple[int, int]:
    async with account.client() as kommo:
        return len(await kommo.lead_fields()), len(await kommo.webhooks())


async def test_the_plan_is_shown_and_nothing_is_done_without_a_yes(account: StandIn, operator: Operator) -> None:
    said = await operator.types("setup", answer="n\n")
    assert (said.status, await fields_and_hooks(account)) == (1, (0, 0))
    assert "+ Make the lead field Urgência (select: Alta, Média, Baixa)" in said.out
    assert "+ qualified = Oficina/Orçamento Aprovado" in said.out
    assert "Do this?" in said.out
    assert SECRET not in said.out + said.err


async def test_from_an_empty_account_to_a_proven_reply(
    account: StandIn, operator: Operator, sessions: Sessions
) -> None:
    status, found = await operator.checks()
    assert (status, found["webhook.missing"]["state"], found["test.not_run"]["state"]) == (1, "missing", "unknown")
    said = await operator.types("setup", "--responsible", "beatriz nunes", answer="y\n")
    assert said.status == 0, said.err
    assert await fields_and_hooks(account) == (9, 1)
    await account.person("POST", "/bots", name="Responder pelo campo", field="Resposta do assistente")
    await account.writes(JOAO, "oi")
    status, found = await operator.checks("--test-chat", "+55 11 98765-4321")
    assert status == 0
    states = {found[code]["state"] for code in ("test.delivered", "reply.both", "webhook.alive", "field.present")}
    assert states == {"ok"}
    assert (await operator.types("setup", "--yes")).out.endswith("Nothing to do.\n")
    async with transaction(sessions) as session:
        chosen = await load_chosen(session)
    assert [(user.name, user.is_default) for user in chosen.users] == [("Beatriz Nunes", True)]
    assert len(chosen.fields) == 9


async def test_the_test_message_goes_the_chosen_way(account: StandIn, operator: Operator) -> None:
    await operator.types("setup", "--yes")
    await account.person("POST", "/bots", name="Responder pelo campo", field="Resposta do assistente")
    await account.writes(JOAO, "oi")
    by_bot = Operator({**operator.environment, "AUTOPRIME_REPLY_PATH": "salesbot"})
    status, found = await by_bot.checks("--test-chat", JOAO)
    assert (status, found["test.delivered"]["text"]) == (0, "Delivered, by salesbot.")


async def test_what_was_deleted_or_renamed_since_is_told_and_a_stage_is_chosen_anew(
    account: StandIn, operator: Operator
) -> None:
    await operator.types("setup", "--yes")
    async with account.client() as kommo:
        fields = {field.name: field.id for field in await kommo.lead_fields()}
        (pipeline,) = await kommo.pipelines()
    stages = {stage.name: stage.id for stage in pipeline.stages}
    await account.person("DELETE", f"/fields/{fields['Placa']}")
    await account.person("PATCH", f"/stages/{stages['Orçamento Aprovado']}", name="Aprovado pelo cliente")
    _, found = await operator.checks()
    assert found["field.deleted"]["name"] == "Field Placa"
    assert "renamed to 'Aprovado pelo cliente'" in found["mapping.stage_renamed"]["text"]
    said = await operator.types("setup", "--yes", "--stage", "qualified=em qualificação", "--stage", "ready_to_start=")
    assert (said.status, "+ Make the deleted lead field Placa again (text)" in said.out) == (0, True)
    _, found = await operator.checks()
    assert not {"field.deleted", "mapping.stage_renamed"} & set(found)
    assert "Pronto para Iniciar" in found["mapping.statuses_unset"]["text"]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--stage", "qualified=Lavagem"), "Oficina/Diagnóstico"),
        (("--stage", "lavagem=Diagnóstico"), "ready_for_pickup"),
        (("--stage", "qualified"), "MEANING=STAGE"),
        (("--stage", "qualified=Incoming leads"), "nenhum lead pode ser levado"),
        (("--responsible", "Ana"), "Beatriz Nunes"),
    ],
)
async def test_a_choice_that_cannot_be_made_is_one_line(
    account: StandIn, operator: Operator, arguments: tuple[str, ...], hint: str
) -> None:
    said = await operator.types("setup", "--yes", *arguments)
    assert (said.status, len(said.err.strip().splitlines())) == (1, 1)
    assert hint in said.err


async def test_the_table_says_what_to_do_in_the_lines_below(account: StandIn, operator: Operator) -> None:
    said = await operator.types("check")
    assert said.status == 1
    assert "MISSING  Webhook" in said.out
    assert "→ Run autoprime kommo setup." in said.out
    assert said.out.rstrip().endswith("Something lacks that stops work.")
    assert max(map(len, said.out.splitlines())) <= 110
    assert SECRET not in said.out + said.err
    assert account.token not in said.out + said.err


async def test_a_revoked_token_is_told_and_set_up_refuses_in_one_line(account: StandIn, operator: Operator) -> None:
    await account.breaks("token_revoked")
    status, found = await operator.checks()
    assert (status, found["account.token_refused"]["state"], "test.not_run" in found) == (1, "missing", False)
    said = await operator.types("setup", "--yes")
    assert (said.status, "autoprime kommo check" in said.err) == (1, True)


async def test_a_database_without_its_tables_is_one_line(
    account: StandIn, operator: Operator, empty_database: str
) -> None:
    elsewhere = Operator({**operator.environment, "DATABASE_URL": empty_database})
    said = await elsewhere.types("check")
    assert (said.status, said.err.strip()) == (1, "The database lacks a migration: run `autoprime migrate`.")
