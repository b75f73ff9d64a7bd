"""A plan is looked at before anything changes, and carried out as often as one likes, whatever broke in between."""

from dataclasses import replace

import httpx
import pytest
from pydantic import SecretStr

from integrations.kommo.answers import read_page
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import Forbidden, Unauthorized
from integrations.kommo.findings import Code, Language, State
from integrations.kommo.sandbox.settings import SandboxSettings
from integrations.kommo.schemas import CustomField, Webhook
from integrations.kommo.setup import EVENTS, LeadField, Wanted, wanted_fields
from integrations.kommo.setup.applying import Outcome, Result, apply
from integrations.kommo.setup.fields import field_items
from integrations.kommo.setup.planning import plan
from integrations.kommo.setup.steps import Plan
from integrations.kommo.setup.webhooks import webhook_items

from .conftest import JOAO, StandIn, api_answer, eventually, running, token_of_a_plain_user

SECRET = "a-secret-that-nobody-guesses"
ADDRESS = f"https://bot.example.com/webhooks/kommo/{SECRET}"
FIELDS = wanted_fields("Resposta do assistente")
HAD_SOME = "lead_fields_of_a_shop_that_had_some"
WANTED = Wanted(SecretStr(ADDRESS), FIELDS)


@pytest.fixture
def unhurried(unhurried: SandboxSettings) -> SandboxSettings:
    """An account that nobody has prepared for us."""
    return replace(unhurried, empty=True)


async def carried_out(client: KommoClient, planned: Plan) -> list[Outcome]:
    return [outcome async for outcome in apply(client, planned)]


def codes(planned: Plan) -> dict[str, Code]:
    """The plan's findings by what they are about."""
    return {item.finding.name(Language.ENGLISH): item.finding.code for item in planned.items}


async def names(kommo: KommoClient) -> list[str]:
    return sorted(field.name for field in await kommo.lead_fields())


async def test_an_empty_account_lacks_everything_and_nothing_changes_by_looking(
    stand_in: StandIn, kommo: KommoClient
) -> None:
    planned = await plan(kommo, WANTED)
    assert [item.finding.code for item in planned.to_do] == [Code.WEBHOOK_MISSING, *[Code.FIELD_MISSING] * len(FIELDS)]
    assert planned.standing == ()
    said = [item.finding.step(Language.PORTUGUESE) for item in planned.to_do]
    assert "Criar no lead o campo Urgência (select: Alta, Média, Baixa)" in said
    assert "Criar no lead o campo Resposta do assistente (textarea)" in said
    assert (await kommo.lead_fields(), await kommo.webhooks()) == ([], [])


async def test_a_plan_carried_out_twice_makes_everything_once(stand_in: StandIn, kommo: KommoClient) -> None:
    planned = await plan(kommo, WANTED)
    assert {outcome.result for outcome in await carried_out(kommo, planned)} == {Result.DONE}
    assert {outcome.result for outcome in await carried_out(kommo, planned)} == {Result.ALREADY}
    again = await plan(kommo, WANTED)
    assert again.to_do == ()
    assert {item.finding.state for item in again.items} == {State.OK}
    assert await names(kommo) == sorted(field.name for field in FIELDS)
    (hook,) = await kommo.webhooks()
    assert set(hook.settings) == set(EVENTS)
    assert len(await stand_in.calls("POST", "/custom_fields")) == len(FIELDS)


async def test_cut_off_in_between_the_next_run_makes_the_rest(stand_in: StandIn, kommo: KommoClient) -> None:
    planned = await plan(kommo, WANTED)
    applying = apply(kommo, planned)
    done = [await anext(applying) for _ in range(4)]
    assert len(await kommo.lead_fields()) == 3
    again = await plan(kommo, WANTED)
    assert len(again.to_do) == len(planned.to_do) - len(done)
    await carried_out(kommo, again)
    assert await names(kommo) == sorted(field.name for field in FIELDS)


async def test_a_lost_answer_is_looked_up_and_not_repeated(stand_in: StandIn, kommo: KommoClient) -> None:
    transport = LosesAnswer("POST", "/leads/custom_fields")
    async with stand_in.client(transport=transport) as client:
        outcomes = await carried_out(client, await plan(client, WANTED))
    assert transport.lost == 1
    assert {outcome.result for outcome in outcomes} == {Result.DONE}
    assert len(await stand_in.calls("POST", "/leads/custom_fields")) == len(FIELDS)
    assert await names(kommo) == sorted(field.name for field in FIELDS)


