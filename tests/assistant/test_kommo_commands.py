"""`autoprime kommo setup` and `check`, as an operator runs them against an account that nobody has prepared.

A process takes seconds to start, so what needs none is asked of the functions behind the commands.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.commands.kommo_account import Connected, connected
from assistant.commands.kommo_setup import Choices, set_up
from assistant.problem import Problem
from integrations.database import Sessions, transaction
from integrations.kommo.check.running import check_account
from integrations.kommo.findings import Code, Language
from integrations.kommo.mapping.store import load_chosen
from integrations.kommo.models import KommoEvent
from integrations.kommo.sandbox.settings import SandboxSettings
from integrations.settings import Settings
from tests.integrations.kommo.conftest import JOAO, StandIn, running, token_of_a_plain_user
from tests.stack.running import clean_environment

SHAPE = frozenset({"code", "name", "state", "text", "todo"})
SECRET = "a-secret-only-this-test-run-knows"


@pytest.fixture
async def account(tmp_path: Path) -> AsyncIterator[StandIn]:
    """An account that nobody has prepared."""
    settings = SandboxSettings(tmp_path / "kommo", rate_limit=0, bot_seconds=0.05, delivery_seconds=0.02, empty=True)
    async with running(settings) as found:
        yield found


@dataclass
class Said:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str


@dataclass
class Operator:
    """Types commands; `environment` is what is in the settings file."""

    environment: dict[str, str]

    async def types(self, *arguments: str, answer: str = "") -> Said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "assistant", "kommo", *arguments),
            env={**clean_environment(), **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(answer.encode()), 120)
        return Said(process.returncode or 0, out.decode(), err.decode())

    async def checks(self, *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
        """Exit status, and the findings by code."""
        said = await self.types("check", "--json", *arguments)
        document = json.loads(said.out)
        assert document["ok"] is (said.status == 0)
        assert {frozenset(one) for one in document["findings"]} == {SHAPE}
        return said.status, {one["code"]: one for one in document["findings"]}


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


@pytest.fixture
async def at_hand(account: StandIn, settings: Settings) -> AsyncIterator[Connected]:
    """The same account, for the functions behind the commands."""
    of_account = {"kommo_url": account.base_url, "kommo_token": SecretStr(account.token)}
    more = {"kommo_rate": 0.0, "webhook_secret": SecretStr(SECRET)}
    async with connected(settings.model_copy(update={**of_account, **more})) as found:
        yield found


async def findings(at_hand: Connected) -> dict[Code, str]:
    """The words of what is found, by code."""
    found = await check_account(at_hand.client, *await at_hand.expectation())
    return {one.code: f"{one.name(Language.ENGLISH)}: {one.text(Language.ENGLISH)}" for one in found}


async def heard_at(at_hand: Connected) -> datetime | None:
    """When Kommo's last event arrived, as far as the check knows."""
    expected, _ = await at_hand.expectation()
    assert expected.heard is not None
    return expected.heard.at


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


async def test_the_table_says_what_to_do_in_the_lines_below(account: StandIn, operator: Operator) -> None:
    said = await operator.types("check")
    assert said.status == 1
    assert "MISSING  Webhook" in said.out
    assert "→ Run autoprime kommo setup." in said.out
    assert said.out.rstrip().endswith("Something lacks that stops work.")
    assert max(map(len, said.out.splitlines())) <= 110
    assert SECRET not in said.out + said.err
    assert account.token not in said.out + said.err


async def test_from_an_empty_account_to_a_proven_reply(
    account: StandIn, operator: Operator, sessions: Sessions
) -> None:
    said = await operator.types("setup", "--responsible", "beatriz nunes", answer="y\n")
    assert said.status == 0, said.err
    assert await fields_and_hooks(account) == (10, 1)
    async with account.client() as kommo:
        reply = next(field for field in await kommo.lead_fields() if field.name == "Resposta do assistente")
    assert f"sends: {{{{lead.cf.{reply.id}}}}}" in said.out
    await account.person("POST", "/bots", name="Responder pelo campo", field="Resposta do assistente")
    await account.writes(JOAO, "oi")
    status, found = await operator.checks("--test-chat", "+55 11 98765-4321")
    assert status == 0
    assert found["webhook.never_heard"]["state"] == "unknown"
    states = {found[code]["state"] for code in ("test.delivered", "reply.both", "webhook.alive", "field.present")}
    assert states == {"ok"}
    assert "Nothing to do." in (await operator.types("setup", "--yes")).out
    async with transaction(sessions) as session:
        chosen = await load_chosen(session)
    assert [(user.name, user.is_default) for user in chosen.users] == [("Beatriz Nunes", True)]
    assert len(chosen.fields) == 10


