"""Reads the summary of a conversation, and folds into it what no longer fits into the window. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.conversation.embedded.slots import find_models, find_plates
from assistant.conversation.models import Turn
from assistant.decisions.models import Proposal
from assistant.memory.digest import DECIDED, DECISIONS, SUBJECTS, Digest
from assistant.memory.models import ConversationSummary
from assistant.memory.window import window
from integrations.kommo.chats.models import AuthorType, Direction, Message

MOST_FOLDED = 400
"""Messages folded in one turn; a long history from before the service takes several."""


async def digest_of(session: AsyncSession, conversation_id: int) -> Digest:
    """What was spoken of before the window."""
    row = await session.get(ConversationSummary, conversation_id)
    return Digest() if row is None else Digest.from_json(row.digest)


async def fold_old(session: AsyncSession, conversation_id: int, budget: int, now: datetime) -> None:
    """Add to the summary the messages that no longer fit into the window of the next turn."""
    row = await session.get(ConversationSummary, conversation_id)
    up_to = row.up_to_message_id if row is not None else 0
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.id > up_to)
        .order_by(Message.id)
        .limit(MOST_FOLDED)
    )
    messages = (await session.execute(query)).scalars().all()
    old = messages[: len(messages) - len(window(messages, budget))]
    if not old:
        return
    before = Digest() if row is None else Digest.from_json(row.digest)
    digest = before.joined(await _digest(session, conversation_id, old))
    if row is None:
        row = ConversationSummary(conversation_id=conversation_id)
        session.add(row)
    row.up_to_message_id, row.digest, row.text, row.updated_at = old[-1].id, digest.as_json(), digest.as_text(), now


async def _digest(session: AsyncSession, conversation_id: int, messages: Sequence[Message]) -> Digest:
    """What these messages spoke of, from them and from the turns that answered them."""
    turn_ids = list(dict.fromkeys(message.turn_id for message in messages if message.turn_id is not None))
    turns = (await session.execute(select(Turn).where(Turn.id.in_(turn_ids)).order_by(Turn.id))).scalars().all()
    subjects: dict[str, int] = {}
    for intent in (intent for turn in turns for intent in turn.intents or () if intent in SUBJECTS):
        subjects[intent] = subjects.get(intent, 0) + 1
    # All up to here: one made earlier may have been decided since.
    until = max(turn_ids, default=0)
    query = select(Proposal).where(Proposal.conversation_id == conversation_id, Proposal.turn_id <= until)
    proposals = (await session.execute(query.order_by(Proposal.id))).scalars().all()
    decisions = (_decided(proposal) for proposal in proposals)
    spoken = [intent for turn in turns for intent in turn.intents or () if intent in SUBJECTS]
    return Digest(
        subjects=subjects,
        cars=tuple(dict.fromkeys(car for message in messages for car in _cars(message))),
        decisions=tuple(dict.fromkeys(filter(None, decisions))),
        handoffs=tuple(dict.fromkeys(str(turn.trace["handoff"]) for turn in turns if turn.trace.get("handoff"))),
        staff_wrote=any(
            message.direction == Direction.OUT and message.author_type == AuthorType.INTERNAL for message in messages
        ),
        last_subject=spoken[-1] if spoken else None,
    )


def _decided(proposal: Proposal) -> str | None:
    return DECISIONS.get((proposal.kind, proposal.state)) or DECIDED.get(proposal.state)


def _cars(message: Message) -> list[str]:
    """Plates and models named in a message, as they are written."""
    return [*find_plates(message.text), *(model.capitalize() for model in find_models(message.text))]
