"""Talks and their messages: reading, sending, refusals, delivery."""

from dataclasses import replace

from integrations.kommo.sandbox.settings import SandboxSettings

from .conftest import JOAO, NEWCOMER, Receiver, Stand, Started, embedded


async def test_a_new_number_becomes_contact_lead_and_talk(stand: Stand) -> None:
    answer = await stand.phone.post(f"/sandbox/chats/{NEWCOMER}/messages", json={"text": "oi", "name": "Lúcia"})
    ids = answer.json()
    assert answer.status_code == 201
    contact = (await stand.api.get(f"/contacts/{ids['contact_id']}")).json()
    phone = contact["custom_fields_values"][0]
    assert (contact["name"], phone["field_code"], phone["values"][0]["value"]) == ("Lúcia", "PHONE", f"+{NEWCOMER}")
    lead = (await stand.api.get(f"/leads/{ids['lead_id']}", params={"with": "contacts"})).json()
    assert [(row["id"], row["is_main"]) for row in lead["_embedded"]["contacts"]] == [(ids["contact_id"], True)]
    talk = (await stand.api.get(f"/talks/{ids['talk_id']}")).json()
    assert talk["origin"] == "waba"
    assert (talk["status"], talk["is_in_work"], talk["is_read"]) == ("in_work", True, False)
    assert (talk["entity_id"], talk["entity_type"]) == (ids["lead_id"], "lead")


async def test_a_known_phone_keeps_its_contact_and_its_talk(stand: Stand) -> None:
    first, second = await stand.writes(JOAO, "oi"), await stand.writes(JOAO, "cadê meu carro?")
    assert {key: first[key] for key in first if key != "id"} == {key: second[key] for key in second if key != "id"}
    contact = (await stand.api.get(f"/contacts/{first['contact_id']}")).json()
    assert contact["name"] == "João Silva"


async def test_messages_are_read_newest_first_and_from_a_time(stand: Stand) -> None:
    ids = await stand.writes(JOAO, "um")
    await stand.writes(JOAO, "dois")
    path = f"/talks/{ids['talk_id']}/messages"
    messages = embedded(await stand.api.get(path), "messages")
    assert [m["text"] for m in messages] == ["dois", "um"]
    assert messages[0]["type"] == "incoming"
    author = messages[0]["author"]
    assert isinstance(author, dict)
    assert (author["type"], author["name"]) == ("external", "João Silva")
    later = {"filter[created_at][from]": "99999999999"}
    assert embedded(await stand.api.get(path, params=later), "messages") == []


async def test_a_sent_message_is_accepted_then_delivered(stand: Stand) -> None:
    ids = await stand.writes(JOAO, "oi")
    answer = await stand.api.post(f"/talks/{ids['talk_id']}/send_message", json={"text": "Olá, João"})
    assert answer.status_code == 202
    assert list(answer.json()) == ["id"]

    shown = (await stand.sees(JOAO))[-1]
    assert (shown["id"], shown["direction"], shown["via"]) == (answer.json()["id"], "out", "api")
    await _ends_as(stand, str(ids["talk_id"]), "delivered")
    message = embedded(await stand.api.get(f"/talks/{ids['talk_id']}/messages"), "messages")[0]
    author = message["author"]
    assert isinstance(author, dict)
    assert (message["id"], message["type"], author["type"]) == (answer.json()["id"], "outgoing", "bot")


async def _ends_as(stand: Stand, talk_id: str, wanted: str) -> None:
    async def status() -> object:
        return embedded(await stand.api.get(f"/talks/{talk_id}/messages"), "messages")[0]["delivery_status"]

    found = await status()
    while found == "sent":
        found = await status()
    assert found == wanted


async def test_a_broken_channel_accepts_and_then_fails(stand: Stand) -> None:
    ids = await stand.writes(JOAO, "oi")
    await stand.breaks("channel_error")
    answer = await stand.api.post(f"/talks/{ids['talk_id']}/send_message", json={"text": "Olá"})
    assert answer.status_code == 202
    await _ends_as(stand, str(ids["talk_id"]), "error")


async def test_outside_the_window_a_message_is_accepted_and_fails(start: Started, quick: SandboxSettings) -> None:
    stand = await start(replace(quick, window_seconds=0))
    ids = await stand.writes(JOAO, "oi")
    answer = await stand.api.post(f"/talks/{ids['talk_id']}/send_message", json={"text": "Olá"})
    assert answer.status_code == 202
    await _ends_as(stand, str(ids["talk_id"]), "error")


