"""The five lines that the staff read in a task: who, which car, what they want, what was said, what was promised.

Built in code from the turn, whoever drafted the reply. Only reads.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.answer import Answer
from assistant.conversation.embedded.answers.cars import order_label
from assistant.conversation.embedded.answers.voice import clipped
from assistant.conversation.model_words import mark
from assistant.conversation.responder import HandOff, HandOffReason
from assistant.tools.orders import own_orders
from assistant.tools.toolbox import Speaker, ToolContext
from integrations.brazil import local, phone
from integrations.kommo.chats.models import Message
from integrations.kommo.chats.stafftasks import PRIORITY

MOST_CARS = 3
WORDS = 240


async def five_lines(
    session: AsyncSession, speaker: Speaker | None, burst: Sequence[Message], answer: Answer, now: datetime
) -> str:
    """The summary of a turn that is handed over."""
    handoff = answer.handoff
    assert handoff is not None
    first = f"{PRIORITY} – " if handoff.reason is HandOffReason.COMPLAINT else ""
    lines = (
        f"{first}Quem: {_who(speaker)}",
        f"Carro: {handoff.car or await _cars(session, speaker, now) or 'não informado'}",
        f"O que quer: {_wish(handoff)}",
        f"O que disse: {said(burst) or 'nada por escrito'}",
        f"O que foi combinado: {_agreed(answer)}",
    )
    return "\n".join(lines)


def said(burst: Sequence[Message]) -> str:
    """The customer's last words, clipped; attachments by their kind."""
    words = (" ".join((mark(message.message_type, message.text), message.text)).strip() for message in burst)
    return clipped(" / ".join(word for word in words if word), WORDS)


def _who(speaker: Speaker | None) -> str:
    if speaker is None:
        return "não foi possível identificar"
    number = phone(speaker.phone) if speaker.phone else "sem telefone"
    known = "" if speaker.known else ", número sem cadastro"
    return f"{speaker.name or 'sem nome'} ({number}{known})"


async def _cars(session: AsyncSession, speaker: Speaker | None, now: datetime) -> str:
    """The speaker's cars in the shop."""
    if speaker is None:
        return ""
    orders = await own_orders(ToolContext(session, speaker, local(now)))
    return "; ".join([order_label(order) for order in orders if order.stage.is_open][:MOST_CARS])


def _wish(handoff: HandOff) -> str:
    return clipped(handoff.wish or handoff.summary, 2 * WORDS)


def _agreed(answer: Answer) -> str:
    return f'dissemos: "{clipped(answer.text, WORDS)}"' if answer.text else "nada foi respondido"
