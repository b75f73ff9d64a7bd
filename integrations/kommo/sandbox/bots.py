"""Salesbots at work: one run per entity at a time, a moment until it sends, the widget request and its continue call.

A run is a row until it is over, so a restart goes on with it. The scripts: one step that sends a lead
field, one that asks a widget and sends what it answered, and a greeting that answers beside everybody else.
"""

import asyncio
import json
import secrets

import jwt

from .chats import Author, open_talk, send
from .context import Sandbox
from .model import EntityKind
from .model_chats import AuthorType, Bot, BotRun, Chat, Message, Talk, Via
from .records import add_event
from .wire import Doc
from .world import World

TOKEN_SECONDS = 300


def launch(box: Sandbox, bot: Bot, entity: EntityKind, entity_id: int, message: Message | None = None) -> bool:
    """Start a run; False, and nothing happens, while another is at work on the entity or the bot is off (assumed)."""
    world = box.world
    if (entity, entity_id) in world.run_of or not bot.is_active:
        return False
    run = BotRun(world.new_uuid(), bot.id, entity, entity_id, world.clock(), message.text if message else None)
    world.keep_run(run)
    box.background.spawn(_run(box, bot, run))
    return True


def on_customer_message(box: Sandbox, message: Message) -> None:
    """Bots whose trigger is any message of a customer: a greeting, and the asking one once a widget is configured."""
    if message.entity_id is None:
        return
    for bot in box.world.bots.rows.values():
        if bot.script == "greeting" or (bot.script == "ask_widget" and box.world.account.widget_url):
            launch(box, bot, "leads", message.entity_id, message)


def resume(box: Sandbox) -> None:
    """After a restart: go on with what was running."""
    for run in list(box.world.runs.rows.values()):
        bot = box.world.bots.get(run.bot_id)
        if bot is None:
            box.world.drop_run(run)
        elif run.continue_id is None:
            box.background.spawn(_run(box, bot, run))
        else:
            box.background.spawn(_expire(box, run))


def stop(box: Sandbox, bot: Bot, entity: EntityKind, entity_id: int) -> None:
    run = box.world.runs.get(box.world.run_of.get((entity, entity_id), ""))
    if run and run.bot_id == bot.id:
        box.world.drop_run(run)


def go_on(box: Sandbox, run: BotRun, texts: list[str]) -> None:
    """The continue call came: send what it brought and end the run."""
    box.world.drop_run(run)
    for text in texts:
        _say(box, run, text)


async def _run(box: Sandbox, bot: Bot, run: BotRun) -> None:
    await asyncio.sleep(box.world.settings.bot_seconds)
    if run.id not in box.world.runs.rows:
        return
    if bot.script != "ask_widget":
        _say(box, run, bot.text if bot.script == "greeting" else _field_text(box.world, bot, run))
        box.world.drop_run(run)
        box.world.flush()
    else:
        await _ask_widget(box, bot, run)


def _field_text(world: World, bot: Bot, run: BotRun) -> str:
    """`{{lead.cf.ID}}` as it stands when the step runs: the field is shared by all runs on the lead."""
    lead = world.leads.get(run.entity_id) if run.entity == "leads" else None
    values = lead.values.get(bot.field_id, []) if lead and bot.field_id else []
    return str(values[0].value) if values else ""


def _say(box: Sandbox, run: BotRun, text: str) -> None:
    chat = chat_of(box.world, run.entity, run.entity_id)
    if chat is None or not text.strip():
        return
    talk: Talk = open_talk(box, chat)
    bot = box.world.bots.rows[run.bot_id]
    send(box, talk, Author(str(bot.id), bot.name, AuthorType.BOT, Via.SALESBOT), text)
    add_event(box.world, "robot_replied", run.entity, run.entity_id, 0)


def chat_of(world: World, entity: EntityKind, entity_id: int) -> Chat | None:
    """The chat a bot on this entity speaks in: that of the lead's main contact (assumed), newest chat first."""
    contact_id: int | None = entity_id
    if entity == "leads":
        lead = world.leads.get(entity_id)
        contact_id = lead.main_contact_id if lead else None
    chats = world.chats_of.get(contact_id) if contact_id else None
    return world.chats.rows[chats[-1]] if chats else None


async def _ask_widget(box: Sandbox, bot: Bot, run: BotRun) -> None:
    """POST the widget_request and wait for the continue call; without a widget the run just ends."""
    url = box.world.account.widget_url
    if not url:
        box.world.drop_run(run)
        box.world.flush()
        return
    run.continue_id = 40_000_000 + secrets.randbelow(10_000_000)
    box.world.keep_run(run)
    box.world.flush()
    # Kommo waits two seconds for the 2xx, as for a webhook.
    status = await box.courier.post(url, json.dumps(widget_request(box.world, bot, run)), "application/json")
    if 200 <= status < 300:
        await _expire(box, run)
    box.world.drop_run(run)
    box.world.flush()


async def _expire(box: Sandbox, run: BotRun) -> None:
    left = run.started_at + box.world.settings.continue_seconds - box.world.clock()
    await asyncio.sleep(max(0.0, left))
    box.world.drop_run(run)
    box.world.flush()


def widget_request(world: World, bot: Bot, run: BotRun) -> Doc:
    """The body a widget gets; a placeholder that cannot be resolved arrives literally."""
    base, now = world.base_url, world.now()
    claims = {
        "iss": base,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "jti": world.new_uuid(),
        "subdomain": world.subdomain,
        "client_uid": world.settings.client_id,
        "account_id": world.account.id,
        "entity_type": run.entity,
        "entity_id": run.entity_id,
    }
    message = "{{message_text}}" if run.message_text is None else run.message_text
    return {
        "token": jwt.encode(claims, world.settings.client_secret, algorithm="HS256"),
        "data": {"message": message, "from": "widget"},
        "return_url": f"{base}/api/v4/salesbot/{bot.id}/continue/{run.continue_id}",
    }
