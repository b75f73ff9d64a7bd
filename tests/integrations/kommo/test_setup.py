"""Connecting: our webhook is subscribed once and mended when somebody broke it; our fields are made once."""

from datetime import UTC, datetime, timedelta

from integrations.kommo.client import KommoClient
from integrations.kommo.modefield import ModeFields
from integrations.kommo.setup import (
    EVENTS,
    LeadField,
    ensure_lead_fields,
    prepare_mode_field,
    subscribe_webhook,
)

from .conftest import JOAO, StandIn

OURS = "https://bot.example.com/webhooks/kommo/a-secret-that-nobody-guesses"


async def test_the_webhook_is_subscribed_once(stand_in: StandIn, kommo: KommoClient) -> None:
    assert await subscribe_webhook(kommo, OURS) is True
    assert await subscribe_webhook(kommo, OURS) is False
    (hook,) = await kommo.webhooks()
    assert (hook.destination, set(hook.settings), hook.disabled) == (OURS, set(EVENTS), False)
    assert len(await stand_in.calls("POST", "/webhooks")) == 1


async def test_a_missing_event_is_added_and_others_stay(kommo: KommoClient) -> None:
    await kommo.subscribe(OURS, ["add_message", "status_lead"])
    assert await subscribe_webhook(kommo, OURS) is True
    (hook,) = await kommo.webhooks(OURS)
    assert set(hook.settings) == {*EVENTS, "status_lead"}


async def test_other_webhooks_are_left_alone(kommo: KommoClient) -> None:
    other = "https://elsewhere.example.com/hook"
    await kommo.subscribe(other, ["add_lead"])
    await subscribe_webhook(kommo, OURS)
    assert {hook.destination for hook in await kommo.webhooks()} == {other, OURS}
    await kommo.unsubscribe(OURS)
    assert {hook.destination for hook in await kommo.webhooks()} == {other}


async def test_the_leads_field_is_made_once(stand_in: StandIn, kommo: KommoClient) -> None:
    assert await prepare_mode_field(kommo) is True
    assert await prepare_mode_field(kommo) is False
    assert len(await stand_in.calls("POST", "/leads/custom_fields")) == 1
    found = await ModeFields(kommo).find()
    assert found is not None
    assert tuple(found.choices) == ("Ativo", "Pausado", "Pessoa")


async def test_a_field_of_the_shops_own_gets_the_missing_values_and_keeps_its_ids(kommo: KommoClient) -> None:
    made = await kommo.create_lead_field("assistente", "select", ["Pessoa", "Férias"])
    assert await ModeFields(kommo).find() is None
    assert await prepare_mode_field(kommo) is True
    (field,) = [field for field in await kommo.lead_fields() if field.name == "assistente"]
    assert [choice.value for choice in field.enums] == ["Pessoa", "Férias", "Ativo", "Pausado"]
    assert [choice.id for choice in field.enums[:2]] == [choice.id for choice in made.enums]


async def test_a_note_and_a_task_are_found_again(stand_in: StandIn, kommo: KommoClient) -> None:
    lead_id = (await stand_in.writes(JOAO, "oi"))["lead_id"]
    note_id = await kommo.create_note("leads", lead_id, "Quem: João")
    (note,) = await kommo.notes("leads", lead_id, datetime.now(UTC) - timedelta(minutes=1))
    assert (note.id, note.text) == (note_id, "Quem: João")
    task_id = await kommo.create_task("Ligar", datetime.now(UTC), entity_type="leads", entity_id=lead_id)
    task = await kommo.task(task_id)
    assert task is not None
    assert task.is_completed is False
    assert await kommo.task(task_id + 1000) is None


async def test_missing_lead_fields_are_made_once_and_others_stay_as_they_are(
    stand_in: StandIn, kommo: KommoClient
) -> None:
    await kommo.create_lead_field(" placa ", "textarea")
    made = await ensure_lead_fields(kommo)
    assert set(made) == set(LeadField) - {LeadField.PLATE}
    assert await ensure_lead_fields(kommo) == ()
    fields = {field.name.strip(): field for field in await kommo.lead_fields()}
    assert fields["placa"].type == "textarea"
    assert [choice.value for choice in fields["Urgência"].enums] == ["Alta", "Média", "Baixa"]
    assert len(await stand_in.calls("POST", "/leads/custom_fields")) == len(LeadField)
