"""What happens in a customer's chat: messages in and out, talks opening and closing, delivery.

A customer's message may bring contact, lead and talk into being; an outgoing one is accepted first and delivered, or
not, a moment later.
"""

import asyncio
from dataclasses import dataclass

from . import hookshapes
from .contacts import announce_new as announce_new_contacts
from .contacts import by_phone, with_phone
from .context import Sandbox
from .faults import FaultKind
from .leads import is_open, link_contact, new_lead
from .model import Contact, Lead
from .model_chats import Attachment, AuthorType, Chat, Delivery, Message, Talk, Via
from .records import add_event
from .wire import Doc
from .world import World

ORIGIN = "waba"


@dataclass(frozen=True, slots=True)
class Author:
    id: str
    name: str
    type: AuthorType
    via: Via
    user_id: int | None = None


def customer_writes(box: Sandbox, phone: str, name: str, text: str, attachment: Attachment | None) -> Message:
    """A customer's message on its way into the account, with everything it brings about, announced."""
    chat = _chat(box, phone, name)
    talk, is_new = _talk(box, chat)
    author = Author(chat.author_id, chat.name, AuthorType.EXTERNAL, Via.CUSTOMER)
    chat.last_incoming_at = box.world.clock()
    box.world.chats.put(chat)
    message = _add_message(box, talk, author, text, attachment)
    box.courier.announce(
        "add_talk" if is_new else "update_talk", "talk", "add" if is_new else "update", [hookshapes.talk(talk)]
    )
    root = "" if box.world.account.bare_messages else "message"
    box.courier.announce("add_message", root, "add", [hookshapes.message(box.world, message)], chat.phone)
    return message


def send(box: Sandbox, talk: Talk, author: Author, text: str, attachment: Attachment | None = None) -> Message:
    """An outgoing message, accepted: it is in the talk as `sent`, and delivered or failed a moment later."""
    message = _add_message(box, talk, author, text, attachment)
    box.background.spawn(_deliver(box, message))
    return message


def open_talk(box: Sandbox, chat: Chat) -> Talk:
    """The chat's talk in work, opened and announced when there is none."""
    talk, is_new = _talk(box, chat)
    if is_new:
        box.courier.announce("add_talk", "talk", "add", [hookshapes.talk(talk)])
    return talk


def close_talk(box: Sandbox, talk: Talk, user_id: int) -> None:
    """Close a talk; closing a closed one changes nothing."""
    if not talk.is_in_work:
        return
    talk.is_in_work = False
    _touch(box.world, talk)
    _talk_event(box.world, "talk_closed", talk, user_id)
    box.courier.announce("update_talk", "talk", "update", [hookshapes.talk(talk)])


def last_talk(world: World, chat: Chat) -> Talk | None:
    ids = world.talks_of_chat.get(chat.id)
    return world.talks.rows[ids[-1]] if ids else None


def _chat(box: Sandbox, phone: str, name: str) -> Chat:
    world = box.world
    known = world.chat_of_phone.get(phone)
    if known:
        return world.chats.rows[known]
    contact = by_phone(world, phone)
    if contact is None:
        contact = with_phone(box, name or f"+{phone}", phone)
        announce_new_contacts(box, [contact])
    chat = Chat(world.new_uuid(), phone, contact.id, world.new_uuid(), name or contact.name)
    world.index_chat(chat)
    return world.chats.put(chat)


def _talk(box: Sandbox, chat: Chat) -> tuple[Talk, bool]:
    world, last = box.world, last_talk(box.world, chat)
    if last and last.is_in_work:
        return last, False
    lead = _lead_for(box, world.contacts.rows[chat.contact_id])
    now, lead_id = world.now(), lead.id if lead else None
    talk = world.talks.put(Talk(world.talks.next_id(), chat.id, chat.contact_id, lead_id, ORIGIN, now, now))
    world.talks_of_chat[chat.id].append(talk.id)
    _talk_event(world, "talk_created", talk, 0)
    return talk, True


