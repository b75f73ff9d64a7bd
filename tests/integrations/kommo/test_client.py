"""The client against a served stand-in account: what it reads, what it repeats, and what it never repeats."""

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import structlog
from pydantic import SecretStr

from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.errors import (
    BadAnswer,
    Blocked,
    Forbidden,
    NotSent,
    PaymentRequired,
    RateLimited,
    Rejected,
    ServerError,
    TalkClosed,
    Unauthorized,
    Unclear,
)
from integrations.kommo.pacing import Priority, Unlimited

from .conftest import JOAO, StandIn

SINCE = datetime.now(UTC) - timedelta(minutes=5)


async def test_a_customers_message_is_read_from_the_talk(stand_in: StandIn, kommo: KommoClient) -> None:
    ids = await stand_in.writes(JOAO, "oi, cadê meu carro?")
    (talk,) = await kommo.talks(contact_id=ids["contact_id"], only_in_work=True)
    (message,) = await kommo.talk_messages(talk.talk_id, since=SINCE)
    assert (talk.talk_id, talk.lead_id, talk.is_in_work) == (ids["talk_id"], ids["lead_id"], True)
    assert (message.text, message.incoming, message.author.type) == ("oi, cadê meu carro?", True, "external")
    assert message.created_at is not None
    assert message.created_at.tzinfo is not None


async def test_a_reply_is_sent_and_delivered(stand_in: StandIn, kommo: KommoClient) -> None:
    ids = await stand_in.writes(JOAO, "oi")
    sent = await kommo.at(Priority.REPLY).send_message(ids["talk_id"], "Olá, João!")
    shown = await stand_in.sees_text(JOAO, "Olá, João!")
    assert shown["id"] == sent
    read = await kommo.talk_messages(ids["talk_id"])
    assert [(m.id, m.author.type) for m in read if not m.incoming] == [(sent, "bot")]


async def test_an_empty_list_is_empty(kommo: KommoClient) -> None:
    assert await kommo.talks(contact_id=1) == []
    assert await kommo.talk(99) is None
    assert await kommo.contact(99) is None
    assert await kommo.lead(99) is None


async def test_contacts_come_in_batches_with_their_phones(stand_in: StandIn, kommo: KommoClient) -> None:
    phones = [f"+5511980{number:06}" for number in range(260)]
    fields = [[{"field_code": "PHONE", "values": [{"value": phone, "enum_code": "MOB"}]}] for phone in phones]
    rows: list[dict[str, object]] = [{"name": "Cliente", "custom_fields_values": values} for values in fields]
    made = [*await stand_in.adds("contacts", rows[:200]), *await stand_in.adds("contacts", rows[200:])]
    contacts = {contact.id: contact for contact in await kommo.contacts(made)}
    assert [contacts[contact_id].phones for contact_id in made] == [[phone] for phone in phones]
    assert await stand_in.calls("GET", "/contacts") == [200, 200]


async def test_a_list_is_streamed_page_by_page() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["page"])
        links = {"next": {"href": "https://shop.kommo.com/…"}} if len(asked) < 3 else {}
        return httpx.Response(200, json={"_links": links, "_embedded": {"talks": [{"talk_id": len(asked)}]}})

    async with over(answer) as client:
        assert [talk.talk_id async for talk in client.all_talks(only_in_work=True)] == [1, 2, 3]
    assert asked == ["1", "2", "3"]


async def test_lead_field_is_written_read_and_emptied(stand_in: StandIn, kommo: KommoClient) -> None:
    lead_id = (await stand_in.writes(JOAO, "oi"))["lead_id"]
    (field,) = [field for field in await kommo.lead_fields() if field.name == "Resposta do assistente"]
    for text, shown in (("Seu Gol está pronto", ["Seu Gol está pronto"]), (None, [])):
        await kommo.set_lead_fields(lead_id, {field.id: text})
        lead = await kommo.lead(lead_id)
        assert lead is not None
        assert lead.texts(field_id=field.id) == shown
        assert lead.main_contact_id is not None


async def test_a_task_and_a_note_are_made(stand_in: StandIn, kommo: KommoClient) -> None:
    lead_id = (await stand_in.writes(JOAO, "quero falar com alguém"))["lead_id"]
    due = datetime.now(UTC) + timedelta(hours=1)
    task_id = await kommo.create_task("João quer falar com alguém", due, entity_type="leads", entity_id=lead_id)
    assert [(task.id, task.text) for task in await kommo.open_tasks("leads", lead_id)] == [
        (task_id, "João quer falar com alguém")
    ]
    assert await kommo.create_note("leads", lead_id, "Resumo da conversa") > 0


