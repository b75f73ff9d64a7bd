"""Webhooks: subscriptions, the form bodies with their traps, retries and switching off."""

from dataclasses import replace

from integrations.kommo.sandbox.settings import SandboxSettings

from .conftest import JOAO, NEWCOMER, Receiver, Stand, Started, embedded, eventually


async def _lead_in(stand: Stand, **fields: object) -> int:
    answer = await stand.api.post("/leads", json=[{"name": "Um", **fields}])
    assert answer.status_code == 200, answer.text
    lead_id: int = answer.json()["_embedded"]["leads"][0]["id"]
    return lead_id


async def test_the_destination_is_the_key_of_a_subscription(stand: Stand, receiver: Receiver) -> None:
    answer = await stand.subscribe(receiver.url, "add_message", "add_outgoing_message")
    assert answer.status_code == 201
    hook = answer.json()
    assert (hook["destination"], hook["disabled"]) == (receiver.url, False)
    assert {"id", "settings", "sort", "created_by", "created_at", "updated_at", "account_id"} <= set(hook)
    again = (await stand.subscribe(receiver.url, "add_lead")).json()
    assert (again["id"], again["settings"]) == (hook["id"], ["add_lead"])
    query = {"filter[destination]": receiver.url}
    assert len(embedded(await stand.api.get("/webhooks", params=query), "webhooks")) == 1
    gone = await stand.api.request("DELETE", "/webhooks", json={"destination": receiver.url})
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await stand.api.get("/webhooks")).status_code == 204


async def test_a_wrong_subscription_is_400(stand: Stand) -> None:
    wrong: list[dict[str, object]] = [
        {"destination": "no url", "settings": ["add_lead"]},
        {"destination": "https://example.com/x", "settings": ["add_everything"]},
        {"destination": "https://example.com/x", "settings": []},
        {"settings": ["add_lead"]},
    ]
    for given in wrong:
        answer = await stand.api.post("/webhooks", json=given)
        assert answer.status_code == 400, given
        assert answer.json()["validation-errors"]


async def test_an_incoming_message_brings_its_ids_as_strings(stand: Stand, receiver: Receiver) -> None:
    await stand.subscribe(receiver.url, "add_message", "add_talk", "add_lead", "add_contact")
    ids = await stand.writes(NEWCOMER, "olá & adeus = 1")
    body = (await receiver.wait_for("message[add]"))[0]
    prefix = "message[add][0]"
    assert body[f"{prefix}[id]"] == ids["id"]
    assert body[f"{prefix}[text]"] == "olá & adeus = 1"
    assert body[f"{prefix}[talk_id]"] == str(ids["talk_id"])
    assert body[f"{prefix}[contact_id]"] == str(ids["contact_id"])
    assert (body[f"{prefix}[entity_type]"], body[f"{prefix}[entity_id]"]) == ("lead", str(ids["lead_id"]))
    assert (body[f"{prefix}[element_type]"], body[f"{prefix}[type]"]) == ("2", "incoming")
    assert (body[f"{prefix}[author][type]"], body[f"{prefix}[origin]"]) == ("external", "waba")
    account = (await stand.api.get("/account")).json()
    assert body["account[id]"] == str(account["id"])
    assert body["account[subdomain]"] == account["subdomain"]
    assert next(iter(body)).startswith("account[")
    assert "amocrm.com" in body["account[_links][self]"]
    lead = (await receiver.wait_for("leads[add]"))[0]
    assert lead["leads[add][0][name]"] == ""
    assert not [key for key in lead if "contact" in key]
    contact = (await receiver.wait_for("contacts[add]"))[0]
    assert contact["contacts[add][0][type]"] == "contact"
    assert contact["contacts[add][0][custom_fields][0][code]"] == "PHONE"
    assert contact["contacts[add][0][custom_fields][0][values][0][enum]"].isdigit()


async def test_the_bare_form_has_no_root(start: Started, quick: SandboxSettings, receiver: Receiver) -> None:
    stand = await start(replace(quick, bare_messages=True))
    await stand.subscribe(receiver.url, "add_message")
    ids = await stand.writes(JOAO, "oi")
    body = (await receiver.wait_for("add[0]"))[0]
    assert body["add[0][id]"] == ids["id"]
    assert not receiver.having("message[")


