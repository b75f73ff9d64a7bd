"""`autoprime trace`: one turn as data."""

import asyncio
import json
from typing import Any

import click
from sqlalchemy import select

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from assistant.conversation.models import Turn
from assistant.problem import Problem
from integrations.database import Base, create_sessions, transaction
from integrations.kommo.chats.models import Message, Outbox
from integrations.settings import Settings


@click.command(help="Show turn TURN: what the customer wrote, tools called, drafts, what was sent.")
@click.argument("turn", type=int)
def command(turn: int) -> None:
    with settings_with_database() as settings:
        found = asyncio.run(trace(settings, turn))
    click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))


async def trace(settings: Settings, turn_id: int) -> dict[str, Any]:
    """The turn with its messages and outbox rows; raises `Problem` when there is none."""
    async with engine_of(settings) as engine, transaction(create_sessions(engine)) as session:
        turn = await session.get(Turn, turn_id)
        if turn is None:
            raise Problem(f"There is no turn {turn_id}.")
        messages = (await session.execute(select(Message).where(Message.turn_id == turn_id))).scalars()
        sent = (await session.execute(select(Outbox).where(Outbox.dedupe_key.like(f"turn:{turn_id}:%")))).scalars()
        return {
            "turn": _columns(turn),
            "messages": [_columns(message) for message in messages],
            "outbox": [_columns(row) for row in sent],
        }


def _columns(row: Base) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
