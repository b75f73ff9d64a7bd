"""What a contact and the whole service may spend, counted in the turns themselves, so for any number of workers.

A contact over its limit reads one polite message with which a person takes over, then nothing until the time has
passed. When the model's bill of the day reaches its budget, the embedded responder answers everybody until midnight.
Takes a session, never commits, asks no network.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import structlog
from sqlalchemy import ColumnElement, any_, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.answer import Answer
from assistant.conversation.models import ModelBudgetDay, Turn, TurnState
from assistant.conversation.responder import HandOff, HandOffReason
from integrations.kommo.chats.models import Conversation
from integrations.settings import SHOP_ZONE, Settings

log = structlog.get_logger(__name__)

LIMIT = "limit"
"""The responder's name in the row of the turn that told a contact of the limit."""
POLITE_END = (
    "Recebi bastante mensagem sua agora, obrigado! Para te atender direito, passei a conversa para uma pessoa da "
    "equipe, que continua com você por aqui."
)
TASK = (
    "O cliente passou do limite de atendimentos automáticos ({limit}). O assistente avisou que uma pessoa continua e "
    "fica em silêncio por enquanto. Leia a conversa e responda, por favor."
)
WINDOW = timedelta(hours=1)
HOUR, DAY = "hour", "day"
"""Which limit it was; stands among the turn's intents."""


@dataclass(frozen=True)
class SpendingRules:
    """What the settings say; zero means no limit."""

    turns_an_hour: int
    contact_daily: Decimal
    model_daily: Decimal

    @classmethod
    def of(cls, settings: Settings) -> "SpendingRules":
        """The rules in the settings."""
        return cls(settings.contact_turns_per_hour, settings.contact_daily_cost_usd, settings.model_daily_usd)


NO_LIMITS = SpendingRules(0, Decimal(0), Decimal(0))


async def limit_reached(
    session: AsyncSession, conversation: Conversation, rules: SpendingRules, now: datetime
) -> Answer | None:
    """None while the contact may be answered; over a limit the polite end, and once that was said an empty answer."""
    hour, today = now - WINDOW, day_start(now)
    if await _told(session, conversation, HOUR, hour):
        return _silence()
    if rules.turns_an_hour and await _answered(session, conversation, hour) >= rules.turns_an_hour:
        return _polite_end(HOUR, f"{rules.turns_an_hour} respostas em uma hora")
    if rules.contact_daily and await _cost(session, today, conversation) >= rules.contact_daily:
        told = await _told(session, conversation, DAY, today)
        return _silence() if told else _polite_end(DAY, f"US$ {rules.contact_daily} em um dia")
    return None


def _silence() -> Answer:
    return Answer("", LIMIT)


def _polite_end(limit: str, words: str) -> Answer:
    log.warning("spending.contact_limit_reached", limit=limit)
    handoff = HandOff(HandOffReason.ASKED_FOR_PERSON, TASK.format(limit=words))
    return Answer(POLITE_END, LIMIT, (limit,), handoff)


async def model_may_answer(session: AsyncSession, rules: SpendingRules, now: datetime) -> bool:
    """Whether the day's budget for the model lasts; the first turn that finds it used up says so in the log."""
    if not rules.model_daily or await _cost(session, day_start(now)) < rules.model_daily:
        return True
    day = now.astimezone(SHOP_ZONE).date()
    noted = insert(ModelBudgetDay).values(day=day).on_conflict_do_nothing().returning(ModelBudgetDay.day)
    if (await session.execute(noted)).first() is not None:
        log.warning("spending.model_budget_reached", day=day.isoformat())
    return False


async def model_cost(session: AsyncSession, since: datetime) -> Decimal:
    """US$ that the model has cost since then, as far as its calls told their tokens."""
    return await _cost(session, since)


def day_start(now: datetime) -> datetime:
    """Midnight of the shop's day."""
    return now.astimezone(SHOP_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _of_contact(conversation: Conversation) -> ColumnElement[bool]:
    """The turns of all chats of this contact; before Kommo has told the contact, of this chat."""
    if conversation.contact_id is None:
        return Turn.conversation_id == conversation.id
    chats = select(Conversation.id).where(Conversation.contact_id == conversation.contact_id)
    return Turn.conversation_id.in_(chats)


async def _answered(session: AsyncSession, conversation: Conversation, since: datetime) -> int:
    query = select(func.count()).where(
        _of_contact(conversation), Turn.started_at > since, Turn.state == TurnState.ANSWERED
    )
    return (await session.execute(query)).scalar_one()


async def _told(session: AsyncSession, conversation: Conversation, limit: str, since: datetime) -> bool:
    query = select(Turn.id).where(
        _of_contact(conversation),
        Turn.started_at > since,
        Turn.state == TurnState.ANSWERED,
        Turn.responder == LIMIT,
        literal(limit) == any_(Turn.intents),
    )
    return (await session.execute(query.limit(1))).first() is not None


async def _cost(session: AsyncSession, since: datetime, conversation: Conversation | None = None) -> Decimal:
    """US$ of all turns since then, also of those whose answer was never sent."""
    query = select(func.coalesce(func.sum(Turn.cost_usd), 0)).where(
        Turn.cost_usd.is_not(None), Turn.started_at >= since
    )
    if conversation is not None:
        query = query.where(_of_contact(conversation))
    return (await session.execute(query)).scalar_one() or Decimal(0)
