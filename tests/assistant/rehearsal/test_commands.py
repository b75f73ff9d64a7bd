"""`eval-dialogues` and `export-dialogue` as they are called, on a server of one's own."""

import asyncio
import json
import re
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest
import yaml
from pydantic import SecretStr

from assistant.conversation.assembly import create_answering, create_desk
from assistant.problem import Problem
from assistant.rehearsal.export import export_dialogue
from assistant.rehearsal.features import PLANNED
from assistant.rehearsal.loading import load_folder
from assistant.rehearsal.play import Played, make_props, play
from assistant.rehearsal.stage import Person, Stage
from integrations.database import Sessions, driver_dsn, transaction
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Unlimited
from integrations.settings import SHOP_ZONE, Settings
from integrations.workshop.demo import seed_demo
from tests.stack.databases import TEMPLATE, database_url, run_on
from tests.stack.fixtures import seed
from tests.stack.running import clean_environment, share_cache

STATUS = """
title: Where is it
who: João Silva
steps:
  - customer: cadê meu carro?
    says: [Gol, diagnóstico]
"""
FAILS = """
title: Demands what is not true
who: Carlos Pereira
steps:
  - customer: quanto ficou?
    says: ["R$ 9.999,00"]
  - change: UPDATE ordens_servico SET valor_orcado = 3500 WHERE numero_os = 'OS-1044'
  - customer: {kind: reaction, text: "👍"}
    may_be_silent: true
expect:
  orders: {OS-1044: {status: aprovado}}
  tasks: 1
  handoffs: [quote_decision]
  counts: {appointments: 1}
  items: {OS-1044: {Óleo do câmbio: aprovado}}
  sql: [{sql: "SELECT count(*) FROM pagamentos WHERE amount > 1", rows: [[3]]}]
"""


