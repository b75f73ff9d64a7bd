"""One dialogue played on a database of its own, from the first message to what the database holds afterwards.

START HERE for dialogues as files: `loading.py` reads them, `judge.py` and `findings.py` look at what came of them,
`score.py` puts many of them into figures. Speaks to nobody but the model, if the settings name one.
"""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.assembly import create_answering, create_desk
from assistant.conversation.embedded.understanding import Understander
from assistant.conversation.models import Turn, TurnState
from assistant.conversation.spending import SpendingRules
from assistant.conversation.turns import TurnRules
from assistant.problem import Problem
from assistant.rehearsal import dialogue as files
from assistant.rehearsal.dialogue import (
    ChangeStep,
    CustomerStep,
    Dialogue,
    Expected,
    LaterStep,
    Replied,
    StaffStep,
    duration,
)
from assistant.rehearsal.findings import Orders, differences, of_others, orders_now
from assistant.rehearsal.judge import Bounds, Failure, Reason, judge
from assistant.rehearsal.scene import run_lines, write_rows
from assistant.rehearsal.stage import TURN_RULES, Person, Sent, Stage, StageClock
from integrations.database import Sessions, create_engine, create_sessions, transaction
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Unlimited
from integrations.llm.client import LanguageModel
from integrations.settings import Settings
from integrations.workshop.models import Customer

NOWHERE = "http://127.0.0.1:9"
"""Kommo's address on a stage: contacts are known there, so it is never asked."""
MAIN = ""
"""The main person's name among those who write."""


@dataclass
class Played:
    """What came of one dialogue."""

    failures: list[Failure] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    turns: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    answered_by: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    """How long each of the customer's messages waited for its reply, the quiet window aside."""

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True)
class Props:
    """What all dialogues of a run may share: the fitted understander and the clients' connections."""

    understander: Understander
    kommo: KommoClient
    model: LanguageModel | None


@asynccontextmanager
async def make_props(settings: Settings) -> AsyncIterator[Props]:
    """The props for these settings; the model's client when there is a key."""
    understander = Understander.load(settings.data_dir / "cache")
    async with AsyncExitStack() as ending:
        kommo = KommoClient(NOWHERE, StaticToken(SecretStr("none")), Unlimited(), 1)
        await ending.enter_async_context(kommo)
        model = LanguageModel(settings) if settings.openai_api_key is not None else None
        if model is not None:
            ending.push_async_callback(model.aclose)
        yield Props(understander, kommo, model)


SetStage = Callable[[Settings, Sessions, Props, StageClock], Stage]
"""Puts together the service that a dialogue is played with."""


def stage_of(settings: Settings, sessions: Sessions, props: Props, clock: StageClock) -> Stage:
    """The service as the settings have it."""
    answering = create_answering(settings, sessions, props.model, props.understander)
    return Stage(sessions, props.kommo, create_desk(settings), answering, turn_rules(settings), clock)


def turn_rules(settings: Settings) -> TurnRules:
    """What the settings say about turns; a stage's burst has ended when it is answered."""
    escalate_after = timedelta(minutes=settings.escalate_minutes)
    return TurnRules(TURN_RULES.cap, SpendingRules.of(settings), escalate_after, settings.history_tokens)


async def play(
    dialogue: Dialogue,
    fixtures: Mapping[str, Sequence[str]],
    database_url: str,
    settings: Settings,
    props: Props,
    set_stage: SetStage = stage_of,
) -> Played:
    """Play a dialogue on a database with the demo shop; raises `Problem` when the file asks for what cannot be."""
    settings = Settings.model_validate({**settings.model_dump(by_alias=False), **dialogue.settings})
    engine = create_engine(database_url, pool_size=4)
    try:
        sessions = create_sessions(engine)
        people = await _prepare(sessions, dialogue, fixtures)
        stage = set_stage(settings, sessions, props, StageClock(dialogue.begins))
        return await _Performance(dialogue, fixtures, stage, people).run()
    finally:
        await engine.dispose()


async def _prepare(sessions: Sessions, dialogue: Dialogue, fixtures: Mapping[str, Sequence[str]]) -> dict[str, Person]:
    """Set the scene; the people who write, by the name that steps give them."""
    async with transaction(sessions) as session:
        await write_rows(session, dialogue.rows, dialogue.begins)
        await run_lines(session, dialogue.setup, fixtures)
        named = {MAIN: dialogue.who, **dialogue.others}
        return {name: await _person(session, who, number) for number, (name, who) in enumerate(named.items(), start=1)}


