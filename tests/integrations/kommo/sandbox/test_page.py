"""What the phone page stands on: files served as a browser needs them, a stream quiet while nothing happens."""

import re

import pytest

from integrations.kommo.sandbox import page, phone

from .conftest import NEWCOMER, Stand

MODULE = re.compile(r'(?:src="page|from "\.)/(\w+\.js)"')


async def test_every_module_the_page_asks_for_is_there_and_never_stale(stand: Stand) -> None:
    index = await stand.phone.get("/")
    asked, served = MODULE.findall(index.text), set()
    while asked:
        name = asked.pop()
        if name not in served:
            answer = await stand.phone.get(f"/page/{name}")
            assert answer.status_code == 200, name
            # A browser runs a module only under a JavaScript type.
            assert answer.headers["content-type"].split(";")[0] in ("text/javascript", "application/javascript"), name
            assert answer.headers["cache-control"] == "no-cache", name
            served.add(name)
            asked += MODULE.findall(answer.text)
    assert served == {file.name for file in page.FOLDER.glob("*.js")}


async def test_a_ping_of_the_stream_is_a_comment_and_no_event(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone, "PING_SECONDS", 0.01)
    async with stand.phone.stream("GET", f"/sandbox/chats/{NEWCOMER}/stream") as stream:
        lines = stream.aiter_lines()
        first = [await anext(lines) for _ in range(3)]
        pings = [await anext(lines) for _ in range(4)]
    assert first == ["event: typing", 'data: {"typing": false}', ""]
    assert pings == [": ping", "", ": ping", ""]
