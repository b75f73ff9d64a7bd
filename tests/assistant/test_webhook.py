"""Kommo's POST through the front door: stored once, answered at once, refused with the right status."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from litestar.testing import AsyncTestClient
from pydantic import SecretStr
from sqlalchemy import func, select, text

from assistant.app import create_app
from integrations.database import Sessions, transaction
from integrations.kommo.models import KommoEvent
from integrations.settings import Settings

SECRET = "only-these-tests-know-this-secret"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BODY = "message%5Badd%5D%5B0%5D%5Bid%5D=5f2&message%5Badd%5D%5B0%5D%5Btext%5D=oi&account%5Bid%5D=1"


@pytest.fixture
async def web(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings.model_copy(update={"webhook_secret": SecretStr(SECRET)}))
    async with AsyncTestClient(app, raise_server_exceptions=False) as client:
        yield client


async def post(web: httpx.AsyncClient, body: str | bytes, secret: str = SECRET) -> httpx.Response:
    return await web.post(f"/webhooks/kommo/{secret}", content=body, headers=FORM)


async def stored(sessions: Sessions) -> list[tuple[str, str]]:
    async with transaction(sessions) as session:
        rows = await session.execute(select(KommoEvent.body, KommoEvent.state).order_by(KommoEvent.id))
        return [(body, state) for body, state in rows.all()]


async def test_a_body_is_stored_as_sent_with_one_job(web: httpx.AsyncClient, sessions: Sessions) -> None:
    assert (await post(web, BODY)).status_code == 200
    assert await stored(sessions) == [(BODY, "pending")]
    async with transaction(sessions) as session:
        assert (await session.execute(text("SELECT count(*) FROM pgqueuer"))).scalar_one() == 1


async def test_kommos_repetition_is_answered_and_not_stored_again(web: httpx.AsyncClient, sessions: Sessions) -> None:
    answers = [(await post(web, BODY)).status_code for _ in range(3)]
    assert answers == [200, 200, 200]
    assert len(await stored(sessions)) == 1


async def test_an_unknown_kind_of_event_is_taken(web: httpx.AsyncClient, sessions: Sessions) -> None:
    assert (await post(web, "unheard_of[add][0][id]=7&account[id]=1")).status_code == 200
    assert len(await stored(sessions)) == 1


@pytest.mark.parametrize(
    ("body", "secret", "status"),
    [
        (BODY, "a-wrong-secret-of-proper-length", 404),
        (BODY, "ã-secret", 404),
        (b"\xff\xfe=1", SECRET, 400),
        (b"", SECRET, 400),
        (b"no form at all", SECRET, 400),
        (b"a=\x00", SECRET, 400),
        (b"a=" + b"x" * 1024 * 1024, SECRET, 413),
    ],
)
async def test_what_is_refused_is_not_stored(
    web: httpx.AsyncClient, sessions: Sessions, body: str | bytes, secret: str, status: int
) -> None:
    assert (await post(web, body, secret)).status_code == status
    assert await stored(sessions) == []


async def test_a_database_that_refuses_is_a_5xx_so_that_kommo_sends_again(
    web: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        await session.execute(text("ALTER TABLE kommo_event ADD CONSTRAINT full_disk CHECK (body NOT LIKE '%bad%')"))
    assert (await post(web, "a=bad")).status_code == 500
    assert (await post(web, "a=good")).status_code == 200
    assert [body for body, _ in await stored(sessions)] == ["a=good"]


async def test_one_refused_body_takes_no_other_with_it(web: httpx.AsyncClient, sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        await session.execute(text("ALTER TABLE kommo_event ADD CONSTRAINT full_disk CHECK (body NOT LIKE '%bad%')"))
    answers = await asyncio.gather(*(post(web, f"a={'bad' if n == 3 else n}") for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [500]


async def test_health_says_what_is_wrong(web: httpx.AsyncClient, sessions: Sessions) -> None:
    assert (await web.get("/health/live")).status_code == 200
    assert (await web.get("/health/ready")).json()["status"] == "ok"
    async with transaction(sessions) as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '2026_11_23_2100'"))
    answer = await web.get("/health/ready")
    assert answer.status_code == 503
    assert "autoprime migrate" in answer.json()["problem"]


async def test_metrics_count_events_by_state(web: httpx.AsyncClient, sessions: Sessions) -> None:
    await post(web, BODY)
    async with transaction(sessions) as session:
        assert (await session.execute(select(func.count(KommoEvent.id)))).scalar_one() == 1
    assert 'autoprime_events{state="pending"} 1.0' in (await web.get("/metrics")).text


async def test_nothing_of_a_body_reaches_the_log(
    web: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    await post(web, "message[add][0][text]=meu+segredo")
    await post(web, b"meu segredo sem campos")
    output = capfd.readouterr()
    assert "segredo" not in caplog.text + output.out + output.err
