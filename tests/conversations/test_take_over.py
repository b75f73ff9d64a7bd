"""Taking over, handing back and escalating as the staff do it: in Kommo's chat, on the lead, by completing a task.

The tests share one service, so each has a phone of its own and looks at nothing but that phone's chat.
"""

from typing import Any

import pytest
from pydantic import SecretStr

from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Unlimited
from integrations.kommo.setup import prepare_mode_field
from tests.stack.fixtures import MakeStack
from tests.stack.running import Phone, Stack, eventually

JOAO, MARIA, CARLOS, ANA, PAULO = "5511987654321", "5511912345678", "5511998765432", "5511976543210", "5511985551234"
NEW = "5511900000777"


@pytest.fixture(scope="module")
async def stack(make_stack: MakeStack) -> Stack:
    """A service whose account has the field *Assistente*, made as `autoprime subscribe` makes it."""
    stack = await make_stack()
    token = SecretStr((await stack.http.get(f"{stack.sandbox_url}/sandbox/token")).json()["access_token"])
    async with KommoClient(stack.sandbox_url, StaticToken(token), Unlimited()) as client:
        assert await prepare_mode_field(client)
    return stack


async def api(stack: Stack, method: str, path: str, body: object = None) -> Any:
    """A call of Kommo's API, as another integration would make it."""
    token = (await stack.http.get(f"{stack.sandbox_url}/sandbox/token")).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = await stack.http.request(method, f"{stack.sandbox_url}/api/v4{path}", json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def field_of(stack: Stack, lead_id: int) -> str | None:
    """What the lead's field shows in Kommo."""
    lead = await api(stack, "GET", f"/leads/{lead_id}")
    fields = {field["field_name"]: field["values"][0]["value"] for field in lead["custom_fields_values"] or ()}
    return fields.get("Assistente")


async def shows(stack: Stack, lead_id: int, mode: str) -> None:
    """Wait until the field shows this, and our row agrees."""

    async def look() -> bool:
        row = f"SELECT 1 FROM lead_mode WHERE lead_id = {lead_id} AND shown = '{mode}' AND wanted = '{mode}'"
        return await field_of(stack, lead_id) == mode and bool(await stack.query(row))

    await eventually(look, f"the field shows {mode}\n{stack.logs()}")


async def choose(stack: Stack, lead_id: int, mode: str) -> None:
    """A person chooses a value on Kommo's screen."""
    fields = (await api(stack, "GET", "/leads/custom_fields?limit=250"))["_embedded"]["custom_fields"]
    field_id = next(field["id"] for field in fields if field["name"] == "Assistente")
    body = {"custom_fields_values": [{"field_id": field_id, "values": [{"value": mode}]}]}
    answer = await stack.http.patch(f"{stack.sandbox_url}/sandbox/leads/{lead_id}", json=body)
    assert answer.is_success, answer.text


def chat_of(phone: Phone) -> str:
    """SQL for the id of this phone's conversation."""
    return f"(SELECT id FROM conversation WHERE '{phone.number}' = ANY (phones))"


async def passes(stack: Stack, phone: Phone) -> None:
    """A few seconds pass in this chat: Kommo tells times in whole seconds."""
    await stack.settled()
    chat = chat_of(phone)
    for table, column, key in (("message", "sent_at", "conversation_id"), ("conversation", "last_staff_at", "id")):
        await stack.query(
            f"UPDATE {table} SET {column} = {column} - interval '3 seconds' WHERE {key} = {chat} RETURNING 1"
        )


async def quiet(stack: Stack, phone: Phone) -> None:
    quiet_now = f"SELECT 1 FROM conversation WHERE quiet_until > now() AND id = {chat_of(phone)}"
    await eventually(lambda: stack.query(quiet_now), "the assistant is quiet")


async def left_unanswered(stack: Stack, phone: Phone, text: str) -> None:
    """Wait until a turn was silent about this message."""
    silent = (
        f"SELECT 1 FROM turn t JOIN message m USING (conversation_id) WHERE conversation_id = {chat_of(phone)} "
        f"AND t.state = 'silent' AND m.text = '{text}' AND m.turn_id IS NULL"
    )
    await eventually(lambda: stack.query(silent), f"the silent turn\n{stack.logs()}")
    await stack.settled()


async def test_taken_over_on_the_screen_and_handed_back_by_the_word(stack: Stack) -> None:
    phone = stack.phone(JOAO)
    ids = await phone.write("oi, bom dia")
    await phone.replies(1)
    await phone.staff_write("Oi João, aqui é a Carla. Um momento.")
    await quiet(stack, phone)
    await shows(stack, ids["lead_id"], "Pessoa")
    await passes(stack, phone)
    await phone.write("cadê meu carro?")
    await left_unanswered(stack, phone, "cadê meu carro?")
    assert len(await phone.received()) == 1
    await phone.staff_write("Pode voltar")
    assert "Gol" in (await phone.replies(2))[1]
    await shows(stack, ids["lead_id"], "Ativo")
    await stack.settled()
    assert len(await phone.received()) == 2


async def test_a_person_pauses_on_the_lead_and_gives_back(stack: Stack) -> None:
    phone = stack.phone(CARLOS)
    ids = await phone.write("oi")
    await phone.replies(1)
    await choose(stack, ids["lead_id"], "Pausado")
    await quiet(stack, phone)
    await stack.settled()
    await phone.write("cadê meu carro?")
    await left_unanswered(stack, phone, "cadê meu carro?")
    assert len(await phone.received()) == 1
    await choose(stack, ids["lead_id"], "Ativo")
    assert "Jetta" in (await phone.replies(2))[1]
    await shows(stack, ids["lead_id"], "Ativo")


async def test_our_own_writing_of_the_field_changes_nothing(stack: Stack) -> None:
    """Its webhook comes back; the take-over stays one of hours, not for good, and nothing more is written."""
    phone = stack.phone(ANA)
    ids = await phone.write("oi")
    await phone.replies(1)
    await phone.staff_write("Oi Ana!")
    await shows(stack, ids["lead_id"], "Pessoa")
    await eventually(
        lambda: stack.query(
            f"SELECT 1 FROM kommo_event WHERE kinds LIKE '%leads.update%' AND body LIKE '%Pessoa%' "
            f"AND body LIKE '%{ids['lead_id']}%'"
        ),
        "our own writing came back",
    )
    await stack.settled()
    await eventually(lambda: no_mode_jobs(stack), "no look at the field is under way")
    assert await stack.query(
        f"SELECT quiet_until < now() + interval '30 days' FROM conversation WHERE lead_id = {ids['lead_id']}"
    ) == [(True,)]
    writes = [
        call for call in await stack.calls() if call["method"] == "PATCH" and f"/{ids['lead_id']}" in call["path"]
    ]
    assert len(writes) == 1


async def no_mode_jobs(stack: Stack) -> bool:
    return not await stack.query("SELECT 1 FROM pgqueuer WHERE entrypoint = 'lead_mode'")


async def test_when_the_time_is_over_the_field_is_active_again(stack: Stack) -> None:
    phone = stack.phone(MARIA)
    ids = await phone.write("oi")
    await phone.replies(1)
    await phone.staff_write("Oi Maria!")
    await shows(stack, ids["lead_id"], "Pessoa")
    await passes(stack, phone)
    await phone.write("que horas vocês abrem?")
    await left_unanswered(stack, phone, "que horas vocês abrem?")
    await stack.query(f"UPDATE conversation SET quiet_until = now() WHERE id = {chat_of(phone)} RETURNING 1")
    assert "8h" in (await phone.replies(2))[1]
    await shows(stack, ids["lead_id"], "Ativo")


async def test_a_hand_off_goes_to_the_responsible_person_and_is_escalated(stack: Stack) -> None:
    phone = stack.phone(PAULO)
    ids = await phone.write("oi")
    await phone.replies(1)
    users = (await api(stack, "GET", "/users"))["_embedded"]["users"]
    responsible = next(user["id"] for user in users if user["name"] == "Beatriz Nunes")
    await stack.http.patch(
        f"{stack.sandbox_url}/sandbox/leads/{ids['lead_id']}", json={"responsible_user_id": responsible}
    )
    await phone.ask("quero falar com um atendente")
    await stack.settled()
    (task,) = await tasks_of(stack, ids["lead_id"])
    assert task["responsible_user_id"] == responsible
    assert task["text"].startswith("Quem: Paulo")
    notes = (await api(stack, "GET", f"/leads/{ids['lead_id']}/notes"))["_embedded"]["notes"]
    assert task["text"] in [note["params"]["text"] for note in notes]
    await overdue(stack, phone)
    assert "Ainda não consegui que alguém da equipe" in (await phone.replies(3))[2]
    await stack.settled()
    _, again = await tasks_of(stack, ids["lead_id"])
    assert again["text"].startswith("PRIORIDADE – ninguém respondeu")


async def test_a_completed_task_is_a_reaction(stack: Stack) -> None:
    phone = stack.phone(NEW)
    ids = await phone.write("quero falar com um atendente")
    await phone.replies(1)
    await stack.settled()
    (task,) = await tasks_of(stack, ids["lead_id"])
    await api(stack, "PATCH", f"/tasks/{task['id']}", {"is_completed": True, "result": {"text": "Liguei"}})
    await overdue(stack, phone)
    await eventually(
        lambda: stack.query(f"SELECT 1 FROM handoff WHERE state = 'closed' AND conversation_id = {chat_of(phone)}"),
        "the matter is closed",
    )
    await stack.settled()
    assert len(await tasks_of(stack, ids["lead_id"])) == 1
    assert len(await phone.received()) == 1


async def tasks_of(stack: Stack, lead_id: int) -> list[dict[str, Any]]:
    found = await api(stack, "GET", f"/tasks?filter[entity_type]=leads&filter[entity_id][]={lead_id}")
    return sorted(found["_embedded"]["tasks"], key=lambda task: task["id"]) if found else []


async def overdue(stack: Stack, phone: Phone) -> None:
    """The staff's time for what this chat handed over is over."""
    await stack.query(
        "UPDATE handoff SET escalate_at = now() - interval '1 minute' WHERE state = 'open' AND escalate_at IS NOT NULL "
        f"AND conversation_id = {chat_of(phone)} RETURNING 1"
    )