async def test_a_message_needs_text_or_attachment(stand: Stand) -> None:
    ids = await stand.writes(JOAO, "oi")
    wrong: list[object] = [{}, {"text": "  "}, {"text": 5}, [], {"attachment": {"type": "picture"}}]
    for given in wrong:
        answer = await stand.api.post(f"/talks/{ids['talk_id']}/send_message", json=given)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json"), given


async def test_a_closed_talk_takes_nothing_and_the_customer_opens_a_new_one(stand: Stand, receiver: Receiver) -> None:
    await stand.subscribe(receiver.url, "add_talk", "update_talk")
    ids = await stand.writes(JOAO, "oi")
    assert (await stand.api.post(f"/talks/{ids['talk_id']}/close", json={"force_close": True})).status_code == 202
    closed = (await stand.api.get(f"/talks/{ids['talk_id']}")).json()
    assert (closed["status"], closed["is_in_work"]) == ("closed", False)

    answer = await stand.api.post(f"/talks/{ids['talk_id']}/send_message", json={"text": "Olá"})
    assert (answer.status_code, answer.json()["detail"]) == (422, "Talk is closed")
    again = await stand.writes(JOAO, "e aí?")
    assert again["talk_id"] != ids["talk_id"]
    assert again["lead_id"] == ids["lead_id"]
    new = (await stand.api.get(f"/talks/{again['talk_id']}")).json()
    assert new["chat_id"] == closed["chat_id"]
    closing = (await receiver.wait_for("talk[update]"))[0]
    assert closing["talk[update][0][is_in_work]"] == "0"
    assert len(await receiver.wait_for("talk[add]", 2)) == 2


async def test_without_an_open_lead_a_talk_may_have_no_entity(stand: Stand, receiver: Receiver) -> None:
    await stand.phone.patch("/sandbox/account", json={"leads_from_chats": False})
    await stand.subscribe(receiver.url, "add_message")
    ids = await stand.writes(JOAO, "oi")
    assert ids["lead_id"] is None
    talk = (await stand.api.get(f"/talks/{ids['talk_id']}")).json()
    assert (talk["entity_id"], talk["entity_type"]) == (None, None)
    hook = (await receiver.wait_for("message[add]"))[0]
    assert not [key for key in hook if "entity" in key or "element" in key]


async def test_the_add_on_needs_its_plan_its_scopes_and_paid_messages(stand: Stand) -> None:
    ids = await stand.writes(JOAO, "oi")
    send, read = f"/talks/{ids['talk_id']}/send_message", f"/talks/{ids['talk_id']}/messages"

    await stand.phone.patch("/sandbox/account", json={"plan": "advanced"})
    answer = await stand.api.post(send, json={"text": "Olá"})
    assert (answer.status_code, answer.json()["detail"]) == (402, "Endpoint not available for current account tariff")

    await stand.phone.patch("/sandbox/account", json={"plan": "pro", "chats_limit": 1})
    assert (await stand.api.post(send, json={"text": "uma"})).status_code == 202
    answer = await stand.api.post(send, json={"text": "duas"})
    assert (answer.status_code, answer.json()["detail"]) == (402, "Over chat API limit")
    assert (await stand.api.get(read)).status_code == 200

    await stand.phone.patch("/sandbox/account", json={"scopes": ["crm"], "chats_limit": 9})
    for answer in (await stand.api.post(send, json={"text": "três"}), await stand.api.get(read)):
        assert (answer.status_code, answer.json()["detail"]) == (403, "Invalid scope")


async def test_unknown_talks_are_404_and_filters_find_the_others(stand: Stand) -> None:
    for path in ("/talks/1", "/talks/1/messages"):
        assert (await stand.api.get(path)).status_code == 404
    answer = await stand.api.post("/talks/1/send_message", json={"text": "x"})
    assert (answer.status_code, answer.json()["detail"]) == (404, "Requested entity not found")

    assert embedded(await stand.api.get("/talks"), "talks") == []
    one, two = await stand.writes(JOAO, "oi"), await stand.writes(NEWCOMER, "oi")
    await stand.api.post(f"/talks/{one['talk_id']}/close")
    assert await _talk_ids(stand) == [two["talk_id"], one["talk_id"]]
    assert await _talk_ids(stand, **{"filter[only_in_work]": "1"}) == [two["talk_id"]]
    assert await _talk_ids(stand, **{"filter[contact_id][]": str(one["contact_id"])}) == [one["talk_id"]]
    assert await _talk_ids(stand, **{"filter[talk_id][]": str(two["talk_id"])}) == [two["talk_id"]]
    assert await _talk_ids(stand, **{"filter[entity_id]": str(two["lead_id"])}) == [two["talk_id"]]


