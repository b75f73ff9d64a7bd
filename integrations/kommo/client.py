"""START HERE: the client for Kommo's API: every call we make, by subject, over one `Caller`.

    async with KommoClient(base_url, StaticToken(token), create_limiter(sessions, base_url, rate)) as client:
        await client.at(Priority.REPLY).send_message(talk_id, text)

Raises `KommoError` (errors.py) and nothing else. It keeps no state of the account and decides nothing.
"""

from integrations.kommo.endpoints.account import AccountCalls
from integrations.kommo.endpoints.bots import BotCalls
from integrations.kommo.endpoints.contacts import ContactCalls
from integrations.kommo.endpoints.events import EventCalls
from integrations.kommo.endpoints.leads import LeadCalls
from integrations.kommo.endpoints.talks import TalkCalls
from integrations.kommo.endpoints.tasks import TaskCalls
from integrations.kommo.endpoints.webhooks import WebhookCalls
from integrations.kommo.tokens import StaticToken, TokenProvider

__all__ = ["KommoClient", "StaticToken", "TokenProvider"]


class KommoClient(AccountCalls, TalkCalls, ContactCalls, LeadCalls, TaskCalls, EventCalls, BotCalls, WebhookCalls):
    """Everything we ask of Kommo. Share one a process; `client.at(Priority.REPLY)` gives its calls another priority."""
