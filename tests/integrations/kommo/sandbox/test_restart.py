"""State survives the death of the process: what was answered is there afterwards, what was under way goes on."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from .conftest import JOAO, Receiver, client


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


async def _begin(port: int, folder: Path) -> asyncio.subprocess.Process:
    arguments = ["-W", "error", "-m", "integrations.kommo.sandbox", "--port", str(port), "--data-dir", str(folder)]
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, "--rate-limit", "0", stderr=pipe)


@asynccontextmanager
async def _process(port: int, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The stand-in as its own process, killed at the end as kill -9 does."""
    process = await _begin(port, folder)
    try:
        async with client(f"http://127.0.0.1:{port}") as http:
            await _until_up(http)
            yield http
    finally:
        process.kill()
        await process.wait()


async def _until_up(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                await http.get("/sandbox/account")
            except httpx.ConnectError:
                await asyncio.sleep(0.05)
            else:
                return


async def test_nothing_answered_is_lost_by_kill_9(tmp_path: Path, receiver: Receiver) -> None:
    port, folder = _free_port(), tmp_path / "kommo"
    async with _process(port, folder) as http:
        token = (await http.get("/sandbox/token")).json()["access_token"]
        http.headers["authorization"] = f"Bearer {token}"
        hook = {"destination": receiver.url, "settings": ["add_message", "add_outgoing_message"]}
        assert (await http.post("/api/v4/webhooks", json=hook)).status_code == 201
        ids = (await http.post(f"/sandbox/chats/{JOAO}/messages", json={"text": "oi"})).json()
        await receiver.wait_for("message[add]")
        field = (await http.get("/api/v4/leads/custom_fields")).json()["_embedded"]["custom_fields"][0]["id"]
        bot = (await http.get("/api/v4/bots")).json()["_embedded"]["items"][0]["id"]
        reply = {"custom_fields_values": [{"field_id": field, "values": [{"value": "pelo robô"}]}]}
        assert (await http.patch(f"/api/v4/leads/{ids['lead_id']}", json=reply)).status_code == 200
        run = {"entity_id": ids["lead_id"], "entity_type": "leads"}
        assert (await http.post(f"/api/v4/bots/{bot}/run", json=run)).status_code == 202

    async with _process(port, folder) as http:
        http.headers["authorization"] = f"Bearer {token}"
        talk = await http.get(f"/api/v4/talks/{ids['talk_id']}")
        assert (talk.status_code, talk.json()["entity_id"]) == (200, ids["lead_id"])
        # The run that was under way goes on, and its message is told to the webhook that is still subscribed.
        told = (await receiver.wait_for("outgoing_message[add]"))[0]
        assert told["outgoing_message[add][0][text]"] == "pelo robô"
        shown = (await http.get(f"/sandbox/chats/{JOAO}/messages")).json()
        assert [message["text"] for message in shown] == ["oi", "pelo robô"]
        again = (await http.post(f"/sandbox/chats/{JOAO}/messages", json={"text": "de novo"})).json()
        assert {again[key] == ids[key] for key in ("contact_id", "lead_id", "talk_id")} == {True}


async def test_it_ends_at_once_and_silently_with_a_page_open(tmp_path: Path) -> None:
    port = _free_port()
    process = await _begin(port, tmp_path / "kommo")
    async with client(f"http://127.0.0.1:{port}") as http:
        await _until_up(http)
        async with http.stream("GET", f"/sandbox/chats/{JOAO}/stream") as stream:
            lines = stream.aiter_lines()
            await anext(lines)
            process.terminate()
            async with asyncio.timeout(5):
                async for _ in lines:
                    pass
        async with asyncio.timeout(5):
            _, said = await process.communicate()
    assert said == b""


async def test_a_folder_of_another_version_is_said_in_one_line(tmp_path: Path) -> None:
    folder, port = tmp_path / "kommo", _free_port()
    async with _process(port, folder):
        pass
    script = (
        "import sqlite3, sys; f = sqlite3.connect(sys.argv[1]); f.execute(\"update rows set body = '{}'\"); f.commit()"
    )
    spoil = await asyncio.create_subprocess_exec(sys.executable, "-c", script, str(folder / "kommo-sandbox.sqlite3"))
    assert await spoil.wait() == 0
    arguments = ["-m", "integrations.kommo.sandbox", "--port", str(port), "--data-dir", str(folder)]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()
    assert process.returncode == 1
    assert len(said.decode().strip().splitlines()) == 1
    assert "another version" in said.decode()