async def test_our_own_message_comes_back_with_the_id_of_the_202(stand: Stand, receiver: Receiver) -> None:
    await stand.subscribe(receiver.url, "add_outgoing_message")
    ids = await stand.writes(JOAO, "oi")
    sent = (await stand.api.post(f"/talks/{ids['talk_id']}/send_message", json={"text": "Olá"})).json()
    body = (await receiver.wait_for("outgoing_message[add]"))[0]
    assert body["outgoing_message[add][0][id]"] == sent["id"]
    assert body["outgoing_message[add][0][type]"] == "outgoing"
    assert body["outgoing_message[add][0][author][type]"] == "bot"
    assert body["outgoing_message[add][0][recipient][name]"] == "João Silva"


async def test_a_stage_move_comes_twice(stand: Stand, receiver: Receiver) -> None:
    pipeline = embedded(await stand.api.get("/leads/pipelines"), "pipelines")[0]
    inner = pipeline["_embedded"]
    assert isinstance(inner, dict)
    new, target = inner["statuses"][1]["id"], inner["statuses"][4]["id"]
    lead_id = await _lead_in(stand)
    await stand.subscribe(receiver.url, "status_lead", "update_lead")
    edit = await stand.phone.patch(f"/sandbox/leads/{lead_id}", json={"status_id": target})
    assert edit.status_code == 200
    status = (await receiver.wait_for("leads[status]"))[0]
    assert status["leads[status][0][status_id]"] == str(target)
    assert status["leads[status][0][old_status_id]"] == str(new)
    assert "leads[status][0][old_pipeline_id]" not in status
    assert len(await receiver.wait_for("leads[update]")) == 1


async def test_a_deleted_lead_is_told_with_three_ids_and_can_come_back(stand: Stand, receiver: Receiver) -> None:
    lead_id = await _lead_in(stand)
    await stand.subscribe(receiver.url, "delete_lead", "restore_lead")
    await stand.phone.patch(f"/sandbox/leads/{lead_id}", json={"is_deleted": True})
    body = (await receiver.wait_for("leads[delete]"))[0]
    keys = {key for key in body if key.startswith("leads")}
    assert keys == {f"leads[delete][0][{name}]" for name in ("id", "status_id", "pipeline_id")}
    assert (await stand.api.get(f"/leads/{lead_id}")).status_code == 204
    deleted = embedded(await stand.api.get("/leads", params={"with": "only_deleted"}), "leads")
    assert [lead["id"] for lead in deleted] == [lead_id]
    await stand.phone.patch(f"/sandbox/leads/{lead_id}", json={"is_deleted": False})
    await receiver.wait_for("leads[restore]")
    assert (await stand.api.get(f"/leads/{lead_id}")).status_code == 200


async def test_several_leads_of_one_call_come_in_one_body(stand: Stand, receiver: Receiver) -> None:
    await stand.subscribe(receiver.url, "add_lead")
    await stand.api.post("/leads", json=[{"name": "Um"}, {"name": "Dois"}])
    body = (await receiver.wait_for("leads[add]"))[0]
    assert [body[f"leads[add][{n}][name]"] for n in (0, 1)] == ["Um", "Dois"]


async def test_custom_fields_have_four_shapes(stand: Stand, receiver: Receiver) -> None:
    given = [
        {"name": "Modelo", "type": "text", "code": "MODELO"},
        {"name": "Visita", "type": "date"},
        {"name": "Lado", "type": "radiobutton", "enums": [{"value": "Direito"}]},
        {"name": "utm_source", "type": "tracking_data", "code": "UTM_SOURCE"},
    ]
    fields = (await stand.api.post("/leads/custom_fields", json=given)).json()["_embedded"]["custom_fields"]
    values = [
        {"field_code": "MODELO", "values": [{"value": "Gol"}]},
        {"field_id": fields[1]["id"], "values": [{"value": 1_790_000_000}]},
        {"field_id": fields[2]["id"], "values": [{"value": "Direito"}]},
    ]
    await stand.subscribe(receiver.url, "add_lead")
    await _lead_in(stand, custom_fields_values=values)
    body = (await receiver.wait_for("leads[add]"))[0]
    prefix = "leads[add][0][custom_fields]"
    assert body[f"{prefix}[0][values][0][value]"] == "Gol"
    assert body[f"{prefix}[1][values][0]"] == "1790000000"
    assert body[f"{prefix}[2][values][value]"] == "Direito"
    assert body[f"{prefix}[2][values][enum]"].isdigit()
    assert body[f"{prefix}[3][code]"] == "UTM_SOURCE"
    assert not [key for key in body if key.startswith(f"{prefix}[3][values]")]


