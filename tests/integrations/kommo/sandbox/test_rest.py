"""The conventions of the REST interface and its refusals: lists, filters, writes, error bodies."""

from dataclasses import replace

import pytest

from integrations.kommo.sandbox.settings import SandboxSettings

from .conftest import JOAO, Stand, Started, embedded

PROBLEM = "application/problem+json"


async def _add_leads(stand: Stand, *items: dict[str, object]) -> list[int]:
    answer = await stand.api.post("/leads", json=list(items))
    assert answer.status_code == 200, answer.text
    return [lead["id"] for lead in answer.json()["_embedded"]["leads"]]


async def _stages(stand: Stand) -> dict[str, int]:
    pipeline = embedded(await stand.api.get("/leads/pipelines"), "pipelines")[0]
    inner = pipeline["_embedded"]
    assert isinstance(inner, dict)
    return {stage["name"]: stage["id"] for stage in inner["statuses"]}


async def _ids(stand: Stand, path: str, **query: str) -> list[object]:
    name = path.strip("/").split("/")[-1]
    return [row["id"] for row in embedded(await stand.api.get(path, params=query), name)]


async def test_the_account_and_its_pipeline_are_the_shops(stand: Stand) -> None:
    account = await stand.api.get("/account", params={"with": "amojo_id,drive_url,task_types"})
    assert account.headers["content-type"] == "application/hal+json"
    assert {"id", "subdomain", "amojo_id", "drive_url", "_embedded"} <= set(account.json())
    stages = await _stages(stand)
    assert list(stages) == [
        "Incoming leads",
        "Novo Lead",
        "Em Qualificação",
        "Orçamento Aprovado",
        "Diagnóstico",
        "Orçamento Enviado",
        "Aguardando Aprovação",
        "Aguardando Peças",
        "Em Execução",
        "Pronto p/ Retirada",
        "Closed - won",
        "Closed - lost",
    ]
    assert (stages["Closed - won"], stages["Closed - lost"]) == (142, 143)
    assert len(embedded(await stand.api.get("/users"), "users")) == 3


async def test_fernanda_is_known_to_kommo_only(stand: Stand) -> None:
    contact = embedded(await stand.api.get("/contacts", params={"query": "966667777", "with": "leads"}), "contacts")[0]
    inner = contact["_embedded"]
    assert isinstance(inner, dict)
    lead = (await stand.api.get(f"/leads/{inner['leads'][0]['id']}")).json()
    stages = await _stages(stand)
    assert lead["status_id"] == stages["Orçamento Aprovado"]
    note = embedded(await stand.api.get(f"/leads/{lead['id']}/notes"), "notes")[0]
    params = note["params"]
    assert isinstance(params, dict)
    assert "MNO2P34" in params["text"]
    assert "VW Tiguan" in lead["name"]


async def test_an_empty_list_and_an_unknown_id_are_204_without_a_body(stand: Stand) -> None:
    for path in ("/tasks", "/leads/tags", "/leads/1", "/contacts/1", "/companies", "/webhooks", "/leads?page=99"):
        answer = await stand.api.get(path)
        assert (answer.status_code, answer.content) == (204, b""), path


async def test_pages_end_where_next_is_missing(stand: Stand) -> None:
    seven: list[dict[str, object]] = [{"name": f"Lead {n}"} for n in range(7)]
    await _add_leads(stand, *seven)
    first = (await stand.api.get("/leads", params={"limit": "5"})).json()
    assert (first["_page"], len(first["_embedded"]["leads"])) == (1, 5)
    second = (await stand.api.get(first["_links"]["next"]["href"])).json()
    assert (second["_page"], len(second["_embedded"]["leads"])) == (2, 3)
    assert "next" not in second["_links"]


@pytest.mark.parametrize("path", ["/leads?limit=251", "/contacts?limit=1000", "/talks?limit=251"])
async def test_a_limit_over_250_is_422(stand: Stand, path: str) -> None:
    answer = await stand.api.get(path)
    assert (answer.status_code, answer.json()["detail"]) == (422, "Limit 250 per page")
    assert answer.headers["content-type"] == PROBLEM


@pytest.mark.parametrize(
    "path", ["/leads?limit=abc", "/leads?page=0", "/leads?limit=²", "/leads?filter[created_at][from]=ontem"]
)
async def test_a_parameter_that_is_no_number_is_400(stand: Stand, path: str) -> None:
    assert (await stand.api.get(path)).status_code == 400


async def test_more_than_250_rows_are_refused(stand: Stand) -> None:
    answer = await stand.api.post("/leads", json=[{"name": "x"}] * 251)
    assert answer.status_code == 422


