"""`autoprime ask`: one message answered on the spot, to see what the assistant would say."""

import asyncio
import json
from datetime import datetime

import click

from assistant.commands.database import engine_of
from assistant.commands.postgres import settings_with_database
from assistant.conversation.answer import Answer
from assistant.conversation.assembly import create_answering
from assistant.conversation.responder import Author, Line, Request
from assistant.problem import Problem
from assistant.tools.speaker import identify
from integrations.contact import normal_phone
from integrations.database import create_sessions, transaction
from integrations.settings import SHOP_ZONE, Settings


@click.command(help="Answer TEXT as written by the customer with this phone; prints the reply and how it came about.")
@click.option("--phone", required=True, help="The customer's number, e.g. 5511987654321.")
@click.argument("text")
def command(phone: str, text: str) -> None:
    with settings_with_database() as settings:
        answer = asyncio.run(ask(settings, phone, text))
    click.echo(answer.text or "(no reply needed)")
    shown = {"responder": answer.responder, "intents": answer.intents, **answer.trace}
    if answer.handoff is not None:
        shown["handoff"] = {"reason": answer.handoff.reason, "summary": answer.handoff.summary}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=str))


async def ask(settings: Settings, phone: str, text: str) -> Answer:
    """The answer to one message without a history; nothing is stored or sent."""
    if normal_phone(phone) is None:
        raise Problem("That is no phone number: write it with country and area code, e.g. 5511987654321.")
    async with engine_of(settings) as engine:
        sessions = create_sessions(engine)
        async with transaction(sessions) as session:
            speaker = await identify(session, phone)
        now = datetime.now(SHOP_ZONE)
        line = Line(Author.CUSTOMER, text, "text", now)
        return await create_answering(settings, sessions).answer(Request([line], [], speaker, now))
