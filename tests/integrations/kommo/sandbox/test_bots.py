"""Salesbots: the field bot, one run at a time, the widget request and its continue call."""

import asyncio
from dataclasses import replace

import jwt
import pytest

from integrations.kommo.sandbox.settings import SandboxSettings

from .conftest import JOAO, Receiver, Stand, Started, embedded, eventually


async def _reply_bot(stand: Stand) -> tuple[object, object]:
    """The id of the bot that sends a field, and of that field."""
    bots = embedded(await stand.api.get("/bots"), "items")
    fields = embedded(await stand.api.get("/leads/custom_fields"), "custom_fields")
    assert [bot["name"] for bot in bots] == ["Responder pelo campo", "Pergunta ao assistente"]
    assert [(field["name"], field["type"]) for field in fields] == [("Resposta do assistente", "textarea")]
    return bots[0]["id"], fields[0]["id"]


async def _set_reply(stand: Stand, lead_id: object, field_id: object, text: str | None) -> None:
    values = [{"value": text}] if text else None
    given = {"custom_fields_values": [{"field_id": field_id, "values": values}]}
    assert (await stand.api.patch(f"/leads/{lead_id}", json=given)).status_code == 200


async def _texts(stand: Stand) -> list[object]:
    return [message["text"] for message in await stand.sees(JOAO) if message["via"] == "salesbot"]


async def _until_said(stand: Stand, count: int) -> list[object]:
    async with asyncio.timeout(10):
        while len(found := await _texts(stand)) < count:
            continue
    return found


async def test_the_field_bot_sends_what_the_field_holds(stand: Stand, receiver: Receiver) -> None:
    await stand.subscribe(receiver.url, "add_outgoing_message")
    lead_id, (bot_id, field_id) = (await stand.writes(JOAO, "oi"))["lead_id"], await _reply_bot(stand)
    await _set_reply(stand, lead_id, field_id, "Seu Gol está em Diagnóstico")
    answer = await stand.api.post(f"/bots/{bot_id}/run", json={"entity_id": lead_id, "entity_type": "leads"})
    assert answer.status_code == 202
    assert await _until_said(stand, 1) == ["Seu Gol está em Diagnóstico"]
    hook = (await receiver.wait_for("outgoing_message[add]"))[0]
    assert hook["outgoing_message[add][0][author][type]"] == "bot"


async def test_a_second_run_while_one_is_at_work_does_nothing_and_says_nothing(
    start: Started, quick: SandboxSettings
) -> None:
    stand = await start(replace(quick, bot_seconds=0.3))
    lead_id, (bot_id, field_id) = (await stand.writes(JOAO, "oi"))["lead_id"], await _reply_bot(stand)
    run = {"entity_id": lead_id, "entity_type": "leads"}
    await _set_reply(stand, lead_id, field_id, "primeira")
    assert (await stand.api.post(f"/bots/{bot_id}/run", json=run)).status_code == 202
    await _set_reply(stand, lead_id, field_id, "segunda")
    assert (await stand.api.post(f"/bots/{bot_id}/run", json=run)).status_code == 202
    # The field is shared: the one run sends what it finds when its step comes.
    assert await _until_said(stand, 1) == ["segunda"]
    await _set_reply(stand, lead_id, field_id, "terceira")
    assert (await stand.api.post(f"/bots/{bot_id}/run", json=run)).status_code == 202
    assert await _until_said(stand, 2) == ["segunda", "terceira"]


async def test_an_empty_field_sends_nothing_and_a_stopped_run_neither(stand: Stand) -> None:
    lead_id, (bot_id, field_id) = (await stand.writes(JOAO, "oi"))["lead_id"], await _reply_bot(stand)
    run = {"entity_id": lead_id, "entity_type": "leads"}
    assert (await stand.api.post(f"/bots/{bot_id}/run", json=run)).status_code == 202
    assert (await stand.api.post(f"/bots/{bot_id}/stop", json=run)).status_code == 202
    await _set_reply(stand, lead_id, field_id, "só esta")
    assert (await stand.api.post(f"/bots/{bot_id}/run", json=run)).status_code == 202
    assert await _until_said(stand, 1) == ["só esta"]