async def test_a_check_without_a_test_message_says_that_nothing_is_proven(operator: Operator) -> None:
    status, found = await operator.checks()
    assert (status, found["webhook.missing"]["state"], found["test.not_run"]["state"]) == (1, "missing", "unknown")


async def test_a_revoked_token_is_one_line(account: StandIn, operator: Operator) -> None:
    await account.breaks("token_revoked")
    said = await operator.types("setup", "--yes")
    assert (said.status, len(said.err.strip().splitlines())) == (1, 1)
    assert "`autoprime kommo check` says more" in said.err


async def test_a_database_without_its_tables_is_one_line(operator: Operator, empty_database: str) -> None:
    said = await Operator({**operator.environment, "DATABASE_URL": empty_database}).types("check")
    assert (said.status, said.err.strip()) == (1, "The database lacks a migration: run `autoprime migrate`.")


async def test_what_was_deleted_or_renamed_since_is_told_and_a_stage_is_chosen_anew(
    account: StandIn, at_hand: Connected, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await set_up(at_hand, Choices(), yes=True)
    fields = {field.name: field.id for field in await at_hand.client.lead_fields()}
    (pipeline,) = await at_hand.client.pipelines()
    stages = {stage.name: stage.id for stage in pipeline.stages}
    await account.person("DELETE", f"/fields/{fields['Placa']}")
    await account.person("PATCH", f"/stages/{stages['Orçamento Aprovado']}", name="Aprovado pelo cliente")
    found = await findings(at_hand)
    assert found[Code.FIELD_DELETED].startswith("Field Placa: Was deleted")
    assert "renamed to 'Aprovado pelo cliente'" in found[Code.MAPPING_STAGE_RENAMED]
    assert await set_up(at_hand, Choices(("qualified=em qualificação", "ready_to_start=")), yes=True)
    assert "+ Make the deleted lead field Placa again (text)" in capsys.readouterr().out
    found = await findings(at_hand)
    assert not {Code.FIELD_DELETED, Code.MAPPING_STAGE_RENAMED} & set(found)
    assert "Pronto para Iniciar" in found[Code.MAPPING_STATUSES_UNSET]


async def test_a_step_that_kommo_refuses_is_told_and_the_rest_is_done(
    account: StandIn, at_hand: Connected, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = account.client(token=await token_of_a_plain_user(account))
    async with plain:
        assert not await set_up(replace(at_hand, client=plain), Choices(), yes=True)
    assert "refused: Make the lead field Placa (text) (POST /leads/custom_fields: 403" in capsys.readouterr().out
    assert (await at_hand.chosen()).fields == {}
    assert await set_up(at_hand, Choices(), yes=True)
    assert "done: Make the lead field Placa (text)" in capsys.readouterr().out


async def test_the_last_event_of_a_webhook_is_known(at_hand: Connected, sessions: Sessions) -> None:
    assert await heard_at(at_hand) is None
    async with transaction(sessions) as session:
        for key, source in (("a", "webhook"), ("b", "widget")):
            session.add(KommoEvent(event_key=key, source=source, body=""))
    heard = await heard_at(at_hand)
    assert heard is not None
    assert abs(datetime.now(UTC) - heard) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("stages", "responsible", "hint"),
    [
        (("qualified=Lavagem",), None, "Oficina/Diagnóstico"),
        (("lavagem=Diagnóstico",), None, "ready_for_pickup"),
        (("qualified",), None, "MEANING=STAGE"),
        (("qualified=Incoming leads",), None, "nenhum lead pode ser levado"),
        ((), "Ana", "Beatriz Nunes"),
    ],
)
async def test_a_choice_that_cannot_be_made_is_refused_in_words(
    at_hand: Connected, stages: tuple[str, ...], responsible: str | None, hint: str
) -> None:
    with pytest.raises(Problem, match=hint):
        await set_up(at_hand, Choices(stages, responsible), yes=True)
    assert (await at_hand.chosen()).stages == {}
    assert await at_hand.client.lead_fields() == []
