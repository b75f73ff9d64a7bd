"""What changes while a turn is at work: nothing half-thought is sent, and nothing that changed is overwritten."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from assistant.conversation.answering import Answering
from assistant.conversation.assembly import create_desk
from assistant.conversation.duties import Duties
from assistant.conversation.embedded.understanding import Understander
from assistant.conversation.outgoing import Screen
from assistant.conversation.responder import Draft, Request
from assistant.conversation.review import FullReview
from assistant.rehearsal.stage import Person, Stage
from assistant.tools.toolbox import Toolbox
from integrations.database import Sessions, transaction
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Unlimited
from integrations.settings import Settings
from tests.stack.running import shared_cache

Event = Callable[[], Awaitable[None]]
PERSON = Person("+55 21 99999-0000")


@dataclass
class Overtaken:
    """A responder that repeats what it was asked; while it thinks for the first time, something happens."""

    meanwhile: list[Event] = field(default_factory=list)
    name: str = "embedded"
    costs: bool = False

    async def draft(self, request: Request, toolbox: Toolbox, complaint: str | None = None) -> Draft:
        if self.meanwhile:
            await self.meanwhile.pop()()
        return Draft(f"Sobre: {request.text}")

    async def aclose(self) -> None:
        """Holds nothing."""


@pytest.fixture
def responder() -> Overtaken:
    return Overtaken()


@pytest.fixture
def stage(sessions: Sessions, settings: Settings, responder: Overtaken) -> Stage:
    nowhere = KommoClient("http://127.0.0.1:9", StaticToken(SecretStr("none")), Unlimited(), 1)
    duties = Duties(Understander.load(shared_cache()))
    review = FullReview([], Screen(frozenset(), None, [], []))
    answering = Answering([responder], duties, lambda asked: Toolbox(sessions, asked.speaker, asked.now, []), review)
    return Stage(sessions, nowhere, create_desk(settings), answering)


async def test_a_message_changed_meanwhile_is_answered_as_it_is_now(stage: Stage, responder: Overtaken) -> None:
    message = await stage.sends(PERSON, "azul")
    responder.meanwhile = [lambda: stage.changes(PERSON, message, "verde")]
    assert await stage.answers(PERSON) == []
    assert await stage.answers(PERSON) == ["Sobre: verde"]
    async with transaction(stage.sessions) as session:
        assert (await session.execute(text("SELECT text FROM message WHERE direction = 'in'"))).scalar_one() == "verde"


async def test_a_message_deleted_meanwhile_is_not_answered(stage: Stage, responder: Overtaken) -> None:
    message = await stage.sends(PERSON, "azul")
    await stage.sends(PERSON, "verde")
    responder.meanwhile = [lambda: stage.takes_back(message)]
    assert await stage.answers(PERSON) == []
    assert await stage.answers(PERSON) == ["Sobre: verde"]


async def test_words_heard_meanwhile_are_answered(stage: Stage, responder: Overtaken) -> None:
    message = await stage.sends(PERSON, "", kind="voice")

    async def heard() -> None:
        async with transaction(stage.sessions) as session:
            await session.execute(text("UPDATE message SET text = 'bom dia' WHERE kommo_id = :id"), {"id": message})

    responder.meanwhile = [heard]
    assert await stage.answers(PERSON) == []
    assert await stage.answers(PERSON) == ["Sobre: bom dia"]


async def arrives(stage: Stage, person: Person, state: str = "pending", age: str = "1 second") -> None:
    """A webhook of this chat is stored and not read yet."""
    body = f"message%5Badd%5D%5B0%5D%5Bchat_id%5D={person.chat}&message%5Badd%5D%5B0%5D%5Btext%5D=verde"
    values = {"key": f"{person.chat}{state}{age}", "body": body, "state": state}
    insert = "INSERT INTO kommo_event (event_key, body, state, received_at)"
    async with transaction(stage.sessions) as session:
        await session.execute(text(f"{insert} VALUES (:key, :body, :state, now() - interval '{age}')"), values)


async def reads_it(stage: Stage) -> None:
    async with transaction(stage.sessions) as session:
        await session.execute(text("UPDATE kommo_event SET state = 'done'"))
        await session.execute(text("UPDATE conversation SET due_at = now()"))


async def test_a_line_that_is_stored_and_not_read_yet_is_waited_for(stage: Stage) -> None:
    await stage.sends(PERSON, "azul")
    await arrives(stage, PERSON)
    assert await stage.answers(PERSON) == []
    await reads_it(stage)
    assert await stage.answers(PERSON) == ["Sobre: azul"]


async def test_a_line_that_is_stored_meanwhile_takes_the_draft_back(stage: Stage, responder: Overtaken) -> None:
    await stage.sends(PERSON, "azul")
    responder.meanwhile = [lambda: arrives(stage, PERSON)]
    assert await stage.answers(PERSON) == []
    await reads_it(stage)
    assert await stage.answers(PERSON) == ["Sobre: azul"]


@pytest.mark.parametrize(("state", "age"), [("parked", "1 second"), ("pending", "2 minutes")])
async def test_nobody_waits_for_what_is_parked_or_stuck(stage: Stage, state: str, age: str) -> None:
    await stage.sends(PERSON, "azul")
    await arrives(stage, PERSON, state, age)
    assert await stage.answers(PERSON) == ["Sobre: azul"]


async def test_nobody_waits_for_another_chats_line_nor_longer_than_the_cap(stage: Stage) -> None:
    await arrives(stage, Person("+55 21 99999-0001"))
    await stage.sends(PERSON, "azul")
    assert await stage.answers(PERSON) == ["Sobre: azul"]
    await stage.sends(PERSON, "roxo")
    await arrives(stage, PERSON)
    async with transaction(stage.sessions) as session:
        await session.execute(text("UPDATE conversation SET burst_since = now() - interval '10 minutes'"))
    assert await stage.answers(PERSON) == ["Sobre: roxo"]
