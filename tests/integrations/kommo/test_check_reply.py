"""The reply path is proven by a message to a chat: by each way, and with each way it can fail."""

from pathlib import Path

import pytest

from integrations.kommo.check.testchat import Patience, prove_reply_path
from integrations.kommo.client import KommoClient
from integrations.kommo.findings import Code
from integrations.kommo.replies import choose_ways
from integrations.settings import ReplyPath, Settings

from .conftest import JOAO, StandIn

QUICK = Patience(wait=3.0, pause=0.02)
BRIEF = Patience(wait=0.3, pause=0.02)


async def proven(
    kommo: KommoClient, path: ReplyPath = ReplyPath.AUTO, phone: str = JOAO, patience: Patience = QUICK
) -> list[Code]:
    settings = Settings(_env_file=None, data_dir=Path("unused"), reply_path=path)
    return [one.code for one in await prove_reply_path(kommo, choose_ways(kommo, settings), phone, patience)]


async def on_the_phone(stand_in: StandIn) -> list[tuple[str, str]]:
    """Way and delivery of the test messages that João's phone shows."""
    seen = await stand_in.sees(JOAO)
    return [(one["via"], one["delivery_status"]) for one in seen if one["text"].startswith("Teste do assistente")]


@pytest.mark.parametrize("phone", [JOAO, "+55 (11) 98765-4321", "1187654321"])
async def test_through_the_talks_api(stand_in: StandIn, kommo: KommoClient, phone: str) -> None:
    await stand_in.writes(JOAO, "oi")
    assert await proven(kommo, phone=phone) == [Code.TEST_DELIVERED]
    assert await on_the_phone(stand_in) == [("api", "delivered")]


async def test_through_the_salesbot_and_the_field_is_emptied(stand_in: StandIn, kommo: KommoClient) -> None:
    lead_id = (await stand_in.writes(JOAO, "oi"))["lead_id"]
    assert await proven(kommo, ReplyPath.SALESBOT) == [Code.TEST_DELIVERED]
    assert await on_the_phone(stand_in) == [("salesbot", "delivered")]
    lead = await kommo.lead(lead_id)
    assert lead is not None
    assert all(not entry.value for field in lead.custom_fields_values for entry in field.values)


async def test_a_second_test_is_not_taken_for_the_first(stand_in: StandIn, kommo: KommoClient) -> None:
    await stand_in.writes(JOAO, "oi")
    assert await proven(kommo) == [Code.TEST_DELIVERED]
    bot = next(bot for bot in await kommo.bots() if bot.name == "Responder pelo campo")
    await stand_in.person("PATCH", f"/bots/{bot.id}", active=False)
    assert await proven(kommo, ReplyPath.SALESBOT, patience=BRIEF) == [Code.TEST_NOT_SEEN]


async def test_without_the_add_on_the_salesbot_takes_over_and_the_delivery_stays_unknown(
    stand_in: StandIn, kommo: KommoClient
) -> None:
    await stand_in.writes(JOAO, "oi")
    await stand_in.account(plan="advanced")
    assert await proven(kommo) == [Code.TEST_WAY_PASSED, Code.TEST_SENT_UNREADABLE]
    assert [way for way, _ in await on_the_phone(stand_in)] == ["salesbot"]
    assert await proven(kommo, ReplyPath.TALKS) == [Code.TEST_WAY_PASSED, Code.TEST_NO_WAY]


async def test_a_broken_number_is_not_a_proof(stand_in: StandIn, kommo: KommoClient) -> None:
    await stand_in.writes(JOAO, "oi")
    await stand_in.breaks("channel_error")
    assert await proven(kommo) == [Code.TEST_NOT_DELIVERED]


async def test_a_lost_answer_is_looked_up_and_nothing_is_sent_twice(stand_in: StandIn, kommo: KommoClient) -> None:
    ids = await stand_in.writes(JOAO, "oi")
    await stand_in.breaks("lost_response", path=f"/api/v4/talks/{ids['talk_id']}/send_message")
    assert await proven(kommo) == [Code.TEST_DELIVERED]
    assert len(await on_the_phone(stand_in)) == 1


async def test_a_message_that_stays_under_way_is_told(stand_in: StandIn, kommo: KommoClient) -> None:
    ids = await stand_in.writes(JOAO, "oi")
    await stand_in.breaks("http_500", path=f"/api/v4/talks/{ids['talk_id']}/messages")
    assert await proven(kommo, patience=BRIEF) == [Code.TEST_NOT_FOLLOWED]


@pytest.mark.parametrize(
    ("phone", "code"),
    [("abc", Code.TEST_NO_PHONE), ("5511900001111", Code.TEST_NO_CONTACT), (JOAO, Code.TEST_NO_TALK)],
)
async def test_a_chat_that_is_not_there(stand_in: StandIn, kommo: KommoClient, phone: str, code: Code) -> None:
    assert await proven(kommo, phone=phone) == [code]
    assert await stand_in.calls("POST", "send_message") == []


async def test_nothing_is_sent_where_kommo_refuses(stand_in: StandIn, kommo: KommoClient) -> None:
    await stand_in.writes(JOAO, "oi")
    await stand_in.breaks("token_revoked")
    assert await proven(kommo) == [Code.TEST_REFUSED]