def run(folder: Path, postgres: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own."""
    if not (folder / "data").exists():
        share_cache(folder / "data")
    environment = {**clean_environment(), "DATABASE_URL": postgres, "AUTOPRIME_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "assistant", "eval-dialogues", str(folder / "dialogues"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


PRESENT = datetime.now(SHOP_ZONE)


@pytest.fixture
async def empty_shop(postgres: str) -> AsyncIterator[str]:
    """The URL of another migrated database: the demo shop without its customers."""
    name = f"test_{uuid.uuid4().hex}"
    await run_on(postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield database_url(postgres, name)
    await run_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dialogues").mkdir()
    (tmp_path / "dialogues/status.yaml").write_text(STATUS)
    (tmp_path / "dialogues/wrong.yaml").write_text(FAILS)
    for feature in PLANNED:
        (tmp_path / f"dialogues/{feature}.yaml").write_text(STATUS + f"needs: {feature}\n")
    return tmp_path


async def names(postgres: str) -> set[str]:
    connection = await asyncpg.connect(driver_dsn(postgres))
    try:
        return {row[0] for row in await connection.fetch("SELECT datname FROM pg_database")}
    finally:
        await connection.close()


async def test_the_figures_are_printed_and_nothing_is_left(folder: Path, postgres: str) -> None:
    done = await asyncio.to_thread(run, folder, postgres, "--trials", "2")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["dialogues"], figures["trials"], figures["pass^1"], figures["pass^2"]) == (2, 2, 0.5, 0.5)
    assert figures["skipped"] == {feature: f"needs {feature}" for feature in PLANNED}
    assert {failure["dialogue"] for failure in figures["failures"]} == {"wrong"}
    told = [(failure["step"], failure["reason"]) for failure in figures["failures"] if failure["trial"] == 1]
    assert told == [(1, "missing_fact"), *[("end", "database")] * 5]
    assert figures["turns"] == 6
    assert figures["latency_seconds"]["p99"] > 0
    assert not {name for name in await names(postgres) if name.startswith("rehearsal_")}


def test_one_may_be_chosen_and_unusable_input_is_told(folder: Path, postgres: str) -> None:
    done = run(folder, postgres, "--only", "status")
    assert json.loads(done.stdout)["pass^1"] == 1.0
    unknown, without_key = run(folder, postgres, "--only", "nope"), run(folder, postgres, "--responder", "model")
    assert (unknown.returncode, without_key.returncode) == (1, 1)
    assert "no dialogue is named like 'nope'" in unknown.stderr
    assert "OPENAI_API_KEY" in without_key.stderr


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("who: Nobody Atall", "no customer named"),
        ("setup: UPDATE nothing SET x = 1", "This SQL fails"),
        ("rows: {nothing: [{a: 1}]}", "names no table"),
        ("rows: {profiles: [{a: 1}]}", "has no column a"),
        ("rows: {ordens_servico: [{numero_os: OS-1, valor_orcado: lots}]}", "`rows`: ordens_servico"),
        ("expect: {counts: {nothing: 1}}", "no table 'nothing'"),
    ],
)
async def test_what_cannot_be_played_is_told(
    broken: str, told: str, database: str, settings: Settings, tmp_path: Path
) -> None:
    share_cache(tmp_path)
    await seed(database)
    (tmp_path / "dialogues").mkdir()
    kept = "\n".join(line for line in STATUS.splitlines() if not line.startswith(broken.split(":")[0] + ":"))
    (tmp_path / "dialogues/one.yaml").write_text(f"{kept}\n{broken}\n")
    with pytest.raises(Problem, match=re.escape(told)):
        await rehearse(tmp_path / "dialogues", database, settings)


async def test_a_contact_has_the_limits_of_the_settings(database: str, settings: Settings, tmp_path: Path) -> None:
    share_cache(tmp_path)
    await seed(database)
    (tmp_path / "dialogues").mkdir()
    more = "  - customer: e quando fica pronto?\n    says: [uma pessoa da equipe]\n    never: [Gol]\n"
    (tmp_path / "dialogues/one.yaml").write_text(STATUS + more)
    strict = settings.model_copy(update={"contact_turns_per_hour": 1})
    assert (await rehearse(tmp_path / "dialogues", database, strict)).answered_by == {"embedded": 1, "limit": 1}


async def rehearse(folder: Path, database: str, settings: Settings) -> Played:
    scripts = load_folder(folder)
    async with make_props(settings) as props:
        return await play(scripts.all[0].dialogue, scripts.fixtures, database, settings, props)


async def test_a_conversation_is_exported_without_the_people_and_can_be_played(
    sessions: Sessions, settings: Settings, tmp_path: Path, empty_shop: str
) -> None:
    share_cache(tmp_path)
    async with transaction(sessions) as session:
        await seed_demo(session, PRESENT)
    nowhere = KommoClient("http://127.0.0.1:9", StaticToken(SecretStr("none")), Unlimited(), 1)
    stage = Stage(sessions, nowhere, create_desk(settings), create_answering(settings, sessions))
    carlos = Person("+55 11 99876-5432", "Carlos Pereira")
    await stage.writes(carlos, "oi, aqui é o Carlos, placa ghi-5j67", "como tá a os 1044?")
    await stage.writes(carlos, "meu cpf é 529.982.247-25 e meu e-mail carlos.p@gmail.com, fone 11 99876 5432")
    await stage.staff_writes(carlos, "Carlos, o Jetta está aqui comigo")
    await stage.writes(carlos, "ok")
    conversation = await stage.conversation(carlos)
    assert conversation is not None
    async with transaction(sessions) as session:
        text = await export_dialogue(session, conversation.id)
    for private in ("Carlos", "carlos", "Pereira", "GHI5J67", "ghi-5j67", "1044", "529.982", "gmail", "99876"):
        assert private not in text, text
    file = yaml.safe_load(text)
    assert file["steps"][0]["says"] == []
    assert file["steps"][2] == {"staff": "Bruno, o Jetta está aqui comigo"}
    assert file["steps"][3] == {"customer": "ok", "silent": True}
    assert "# said: " in text
    (tmp_path / "dialogues").mkdir()
    (tmp_path / "dialogues/one.yaml").write_text(text.replace("says: []", "says: [Jetta]", 1))
    assert (await rehearse(tmp_path / "dialogues", empty_shop, settings)).passed


async def test_what_cannot_be_exported_is_told(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        with pytest.raises(Problem, match="no conversation 77"):
            await export_dialogue(session, 77)