async def test_a_fault_in_between_stops_nothing_but_its_step(stand_in: StandIn, kommo: KommoClient) -> None:
    applying = apply(kommo, await plan(kommo, WANTED))
    outcomes = [await anext(applying) for _ in range(3)]
    await stand_in.breaks("http_500", path="/api/v4/leads/custom_fields")
    outcomes += [await anext(applying)]
    await stand_in.mends()
    outcomes += [outcome async for outcome in applying]
    results = [outcome.result for outcome in outcomes]
    assert results == [*[Result.DONE] * 3, Result.REFUSED, *[Result.DONE] * (len(FIELDS) - 3)]
    (left,) = (await plan(kommo, WANTED)).to_do
    assert left == outcomes[3].item
    await carried_out(kommo, Plan((left,)))
    assert await names(kommo) == sorted(field.name for field in FIELDS)


async def test_a_revoked_token_ends_it_and_says_what_was_not_tried(stand_in: StandIn, kommo: KommoClient) -> None:
    planned = await plan(kommo, WANTED)
    await stand_in.breaks("token_revoked")
    first, *rest = await carried_out(kommo, planned)
    assert (first.result, isinstance(first.error, Unauthorized)) == (Result.REFUSED, True)
    assert {outcome.result for outcome in rest} == {Result.NOT_TRIED}


async def test_who_is_no_administrator_is_refused_step_by_step(stand_in: StandIn, kommo: KommoClient) -> None:
    planned = await plan(kommo, WANTED)
    async with stand_in.client(token=await token_of_a_plain_user(stand_in)) as client:
        outcomes = await carried_out(client, planned)
    assert {(outcome.result, type(outcome.error)) for outcome in outcomes} == {(Result.REFUSED, Forbidden)}


async def test_what_the_shop_has_is_found_whatever_the_spelling(stand_in: StandIn, kommo: KommoClient) -> None:
    rows = read_page("GET /leads/custom_fields", api_answer(HAD_SOME), "custom_fields", CustomField)
    assert rows.unreadable == ()
    items = {item.finding.params["field"]: item for item in field_items(rows.items, WANTED)}
    assert items[LeadField.PLATE].finding.code is Code.FIELD_PRESENT
    assert items[LeadField.PROBLEM].finding.code is Code.FIELD_PRESENT
    urgency = items[LeadField.URGENCY].finding
    assert (urgency.code, urgency.params["choices"]) == (Code.FIELD_CHOICES_MISSING, "Baixa")
    assert (items[LeadField.ORIGIN].finding.code, items[LeadField.ORIGIN].step) == (Code.FIELD_OTHER_TYPE, None)
    assert "multiselect" in items[LeadField.ORIGIN].finding.text(Language.PORTUGUESE)


async def test_own_fields_are_completed_or_left_alone_and_never_made_twice(kommo: KommoClient) -> None:
    own = await kommo.create_lead_field("URGÊNCIAS", "select", ["Alta", "Sem pressa"])
    await kommo.create_lead_field("origem", "multiselect", ["Facebook"])
    await kommo.create_lead_field("Temperatura", "text")
    planned = await plan(kommo, WANTED)
    assert codes(planned)["Field Origem"] is Code.FIELD_OTHER_TYPE
    assert codes(planned)["Field Temperatura"] is Code.FIELD_PRESENT
    await carried_out(kommo, planned)
    fields = {field.name: field for field in await kommo.lead_fields()}
    assert len(fields) == len(FIELDS)
    assert [choice.value for choice in fields["URGÊNCIAS"].enums] == ["Alta", "Sem pressa", "Média", "Baixa"]
    assert [choice.id for choice in fields["URGÊNCIAS"].enums[:2]] == [choice.id for choice in own.enums]
    assert (fields["origem"].type, [choice.value for choice in fields["origem"].enums]) == ("multiselect", ["Facebook"])


async def test_a_field_that_was_deleted_or_renamed_since_is_told(stand_in: StandIn, kommo: KommoClient) -> None:
    await carried_out(kommo, await plan(kommo, WANTED))
    ids = {field.name: field.id for field in await kommo.lead_fields()}
    since = Wanted(WANTED.webhook, FIELDS, ids)
    await stand_in.person("DELETE", f"/fields/{ids['Placa']}")
    await stand_in.person("PATCH", f"/fields/{ids['Origem']}", name="De onde veio")
    planned = await plan(kommo, since)
    assert (codes(planned)["Field Placa"], codes(planned)["Field Origem"]) == (Code.FIELD_DELETED, Code.FIELD_RENAMED)
    said = {item.finding.code: item.finding.text(Language.PORTUGUESE) for item in planned.items}
    assert "renomeado para De onde veio" in said[Code.FIELD_RENAMED]
    await carried_out(kommo, planned)
    assert {"Placa", "De onde veio"} < set(await names(kommo))
    assert "Origem" not in await names(kommo)


