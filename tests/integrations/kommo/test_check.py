"""The check says of an account what works and what lacks, without sending anything."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from integrations.kommo.answers import read_page
from integrations.kommo.check.account import scope_findings, token_findings
from integrations.kommo.check.bots import reply_bot
from integrations.kommo.check.chats import paid_findings
from integrations.kommo.check.expected import Expected, Heard, PaidMessages, expected_of
from integrations.kommo.check.running import check_account, stops_work
from integrations.kommo.client import KommoClient
from integrations.kommo.endpoints.account import TokenFacts
from integrations.kommo.findings import Code, Finding, Language, State, finding
from integrations.kommo.mapping.choices import Chosen
from integrations.kommo.sandbox.settings import SandboxSettings
from integrations.kommo.schemas_bots import Bot
from integrations.kommo.setup.applying import apply
from integrations.kommo.setup.planning import plan
from integrations.settings import ReplyPath, Settings

from .conftest import JOAO, StandIn, api_answer, running

ADDRESS = SecretStr("https://bot.example.com/webhooks/kommo/a-secret-that-nobody-guesses")
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def expecting(**changes: object) -> Expected:
    """What default settings expect, with changes."""
    settings = Settings(_env_file=None, data_dir=Path("unused")).model_copy(update=changes)
    return expected_of(settings, ADDRESS, {})


async def looked_at(client: KommoClient, expected: Expected | None = None) -> dict[Code, Finding]:
    """The findings by their codes."""
    return {one.code: one for one in await check_account(client, expected or expecting(), Chosen())}


@pytest.fixture
async def prepared(stand_in: StandIn, kommo: KommoClient) -> StandIn:
    """An account that was set up, in which João has written."""
    async for outcome in apply(kommo, await plan(kommo, expecting().wanted)):
        assert outcome.is_good
    await stand_in.writes(JOAO, "oi")
    return stand_in


async def test_a_prepared_account_works(prepared: StandIn, kommo: KommoClient) -> None:
    found = await looked_at(kommo, expecting(kommo_account_id=(await kommo.account()).id))
    assert not stops_work(found.values())
    warnings = {code for code, one in found.items() if one.state is State.WARNING}
    assert warnings == {Code.MAPPING_NONE, Code.MAPPING_RESPONSIBLE_UNSET}
    working = {Code.WEBHOOK_ALIVE, Code.FIELD_PRESENT, Code.BOT_REPLY_READY, Code.BOTS_NO_OTHER, Code.CHATS_READABLE}
    assert working | {Code.TOKEN_VALID, Code.SCOPES_COMPLETE, Code.ORIGIN_ANSWERED, Code.REPLY_BOTH} < set(found)
    assert await prepared.calls("POST", "send_message") == []


@pytest.fixture
async def empty(unhurried: SandboxSettings) -> AsyncIterator[StandIn]:
    """An account that nobody has prepared for us."""
    async with running(replace(unhurried, empty=True)) as found:
        yield found


async def test_an_empty_account_says_all_that_lacks(empty: StandIn) -> None:
    async with empty.client() as kommo:
        found = await looked_at(kommo)
    assert stops_work(found.values())
    assert {code for code, one in found.items() if one.state is State.MISSING} == {Code.WEBHOOK_MISSING}
    assert {Code.FIELD_MISSING, Code.BOT_REPLY_MISSING, Code.REPLY_TALKS_UNTRIED, Code.CHATS_UNTRIED} < set(found)
    assert "autoprime kommo setup" in found[Code.WEBHOOK_MISSING].todo(Language.ENGLISH)


async def test_a_missing_scope_names_the_box_to_tick(prepared: StandIn) -> None:
    await prepared.account(scopes=["crm", "list_external_messages"])
    async with prepared.client(token=await prepared.new_token()) as kommo:
        found = await looked_at(kommo)
    missing = found[Code.SCOPE_CHAT_MISSING]
    assert missing.params["scope"] == "send_external_messages"
    assert "Sending to external chats" in missing.todo(Language.PORTUGUESE)
    assert Code.REPLY_SALESBOT in found
    assert Code.CHATS_READABLE in found


async def test_chats_that_may_not_be_read_are_a_scope_or_the_add_on(prepared: StandIn, kommo: KommoClient) -> None:
    await prepared.account(plan="advanced")
    found = await looked_at(kommo)
    assert (found[Code.CHATS_NO_ADDON].state, stops_work(found.values())) == (State.WARNING, False)
    assert Code.REPLY_SALESBOT in found
    await prepared.account(plan="pro", scopes=["crm", "send_external_messages"])
    async with prepared.client(token=await prepared.new_token()) as other:
        assert Code.CHATS_NO_SCOPE in await looked_at(other)


async def test_without_add_on_and_with_the_bot_switched_off_no_reply_goes_out(
    prepared: StandIn, kommo: KommoClient
) -> None:
    await prepared.account(plan="advanced")
    bot = next(bot for bot in await kommo.bots() if bot.name == "Responder pelo campo")
    await prepared.person("PATCH", f"/bots/{bot.id}", active=False)
    found = await looked_at(kommo)
    assert stops_work(found.values())
    assert {Code.BOT_REPLY_INACTIVE, Code.REPLY_NONE} < set(found)
    await prepared.person("DELETE", f"/bots/{bot.id}")
    assert Code.BOT_REPLY_MISSING in await looked_at(kommo)


async def test_a_deleted_reply_field_closes_the_way_of_the_bot(prepared: StandIn, kommo: KommoClient) -> None:
    (field,) = [field for field in await kommo.lead_fields() if field.name == "Resposta do assistente"]
    await prepared.person("DELETE", f"/fields/{field.id}")
    assert Code.REPLY_NONE in await looked_at(kommo, expecting(reply_path=ReplyPath.SALESBOT))
    assert Code.REPLY_TALKS in await looked_at(kommo)


async def test_another_bot_that_is_active_is_pointed_at(prepared: StandIn, kommo: KommoClient) -> None:
    await prepared.person("POST", "/bots", name="Boas-vindas", script="greeting", text="Olá!")
    found = await looked_at(kommo)
    assert found[Code.BOT_OTHER_ACTIVE].params["bot"] == "Boas-vindas"
    assert Code.BOTS_NO_OTHER not in found


def test_bots_as_kommo_lists_them() -> None:
    bots = read_page("GET /bots", api_answer("bots_with_another_one_active"), "items", Bot).items
    assert [bot.settings.active for bot in bots] == [True, True, False]
    for typed, wanted in ((" responder pelo campo ", 61205), ("61207", 61207), ("99", None)):
        found = reply_bot(bots, typed)
        assert (found.id if found else None) == wanted


async def test_channels_seen_are_compared_with_those_to_answer(prepared: StandIn, kommo: KommoClient) -> None:
    found = await looked_at(kommo, expecting(origins="whatsapp"))
    assert found[Code.ORIGIN_NOT_ANSWERED].params["origin"] == "waba"
    assert found[Code.ORIGIN_NOT_SEEN].params["origin"] == "whatsapp"


@pytest.mark.parametrize(
    ("minutes", "code", "ago"),
    [(None, Code.WEBHOOK_NEVER_HEARD, ""), (15, Code.WEBHOOK_HEARD, "15 min"), (180, Code.WEBHOOK_SILENT, "3 h")],
)
async def test_events_that_do_not_arrive_are_noticed(
    prepared: StandIn, kommo: KommoClient, minutes: int | None, code: Code, ago: str
) -> None:
    """João wrote just now: an event should have come within Kommo's first two retries."""
    heard = Heard(None if minutes is None else datetime.now(UTC) - timedelta(minutes=minutes))
    found = await looked_at(kommo, replace(expecting(), heard=heard))
    assert found[code].params.get("ago", "") == ago


