"""What belongs to leads and contacts: custom fields, tags, notes, tasks, events, links, complex leads, stages."""

from .conftest import JOAO, Stand, add_leads, embedded, ids_of, stages_of


async def test_custom_fields_of_every_kind_are_kept_and_read_back(stand: Stand) -> None:
    given = [
        {"name": "Placa", "type": "text"},
        {"name": "Urgência", "type": "select", "enums": [{"value": "Alta"}, {"value": "Média"}]},
        {"name": "Cores", "type": "multiselect", "enums": [{"value": "Azul"}, {"value": "Preto"}]},
        {"name": "Km", "type": "numeric"},
        {"name": "Garantia", "type": "checkbox"},
        {"name": "Visita", "type": "date"},
    ]
    made = await stand.api.post("/leads/custom_fields", json=given)
    assert made.status_code == 201
    plate, urgency, colours, km, warranty, visit = made.json()["_embedded"]["custom_fields"]
    high = urgency["enums"][0]["id"]
    values = [
        {"field_id": plate["id"], "values": [{"value": "ABC1D23"}]},
        {"field_id": urgency["id"], "values": [{"value": "Alta"}]},
        {"field_id": colours["id"], "values": [{"value": "Azul"}, {"enum_id": colours["enums"][1]["id"]}]},
        {"field_id": km["id"], "values": [{"value": "1.5"}]},
        {"field_id": warranty["id"], "values": [{"value": True}]},
        {"field_id": visit["id"], "values": [{"value": "2026-11-23T00:00:00-03:00"}]},
    ]
    lead_id = (await add_leads(stand, {"name": "Um", "custom_fields_values": values}))[0]
    read = {v["field_id"]: v for v in (await stand.api.get(f"/leads/{lead_id}")).json()["custom_fields_values"]}
    assert read[plate["id"]]["values"] == [{"value": "ABC1D23"}]
    assert read[urgency["id"]]["values"] == [{"value": "Alta", "enum_id": high, "enum_code": None}]
    assert [v["value"] for v in read[colours["id"]]["values"]] == ["Azul", "Preto"]
    assert read[km["id"]]["values"] == [{"value": "1.5"}]
    assert read[warranty["id"]]["values"] == [{"value": True}]
    assert isinstance(read[visit["id"]]["values"][0]["value"], int)

    unknown = [{"field_id": urgency["id"], "values": [{"value": "Altíssima"}]}]
    assert (await stand.api.patch(f"/leads/{lead_id}", json={"custom_fields_values": unknown})).status_code == 400
    clear = [{"field_id": plate["id"], "values": None}]
    assert (await stand.api.patch(f"/leads/{lead_id}", json={"custom_fields_values": clear})).status_code == 200
    read = {v["field_id"]: v for v in (await stand.api.get(f"/leads/{lead_id}")).json()["custom_fields_values"]}
    assert plate["id"] not in read
    assert urgency["id"] in read


async def test_a_field_needs_name_type_and_choices(stand: Stand) -> None:
    for given in ({"name": "Só nome"}, {"name": "X", "type": "estranho"}, {"name": "X", "type": "select"}):
        assert (await stand.api.post("/leads/custom_fields", json=[given])).status_code == 400, given


async def test_tags_replace_add_and_delete(stand: Stand) -> None:
    lead_id = (await add_leads(stand, {"name": "Um", "_embedded": {"tags": [{"name": "vw"}, {"name": "audi"}]}}))[0]

    async def names() -> set[str]:
        return {tag["name"] for tag in (await stand.api.get(f"/leads/{lead_id}")).json()["_embedded"]["tags"]}

    assert await names() == {"vw", "audi"}
    change = {"tags_to_add": [{"name": "remap"}], "tags_to_delete": [{"name": "audi"}]}
    await stand.api.patch(f"/leads/{lead_id}", json=change)
    assert await names() == {"vw", "remap"}
    await stand.api.patch(f"/leads/{lead_id}", json={"_embedded": {"tags": None}})
    assert await names() == set()
    again = (await stand.api.post("/leads/tags", json=[{"name": "vw"}])).json()["_embedded"]["tags"][0]
    other = (await stand.api.post("/contacts/tags", json=[{"name": "vw"}])).json()["_embedded"]["tags"][0]
    assert again["id"] in await ids_of(stand, "/leads/tags")
    assert again["id"] != other["id"]


async def test_notes_and_tasks_are_written_read_and_completed(stand: Stand) -> None:
    lead_id = (await add_leads(stand, {"name": "Um"}))[0]
    note = [{"entity_id": lead_id, "note_type": "common", "params": {"text": "Ligou às 10h"}}]
    assert (await stand.api.post("/leads/notes", json=note)).status_code == 200
    assert [n["params"] for n in embedded(await stand.api.get(f"/leads/{lead_id}/notes"), "notes")] == [
        {"text": "Ligou às 10h"}
    ]
    bad = [{"entity_id": lead_id, "note_type": "call_in", "params": {"uniq": "1"}}]
    flaw = (await stand.api.post("/leads/notes", json=bad)).json()["validation-errors"][0]["errors"][0]
    assert (flaw["code"], flaw["path"]) == ("FieldMissing", "params.duration")

    task = [{"text": "Ligar", "complete_till": 1_900_000_000, "entity_id": lead_id, "entity_type": "leads"}]
    task_id = (await stand.api.post("/tasks", json=task)).json()["_embedded"]["tasks"][0]["id"]
    read = (await stand.api.get(f"/tasks/{task_id}")).json()
    assert (read["result"], read["is_completed"], read["task_type_id"]) == ([], False, 1)
    assert (await stand.api.get(f"/leads/{lead_id}")).json()["closest_task_at"] == 1_900_000_000
    await stand.api.patch(f"/tasks/{task_id}", json={"is_completed": True, "result": {"text": "Feito"}})
    read = (await stand.api.get(f"/tasks/{task_id}")).json()
    assert (read["result"], read["is_completed"]) == ({"text": "Feito"}, True)
    assert await ids_of(stand, "/tasks", **{"filter[is_completed]": "0"}) == []
    assert (await stand.api.post("/tasks", json=[{"text": "sem prazo"}])).status_code == 400
    assert (await stand.api.delete(f"/tasks/{task_id}")).status_code == 405


