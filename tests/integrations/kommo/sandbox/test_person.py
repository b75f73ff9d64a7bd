"""A person at the account's screens: draws bots, changes what others rely on; and an account that starts without us."""

from dataclasses import replace

from integrations.kommo.sandbox.settings import SandboxSettings

from .conftest import JOAO, Stand, Started, embedded, stages_of


async def test_an_empty_account_has_stages_and_customers_and_nothing_of_ours(
    start: Started, quick: SandboxSettings
) -> None:
    stand = await start(replace(quick, empty=True))
    for path, name in (("/bots", "items"), ("/leads/custom_fields", "custom_fields"), ("/webhooks", "webhooks")):
        assert embedded(await stand.api.get(path), name) == [], path
    assert "Diagnóstico" in await stages_of(stand)
    assert len(embedded(await stand.api.get("/contacts"), "contacts")) > 3


async def test_a_drawn_bot_sends_its_field(start: Started, quick: SandboxSettings) -> None:
    stand = await start(replace(quick, empty=True))
    given = {"name": "Responder pelo campo", "field": "Resposta do assistente"}
    assert (await stand.phone.post("/sandbox/bots", json=given)).status_code == 400
    made = await stand.api.post("/leads/custom_fields", json=[{"name": "Resposta do assistente", "type": "textarea"}])
    field_id = made.json()["_embedded"]["custom_fields"][0]["id"]
    bot = (await stand.phone.post("/sandbox/bots", json=given)).json()
    assert (bot["field_id"], bot["active"]) == (field_id, True)
    lead_id = (await stand.writes(JOAO, "oi"))["lead_id"]
    values = {"custom_fields_values": [{"field_id": field_id, "values": [{"value": "Seu Gol está pronto"}]}]}
    await stand.api.patch(f"/leads/{lead_id}", json=values)
    await stand.api.post(f"/bots/{bot['id']}/run", json={"entity_id": lead_id, "entity_type": "leads"})
    await said(stand, "Seu Gol está pronto")


async def said(stand: Stand, text: str) -> None:
    """Wait until the phone shows this."""
    seen: list[object] = []

    async def look() -> bool:
        seen[:] = [message["text"] for message in await stand.sees(JOAO)]
        return text in seen

    while not await look():
        continue


async def test_a_bot_with_a_trigger_answers_beside_everybody_until_it_is_switched_off(stand: Stand) -> None:
    bot = (
        await stand.phone.post("/sandbox/bots", json={"name": "Olá", "script": "greeting", "text": "Bem-vindo!"})
    ).json()
    await stand.writes(JOAO, "oi")
    await said(stand, "Bem-vindo!")
    await stand.phone.patch(f"/sandbox/bots/{bot['id']}", json={"active": False, "name": "Saudação"})
    shown = [row for row in embedded(await stand.api.get("/bots"), "items") if row["id"] == bot["id"]]
    assert [(row["name"], row["settings"]) for row in shown] == [("Saudação", {"active": False})]
    await stand.writes(JOAO, "oi de novo")
    await stand.phone.delete(f"/sandbox/bots/{bot['id']}")
    assert bot["id"] not in [row["id"] for row in embedded(await stand.api.get("/bots"), "items")]
    texts = [message["text"] for message in await stand.sees(JOAO)]
    assert texts.count("Bem-vindo!") == 1


async def test_what_a_person_renames_or_deletes_the_api_shows(stand: Stand) -> None:
    stages = await stages_of(stand)
    await stand.phone.patch(f"/sandbox/stages/{stages['Diagnóstico']}", json={"name": "Na rampa"})
    await stand.phone.delete(f"/sandbox/stages/{stages['Em Execução']}")
    after = await stages_of(stand)
    assert after["Na rampa"] == stages["Diagnóstico"]
    assert "Em Execução" not in after
    assert (await stand.phone.delete("/sandbox/stages/142")).status_code == 404
    (field,) = embedded(await stand.api.get("/leads/custom_fields"), "custom_fields")
    await stand.phone.patch(f"/sandbox/fields/{field['id']}", json={"name": "Outro nome"})
    assert [row["name"] for row in embedded(await stand.api.get("/leads/custom_fields"), "custom_fields")] == [
        "Outro nome"
    ]
    assert (await stand.phone.delete(f"/sandbox/fields/{field['id']}")).status_code == 204
    assert embedded(await stand.api.get("/leads/custom_fields"), "custom_fields") == []


async def test_a_user_is_switched_off_and_the_main_pipeline_stays(stand: Stand) -> None:
    user = embedded(await stand.api.get("/users"), "users")[1]
    await stand.phone.patch(f"/sandbox/users/{user['id']}", json={"is_active": False})
    rights = (await stand.api.get(f"/users/{user['id']}")).json()["rights"]
    assert rights["is_active"] is False
    main = embedded(await stand.api.get("/leads/pipelines"), "pipelines")[0]
    assert (await stand.phone.delete(f"/sandbox/pipelines/{main['id']}")).status_code == 400
    for path in ("bots/1", "fields/1", "stages/1", "pipelines/1", "users/1"):
        answer = await stand.phone.patch(f"/sandbox/{path}", json={"name": "x"})
        assert (answer.status_code, "There is no" in answer.json()["error"]) == (404, True), path