async def test_another_accounts_id_stops_work(prepared: StandIn, kommo: KommoClient) -> None:
    found = await looked_at(kommo, expecting(kommo_account_id=5))
    assert found[Code.ACCOUNT_OTHER_ID].state is State.MISSING


async def test_a_section_that_fails_says_so_and_the_others_go_on(prepared: StandIn, kommo: KommoClient) -> None:
    await prepared.breaks("http_500", path="/api/v4/bots")
    found = await looked_at(kommo)
    broken = found[Code.SECTION_UNREADABLE]
    assert [broken.name(language) for language in Language] == ["Bots", "Robôs"]
    assert Code.MAPPING_NONE in found


@pytest.mark.parametrize(
    ("fault", "code"), [("token_revoked", Code.ACCOUNT_TOKEN_REFUSED), ("http_500", Code.ACCOUNT_ODD_ANSWER)]
)
async def test_an_account_that_refuses_ends_the_check(
    stand_in: StandIn, kommo: KommoClient, fault: str, code: Code
) -> None:
    await stand_in.breaks(fault, **({"path": "/api/v4/account"} if fault == "http_500" else {}))
    found = await looked_at(kommo)
    assert (found[code].state, Code.WEBHOOK_MISSING in found) == (State.MISSING, False)


async def test_an_address_that_nobody_answers_at_is_said() -> None:
    nobody = StandIn("http://127.0.0.1:9", "no token", None)  # type: ignore[arg-type]
    async with nobody.client(timeout=0.5) as kommo:
        found = await looked_at(kommo)
    assert {Code.ACCOUNT_UNREACHABLE, Code.TOKEN_UNREADABLE, Code.SCOPES_UNREADABLE} == set(found)


@pytest.mark.parametrize(
    ("lives", "left", "renews", "code"),
    [
        (timedelta(days=365), timedelta(days=31), False, Code.TOKEN_VALID),
        (timedelta(days=365), timedelta(days=29), False, Code.TOKEN_EXPIRES_SOON),
        (timedelta(days=365), timedelta(seconds=0), False, Code.TOKEN_EXPIRED),
        (timedelta(days=1), timedelta(hours=2), True, Code.TOKEN_RENEWED),
        (timedelta(days=1), timedelta(hours=2), False, Code.TOKEN_EXPIRES_SOON),
        (timedelta(days=365), timedelta(days=29), True, Code.TOKEN_EXPIRES_SOON),
    ],
)
def test_how_long_a_token_lives(lives: timedelta, left: timedelta, renews: bool, code: Code) -> None:
    facts = TokenFacts(frozenset(), NOW + left - lives, NOW + left)
    assert [one.code for one in token_findings(facts, renews, NOW)] == [code]


def test_without_the_crm_scope_nothing_works() -> None:
    found = scope_findings(frozenset({"send_external_messages", "list_external_messages"}))
    assert [(one.code, one.state) for one in found] == [(Code.SCOPE_CRM_MISSING, State.MISSING)]


@pytest.mark.parametrize(
    ("paid", "code"),
    [
        (None, Code.PAID_NOT_COUNTED),
        (PaidMessages(12), Code.PAID_LIMIT_UNKNOWN),
        (PaidMessages(399, 500), Code.PAID_LEFT),
        (PaidMessages(400, 500), Code.PAID_LOW),
        (PaidMessages(500, 500), Code.PAID_USED_UP),
    ],
)
def test_paid_messages_are_warned_of_from_four_fifths_on(paid: PaidMessages | None, code: Code) -> None:
    assert [one.code for one in paid_findings(paid, finding(Code.CHATS_READABLE))] == [code]
    assert list(paid_findings(paid, finding(Code.CHATS_NO_ADDON))) == []
