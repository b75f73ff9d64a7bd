"""The whole account in memory: its tables, and the indices that keep every request's work small.

It owns the rows and nothing else: rules are in the module of each subject, the wire format in `shapes.py`. All
changes happen between two awaits of one event loop, so no locks are needed.
"""

import time
import uuid
from collections import defaultdict

from .model import (
    Account,
    Contact,
    EntityKind,
    Event,
    Field,
    Grant,
    Lead,
    Note,
    Parcel,
    Pipeline,
    Tag,
    Task,
    Token,
    User,
    Webhook,
)
from .model_chats import Bot, BotRun, Chat, Message, Talk
from .settings import SandboxSettings
from .store import Journal, Table

FIRST_STAGE_ID = 76_203_411


class World:
    """One account. `open()` it from its folder; `flush()` before acknowledging anything."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.journal = Journal(settings.data_dir / "kommo-sandbox.sqlite3")
        self.accounts = Table(self.journal, Account, lambda row: row.id, 31_415_927)
        self.users = Table(self.journal, User, lambda row: row.id, 10_412_301)
        self.pipelines = Table(self.journal, Pipeline, lambda row: row.id, 9_870_213)
        self.fields = Table(self.journal, Field, lambda row: row.id, 1_204_517)
        self.tags = Table(self.journal, Tag, lambda row: row.id, 51_203)
        self.leads = Table(self.journal, Lead, lambda row: row.id, 20_451_001)
        self.contacts = Table(self.journal, Contact, lambda row: row.id, 30_772_005)
        self.chats = Table(self.journal, Chat, lambda row: row.id)
        self.talks = Table(self.journal, Talk, lambda row: row.id, 4_103)
        self.messages = Table(self.journal, Message, lambda row: row.id)
        self.events = Table(self.journal, Event, lambda row: row.id)
        self.notes = Table(self.journal, Note, lambda row: row.id, 44_120_003)
        self.tasks = Table(self.journal, Task, lambda row: row.id, 7_350_011)
        self.webhooks = Table(self.journal, Webhook, lambda row: row.id, 812_003)
        self.parcels = Table(self.journal, Parcel, lambda row: row.id)
        self.bots = Table(self.journal, Bot, lambda row: row.id, 61_205)
        self.runs = Table(self.journal, BotRun, lambda row: row.id)
        self.tokens = Table(self.journal, Token, lambda row: row.jti)
        self.grants = Table(self.journal, Grant, lambda row: row.id)
        self.seen_base_url: str | None = None
        self._last_time = 0.0
        self._index()

    def _index(self) -> None:
        self.phones: dict[str, list[int]] = defaultdict(list)
        self.leads_of: dict[int, list[int]] = defaultdict(list)
        self.chat_of_phone: dict[str, str] = {}
        self.chats_of: dict[int, list[str]] = defaultdict(list)
        self.talks_of_chat: dict[str, list[int]] = defaultdict(list)
        self.messages_of_talk: dict[int, list[str]] = defaultdict(list)
        self.notes_of: dict[tuple[EntityKind, int], list[int]] = defaultdict(list)
        self.tasks_of: dict[int, list[int]] = defaultdict(list)
        for task in self.tasks.rows.values():
            if task.entity_id is not None:
                self.tasks_of[task.entity_id].append(task.id)
        for contact in self.contacts.rows.values():
            self.index_phones(contact)
        for lead in self.leads.rows.values():
            for contact_id in lead.contact_ids:
                self.leads_of[contact_id].append(lead.id)
        for chat in self.chats.rows.values():
            self.index_chat(chat)
        for talk in self.talks.rows.values():
            self.talks_of_chat[talk.chat_id].append(talk.id)
        for message in self.messages.rows.values():
            self.messages_of_talk[message.talk_id].append(message.id)
        for note in self.notes.rows.values():
            self.notes_of[note.entity, note.entity_id].append(note.id)
        self.run_of = {(run.entity, run.entity_id): run.id for run in self.runs.rows.values()}
        self.token_of_text = {token.text: token for token in self.tokens.rows.values()}
        self._rev = max((message.rev for message in self.messages.rows.values()), default=0)

    def index_chat(self, chat: Chat) -> None:
        self.chat_of_phone[chat.phone] = chat.id
        self.chats_of[chat.contact_id].append(chat.id)

    def keep_run(self, run: BotRun) -> None:
        self.run_of[run.entity, run.entity_id] = run.id
        self.runs.put(run)

    def drop_run(self, run: BotRun) -> None:
        self.run_of.pop((run.entity, run.entity_id), None)
        self.runs.drop(run.id)

    def keep_token(self, token: Token) -> Token:
        self.token_of_text[token.text] = token
        return self.tokens.put(token)

    def index_phones(self, contact: Contact) -> None:
        for number in self.phone_numbers(contact):
            if contact.id not in self.phones[number]:
                self.phones[number].append(contact.id)

    def unindex_phones(self, contact: Contact) -> None:
        for number in self.phone_numbers(contact):
            if contact.id in self.phones[number]:
                self.phones[number].remove(contact.id)

    def phone_numbers(self, contact: Contact) -> list[str]:
        """Digits of the contact's PHONE values."""
        field_id = self.phone_field_id
        values = contact.values.get(field_id, []) if field_id else []
        return ["".join(filter(str.isdigit, str(value.value))) for value in values]

    @property
    def phone_field_id(self) -> int | None:
        return next((f.id for f in self.fields.rows.values() if f.entity == "contacts" and f.code == "PHONE"), None)

    @property
    def account(self) -> Account:
        return next(iter(self.accounts.rows.values()))

    @property
    def owner(self) -> User:
        """The administrator whose integration it is."""
        return next(user for user in self.users.rows.values() if user.is_admin)

    @property
    def subdomain(self) -> str:
        return self.account.subdomain or self.settings.subdomain

    @property
    def base_url(self) -> str:
        """Where the account is reached; a renamed one at its new name, where the address has one."""
        known = self.settings.base_url or self.seen_base_url or f"https://{self.settings.subdomain}.kommo.com"
        return known.replace(f"//{self.settings.subdomain}.", f"//{self.subdomain}.", 1)

    def is_former_host(self, host: str) -> bool:
        """Whether a call came to the name the account had before it was renamed."""
        return self.subdomain != self.settings.subdomain and host.startswith(f"{self.settings.subdomain}.")

    def now(self) -> int:
        return int(self.clock())

    def clock(self) -> float:
        """Wall time that never repeats, so that rows made one after the other stay in order."""
        self._last_time = max(time.time(), self._last_time + 1e-6)
        return self._last_time

    def next_stage_id(self) -> int:
        used = (stage.id for pipeline in self.pipelines.rows.values() for stage in pipeline.stages)
        return max((*used, FIRST_STAGE_ID - 4)) + 4

    def next_rev(self) -> int:
        self._rev += 1
        return self._rev

    def new_uuid(self) -> str:
        return str(uuid.uuid4())

    def flush(self) -> None:
        self.journal.flush()
