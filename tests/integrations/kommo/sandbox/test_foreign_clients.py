"""What clients written by others lean on: links between pages, ties from every side, rights, states, times."""

from dataclasses import replace

import httpx

from integrations.kommo.sandbox.settings import SandboxSettings

from .conftest import Stand, Started, add_leads, embedded, ids_of, stages_of


async def _made(stand: Stand, kind: str, name: str) -> int:
    answer = await stand.api.post(f"/{kind}", json=[{"name": name}])
    made: int = answer.json()["_embedded"][kind][0]["id"]
    return made


async def _inside(stand: Stand, path: str, name: str) -> list[object]:
    """The ids in `_embedded` of one record."""
    inner = (await stand.api.get(path, params={"with": "contacts,leads"})).json()["_embedded"]
    return [row["id"] for row in inner[name]]


async def _link(stand: Stand, path: str, to_type: str, to_id: int) -> httpx.Response:
    """A link with the empty metadata that some clients always send."""
    return await stand.api.post(path, json=[{"to_entity_id": to_id, "to_entity_type": to_type, "metadata": None}])


async def test_a_page_in_the_middle_leads_back_and_on(stand: Stand) -> None:
    five: list[dict[str, object]] = [{"name": f"Lead {n}"} for n in range(5)]
    await add_leads(stand, *five)
    first = (await stand.api.get("/leads", params={"limit": "2"})).json()["_links"]
    assert set(first) == {"self", "next"}
    second = (await stand.api.get(first["next"]["href"])).json()["_links"]
    assert set(second) == {"self", "first", "prev", "next"}
    back = (await stand.api.get(second["prev"]["href"])).json()
    assert back["_page"] == 1
    assert second["first"] == second["prev"]


async def test_links_keep_the_scheme_of_the_configured_address_behind_a_proxy(
    start: Started, quick: SandboxSettings
) -> None:
    stand = await start(replace(quick, base_url="https://autoprime.kommo.com"))
    await add_leads(stand, {"name": "Um"}, {"name": "Dois"})
    answer = await stand.api.get("/leads", params={"limit": "1"}, headers={"host": "autoprime.kommo.com"})
    assert answer.json()["_links"]["next"]["href"].startswith("https://autoprime.kommo.com/api/v4/leads?")


async def test_a_company_is_tied_to_leads_and_people_from_either_side(stand: Stand) -> None:
    company, anna = await _made(stand, "companies", "Frota"), await _made(stand, "contacts", "Ana")
    lead = (await add_leads(stand, {"name": "Um", "_embedded": {"contacts": [{"id": anna}]}}))[0]
    tied = await _link(stand, f"/companies/{company}/link", "leads", lead)
    assert tied.json()["_embedded"]["links"][0]["metadata"] is None
    assert (await _link(stand, f"/contacts/{anna}/link", "companies", company)).status_code == 200
    assert await _inside(stand, f"/leads/{lead}", "companies") == [company]
    assert await _inside(stand, f"/leads/{lead}", "contacts") == [anna]
    assert await _inside(stand, f"/contacts/{anna}", "companies") == [company]
    assert await _inside(stand, f"/companies/{company}", "contacts") == [anna]
    assert await _inside(stand, f"/companies/{company}", "leads") == [lead]
    links = embedded(await stand.api.get(f"/companies/{company}/links"), "links")
    assert {(link["to_entity_type"], link["to_entity_id"]) for link in links} == {("leads", lead), ("contacts", anna)}

    gone = [{"to_entity_id": lead, "to_entity_type": "leads"}, {"to_entity_id": anna, "to_entity_type": "contacts"}]
    assert (await stand.api.post(f"/companies/{company}/unlink", json=gone)).status_code == 204
    assert (await stand.api.get(f"/companies/{company}/links")).status_code == 204
    assert await _inside(stand, f"/leads/{lead}", "contacts") == [anna]


async def test_embedded_records_say_where_they_are_read(stand: Stand) -> None:
    anna = await _made(stand, "contacts", "Ana")
    lead = (await add_leads(stand, {"name": "Um", "_embedded": {"contacts": [{"id": anna}]}}))[0]
    inner = (await stand.api.get(f"/leads/{lead}", params={"with": "contacts"})).json()["_embedded"]["contacts"][0]
    assert (await stand.api.get(inner["_links"]["self"]["href"])).json()["name"] == "Ana"
    assert inner["is_main"] is True


async def test_nothing_is_linked_to_its_own_kind(stand: Stand) -> None:
    one, two = await add_leads(stand, {"name": "Um"}, {"name": "Dois"})
    assert (await _link(stand, f"/leads/{one}/link", "leads", two)).status_code == 400


