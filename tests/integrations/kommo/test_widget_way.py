"""Answering a bot that waits for us: the request comes from the stand-in, the reply goes back through its address."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from litestar import Litestar, Request, post
from litestar.datastructures import State
from pydantic import SecretStr

from integrations.kommo.client import KommoClient
from integrations.kommo.replies import ReplyUnavailable, Target, Unavailable
from integrations.kommo.replies.widget_way import WidgetWay
from integrations.kommo.widget import WidgetRequest, read_widget_request

from .conftest import JOAO, StandIn, eventually, found, serving, target_of

REPLY = "João, o seu VW Gol (ABC1D23) está na etapa de Diagnóstico."


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
    stand_in: StandIn, kommo: KommoClient, asked: tuple[str, list[bytes]]
) -> None:
    await stand_in.account(widget_url=asked[0])
    target, since = await target_of(stand_in, kommo), datetime.now(UTC)
    request = await request_of(stand_in, asked[1])
    assert (request.lead_id, request.data["message"]) == (target.lead_id, "oi, cadê meu carro?")
    waiting = replace(target, continue_url=request.continue_url)
    await WidgetWay(kommo).send(waiting, REPLY)
    assert await found(WidgetWay(kommo), target, REPLY, since) == (await stand_in.sees_text(JOAO, REPLY))["id"]
    with pytest.raises(ReplyUnavailable) as refused:
        await WidgetWay(kommo).send(waiting, REPLY)
    assert refused.value.reason is Unavailable.EXPIRED


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (None, Unavailable.NO_BOT_WAITING),
        ("https://evil.example/api/v4/salesbot/1/continue/2", Unavailable.FOREIGN_ADDRESS),
    ],
)
async def test_the_token_goes_nowhere_else(kommo: KommoClient, url: str | None, reason: Unavailable) -> None:
    with pytest.raises(ReplyUnavailable) as refused:
        await WidgetWay(kommo).send(Target(1, "chat", 2, 3, url), REPLY)
    assert refused.value.reason is reason
