"""Faults that are switched on, and the sandbox's own refusals."""

import httpx
import pytest

from .conftest import JOAO, Stand, embedded


async def test_errors_of_the_server_and_of_the_limit_on_a_path(stand: Stand) -> None:
    await stand.breaks("http_500", path="/api/v4/leads")
    await stand.breaks("http_429", path="/api/v4/contacts")
    crash = await stand.api.get("/leads")
    assert (crash.status_code, bool(crash.json()["trace_id"])) == (500, True)
    assert (await stand.api.get("/contacts")).status_code == 429
    assert (await stand.api.get("/users")).status_code == 200
    assert (await stand.phone.delete("/sandbox/faults")).status_code == 204
    assert (await stand.api.get("/leads")).status_code == 200


async def test_a_fault_ends_by_itself(stand: Stand) -> None:
    await stand.breaks("http_500", seconds=0.2)
    statuses = {500}
    while 200 not in statuses:
        statuses.add((await stand.api.get("/users")).status_code)
    assert statuses == {500, 200}


async def test_a_lost_response_has_done_its_work(stand: Stand) -> None:
    ids = await stand.writes(JOAO, "oi")
    await stand.breaks("lost_response", path=f"/api/v4/talks/{ids['talk_id']}/send_message")
    with pytest.raises(httpx.RemoteProtocolError):
        await stand.api.post(f"/talks/{ids['talk_id']}/send_message", json={"text": "chegou?"})
    messages = embedded(await stand.api.get(f"/talks/{ids['talk_id']}/messages"), "messages")
    assert [message["text"] for message in messages] == ["chegou?", "oi"]
    calls = (await stand.phone.get("/sandbox/calls")).json()
    assert [call["status"] for call in calls if call["method"] == "POST"] == [0]


async def test_a_bent_answer_has_done_its_work(stand: Stand) -> None:
    ids = await stand.writes(JOAO, "oi")
    await stand.breaks("bent_answer", path=f"/api/v4/talks/{ids['talk_id']}")
    straight = {(await stand.api.get("/users")).content for _ in range(3)}
    bent = {(await stand.api.get(f"/talks/{ids['talk_id']}")).content for _ in range(12)}
    assert (await stand.api.post(f"/talks/{ids['talk_id']}/send_message", json={"text": "chegou?"})).status_code == 202
    assert (len(straight), len(bent) > 6) == (1, True)
    assert [message["text"] for message in await stand.sees(JOAO) if message["direction"] == "out"] == ["chegou?"]


async def test_a_timeout_does_nothing_and_never_answers(stand: Stand) -> None:
    ids = await stand.writes(JOAO, "oi")
    path = f"/talks/{ids['talk_id']}/send_message"
    await stand.breaks("timeout")
    with pytest.raises(httpx.ReadTimeout):
        await stand.api.post(path, json={"text": "x"}, timeout=0.2)
    await stand.phone.delete("/sandbox/faults")
    await stand.breaks("timeout", seconds=0.1)
    with pytest.raises(httpx.RemoteProtocolError):
        await stand.api.post(path, json={"text": "x"})
    await stand.phone.delete("/sandbox/faults")
    assert len(await stand.sees(JOAO)) == 1


async def test_slow_answers_come_late(stand: Stand) -> None:
    await stand.breaks("slow", seconds=0.3)
    assert (await stand.api.get("/users")).elapsed.total_seconds() >= 0.3


async def test_revoked_tokens_are_401_until_connected_again(stand: Stand) -> None:
    await stand.breaks("token_revoked")
    assert (await stand.api.get("/account")).status_code == 401
    token = (await stand.phone.get("/sandbox/token")).json()["access_token"]
    fresh = {"authorization": f"Bearer {token}"}
    assert (await stand.api.get("/account", headers=fresh)).status_code == 200
    await stand.phone.delete("/sandbox/faults")
    assert (await stand.api.get("/account")).status_code == 200


async def test_wrong_calls_are_told_what_to_send(stand: Stand) -> None:
    chat = f"/sandbox/chats/{JOAO}"
    wrong: list[tuple[str, object, str]] = [
        ("/sandbox/faults", {"kind": "earthquake"}, "kind"),
        ("/sandbox/faults", {"kind": "http_500", "rate": 2}, "rate"),
        ("/sandbox/faults", None, "body"),
        (f"{chat}/messages", {}, "text"),
        (f"{chat}/messages", {"attachment": {"type": "smell", "link": "x"}}, "attachment.type"),
        (f"{chat}/staff-messages", {"text": "oi", "user_id": 1}, "user_id"),
    ]
    for path, given, hint in wrong:
        answer = await stand.phone.post(path, json=given)
        assert answer.status_code == 400, path
        assert hint in answer.json()["error"]


async def test_nobody_answers_a_number_that_never_wrote(stand: Stand) -> None:
    answer = await stand.phone.post("/sandbox/chats/5511900000000/staff-messages", json={"text": "oi"})
    assert answer.status_code == 404
    assert await stand.sees("5511900000000") == []


async def test_account_changes_are_checked(stand: Stand) -> None:
    for given in ({"plan": "golden"}, {"chats_limit": -1}, {"scopes": ["everything"]}, {"colour": "red"}):
        assert (await stand.phone.patch("/sandbox/account", json=given)).status_code == 400
    answer = await stand.phone.patch("/sandbox/account", json={"chats_limit": 3})
    assert (answer.json()["chats_limit"], answer.json()["chats_used"]) == (3, 0)
    assert (await stand.phone.get("/sandbox/calls?since=yesterday")).status_code == 400
    assert (await stand.phone.patch("/sandbox/leads/1", json={})).status_code == 404