async def _talk_ids(stand: Stand, **query: str) -> list[object]:
    return [talk["talk_id"] for talk in embedded(await stand.api.get("/talks", params=query), "talks")]


async def test_a_person_answers_as_internal(stand: Stand, receiver: Receiver) -> None:
    users = embedded(await stand.api.get("/users"), "users")
    await stand.subscribe(receiver.url, "add_outgoing_message")
    ids = await stand.writes(JOAO, "oi")
    given = {"text": "Aqui é a Beatriz", "user_id": users[1]["id"]}
    answer = await stand.phone.post(f"/sandbox/chats/{JOAO}/staff-messages", json=given)
    assert answer.status_code == 201
    message = embedded(await stand.api.get(f"/talks/{ids['talk_id']}/messages"), "messages")[0]
    author = message["author"]
    assert isinstance(author, dict)
    assert (author["type"], author["name"]) == ("internal", users[1]["name"])
    hook = (await receiver.wait_for("outgoing_message[add]"))[0]
    assert hook["outgoing_message[add][0][author][type]"] == "internal"
    assert hook["outgoing_message[add][0][author][user_id]"] == str(users[1]["id"])
    assert (await stand.sees(JOAO))[-1]["via"] == "staff"


async def test_a_voice_note_has_no_text_and_an_attachment(stand: Stand) -> None:
    given = {"attachment": {"type": "voice", "link": "https://amojo.kommo.com/attachments/1.ogg"}}
    ids = (await stand.phone.post(f"/sandbox/chats/{JOAO}/messages", json=given)).json()
    message = embedded(await stand.api.get(f"/talks/{ids['talk_id']}/messages"), "messages")[0]
    assert (message["message_type"], message["text"]) == ("voice", "")
    assert message["attachment"] == given["attachment"] | {"file_name": ""}


async def test_typing_shows_from_the_webhook_to_the_answer(stand: Stand, receiver: Receiver) -> None:
    await stand.subscribe(receiver.url, "add_message")
    ids = await stand.writes(JOAO, "oi")
    await receiver.wait_for("message[add]")

    async def typing() -> bool:
        return bool((await stand.phone.get(f"/sandbox/chats/{JOAO}")).json()["typing"])

    while not await typing():
        continue
    await stand.api.post(f"/talks/{ids['talk_id']}/send_message", json={"text": "Olá"})
    assert not await typing()


async def test_the_stream_brings_old_and_new_messages(stand: Stand) -> None:
    await stand.writes(JOAO, "primeira")
    seen: list[str] = []
    async with stand.phone.stream("GET", f"/sandbox/chats/{JOAO}/stream") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        async for line in stream.aiter_lines():
            if "primeira" in line and not seen:
                seen.append("primeira")
                await stand.writes(JOAO, "segunda")
            if "segunda" in line:
                seen.append("segunda")
                break
    assert seen == ["primeira", "segunda"]


async def test_the_customers_list_names_everybody_with_a_phone(start: Started, quick: SandboxSettings) -> None:
    stand = await start(replace(quick))
    await stand.writes("5511985551234", "a peça chegou?")
    rows = (await stand.phone.get("/sandbox/customers")).json()
    assert (rows[0]["name"], rows[0]["last_message"]) == ("Paulo Rocha", "a peça chegou?")
    names = {"João Silva", "Maria Souza", "Carlos Pereira", "Ana Lima", "Paulo Rocha", "Fernanda Alves"}
    assert {row["name"] for row in rows} == names


async def test_a_bad_phone_is_told_what_to_send(stand: Stand) -> None:
    for phone in ("abc", "123", "55119876543210123", "55-11-98765"):
        answer = await stand.phone.post(f"/sandbox/chats/{phone}/messages", json={"text": "oi"})
        assert answer.status_code == 400, phone
        assert "5511987654321" in answer.json()["error"]