async def test_filters_find_leads_by_id_stage_time_and_name(stand: Stand) -> None:
    stages = await _stages(stand)
    one, two = await _add_leads(
        stand, {"name": "Um", "created_at": 1_700_000_000}, {"name": "Dois", "status_id": stages["Em Execução"]}
    )
    pipeline = str((await stand.api.get(f"/leads/{one}")).json()["pipeline_id"])
    assert await _ids(stand, "/leads", **{"filter[id][]": str(two)}) == [two]
    by_stage = {
        "filter[statuses][0][pipeline_id]": pipeline,
        "filter[statuses][0][status_id]": str(stages["Em Execução"]),
    }
    assert await _ids(stand, "/leads", **by_stage) == [two]
    assert await _ids(stand, "/leads", **{"filter[created_at][to]": "1700000001"}) == [one]
    assert await _ids(stand, "/leads", **{"filter[name]": "Um"}) == [one]
    assert await _ids(stand, "/leads", query="dois") == [two]
    ordered = await _ids(stand, "/leads", **{"order[created_at]": "asc"})
    assert ordered[0] == one
    assert (await _ids(stand, "/leads", **{"order[id]": "desc"}))[0] == two


async def test_a_write_answers_thinly_and_echoes_the_request_id(stand: Stand) -> None:
    answer = (await stand.api.post("/leads", json=[{"name": "Um", "request_id": "abc"}, {"name": "Dois"}])).json()
    leads = answer["_embedded"]["leads"]
    assert [lead["request_id"] for lead in leads] == ["abc", "1"]
    assert set(leads[0]) == {"id", "request_id", "_links"}
    changed = (await stand.api.patch(f"/leads/{leads[0]['id']}", json={"price": 1870})).json()
    assert set(changed) == {"id", "updated_at", "_links"}
    assert (await stand.api.get(f"/leads/{leads[0]['id']}")).json()["price"] == 1870


async def test_flaws_are_named_and_one_bad_item_refuses_the_batch(stand: Stand) -> None:
    given = [
        {"name": "bom"},
        {"request_id": "ruim", "custom_fields_values": [{"field_id": 1, "values": [{"value": "x"}]}]},
        {"price": "100"},
    ]
    answer = await stand.api.post("/leads", json=given)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    problem = answer.json()
    assert {"title", "type", "status", "detail", "validation-errors"} <= set(problem)
    assert problem["validation-errors"][0]["request_id"] == "2"

    answer = await stand.api.post("/leads", json=given[:2])
    error = answer.json()["validation-errors"][0]
    assert error["request_id"] == "ruim"
    assert (error["errors"][0]["code"], error["errors"][0]["path"]) == (
        "NotSupportedChoice",
        "custom_fields_values.0.field_id",
    )
    assert await _ids(stand, "/leads", query="bom") == []


@pytest.mark.parametrize("given", [{"name": "x"}, [], ["x"], None, "[{", [[]], '{"a": NaN}', '["\\ud800"]'])
async def test_a_body_that_is_no_array_of_objects_is_400(stand: Stand, given: object) -> None:
    raw = given if isinstance(given, str) else None
    answer = await (stand.api.post("/leads", content=raw) if raw else stand.api.post("/leads", json=given))
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)


async def test_a_deep_body_and_half_a_character_do_not_break_it(stand: Stand) -> None:
    for raw in ("[" * 100_000, '[{"name": "\\ud800"}]'):
        assert (await stand.api.post("/leads", content=raw)).status_code == 400


async def test_a_stage_of_another_pipeline_is_refused(stand: Stand) -> None:
    lead_id = (await _add_leads(stand, {"name": "Um"}))[0]
    made = await stand.api.post(
        "/leads/pipelines", json=[{"name": "Outro", "_embedded": {"statuses": [{"name": "A"}]}}]
    )
    pipeline = made.json()["_embedded"]["pipelines"][0]
    other = next(stage["id"] for stage in pipeline["_embedded"]["statuses"] if stage["name"] == "A")
    for given in ({"status_id": other}, {"status_id": 999}, {"pipeline_id": 5}):
        answer = await stand.api.patch(f"/leads/{lead_id}", json=given)
        assert answer.status_code == 400, given
        assert answer.json()["validation-errors"][0]["errors"][0]["code"] == "NotSupportedChoice"
    moved = await stand.api.patch(f"/leads/{lead_id}", json={"status_id": other, "pipeline_id": pipeline["id"]})
    assert moved.status_code == 200
    assert (await stand.api.patch(f"/leads/{lead_id}", json={"status_id": 142})).status_code == 200
    lead = (await stand.api.get(f"/leads/{lead_id}")).json()
    assert (lead["pipeline_id"], lead["status_id"]) == (pipeline["id"], 142)
    assert lead["closed_at"] is not None


