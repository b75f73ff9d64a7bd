"""Whose task it is: the lead's responsible user, else the one that the staff chose for what is nobody's."""

import pytest

from integrations.database import Sessions, transaction
from integrations.kommo.chats.models import Conversation, Outbox, OutboxKind, OutboxState
from integrations.kommo.chats.stafftasks import send_task
from integrations.kommo.client import KommoClient
from integrations.kommo.mapping.store import save_responsible
from integrations.kommo.schemas_users import User

from .conftest import JOAO, StandIn


async def task_of(sessions: Sessions, kommo: KommoClient, **chat: int) -> int | None:
    """The id of the task that is made for this chat."""
    async with transaction(sessions) as session:
        conversation = Conversation(chat_key="chat", **chat)
        session.add(conversation)
        await session.flush()
        row = Outbox(conversation_id=conversation.id, dedupe_key="key", kind=OutboxKind.TASK, text="Ligar para João")
        session.add(row)
        await session.flush()
        number = row.id
    await send_task(sessions, kommo, number)
    async with transaction(sessions) as session:
        done = await session.get_one(Outbox, number)
        assert done.state == OutboxState.ACCEPTED, done.error
        return int(done.kommo_id or 0)


async def owner(stand_in: StandIn, task_id: int | None) -> object:
    headers = {"Authorization": f"Bearer {stand_in.token}"}
    return (await stand_in.hand.get(f"/api/v4/tasks/{task_id}", headers=headers)).json()["responsible_user_id"]


@pytest.fixture
async def beatriz(sessions: Sessions, kommo: KommoClient) -> User:
    """Not the account's owner, whose task it would be anyway, and chosen for what is nobody's."""
    chosen = (await kommo.users())[1]
    async with transaction(sessions) as session:
        await save_responsible(session, chosen)
    return chosen


async def test_a_contact_without_a_lead_is_the_chosen_users(
    stand_in: StandIn, kommo: KommoClient, sessions: Sessions, beatriz: User
) -> None:
    contact = (await stand_in.writes(JOAO, "oi"))["contact_id"]
    assert await owner(stand_in, await task_of(sessions, kommo, contact_id=contact)) == beatriz.id


async def test_a_lead_stays_its_own_responsible_users(
    stand_in: StandIn, kommo: KommoClient, sessions: Sessions, beatriz: User
) -> None:
    lead = (await stand_in.writes(JOAO, "oi"))["lead_id"]
    found = await kommo.lead(lead)
    assert found is not None
    assert found.responsible_user_id != beatriz.id
    assert await owner(stand_in, await task_of(sessions, kommo, lead_id=lead)) == found.responsible_user_id