async def test_refusals_of_run(stand: Stand) -> None:
    bot_id, _ = await _reply_bot(stand)
    lead_id = (await stand.writes(JOAO, "oi"))["lead_id"]
    assert (await stand.api.post("/bots/1/run", json={"entity_id": lead_id, "entity_type": "leads"})).status_code == 404
    for given in ({"entity_id": lead_id, "entity_type": "lead"}, {"entity_id": 1, "entity_type": "leads"}, {}):
        assert (await stand.api.post(f"/bots/{bot_id}/run", json=given)).status_code == 400
    assert (await stand.api.get("/bots/1")).status_code == 204
    assert (await stand.api.get(f"/bots/{bot_id}")).json()["settings"]["active"] is True


async def test_a_widget_request_is_signed_and_its_continue_call_answers(
    start: Started, quick: SandboxSettings, receiver: Receiver
) -> None:
    stand = await start(replace(quick, widget_url=receiver.url.replace("/hook", "/widget")))
    ids = await stand.writes(JOAO, "cadê meu carro?")
    await eventually(lambda: len(receiver.widget_requests) == 1)
    request = receiver.widget_requests[0]
    assert set(request) == {"token", "data", "return_url"}
    assert request["data"] == {"message": "cadê meu carro?", "from": "widget"}
    token, return_url = request["token"], request["return_url"]
    assert isinstance(token, str)
    assert isinstance(return_url, str)
    claims = jwt.decode(token, quick.client_secret, algorithms=["HS256"], issuer=stand.base_url)
    assert (claims["entity_type"], claims["entity_id"]) == ("leads", ids["lead_id"])
    assert (claims["client_uid"], claims["exp"] - claims["iat"]) == (quick.client_id, 300)
    assert return_url.startswith(f"{stand.base_url}/api/v4/salesbot/")

    answer = await stand.api.post(return_url, json={"data": {"status": "success", "reply": "Em Diagnóstico"}})
    assert (answer.status_code, answer.content) == (202, b"")
    assert await _until_said(stand, 1) == ["Em Diagnóstico"]
    again = await stand.api.post(return_url, json={"data": {"status": "success", "reply": "de novo"}})
    assert again.status_code == 404
    assert again.json()["detail"].startswith("There is no continue record with id")


async def test_a_waiting_bot_blocks_others_on_its_lead(
    start: Started, quick: SandboxSettings, receiver: Receiver
) -> None:
    stand = await start(replace(quick, widget_url=receiver.url.replace("/hook", "/widget")))
    lead_id = (await stand.writes(JOAO, "oi"))["lead_id"]
    await eventually(lambda: len(receiver.widget_requests) == 1)
    bot_id, field_id = await _reply_bot(stand)
    await _set_reply(stand, lead_id, field_id, "pelo campo")
    run = {"entity_id": lead_id, "entity_type": "leads"}
    assert (await stand.api.post(f"/bots/{bot_id}/run", json=run)).status_code == 202
    return_url = receiver.widget_requests[0]["return_url"]
    assert isinstance(return_url, str)
    await stand.api.post(return_url, json={"data": {"reply": "pelo widget"}})
    assert await _until_said(stand, 1) == ["pelo widget"]
    assert (await stand.api.post(f"/bots/{bot_id}/run", json=run)).status_code == 202
    assert await _until_said(stand, 2) == ["pelo widget", "pelo campo"]


@pytest.mark.parametrize(
    "handlers",
    [[{"handler": "show", "params": {"type": "text", "value": "x" * 81}}], [{"handler": "goto", "params": {}}] * 11],
)
async def test_limits_of_continue(
    start: Started, quick: SandboxSettings, receiver: Receiver, handlers: list[object]
) -> None:
    stand = await start(replace(quick, widget_url=receiver.url.replace("/hook", "/widget")))
    await stand.writes(JOAO, "oi")
    await eventually(lambda: len(receiver.widget_requests) == 1)
    return_url = receiver.widget_requests[0]["return_url"]
    assert isinstance(return_url, str)
    answer = await stand.api.post(return_url, json={"data": {}, "execute_handlers": handlers})
    assert answer.status_code == 400
