"""What a new customer tells stands in the Kommo lead's fields, and what a person typed there stays."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Unlimited
from integrations.kommo.setup import LeadField, ensure_lead_fields
from tests.stack.running import Phone, Stack


@pytest.fixture(scope="module")
async def kommo(stack: Stack) -> AsyncIterator[KommoClient]:
    """The account as its staff see it, with our fields made."""
    token = (await stack.http.get(f"{stack.sandbox_url}/sandbox/token")).json()["access_token"]
    async with KommoClient(stack.sandbox_url, StaticToken(SecretStr(token)), Unlimited(), 10) as client:
        assert set(await ensure_lead_fields(client)) == set(LeadField)
        yield client


@pytest.fixture(autouse=True)
async def healthy(stack: Stack) -> None:
    await stack.no_faults()


async def lead_of(stack: Stack, phone: Phone) -> int:
    found = await stack.query(f"SELECT lead_id FROM conversation WHERE '{phone.number}' = ANY (phones)")
    return int(found[0][0])


async def standing(stack: Stack, kommo: KommoClient, phone: Phone) -> dict[str, str]:
    """The fields of the phone's lead by name."""
    lead = await kommo.lead(await lead_of(stack, phone))
    assert lead is not None
    names = {field.value for field in LeadField}
    return {
        field.field_name: str(field.values[0].value)
        for field in lead.custom_fields_values
        if field.field_name in names and field.values
    }


async def types(stack: Stack, kommo: KommoClient, phone: Phone, name: str, text: str) -> None:
    """A person types into a field."""
    (field,) = [field.id for field in await kommo.lead_fields() if field.name == name]
    await kommo.set_lead_fields(await lead_of(stack, phone), {field: text})


async def test_fields_are_written_as_they_are_learnt_and_a_persons_edit_stays(stack: Stack, kommo: KommoClient) -> None:
    phone = stack.phone("5521911112222")
    await phone.ask("o freio do meu polo 2018 tá rangendo, quero orçamento")
    await stack.settled()
    first = {
        "Modelo/Marca": "Polo 2018", "Problema Relatado": "o freio do meu polo 2018 tá rangendo, quero orçamento",
        "Tipo de Serviço": "Médio", "Temperatura": "Morno",
    }  # fmt: skip
    assert await standing(stack, kommo, phone) == first
    await types(stack, kommo, phone, "Modelo/Marca", "VW Polo TSI 2018 (Carla)")
    await types(stack, kommo, phone, "Placa", "QQQ1Q11")
    await phone.ask("na verdade é um virtus, placa ABC-1D24, e é urgente")
    await stack.settled()
    after = await standing(stack, kommo, phone)
    assert after["Modelo/Marca"] == "VW Polo TSI 2018 (Carla)"
    assert after["Placa"] == "QQQ1Q11"
    assert (after["Urgência"], after["Temperatura"]) == ("Alta", "Quente")


async def test_an_unclear_write_is_done_again_and_known_as_ours(stack: Stack, kommo: KommoClient) -> None:
    phone = stack.phone("5521933334444")
    await phone.ask("oi")
    await stack.fault("lost_response", seconds=2, path="/api/v4/leads/")
    await phone.ask("a embreagem do meu gol tá patinando, quero orçamento")
    await stack.no_faults()
    await stack.settled()
    assert (await standing(stack, kommo, phone))["Modelo/Marca"] == "Gol"
    await phone.ask("errei, é um jetta")
    await stack.settled()
    assert (await standing(stack, kommo, phone))["Modelo/Marca"] == "Jetta"


async def test_a_field_that_was_deleted_is_passed_over(stack: Stack, kommo: KommoClient) -> None:
    (field,) = [field.id for field in await kommo.lead_fields() if field.name == "Origem"]
    await kommo.send("DELETE", "/leads/custom_fields/{field_id}", None, field_id=field)
    phone = stack.phone("5521955556666")
    await phone.ask("vi no google, quero orçamento da suspensão do fox")
    await stack.settled()
    after = await standing(stack, kommo, phone)
    assert after["Modelo/Marca"] == "Fox"
    assert "Origem" not in after
    assert await stack.query("SELECT 1 FROM outbox WHERE kind = 'lead_fields' AND state <> 'accepted'") == []
    assert await ensure_lead_fields(kommo) == (LeadField.ORIGIN,)
    assert await ensure_lead_fields(kommo) == ()
