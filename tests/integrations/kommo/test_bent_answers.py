"""Whatever Kommo answers, a call ends in what it promises or in an error of ours that names the call."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from integrations.kommo.client import KommoClient
from integrations.kommo.errors import BadAnswer, KommoError, Unclear

from .conftest import JOAO, StandIn

ROUNDS = 25
"""Times each call is made; each time something else is wrong with its answer."""
SINCE = datetime.now(UTC) - timedelta(minutes=5)

Call = Callable[[KommoClient, dict[str, int]], Awaitable[object]]


async def every(rows: AsyncIterator[object]) -> Sequence[object]:
    return [row async for row in rows]


READS: dict[str, Call] = {
    "account": lambda kommo, _: kommo.account(),
    "pipelines": lambda kommo, _: kommo.pipelines(),
    "users": lambda kommo, _: kommo.users(),
    "bots": lambda kommo, _: kommo.bots(),
    "contacts": lambda kommo, ids: kommo.contacts([ids["contact_id"]]),
    "contact": lambda kommo, ids: kommo.contact(ids["contact_id"], leads=True),
    "find_contacts": lambda kommo, _: kommo.find_contacts("João"),
    "events": lambda kommo, _: every(kommo.outgoing_message_events(since=SINCE)),
    "lead": lambda kommo, ids: kommo.lead(ids["lead_id"]),
    "lead_fields": lambda kommo, _: kommo.lead_fields(),
    "talks": lambda kommo, ids: kommo.talks(contact_id=ids["contact_id"]),
    "all_talks": lambda kommo, _: every(kommo.all_talks()),
    "talk": lambda kommo, ids: kommo.talk(ids["talk_id"]),
    "talk_messages": lambda kommo, ids: kommo.talk_messages(ids["talk_id"], since=SINCE),
    "open_tasks": lambda kommo, ids: kommo.open_tasks("leads", ids["lead_id"]),
    "notes": lambda kommo, ids: kommo.notes("leads", ids["lead_id"], SINCE),
    "webhooks": lambda kommo, _: kommo.webhooks(),
}
WRITES: dict[str, Call] = {
    "send_message": lambda kommo, ids: kommo.send_message(ids["talk_id"], "Olá!"),
    "create_task": lambda kommo, ids: kommo.create_task(
        "ligar", datetime.now(UTC), entity_type="leads", entity_id=ids["lead_id"]
    ),
    "create_note": lambda kommo, ids: kommo.create_note("leads", ids["lead_id"], "Resumo"),
    "subscribe": lambda kommo, _: kommo.subscribe("https://shop.example/hooks", ["add_lead"]),
}


@pytest.mark.parametrize("name", [*READS, *WRITES])
async def test_an_answer_of_any_form_is_read_or_refused(stand_in: StandIn, kommo: KommoClient, name: str) -> None:
    ids = await stand_in.writes(JOAO, "oi, cadê meu carro?")
    await kommo.send_message(ids["talk_id"], "Está pronto!")
    await kommo.subscribe("https://shop.example/hooks", ["add_lead"])
    await kommo.create_note("leads", ids["lead_id"], "Chegou")
    await kommo.create_task("ligar", datetime.now(UTC), entity_type="leads", entity_id=ids["lead_id"])
    await stand_in.breaks("bent_answer")
    refused: list[KommoError] = []
    for _ in range(ROUNDS):
        try:
            await (READS | WRITES)[name](kommo, ids)
        except KommoError as error:
            refused.append(error)
    assert all(error.endpoint for error in refused)
    if name in READS:
        assert any(isinstance(error, BadAnswer) for error in refused)
        assert not any(isinstance(error, Unclear) for error in refused)