async def test_a_reply_field_named_by_its_id_is_found_or_missed_and_never_made(kommo: KommoClient) -> None:
    made = await kommo.create_lead_field("Texto pronto", "textarea")
    for typed, code in ((str(made.id), Code.FIELD_PRESENT), (str(made.id + 1000), Code.FIELD_ID_UNKNOWN)):
        item = field_items(await kommo.lead_fields(), Wanted(None, wanted_fields(typed)))[-1]
        assert (item.finding.code, item.step) == (code, None)


async def test_a_webhook_that_kommo_disabled_is_switched_on_again(unhurried: SandboxSettings) -> None:
    async with running(replace(unhurried, time_scale=0.01)) as stand_in, stand_in.client() as kommo:
        deaf = Wanted(SecretStr(f"http://127.0.0.1:9/webhooks/kommo/{SECRET}"), ())
        await carried_out(kommo, await plan(kommo, deaf))
        for number in range(101):
            await stand_in.writes(JOAO, f"mensagem {number}")

        async def disabled() -> bool:
            return (await kommo.webhooks())[0].disabled

        await eventually(disabled)
        planned = await plan(kommo, deaf)
        assert [item.finding.code for item in planned.items] == [Code.WEBHOOK_DISABLED]
        assert [outcome.result for outcome in await carried_out(kommo, planned)] == [Result.DONE]
        assert not await disabled()


def test_webhooks_as_kommo_lists_them_and_no_secret_is_said() -> None:
    rows = read_page("GET /webhooks", api_answer("webhook_disabled_by_kommo"), "webhooks", Webhook)
    items = webhook_items(rows.items, WANTED.webhook)
    assert [item.finding.code for item in items] == [Code.WEBHOOK_DISABLED]
    moved = webhook_items(rows.items, SecretStr("https://relatorios.example.net/webhooks/kommo/another-secret-of-ours"))
    assert [item.finding.code for item in moved] == [
        Code.WEBHOOK_MISSING,
        Code.WEBHOOK_OTHER_INSTALLATION,
        Code.WEBHOOK_FOREIGN,
    ]
    said = f"{items} {moved} {[item.finding.text(Language.ENGLISH) for item in (*items, *moved)]}"
    assert not any(secret in said for secret in (SECRET, "nobodys-business", "another-secret-of-ours"))


@pytest.mark.parametrize(
    "old",
    [
        "https://bot.example.com/webhooks/kommo/the-secret-of-before-this-one",
        f"https://old.example.org/webhooks/kommo/{SECRET}",
    ],
)
async def test_an_old_address_goes_once_the_new_one_is_alive(stand_in: StandIn, kommo: KommoClient, old: str) -> None:
    stranger = "https://elsewhere.example.com/webhooks/kommo/another-shops-secret"
    for destination in (old, stranger):
        await kommo.subscribe(destination, [*EVENTS])
    planned = await plan(kommo, Wanted(SecretStr(ADDRESS), ()))
    assert [item.finding.code for item in planned.to_do] == [Code.WEBHOOK_MISSING, Code.WEBHOOK_OLD]
    removing = Plan(planned.to_do[1:])
    assert [outcome.result for outcome in await carried_out(kommo, removing)] == [Result.NOT_TRIED]
    assert old in {hook.destination for hook in await kommo.webhooks()}
    assert [outcome.result for outcome in await carried_out(kommo, planned)] == [Result.DONE, Result.DONE]
    assert {hook.destination for hook in await kommo.webhooks()} == {ADDRESS, stranger}


async def test_a_missing_event_is_added_and_anothers_stays(kommo: KommoClient) -> None:
    await kommo.subscribe(ADDRESS, ["add_message", "status_lead"])
    planned = await plan(kommo, Wanted(SecretStr(ADDRESS), ()))
    assert [item.finding.code for item in planned.to_do] == [Code.WEBHOOK_EVENTS_MISSING]
    await carried_out(kommo, planned)
    (hook,) = await kommo.webhooks()
    assert set(hook.settings) == {*EVENTS, "status_lead"}


class LosesAnswer(httpx.AsyncBaseTransport):
    """Carries every call out, and loses the answer to the first one of this kind."""

    def __init__(self, method: str, path_end: str) -> None:
        self._inner = httpx.AsyncHTTPTransport(trust_env=False)
        self._lose = (method, path_end)
        self.lost = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        method, path_end = self._lose
        if request.method == method and request.url.path.endswith(path_end) and not self.lost:
            self.lost += 1
            await response.aread()
            raise httpx.ReadError("the connection broke", request=request)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()