async def test_users_have_their_rights_and_with_brings_the_rest(stand: Stand) -> None:
    user = embedded(await stand.api.get("/users"), "users")[0]
    rights = user["rights"]
    assert isinstance(rights, dict)
    assert {"leads", "contacts", "companies", "tasks", "mail_access", "catalog_access", "status_rights"} <= set(rights)
    assert "_embedded" not in user
    asked = (await stand.api.get(f"/users/{user['id']}", params={"with": "role,group,uuid"})).json()
    assert asked["_embedded"] == {"roles": [], "groups": []}
    assert asked["uuid"]


async def test_the_account_tells_its_date_formats_when_asked(stand: Stand) -> None:
    names = "datetime_settings,amojo_rights,entity_names,is_api_filter_enabled"
    account = (await stand.api.get("/account", params={"with": names})).json()
    assert account["_embedded"]["datetime_settings"]["timezone"] == "America/Sao_Paulo"
    assert account["_embedded"]["amojo_rights"]["can_direct"] is True
    assert account["_embedded"]["entity_names"]["leads"]["en"]["plural_form"]["default"] == "leads"
    assert account["is_api_filter_enabled"] is True


async def test_events_are_filtered_by_the_state_before_and_after(stand: Stand) -> None:
    stages = await stages_of(stand)
    pipeline = embedded(await stand.api.get("/leads/pipelines"), "pipelines")[0]["id"]
    lead = (await add_leads(stand, {"name": "Um", "status_id": stages["Novo Lead"]}))[0]
    await stand.api.patch(f"/leads/{lead}", json={"status_id": stages["Diagnóstico"], "price": 155})

    async def found(side: str, stage: str) -> int:
        state = f"filter[{side}][leads_statuses][0]"
        query = {f"{state}[pipeline_id]": str(pipeline), f"{state}[status_id]": str(stages[stage])}
        return len(embedded(await stand.api.get("/events", params=query), "events"))

    assert (await found("value_after", "Diagnóstico"), await found("value_before", "Novo Lead")) == (1, 1)
    assert (await found("value_before", "Diagnóstico"), await found("value_after", "Novo Lead")) == (0, 0)
    sale = {"filter[value_after][value]": "155", "filter[type]": "sale_field_changed"}
    assert [e["entity_id"] for e in embedded(await stand.api.get("/events", params=sale), "events")] == [lead]
    assert (await stand.api.get("/events", params=sale | {"filter[value_after][value]": "156"})).status_code == 204


async def test_leads_are_filtered_by_their_next_task(stand: Stand) -> None:
    busy, _idle = await add_leads(stand, {"name": "Com tarefa"}, {"name": "Sem tarefa"})
    task = {"text": "Ligar", "complete_till": 1_900_000_000, "entity_id": busy, "entity_type": "leads"}
    await stand.api.post("/tasks", json=[task])
    assert await ids_of(stand, "/leads", **{"filter[closest_task_at][from]": "1"}) == [busy]
    assert await ids_of(stand, "/leads", **{"filter[closest_task_at][to]": "1800000000"}) == []


async def test_a_time_with_a_fraction_is_taken_without_it(stand: Stand) -> None:
    made = await stand.api.post("/leads/custom_fields", json=[{"name": "Visita", "type": "date"}])
    field = made.json()["_embedded"]["custom_fields"][0]["id"]
    values = [{"field_id": field, "values": [{"value": 1_700_000_000.0}]}]
    lead = (await add_leads(stand, {"name": "Um", "created_at": 1_600_000_000.75, "custom_fields_values": values}))[0]
    read = (await stand.api.get(f"/leads/{lead}")).json()
    assert read["created_at"] == 1_600_000_000
    assert read["custom_fields_values"][0]["values"][0]["value"] == 1_700_000_000
    for wrong in ("1600000000", True, -1.0):
        assert (await stand.api.post("/leads", json=[{"created_at": wrong}])).status_code == 400, wrong
    body = b'[{"name": "Um", "created_at": 1e999}]'
    assert (await stand.api.post("/leads", content=body)).status_code == 400


async def test_replies_to_writes_of_contacts_say_more_than_the_id(stand: Stand) -> None:
    contact = await _made(stand, "contacts", "Ana")
    changed = (await stand.api.patch(f"/contacts/{contact}", json={"name": "Ana Lima"})).json()
    assert (changed["name"], changed["is_deleted"], changed["is_unsorted"]) == ("Ana Lima", False, False)