async def test_linked_leads_are_keyed_by_their_ids(stand: Stand, receiver: Receiver) -> None:
    await stand.subscribe(receiver.url, "update_contact", "responsible_contact", "add_company")
    ids = await stand.writes(JOAO, "oi")
    users = embedded(await stand.api.get("/users"), "users")
    await stand.api.patch(f"/contacts/{ids['contact_id']}", json={"responsible_user_id": users[1]["id"]})
    body = (await receiver.wait_for("contacts[update]"))[0]
    assert body[f"contacts[update][0][linked_leads_id][{ids['lead_id']}][ID]"] == str(ids["lead_id"])
    assert body["contacts[update][0][old_responsible_user_id]"] == str(users[0]["id"])
    await stand.api.post("/companies", json=[{"name": "Frota Ltda"}])
    company = (await receiver.wait_for("contacts[add]"))[0]
    assert company["contacts[add][0][type]"] == "company"


async def test_tasks_and_notes_are_told(stand: Stand, receiver: Receiver) -> None:
    await stand.subscribe(receiver.url, "add_task", "update_task", "note_lead")
    lead_id = await _lead_in(stand)
    task = [{"text": "Ligar", "complete_till": 1_900_000_000, "entity_id": lead_id, "entity_type": "leads"}]
    task_id = (await stand.api.post("/tasks", json=task)).json()["_embedded"]["tasks"][0]["id"]
    added = (await receiver.wait_for("task[add]"))[0]
    assert added["task[add][0][element_type]"] == "2"
    assert added["task[add][0][complete_till]"] == "2030-03-17 17:46:40"
    await stand.api.patch(f"/tasks/{task_id}", json={"is_completed": True, "result": {"text": "ok"}})
    updated = (await receiver.wait_for("task[update]"))[0]
    assert (updated["task[update][0][action_close]"], updated["task[update][0][result][text]"]) == ("1", "ok")
    note = [{"entity_id": lead_id, "note_type": "common", "params": {"text": "anotado"}}]
    await stand.api.post("/leads/notes", json=note)
    told = (await receiver.wait_for("leads[note]"))[0]
    assert told["leads[note][0][note][text]"] == "anotado"


async def test_what_was_refused_is_brought_again(stand: Stand, receiver: Receiver) -> None:
    receiver.status = 404
    await stand.subscribe(receiver.url, "add_message")
    await stand.writes(JOAO, "oi")
    # First try, then after "5" and "15 minutes"; a 404 gets no more.
    bodies = await receiver.wait_for("message[add]", 3)
    assert len({body["message[add][0][id]"] for body in bodies}) == 1
    receiver.status = 500
    await stand.writes(JOAO, "de novo")
    await receiver.wait_for("message[add]", 3 + 5)
    assert len(receiver.having("message[add]")) == 8


async def test_a_hundred_bad_answers_switch_a_webhook_off(
    start: Started, quick: SandboxSettings, receiver: Receiver
) -> None:
    stand = await start(replace(quick, time_scale=0.01))
    receiver.status = 500
    await stand.subscribe(receiver.url, "add_message")
    for number in range(101):
        await stand.writes(JOAO, f"mensagem {number}")
    await receiver.wait_for("message[add]", 101)

    disabled = False
    while not disabled:
        disabled = bool(embedded(await stand.api.get("/webhooks"), "webhooks")[0]["disabled"])
    receiver.status = 200
    assert (await stand.subscribe(receiver.url, "add_message")).json()["disabled"] is False
    await stand.writes(JOAO, "voltou")
    await eventually(lambda: any(body["message[add][0][text]"] == "voltou" for body in receiver.bodies))


async def test_webhooks_can_be_dropped_and_doubled(stand: Stand, receiver: Receiver) -> None:
    await stand.subscribe(receiver.url, "add_message")
    await stand.breaks("drop_webhook")
    await stand.writes(JOAO, "perdida")
    await stand.phone.delete("/sandbox/faults")
    await stand.breaks("duplicate_webhook")
    await stand.writes(JOAO, "dobrada")
    bodies = await receiver.wait_for("message[add]", 2)
    assert [body["message[add][0][text]"] for body in bodies] == ["dobrada", "dobrada"]


async def test_webhooks_can_come_out_of_order(stand: Stand, receiver: Receiver) -> None:
    await stand.subscribe(receiver.url, "add_message")
    await stand.breaks("reorder_webhooks", rate=0.5)
    for number in range(20):
        await stand.writes(JOAO, str(number))
    bodies = await receiver.wait_for("message[add]", 20)
    order = [int(body["message[add][0][text]"]) for body in bodies]
    assert sorted(order) == list(range(20))
    assert order != sorted(order)
