"""The three ways into a customer's chat, against a served stand-in: what arrives, what is refused, what is unclear."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, Request, post
from litestar.datastructures import State
from pydantic import SecretStr

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
    split_text,
)
from integrations.kommo.replies.split import WHATSAPP_TEXT_LIMIT
from integrations.kommo.widget import WidgetRequest, read_widget_request
from integrations.settings import ReplyPath, Settings

from .conftest import JOAO, StandIn, eventually, serving

REPLY = "João, o seu VW Gol (ABC1D23) está na etapa de Diagnóstico.\nAssim que mudar, eu aviso."


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    """Settings untouched by the machine's environment."""
    return Settings(_env_file=None, data_dir=tmp_path)


@pytest.fixture
def ways(kommo: KommoClient, chosen: Settings) -> dict[str, ReplyWay]:
    """All ways by name."""
    return {way.name: way for way in choose_ways(kommo, chosen)}


async def target_of(stand_in: StandIn, kommo: KommoClient, phone: str = JOAO) -> Target:
    """The chat of a customer who just wrote."""
    ids = await stand_in.writes(phone, "oi, cadê meu carro?")
    talk = await kommo.talk(ids["talk_id"])
    assert talk is not None
    return Target(talk.talk_id, talk.chat_id, talk.contact_id, talk.lead_id)


async def found(way: ReplyWay, target: Target, text: str, since: datetime) -> str:
    """The id of the sent message, once the talk shows it."""
    seen: list[str | None] = [None]

    async def shown() -> bool:
        seen[0] = await way.find_sent(target, text, since)
        return seen[0] is not None

    await eventually(shown)
    assert seen[0] is not None
    return seen[0]


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


@pytest.fixture
async def asked() -> AsyncIterator[tuple[str, list[bytes]]]:
    """An address that takes widget requests, and their bodies."""
    bodies: list[bytes] = []

    @post("/widget", status_code=200)
    async def take(request: Request[object, object, State]) -> None:
        bodies.append(await request.body())

    async with serving(Litestar([take], openapi_config=None)) as address:
        yield f"{address}/widget", bodies


async def request_of(stand_in: StandIn, bodies: list[bytes]) -> WidgetRequest:
    async def came() -> bool:
        return bool(bodies)

    await eventually(came)
    secret = (await stand_in.hand.get("/sandbox/integration")).json()["client_secret"]
    return read_widget_request(bodies[0], SecretStr(secret), stand_in.base_url)


async def test_a_waiting_bot_takes_the_reply_once(
    stand_in: StandIn, kommo: KommoClient, ways: dict[str, ReplyWay], asked: tuple[str, list[bytes]]
) -> None:
    await stand_in.account(widget_url=asked[0])
    target, since = await target_of(stand_in, kommo), datetime.now(UTC)
    request = await request_of(stand_in, asked[1])
    assert (request.lead_id, request.data["message"]) == (target.lead_id, "oi, cadê meu carro?")
    waiting = replace(target, continue_url=request.continue_url)
    await ways["widget"].send(waiting, REPLY)
    assert await found(ways["widget"], target, REPLY, since) == (await stand_in.sees_text(JOAO, REPLY))["id"]
    with pytest.raises(ReplyUnavailable) as refused:
        await ways["widget"].send(waiting, REPLY)
    assert refused.value.reason is Unavailable.EXPIRED


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (None, Unavailable.NO_BOT_WAITING),
        ("https://evil.example/api/v4/salesbot/1/continue/2", Unavailable.FOREIGN_ADDRESS),
    ],
)
async def test_the_token_goes_nowhere_else(ways: dict[str, ReplyWay], url: str | None, reason: Unavailable) -> None:
    with pytest.raises(ReplyUnavailable) as refused:
        await ways["widget"].send(Target(1, "chat", 2, 3, url), REPLY)
    assert refused.value.reason is reason


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


def test_a_reply_within_the_limit_is_one_message() -> None:
    assert split_text(f"  {REPLY}\n") == [REPLY]
    assert split_text("   ") == []


def test_a_long_reply_is_cut_between_paragraphs_then_sentences_then_words() -> None:
    assert split_text("um dois.\n\ntrês. quatro.", 14) == ["um dois.", "três. quatro."]
    assert split_text("Primeira frase. Segunda frase! Terceira?", 16) == [
        "Primeira frase.",
        "Segunda frase!",
        "Terceira?",
    ]
    assert split_text("umas palavras longas aqui", 10) == ["umas", "palavras", "longas", "aqui"]
    assert split_text("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


@given(st.text(alphabet=st.sampled_from("ab .!?\n…R$1,"), max_size=400), st.integers(5, 60))
def test_nothing_is_lost_and_nothing_too_long(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_the_limit_is_whatsapps() -> None:
    assert [len(part) for part in split_text("a" * 5000)] == [WHATSAPP_TEXT_LIMIT, 5000 - WHATSAPP_TEXT_LIMIT]
