"""A worker whose account the staff connect, lose and change while it runs: real processes, two accounts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from integrations.database import Sessions
from integrations.kommo.connection.accounts import store_long_lived
from integrations.kommo.connection.vault import new_key
from integrations.settings import Settings
from tests.stack.running import FAST, Program, eventually, free_port, share_cache

JOAO = "5511987654321"


@dataclass
class Account:
    """An account of Kommo's stand-in."""

    program: Program
    url: str
    http: httpx.AsyncClient

    async def token(self) -> SecretStr:
        async def answers() -> str | None:
            try:
                return str((await self.http.get(f"{self.url}/sandbox/token")).json()["access_token"])
            except httpx.HTTPError:
                return None

        return SecretStr(await eventually(answers, "the account answers"))

    async def asks(self, text: str) -> str:
        """A customer writes; what comes back."""
        chat = f"{self.url}/sandbox/chats/{JOAO}/messages"
        assert (await self.http.post(chat, json={"text": text})).status_code == 201

        async def replied() -> str | None:
            shown = (await self.http.get(chat)).json()
            return next((message["text"] for message in shown if message["direction"] == "out"), None)

        return str(await eventually(replied, f"a reply at {self.url}"))


@pytest.fixture
async def accounts(tmp_path: Path) -> AsyncIterator[list[Account]]:
    """Two of them."""
    async with httpx.AsyncClient(trust_env=False) as http:
        made = []
        for name in ("first", "second"):
            port = free_port()
            arguments = ["-m", "integrations.kommo.sandbox", "--port", str(port), "--rate-limit", "0"]
            folder = ["--data-dir", str(tmp_path / name)]
            program = Program(name, arguments + folder, {}, tmp_path / f"{name}.log")
            made.append(Account(program, f"http://127.0.0.1:{port}", http))
        for account in made:
            account.program.start()
        yield made
        for account in made:
            account.program.stop()


async def test_a_worker_waits_for_an_account_and_follows_the_staff(
    accounts: list[Account], settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    key = new_key()
    share_cache(tmp_path / "data")
    environment = {
        "DATABASE_URL": settings.required_database_url(),
        "AUTOPRIME_DATA_DIR": str(tmp_path / "data"),
        "AUTOPRIME_SECRET_KEYS": key,
        "AUTOPRIME_KOMMO_RATE": "0",
        **FAST,
    }
    worker = Program("worker", ["-m", "assistant", "worker"], environment, tmp_path / "worker.log")

    async def said(event: str, times: int = 1) -> None:
        async def look() -> bool:
            return worker.log.read_text().count(event) >= times

        await eventually(look, f"{event}\n{worker.log.read_text()[-3000:]}")

    async def connects(account: Account) -> None:
        keyed = settings.model_copy(update={"secret_keys": SecretStr(key), "kommo_auth_url": account.url})
        await store_long_lived(sessions, keyed, account.url, await account.token(), staff_id=1)

    worker.start()
    try:
        await said("worker.waits_for_connection")
        first, second = accounts
        await connects(first)
        await said("worker.started")
        assert await first.asks("oi")
        await connects(second)
        await said("worker.account_changed")
        await said("worker.started", 2)
        assert await second.asks("oi")
    finally:
        worker.stop()
    written = worker.log.read_text()
    assert "worker.stopped" in written
    for account in accounts:
        assert (await account.token()).get_secret_value() not in written
    assert key not in written
