"""The conventions of the REST interface and its refusals: lists, filters, writes, error bodies."""

from dataclasses import replace

from integrations.kommo.sandbox.settings import SandboxSettings

from .conftest import Stand, Started, add_leads, embedded, ids_of, stages_of

PROBLEM = "application/problem+json"


async def test_the_account_and_its_pipeline_are_the_shops(stand: Stand) -> None:
    account = await stand.api.get("/account", params={"with": "amojo_id,drive_url,task_types"})
    assert account.headers["content-type"] == "application/hal+json"
    assert {"id", "subdomain", "amojo_id", "drive_url", "_embedded"} <= set(account.json())
    stages = await stages_of(stand)
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
    stages = await stages_of(stand)
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
    await add_leads(stand, *seven)
    first = (await stand.api.get("/leads", params={"limit": "5"})).json()
    assert (first["_page"], len(first["_embedded"]["leads"])) == (1, 5)
    second = (await stand.api.get(first["_links"]["next"]["href"])).json()
    assert (second["_page"], len(second["_embedded"]["leads"])) == (2, 3)
    assert "next" not in second["_links"]


async def test_a_limit_over_250_is_422(stand: Stand) -> None:
    for path in ("/leads?limit=251", "/contacts?limit=1000", "/talks?limit=251"):
        answer = await stand.api.get(path)
        assert (answer.status_code, answer.json()["detail"]) == (422, "Limit 250 per page")
        assert answer.headers["content-type"] == PROBLEM


async def test_a_parameter_that_is_no_number_is_400(stand: Stand) -> None:
    for query in ("limit=abc", "page=0", "limit=²", "filter[created_at][from]=ontem", "page=9" + "9" * 30):
        assert (await stand.api.get(f"/leads?{query}")).status_code == 400, query


async def test_more_than_250_rows_are_refused(stand: Stand) -> None:
    answer = await stand.api.post("/leads", json=[{"name": "x"}] * 251)
    assert answer.status_code == 422


async def test_filters_find_leads_by_id_stage_time_and_name(stand: Stand) -> None:
    stages = await stages_of(stand)
    one, two = await add_leads(
        stand, {"name": "Um", "created_at": 1_700_000_000}, {"name": "Dois", "status_id": stages["Em Execução"]}
    )
    pipeline = str((await stand.api.get(f"/leads/{one}")).json()["pipeline_id"])
    assert await ids_of(stand, "/leads", **{"filter[id][]": str(two)}) == [two]
    by_stage = {
        "filter[statuses][0][pipeline_id]": pipeline,
        "filter[statuses][0][status_id]": str(stages["Em Execução"]),
    }
    assert await ids_of(stand, "/leads", **by_stage) == [two]
    assert await ids_of(stand, "/leads", **{"filter[created_at][to]": "1700000001"}) == [one]
    assert await ids_of(stand, "/leads", **{"filter[name]": "Um"}) == [one]
    assert await ids_of(stand, "/leads", query="dois") == [two]
    ordered = await ids_of(stand, "/leads", **{"order[created_at]": "asc"})
    assert ordered[0] == one
    assert (await ids_of(stand, "/leads", **{"order[id]": "desc"}))[0] == two


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
    assert await ids_of(stand, "/leads", query="bom") == []


async def test_a_body_that_is_no_array_of_objects_is_400(stand: Stand) -> None:
    wrong = [
        '{"name": "x"}',
        "[]",
        '["x"]',
        "",
        "[{",
        "[[]]",
        '[{"price": NaN}]',
        '[{"name": "\\ud800"}]',
        "[" * 100_000,
    ]
    for raw in wrong:
        answer = await stand.api.post("/leads", content=raw)
        assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM), raw[:40]


async def test_a_stage_of_another_pipeline_is_refused(stand: Stand) -> None:
    lead_id = (await add_leads(stand, {"name": "Um"}))[0]
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