async def _person(session: AsyncSession, who: str | files.Person, number: int) -> Person:
    if isinstance(who, files.Person):
        return Person(who.phone, who.name, lead_id=number, contact_id=number)
    phones = (await session.execute(select(Customer.phone).where(Customer.full_name == who))).scalars().all()
    if len(phones) != 1 or phones[0] is None:
        raise Problem(f"`who`: the shop has no customer named {who!r} with a phone")
    return Person(phones[0], who, lead_id=number, contact_id=number)


class _Performance:
    """The dialogue while it is played."""

    def __init__(
        self, dialogue: Dialogue, fixtures: Mapping[str, Sequence[str]], stage: Stage, people: Mapping[str, Person]
    ) -> None:
        self._dialogue = dialogue
        self._fixtures = fixtures
        self._stage = stage
        self._people = people
        self._typed = dict.fromkeys(people, "")
        self._last = dict.fromkeys(people, "")
        self._orders: Orders = {}
        self.played = Played()

    async def run(self) -> Played:
        await self._see_orders()
        for number, step in enumerate(self._dialogue.steps, start=1):
            match step:
                case CustomerStep():
                    await self._customer(number, step)
                case StaffStep(staff=text):
                    await self._stage.staff_writes(self._people[MAIN], text)
                    await self._judge(number, step, MAIN, await self._stage.answers(self._people[MAIN]))
                case LaterStep(later=time):
                    sent = await self._stage.goes_on(self._people[MAIN], duration(time))
                    await self._judge(number, step, MAIN, sent)
                case ChangeStep(change=lines):
                    async with transaction(self._stage.sessions) as session:
                        await run_lines(session, lines, self._fixtures)
                    await self._see_orders()
        await self._expect(0, self._dialogue.expect)
        await self._sum_up()
        return self.played

    async def _customer(self, number: int, step: CustomerStep) -> None:
        who = step.by or MAIN
        person = self._people[who]
        sent = [Sent(one) if isinstance(one, str) else Sent(one.text, one.kind) for one in step.customer]
        self._typed[who] += "\n".join(message.text for message in sent) + "\n"
        started = time.perf_counter()
        replies = await self._stage.writes_burst(person, sent)
        self.played.seconds.append(time.perf_counter() - started)
        await self._judge(number, step, who, replies)
        if step.expect is not None:
            await self._expect(number, step.expect)

    async def _judge(self, number: int, step: Replied, who: str, replies: Sequence[str]) -> None:
        reply = "\n".join(replies)
        async with transaction(self._stage.sessions) as session:
            foreign = await of_others(session, [self._people[who].phone])
        bounds = Bounds(self._dialogue.never, foreign)
        self.played.replies.append(reply)
        self.played.failures += judge(number, step, reply, self._last[who], self._typed[who], bounds)
        self._last[who] = reply or self._last[who]

    async def _see_orders(self) -> None:
        """Remember the orders as the shop has them: what changes from here on is the assistant's doing."""
        async with transaction(self._stage.sessions) as session:
            self._orders = await orders_now(session)

    async def _expect(self, number: int, expected: Expected) -> None:
        async with transaction(self._stage.sessions) as session:
            found = await differences(session, expected, self._orders)
        self.played.failures += [Failure(Reason.DATABASE, number, one.expected, one.found) for one in found]

    async def _sum_up(self) -> None:
        """Add up what the turns spent."""
        played = self.played
        async with transaction(self._stage.sessions) as session:
            turns = (await session.execute(select(Turn).order_by(Turn.id))).scalars().all()
            broken = await session.scalar(select(func.count()).select_from(Turn).where(Turn.state == TurnState.FAILED))
        if broken:
            played.failures.append(Failure(Reason.BROKE, 0, "no turn breaks", f"{broken} broke"))
        played.turns = len(turns)
        for turn in turns:
            played.prompt_tokens += turn.prompt_tokens
            played.completion_tokens += turn.completion_tokens
            played.cost_usd += turn.cost_usd or Decimal(0)
            name = turn.responder or "nobody"
            played.answered_by[name] = played.answered_by.get(name, 0) + 1