def _lead_for(box: Sandbox, contact: Contact) -> Lead | None:
    """The contact's newest open lead; else a new one in the first stage (assumed), or none if the account says so."""
    world = box.world
    mine = [world.leads.rows[i] for i in world.leads_of.get(contact.id, ())]
    lead = next((lead for lead in reversed(mine) if is_open(lead)), None)
    if lead or not world.account.leads_from_chats:
        return lead
    lead = new_lead(world, "", 0, contact.responsible_user_id)
    link_contact(world, lead, contact.id, is_main=True)
    add_event(world, "lead_added", "leads", lead.id, 0)
    # The name that the screen shows ("Lead #1") is made up for display: the webhook comes without one.
    nameless = hookshapes.lead(world, lead) | {"name": ""}
    box.courier.announce("add_lead", "leads", "add", [nameless])
    return lead


def _add_message(box: Sandbox, talk: Talk, author: Author, text: str, attachment: Attachment | None) -> Message:
    world, at, incoming = box.world, box.world.clock(), author.type is AuthorType.EXTERNAL
    message = Message(
        id=world.new_uuid(),
        rev=world.next_rev(),
        chat_id=talk.chat_id,
        talk_id=talk.id,
        contact_id=talk.contact_id,
        entity_id=talk.entity_id,
        incoming=incoming,
        text=text,
        message_type=attachment.type if attachment else "text",
        author_id=author.id,
        author_name=author.name,
        author_type=author.type,
        user_id=author.user_id,
        via=author.via,
        created_at=int(at),
        at=at,
        delivery_status=Delivery.DELIVERED if incoming else Delivery.SENT,
        attachment=attachment,
    )
    world.messages.put(message)
    world.messages_of_talk[talk.id].append(message.id)
    talk.is_read = not incoming
    _touch(world, talk)
    _message_event(world, message, author.user_id or 0)
    if not incoming:
        box.signals.answered(world.chats.rows[talk.chat_id].phone)
    box.signals.changed(world.chats.rows[talk.chat_id].phone)
    return message


async def _deliver(box: Sandbox, message: Message) -> None:
    world = box.world
    box.courier.announce("add_outgoing_message", "outgoing_message", "add", [hookshapes.message(world, message)])
    world.flush()
    await asyncio.sleep(world.settings.delivery_seconds)
    finish_delivery(box, message)
    world.flush()


def finish_delivery(box: Sandbox, message: Message) -> None:
    """`delivered`, or `error` outside the 24-hour window or when the channel is broken. No webhook tells of it."""
    world, chat = box.world, box.world.chats.rows[message.chat_id]
    window, last = world.settings.window_seconds, chat.last_incoming_at
    inside = last is not None and message.at - last <= window
    broken = box.faults.hit(FaultKind.CHANNEL_ERROR, "", world.clock())
    arrives = not broken and (inside or message.via is Via.TEMPLATE)
    message.delivery_status = Delivery.DELIVERED if arrives else Delivery.ERROR
    message.rev = world.next_rev()
    world.messages.put(message)
    box.signals.changed(chat.phone)


def resume_deliveries(box: Sandbox) -> None:
    """After a restart: finish what was accepted and not yet delivered."""
    for message in box.world.messages.rows.values():
        if not message.incoming and message.delivery_status is Delivery.SENT:
            finish_delivery(box, message)


def _touch(world: World, talk: Talk) -> None:
    talk.updated_at = max(world.now(), talk.updated_at)
    world.talks.put(talk)


def _talk_event(world: World, name: str, talk: Talk, user_id: int) -> None:
    after: list[Doc] = [{"talk": {"id": talk.id}}]
    add_event(world, name, "contacts", talk.contact_id, user_id, after)


def _message_event(world: World, message: Message, user_id: int) -> None:
    name = "incoming_chat_message" if message.incoming else "outgoing_chat_message"
    after: list[Doc] = [{"message": {"id": message.id, "origin": ORIGIN, "talk_id": message.talk_id}}]
    kind, entity_id = ("leads", message.entity_id) if message.entity_id else ("contacts", message.contact_id)
    add_event(world, name, "leads" if kind == "leads" else "contacts", entity_id, user_id, after)