async def test_events_tell_who_changed_what(stand: Stand) -> None:
    stages = await stages_of(stand)
    lead_id = (await add_leads(stand, {"name": "Um"}))[0]
    await stand.api.patch(f"/leads/{lead_id}", json={"status_id": stages["Diagnóstico"]})
    query = {"filter[type]": "lead_status_changed", "filter[entity]": "lead", "filter[entity_id]": str(lead_id)}
    event = embedded(await stand.api.get("/events", params=query), "events")[0]
    assert isinstance(event["id"], str)
    after = event["value_after"]
    assert isinstance(after, list)
    assert after[0]["lead_status"]["id"] == stages["Diagnóstico"]
    ids = await stand.writes(JOAO, "segredo")
    chat = await stand.api.get("/events", params={"filter[type]": "incoming_chat_message"})
    event = embedded(chat, "events")[0]
    assert event["value_after"] == [{"message": {"id": ids["id"], "origin": "waba", "talk_id": ids["talk_id"]}}]
    assert "segredo" not in chat.text
    many = ",".join(str(n) for n in range(11))
    assert (await stand.api.get("/events", params={"filter[entity_id]": many})).status_code == 400


async def test_links_say_main_contact_where_writes_say_is_main(stand: Stand) -> None:
    lead_id = (await add_leads(stand, {"name": "Um"}))[0]
    made = await stand.api.post("/contacts", json=[{"name": "Ana"}, {"name": "Bia"}])
    ana, bia = (contact["id"] for contact in made.json()["_embedded"]["contacts"])
    link = [
        {"to_entity_id": ana, "to_entity_type": "contacts"},
        {"to_entity_id": bia, "to_entity_type": "contacts", "metadata": {"is_main": True}},
    ]
    assert (await stand.api.post(f"/leads/{lead_id}/link", json=link)).status_code == 200
    links = embedded(await stand.api.get(f"/leads/{lead_id}/links"), "links")
    assert [(row["to_entity_id"], row["metadata"]) for row in links] == [
        (ana, {"main_contact": False}),
        (bia, {"main_contact": True}),
    ]
    assert (await stand.api.post(f"/leads/{lead_id}/unlink", json=link[1:])).status_code == 204
    assert [row["to_entity_id"] for row in embedded(await stand.api.get(f"/leads/{lead_id}/links"), "links")] == [ana]
    assert (await stand.api.get("/leads/1/links")).status_code == 404


async def test_complex_leads_answer_with_a_bare_array(stand: Stand) -> None:
    phone = {"field_code": "PHONE", "values": [{"value": "+5511900001111", "enum_code": "WORK"}]}
    item = {
        "name": "Lead do site",
        "request_id": "7",
        "_embedded": {
            "contacts": [{"first_name": "Rita", "custom_fields_values": [phone]}],
            "tags": [{"name": "site"}],
        },
    }
    answer = await stand.api.post("/leads/complex", json=[item])
    assert answer.status_code == 200, answer.text
    row = answer.json()[0]
    assert (row["request_id"], row["merged"], row["company_id"]) == (["7"], False, None)
    contact = (await stand.api.get(f"/contacts/{row['contact_id']}", params={"with": "leads"})).json()
    assert [lead["id"] for lead in contact["_embedded"]["leads"]] == [row["id"]]
    assert (await stand.api.post("/leads/complex", json=[item] * 51)).status_code == 422
    item["_embedded"] = {"contacts": [{"first_name": "A"}, {"first_name": "B"}]}
    assert (await stand.api.post("/leads/complex", json=[item])).status_code == 400


async def test_contacts_are_found_by_digits(stand: Stand) -> None:
    phone = {"field_code": "PHONE", "values": [{"value": "+55 (11) 94444-3333", "enum_code": "MOB"}]}
    made = await stand.api.post("/contacts", json=[{"name": "Rui", "custom_fields_values": [phone]}])
    contact_id = made.json()["_embedded"]["contacts"][0]["id"]
    assert await ids_of(stand, "/contacts", query="11944443333") == [contact_id]
    wrong = {"field_code": "PHONE", "values": [{"value": "1", "enum_code": "PAGER"}]}
    assert (await stand.api.patch(f"/contacts/{contact_id}", json={"custom_fields_values": [wrong]})).status_code == 400


async def test_only_an_administrator_changes_stages(stand: Stand) -> None:
    pipeline = embedded(await stand.api.get("/leads/pipelines"), "pipelines")[0]
    stages = await stages_of(stand)
    path = f"/leads/pipelines/{pipeline['id']}/statuses/{stages['Diagnóstico']}"
    assert (await stand.api.patch(path, json={"name": "Na bancada"})).status_code == 200
    assert "Na bancada" in await stages_of(stand)
    assert (await stand.api.delete(f"/leads/pipelines/{pipeline['id']}/statuses/142")).status_code == 400
    assert (await stand.api.delete(path)).status_code == 204
    assert (await stand.api.get(path)).status_code == 204
