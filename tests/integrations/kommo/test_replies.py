"""The three ways into a customer's chat, against a served stand-in: what arrives, what is refused, what is unclear."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.kommo.client import KommoClient
from integrations.kommo.errors import NotSent, PaymentRequired, RateLimited
from integrations.kommo.replies import (
    ReplyUnavailable,
    ReplyUnclear,
    ReplyWay,
    Target,
    Unavailable,
    choose_ways,
    order_ways,
)
from integrations.settings import ReplyPath, Settings

from .conftest import JOAO, StandIn, found, target_of

REPLY = "João, o seu VW Gol (ABC1D23) está na etapa de Diagnóstico.\nAssim que mudar, eu aviso."


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    """Settings untouched by the machine's environment."""
    return Settings(_env_file=None, data_dir=tmp_path)


@pytest.fixture
def ways(kommo: KommoClient, chosen: Settings) -> dict[str, ReplyWay]:
    """All ways by name."""
    return {way.name: way for way in choose_ways(kommo, chosen)}


async def test_the_talks_way_sends_and_names_the_message(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]
) -> None:
    target, since = await target_of(stand_in, kommo), datetime.now(UTC)
    sent = await ways["talks"].send(target, REPLY)
    assert (await stand_in.sees_text(JOAO, REPLY))["id"] == sent.kommo_message_id
    assert await ways["talks"].find_sent(target, REPLY, since) == sent.kommo_message_id


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"chats_limit": 0}, Unavailable.NO_MESSAGES_LEFT),
        ({"plan": "advanced"}, Unavailable.NO_MESSAGES_LEFT),
        ({"scopes": ["crm"]}, Unavailable.NO_SCOPE),
    ],
)
async def test_an_account_that_may_not_send_is_asked_once_a_minute(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay], change: dict[str, object], reason: Unavailable
) -> None:
    target = await target_of(stand_in, kommo)
    await stand_in.account(**change)
    for _ in range(3):
        with pytest.raises(ReplyUnavailable) as refused:
            await ways["talks"].send(target, REPLY)
        assert refused.value.reason is reason
    assert len(await stand_in.calls("POST", "/send_message")) == 1


async def test_a_closed_talk_is_left_for_the_open_one_of_the_same_chat(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]
) -> None:
    target = await target_of(stand_in, kommo)
    assert target.talk_id is not None
    await kommo.close_talk(target.talk_id)
    with pytest.raises(ReplyUnavailable) as refused:
        await ways["talks"].send(target, REPLY)
    assert refused.value.reason is Unavailable.TALK_CLOSED
    reopened = await stand_in.writes(JOAO, "alô?")
    sent = await ways["talks"].send(target, REPLY)
    assert sent.talk_id == reopened["talk_id"] != target.talk_id
    assert await ways["talks"].find_sent(target, REPLY, datetime.now(UTC)) == sent.kommo_message_id


async def test_an_unknown_talk_makes_room_for_the_next_way(ways: dict[str, ReplyWay]) -> None:
    with pytest.raises(ReplyUnavailable) as refused:
        await ways["talks"].send(Target(999, "chat", None), REPLY)
    assert refused.value.reason is Unavailable.NO_TALK


async def test_a_lost_answer_is_unclear_and_the_message_is_found(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]
) -> None:
    target, since = await target_of(stand_in, kommo), datetime.now(UTC)
    await stand_in.breaks("lost_response", path="/api/v4/talks")
    with pytest.raises(ReplyUnclear) as unclear:
        await ways["talks"].send(target, REPLY)
    assert unclear.value.way == "talks"
    await stand_in.mends()
    message = await stand_in.sees_text(JOAO, REPLY)
    assert await ways["talks"].find_sent(target, REPLY, since) == message["id"]


async def test_a_failed_send_is_not_found(stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]) -> None:
    target, since = await target_of(stand_in, kommo), datetime.now(UTC)
    await stand_in.breaks("http_500", path="/api/v4/talks")
    with pytest.raises(ReplyUnclear):
        await ways["talks"].send(target, REPLY)
    await stand_in.mends()
    assert await ways["talks"].find_sent(target, REPLY, since) is None


async def test_the_same_text_twice_is_two_messages(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]
) -> None:
    target, since = await target_of(stand_in, kommo), datetime.now(UTC)
    first = (await ways["talks"].send(target, "Sim!")).kommo_message_id
    assert first is not None
    assert await ways["talks"].find_sent(target, "Sim!", since, exclude_ids={first}) is None
    second = (await ways["talks"].send(target, "Sim!")).kommo_message_id
    assert await ways["talks"].find_sent(target, "Sim!", since, exclude_ids={first}) == second


async def test_what_a_person_wrote_is_not_our_reply(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]
) -> None:
    target, since = await target_of(stand_in, kommo), datetime.now(UTC)
    await stand_in.hand.post(f"/sandbox/chats/{JOAO}/staff-messages", json={"text": REPLY})
    assert await ways["talks"].find_sent(target, REPLY, since) is None