async def test_unknown_entities_cannot_be_changed(stand: Stand) -> None:
    for path in ("/leads/1", "/contacts/1", "/tasks/1"):
        assert (await stand.api.patch(path, json={"name": "x"})).status_code == 400


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
    lead_id = (await _add_leads(stand, {"name": "Um", "custom_fields_values": values}))[0]
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


@pytest.mark.parametrize(
    "given", [{"name": "Só nome"}, {"name": "X", "type": "estranho"}, {"name": "X", "type": "select"}]
)
async def test_a_field_needs_name_type_and_choices(stand: Stand, given: dict[str, str]) -> None:
    assert (await stand.api.post("/leads/custom_fields", json=[given])).status_code == 400


async def test_tags_replace_add_and_delete(stand: Stand) -> None:
    lead_id = (await _add_leads(stand, {"name": "Um", "_embedded": {"tags": [{"name": "vw"}, {"name": "audi"}]}}))[0]

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
    assert again["id"] in await _ids(stand, "/leads/tags")
    assert again["id"] != other["id"]


async def test_notes_and_tasks_are_written_read_and_completed(stand: Stand) -> None:
    lead_id = (await _add_leads(stand, {"name": "Um"}))[0]
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
    assert await _ids(stand, "/tasks", **{"filter[is_completed]": "0"}) == []
    assert (await stand.api.post("/tasks", json=[{"text": "sem prazo"}])).status_code == 400
    assert (await stand.api.delete(f"/tasks/{task_id}")).status_code == 405


async def test_events_tell_who_changed_what(stand: Stand) -> None:
    stages = await _stages(stand)
    lead_id = (await _add_leads(stand, {"name": "Um"}))[0]
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
    lead_id = (await _add_leads(stand, {"name": "Um"}))[0]
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
    assert contact["_embedded"]["leads"] == [{"id": row["id"]}]
    assert (await stand.api.post("/leads/complex", json=[item] * 51)).status_code == 422
    item["_embedded"] = {"contacts": [{"first_name": "A"}, {"first_name": "B"}]}
    assert (await stand.api.post("/leads/complex", json=[item])).status_code == 400


async def test_contacts_are_found_by_digits(stand: Stand) -> None:
    phone = {"field_code": "PHONE", "values": [{"value": "+55 (11) 94444-3333", "enum_code": "MOB"}]}
    made = await stand.api.post("/contacts", json=[{"name": "Rui", "custom_fields_values": [phone]}])
    contact_id = made.json()["_embedded"]["contacts"][0]["id"]
    assert await _ids(stand, "/contacts", query="11944443333") == [contact_id]
    wrong = {"field_code": "PHONE", "values": [{"value": "1", "enum_code": "PAGER"}]}
    assert (await stand.api.patch(f"/contacts/{contact_id}", json={"custom_fields_values": [wrong]})).status_code == 400


async def test_only_an_administrator_changes_stages(stand: Stand) -> None:
    pipeline = embedded(await stand.api.get("/leads/pipelines"), "pipelines")[0]
    stages = await _stages(stand)
    path = f"/leads/pipelines/{pipeline['id']}/statuses/{stages['Diagnóstico']}"
    assert (await stand.api.patch(path, json={"name": "Na bancada"})).status_code == 200
    assert "Na bancada" in await _stages(stand)
    assert (await stand.api.delete(f"/leads/pipelines/{pipeline['id']}/statuses/142")).status_code == 400
    assert (await stand.api.delete(path)).status_code == 204
    assert (await stand.api.get(path)).status_code == 204


async def test_seven_calls_a_second_and_not_one_more(start: Started, quick: SandboxSettings) -> None:
    stand = await start(replace(quick, rate_limit=7))
    answers = [await stand.api.get("/account") for _ in range(9)]
    assert [answer.status_code for answer in answers] == [200] * 7 + [429] * 2
    problem = answers[-1].json()
    assert set(problem) == {"title", "type", "status", "detail", "retry_after"}
    assert (problem["status"], problem["retry_after"]) == (429, 300)
    calls = (await stand.phone.get("/sandbox/calls")).json()
    assert [call["status"] for call in calls] == [200] * 7 + [429] * 2
    assert {"id", "at", "method", "path", "status", "ms"} <= set(calls[0])
    later = (await stand.phone.get("/sandbox/calls", params={"since": calls[6]["at"]})).json()
    assert [call["id"] for call in later] == [8, 9]


async def test_without_a_valid_token_everything_is_401(stand: Stand) -> None:
    for header in ("", "Bearer", "Bearer nonsense", "Basic abc"):
        answer = await stand.phone.get("/api/v4/account", headers={"authorization": header})
        assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)


async def test_the_page_and_unknown_paths(stand: Stand) -> None:
    assert (await stand.api.get("/nothing")).status_code == 404
    assert (await stand.api.put("/leads", json=[])).status_code == 405
    assert (await stand.phone.get("/")).headers["content-type"].startswith("text/html")
