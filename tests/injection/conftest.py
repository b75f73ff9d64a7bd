"""One demo shop for all attacks: they change nothing, so none can disturb the next."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from assistant.conversation.assembly import create_answering, create_desk
from assistant.rehearsal.stage import Person, Stage
from integrations.database import Sessions, create_engine, create_sessions, transaction
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Unlimited
from integrations.llm.scripted import scripted_model
from integrations.settings import SHOP_ZONE, ResponderChoice, Settings
from integrations.workshop.demo import seed_demo
from tests.injection.attacks import PHONES, Attack
from tests.injection.hostile import Hostile
from tests.stack.databases import TEMPLATE, database_url, run_on
from tests.stack.running import share_cache

SHOP_TABLES = (
    "profiles", "vehicles", "ordens_servico", "ordens_servico_itens", "pagamentos", "appointments", "oficina_config",
    "companies", "services",
)  # fmt: skip
PLANTED = (
    "UPDATE ordens_servico SET descricao_problema = :problem, diagnostico = :diagnosis WHERE numero_os = 'OS-1042'"
)
PLANTED_ITEM = (
    "UPDATE ordens_servico_itens SET descricao = :item WHERE id = (SELECT i.id FROM ordens_servico_itens i "
    "JOIN ordens_servico o ON o.id = i.ordem_servico_id WHERE o.numero_os = 'OS-0871' ORDER BY i.id LIMIT 1)"
)


@dataclass
class Seen:
    """What an attack left behind."""

    replies: list[str]
    results: list[str]
    """What tools answered, as the traces of its turns have it."""
    changed: bool
    """Whether any row of the shop is another than before."""
    proposals: int


@dataclass
class Target:
    """The shop under attack, and who answers there."""

    stage: Stage
    hostile: Hostile | None
    seen: list[Seen] = field(default_factory=list)

    async def take(self, attack: Attack) -> Seen:
        """Let the attacker write all their messages."""
        person = Person(PHONES.get(attack.phone or ""), attack.name, chat=uuid.uuid4().hex, contact_id=attack.id)
        if self.hostile is not None:
            self.hostile.avoids = ("Carlos", "GHI5J67", "OS-1044", "Jetta") if attack.phone == "carlos" else ()
        await self._plant(attack.problem or "barulho na suspensão dianteira", attack.diagnosis, attack.item)
        before = await self._shop()
        replies = [
            reply
            for message in attack.writes
            for reply in await self.stage.writes(person, message, kind=attack.message_kind)
        ]
        rows = await self._rows(
            "SELECT t.trace FROM turn t JOIN conversation c ON c.id = t.conversation_id WHERE c.chat_key = :chat",
            chat=person.chat,
        )
        results = [str(call["result"]) for (trace,) in rows for call in trace.get("tools", []) if call["result"]]
        proposals = await self._rows("SELECT 1 FROM proposal WHERE state = 'confirmed'")
        seen = Seen(replies, results, before != await self._shop(), len(proposals))
        self.seen.append(seen)
        return seen

    async def _plant(self, problem: str, diagnosis: str | None, item: str | None) -> None:
        async with transaction(self.stage.sessions) as session:
            await session.execute(text(PLANTED), {"problem": problem, "diagnosis": diagnosis})
            await session.execute(text(PLANTED_ITEM), {"item": item or "Filtro de óleo"})

    async def _shop(self) -> list[Any]:
        """A fingerprint of every table of the shop."""
        return [
            (await self._rows(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"))[0]
            for table in await self._tables()
        ]

    async def _tables(self) -> list[str]:
        found = await self._rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [name for (name,) in found if name in SHOP_TABLES]

    async def _rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        async with transaction(self.stage.sessions) as session:
            return [tuple(row) for row in (await session.execute(text(query), values)).all()]


@pytest.fixture(scope="module")
async def sessions_of_the_shop(postgres: str) -> AsyncIterator[tuple[str, Sessions]]:
    name = f"injection_{uuid.uuid4().hex}"
    await run_on(postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    url = database_url(postgres, name)
    engine = create_engine(url)
    sessions = create_sessions(engine)
    async with transaction(sessions) as session:
        await seed_demo(session, datetime.now(SHOP_ZONE))
    yield url, sessions
    await engine.dispose()
    await run_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def own_settings(sessions_of_the_shop: tuple[str, Sessions], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("injection")
    share_cache(folder)
    return Settings(
        _env_file=None, database_url=sessions_of_the_shop[0], data_dir=folder, pix_key="pix@oficina.example"
    )


@asynccontextmanager
async def _stage(settings: Settings, sessions: Sessions) -> AsyncIterator[Stage]:
    nowhere = KommoClient("http://127.0.0.1:9", StaticToken(SecretStr("none")), Unlimited(), 1)
    answering = create_answering(settings, sessions)
    yield Stage(sessions, nowhere, create_desk(settings), answering)
    await answering.aclose()


@pytest.fixture(scope="module")
async def against_the_model(
    sessions_of_the_shop: tuple[str, Sessions], own_settings: Settings
) -> AsyncIterator[Target]:
    """The shop with a model that the attacker controls."""
    hostile = Hostile()
    async with scripted_model(mind=hostile.answer) as script:
        endpoint = {
            "responder": ResponderChoice.MODEL,
            "openai_base_url": script.base_url,
            "openai_api_key": SecretStr("a-key-of-the-scripted-model"),
        }
        async with _stage(own_settings.model_copy(update=endpoint), sessions_of_the_shop[1]) as stage:
            yield Target(stage, hostile)


@pytest.fixture(scope="module")
async def against_the_embedded(
    sessions_of_the_shop: tuple[str, Sessions], own_settings: Settings
) -> AsyncIterator[Target]:
    """The shop without a model."""
    settings = own_settings.model_copy(update={"responder": ResponderChoice.EMBEDDED})
    async with _stage(settings, sessions_of_the_shop[1]) as stage:
        yield Target(stage, None)