async def test_events_tell_a_persons_answer_from_a_robots(stand_in: StandIn, kommo: KommoClient) -> None:
    ids = await stand_in.writes(JOAO, "oi")
    ours = await kommo.send_message(ids["talk_id"], "Olá!")
    theirs = (await stand_in.hand.post(f"/sandbox/chats/{JOAO}/staff-messages", json={"text": "Deixa comigo"})).json()
    events = [event async for event in kommo.outgoing_message_events(since=SINCE)]
    by_robot = {event.message_id: event.created_by == 0 for event in events if event.talk_id == ids["talk_id"]}
    assert by_robot == {ours: True, theirs["id"]: False}


async def test_account_pipelines_bots_and_scopes(kommo: KommoClient) -> None:
    account = await kommo.account()
    assert (account.name, account.subdomain) == ("Doctor Auto Prime", "autoprime")
    assert "Diagnóstico" in [stage.name for pipeline in await kommo.pipelines() for stage in pipeline.stages]
    assert "Responder pelo campo" in [bot.name for bot in await kommo.bots()]
    assert "send_external_messages" in (await kommo.scopes() or ())


async def test_a_closed_talk_takes_no_message(stand_in: StandIn, kommo: KommoClient) -> None:
    ids = await stand_in.writes(JOAO, "oi")
    await kommo.close_talk(ids["talk_id"])
    with pytest.raises(TalkClosed):
        await kommo.send_message(ids["talk_id"], "Olá!")


async def test_messages_used_up_scope_missing_and_plan_too_small(stand_in: StandIn, kommo: KommoClient) -> None:
    ids = await stand_in.writes(JOAO, "oi")
    await stand_in.account(chats_limit=0)
    with pytest.raises(PaymentRequired) as used_up:
        await kommo.send_message(ids["talk_id"], "Olá!")
    await stand_in.account(plan="base")
    with pytest.raises(PaymentRequired) as small:
        await kommo.talk_messages(ids["talk_id"])
    assert used_up.value.detail != small.value.detail
    await stand_in.account(plan="pro", scopes=["crm"])
    with pytest.raises(Forbidden) as forbidden:
        await kommo.send_message(ids["talk_id"], "Olá!")
    assert forbidden.value.scope == "send_external_messages"


async def test_wrong_fields_of_a_write_are_named(stand_in: StandIn, kommo: KommoClient) -> None:
    lead_id = (await stand_in.writes(JOAO, "oi"))["lead_id"]
    with pytest.raises(Rejected) as refused:
        await kommo.set_lead_fields(lead_id, {999: "x"})
    assert [flaw.path for flaw in refused.value.flaws] == ["custom_fields_values.0.field_id"]


async def test_a_foreign_token_is_refused(stand_in: StandIn) -> None:
    async with stand_in.client(token="nobody") as client:
        with pytest.raises(Unauthorized):
            await client.account()
        assert await client.scopes() is None


async def test_a_refused_token_is_renewed_once_even_for_a_write(stand_in: StandIn) -> None:
    class Renewing:
        async def token(self) -> str:
            return "expired"

        async def renew(self, refused: str) -> str | None:
            return stand_in.token if refused == "expired" else None

    ids = await stand_in.writes(JOAO, "oi")
    async with KommoClient(stand_in.base_url, Renewing(), Unlimited()) as client:
        assert await client.send_message(ids["talk_id"], "Olá!")
    assert len(await stand_in.sees(JOAO)) == 1


async def test_reads_are_repeated_when_kommo_stumbles(stand_in: StandIn, kommo: KommoClient) -> None:
    await stand_in.breaks("http_500", seconds=0.2, path="/api/v4/account")
    assert (await kommo.account()).name == "Doctor Auto Prime"
    assert await stand_in.calls("GET", "/account") in ([500, 200], [500, 500, 200])


@pytest.mark.parametrize(("fault", "error"), [("http_500", ServerError), ("lost_response", Unclear)])
async def test_a_message_with_an_unclear_end_is_never_sent_again(
    stand_in: StandIn, kommo: KommoClient, fault: str, error: type[Exception]
) -> None:
    ids = await stand_in.writes(JOAO, "oi")
    await stand_in.breaks(fault, path="/api/v4/talks")
    with pytest.raises(error):
        await kommo.send_message(ids["talk_id"], "Olá!")
    assert len(await stand_in.calls("POST", "/send_message")) == 1


async def test_a_timeout_after_sending_is_unclear(stand_in: StandIn) -> None:
    ids = await stand_in.writes(JOAO, "oi")
    await stand_in.breaks("timeout", path="/api/v4/talks")
    async with stand_in.client(timeout=0.3) as client:
        with pytest.raises(Unclear):
            await client.send_message(ids["talk_id"], "Olá!")
    assert len(await stand_in.calls("POST", "/send_message")) == 1