async def test_the_salesbot_way_sends_the_field_and_clears_it(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]
) -> None:
    target, since = await target_of(stand_in, kommo), datetime.now(UTC)
    assert target.lead_id is not None
    sent = await ways["salesbot"].send(target, REPLY)
    assert (sent.kommo_message_id, sent.way) == (None, "salesbot")
    shown = await stand_in.sees_text(JOAO, REPLY)
    assert shown["via"] == "salesbot"
    assert await found(ways["salesbot"], target, REPLY, since) == shown["id"]
    await ways["salesbot"].clear(target)
    lead = await kommo.lead(target.lead_id)
    assert lead is not None
    assert [text for field in lead.custom_fields_values for text in lead.texts(field_id=field.field_id)] == []


async def test_without_the_addon_the_salesbots_message_is_found_by_its_event(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]
) -> None:
    target, since = await target_of(stand_in, kommo), datetime.now(UTC)
    await stand_in.account(plan="advanced")
    await ways["salesbot"].send(target, REPLY)
    assert target.talk_id is not None
    with pytest.raises(PaymentRequired):
        await kommo.talk_messages(target.talk_id)
    assert await found(ways["salesbot"], target, REPLY, since) == (await stand_in.sees_text(JOAO, REPLY))["id"]


async def test_bot_and_field_are_looked_up_once(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]
) -> None:
    target = await target_of(stand_in, kommo)
    for text in ("um", "dois"):
        await ways["salesbot"].send(target, text)
        await stand_in.sees_text(JOAO, text)
    assert len(await stand_in.calls("GET", "/bots")) == 1
    assert len(await stand_in.calls("GET", "/leads/custom_fields")) == 1


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ({"reply_bot": "Nenhum"}, Unavailable.NO_BOT),
        ({"reply_field": "Nenhum"}, Unavailable.NO_FIELD),
        ({"reply_bot": "999"}, Unavailable.NO_BOT),
        ({"reply_field": "999"}, Unavailable.NO_FIELD),
    ],
)
async def test_a_missing_bot_or_field_makes_the_salesbot_unavailable(
    stand_in: StandIn, kommo: KommoClient, chosen: Settings, names: dict[str, str], reason: Unavailable
) -> None:
    target = await target_of(stand_in, kommo)
    (way,) = choose_ways(kommo, chosen.model_copy(update={"reply_path": ReplyPath.SALESBOT, **names}))
    with pytest.raises(ReplyUnavailable) as refused:
        await way.send(target, REPLY)
    assert refused.value.reason is reason


async def test_without_a_lead_the_salesbot_is_unavailable(ways: dict[str, ReplyWay]) -> None:
    with pytest.raises(ReplyUnavailable) as refused:
        await ways["salesbot"].send(Target(1, "chat", 2), REPLY)
    assert refused.value.reason is Unavailable.NO_LEAD


async def test_a_field_that_cannot_be_written_means_not_sent(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]
) -> None:
    target = await target_of(stand_in, kommo)
    await stand_in.breaks("http_500", path=f"/api/v4/leads/{target.lead_id}")
    with pytest.raises(NotSent):
        await ways["salesbot"].send(target, REPLY)
    assert await stand_in.calls("POST", "/run") == []


async def test_a_lost_launch_is_unclear(stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]) -> None:
    target, since = await target_of(stand_in, kommo), datetime.now(UTC)
    await ways["salesbot"].clear(target)
    await stand_in.breaks("lost_response", path="/api/v4/bots")
    with pytest.raises(ReplyUnclear):
        await ways["salesbot"].send(target, REPLY)
    assert await found(ways["salesbot"], target, REPLY, since)


async def test_a_limited_account_says_when_to_come_back(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay]
) -> None:
    target = await target_of(stand_in, kommo)
    await stand_in.breaks("http_429", path="/api/v4/talks")
    with pytest.raises(RateLimited):
        await ways["talks"].send(target, REPLY)


async def test_the_order_of_the_ways(kommo: KommoClient, chosen: Settings) -> None:
    names = {
        path: [way.name for way in choose_ways(kommo, chosen.model_copy(update={"reply_path": path}))]
        for path in ReplyPath
    }
    assert names == {
        ReplyPath.AUTO: ["talks", "salesbot", "widget"],
        ReplyPath.TALKS: ["talks"],
        ReplyPath.SALESBOT: ["salesbot"],
        ReplyPath.WIDGET: ["widget"],
    }
    waiting = Target(1, "chat", 2, 3, "https://shop.kommo.com/api/v4/salesbot/1/continue/2")
    assert [way.name for way in order_ways(choose_ways(kommo, chosen), waiting)] == ["talks", "widget", "salesbot"]