async def test_a_message_held_back_by_429_is_sent_once_it_is_over(stand_in: StandIn, kommo: KommoClient) -> None:
    ids = await stand_in.writes(JOAO, "oi")
    await stand_in.breaks("http_429", seconds=0.5, path="/api/v4/talks")
    began = asyncio.get_running_loop().time()
    assert await kommo.send_message(ids["talk_id"], "Olá!")
    assert asyncio.get_running_loop().time() - began >= 0.9
    assert await stand_in.calls("POST", "/send_message") == [429, 202]


async def test_an_endless_429_makes_us_wait_longer_each_time(stand_in: StandIn, kommo: KommoClient) -> None:
    await stand_in.breaks("http_429", path="/api/v4/account")
    with pytest.raises(RateLimited) as limited:
        await kommo.account()
    assert limited.value.retry_after == 4
    assert len(await stand_in.calls("GET", "/account")) == 3


async def test_kommo_may_ask_for_less() -> None:
    async with wire(429, '{"status": 429}', "application/problem+json", **{"retry-after": "0"}) as client:
        with pytest.raises(RateLimited) as limited:
            await client.account()
    assert limited.value.retry_after == 0


async def test_no_connection_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    async with KommoClient(f"http://127.0.0.1:{port}", StaticToken(SecretStr("t")), Unlimited()) as client:
        with pytest.raises(NotSent):
            await client.send_message(1, "Olá!")


async def test_calls_are_logged_without_bodies(stand_in: StandIn, kommo: KommoClient) -> None:
    ids = await stand_in.writes(JOAO, "oi")
    with structlog.testing.capture_logs() as logs:
        await kommo.send_message(ids["talk_id"], "segredo do cliente")
    (line,) = [entry for entry in logs if entry["event"] == "kommo.call"]
    assert (line["method"], line["path"], line["status"]) == ("POST", "/talks/{talk_id}/send_message", 202)
    assert "segredo" not in str(logs)
    assert stand_in.token not in str(logs)


def over(answer: Callable[[httpx.Request], httpx.Response]) -> KommoClient:
    """A client whose Kommo is this function: for documented answers that the stand-in never gives."""
    secret = StaticToken(SecretStr("token"))
    return KommoClient("https://shop.kommo.com", secret, Unlimited(), transport=httpx.MockTransport(answer))


def wire(status: int, body: str, content_type: str = "application/hal+json", **headers: str) -> KommoClient:
    """A client whose Kommo always answers with these bytes."""
    headers["content-type"] = content_type
    return over(lambda _request: httpx.Response(status, text=body, headers=headers))


@pytest.mark.parametrize("body", ["403 Forbidden", "<html><h1>Forbidden</h1></html>"])
async def test_a_blocked_address_is_told_from_a_missing_scope(body: str) -> None:
    async with wire(403, body, "text/html") as client:
        with pytest.raises(Blocked):
            await client.account()


async def test_one_broken_row_does_not_cost_the_others() -> None:
    rows = '[{"talk_id": "7", "is_in_work": "1", "updated_at": "1780000000", "new": {}}, {"talk_id": "x"}, {"id": 8}]'
    async with wire(200, f'{{"_embedded": {{"talks": {rows}}}}}') as client:
        with structlog.testing.capture_logs() as logs:
            talks = await client.talks()
    assert [(talk.talk_id, talk.is_in_work) for talk in talks] == [(7, True), (8, False)]
    (line,) = [entry for entry in logs if entry["event"] == "kommo.row_unreadable"]
    assert (line["row"], line["fields"]) == ("x", ("talk_id",))


@pytest.mark.parametrize("body", ["<html>maintenance</html>", "[1, 2]", '{"id": null}'])
async def test_an_answer_that_is_no_account_names_the_endpoint(body: str) -> None:
    async with wire(200, body) as client:
        with pytest.raises(BadAnswer) as bad:
            await client.account()
    assert bad.value.endpoint == "GET /account"


async def test_kommos_words_and_request_id_are_kept() -> None:
    body = '{"title": "Bad Request", "type": "t", "status": 400, "detail": "Request validation failed"}'
    headers = {"x-request-id": "abc-1"}
    async with wire(422, body, "application/problem+json", **headers) as client:
        with pytest.raises(Rejected) as refused:
            await client.account()
    error = refused.value
    assert (error.status, error.title, error.detail, error.request_id) == (
        422,
        "Bad Request",
        "Request validation failed",
        "abc-1",
    )
